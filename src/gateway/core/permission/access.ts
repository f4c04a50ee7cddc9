import { isRole, PERMISSIONS, type Permission, ROLE_PERMISSIONS, type Role } from '../permission.ts';
import {
	coversRules,
	decidePermission,
	type Grant,
	mayInParts,
	type PermissionAnswer,
	type PermissionRules,
	type Reach,
	reachOf,
} from './decide-permission.ts';
import { NO_PLACES, type Place, type Places, type Scope, WHOLE_SITE } from './scope.ts';

/** What one operator may do: the only thing that routes, pages and streams ask. */
export interface Access {
	/** On the whole site, or in the place that is named. */
	may(permission: Permission, place?: Place): boolean;
	/** In one part of the site at least. */
	mayInParts(permission: Permission): boolean;
	explain(permission: Permission, place?: Place): PermissionAnswer;
	/** For which records: what lists are filtered by. */
	reach(permission: Permission): Reach;
	/** What they may do on the whole site, in the order of PERMISSIONS. */
	everywhere(): readonly Permission[];
	/** Whether they could do all that these rules let somebody do. */
	covers(given: PermissionRules): boolean;
}

const SITE: Place = { kind: 'site' };

export function createAccess(rules: PermissionRules, places: Places): Access {
	const explain = (permission: Permission, place: Place = SITE) => decidePermission(rules, permission, place, places);
	return {
		explain,
		may: (permission, place) => explain(permission, place).may,
		mayInParts: (permission) => mayInParts(rules, permission, places),
		reach: (permission) => reachOf(rules, permission),
		everywhere: () => PERMISSIONS.filter((permission) => explain(permission).may),
		covers: (given) => coversRules(rules, given, places),
	};
}

/** Whether they have a permission wherever they have another: so that a list of theirs can be shown at once. */
export function mayWherever(
	access: Pick<Access, 'may' | 'reach' | 'covers'>,
	permission: Permission,
	other: Permission,
) {
	if (access.may(permission)) return true;
	const reach = access.reach(other);
	if (typeof reach === 'string') return false;
	const permissions = new Set([permission]);
	const source = { kind: 'role', id: '', name: '' } as const;
	return access.covers({ grants: reach.given.map((scope) => ({ permissions, scope, source })), denials: [] });
}

/** A role that the site defined for itself. */
export interface OwnRole {
	readonly id: string;
	readonly name: string;
	readonly permissions: readonly Permission[];
}

/** What a role gives where it was assigned; undefined: this version does not know it, so it gives nothing. */
export function grantOfRole(roleId: string, scope: Scope, ownRole: OwnRole | undefined): Grant | undefined {
	if (isRole(roleId)) {
		return { permissions: ROLE_PERMISSIONS[roleId], scope, source: { kind: 'role', id: roleId, name: roleId } };
	}
	if (ownRole === undefined) return undefined;
	const source = { kind: 'role', id: roleId, name: ownRole.name } as const;
	return { permissions: new Set(ownRole.permissions), scope, source };
}

/** Of whoever has one built-in role for everything, such as the holder of a token of central. */
export function accessOfRole(role: Role): Access {
	const grant = grantOfRole(role, WHOLE_SITE, undefined);
	return createAccess({ grants: grant === undefined ? [] : [grant], denials: [] }, NO_PLACES);
}
