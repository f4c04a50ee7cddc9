import type { Denial, Grant, PermissionRules } from '../../core/permission/decide-permission.ts';
import { parseScope, scopeText } from '../../core/permission/scope.ts';
import { isPermission, type Permission } from '../../core/permission.ts';
import type { DeniedPermission, GivenPermission, RoleAssignment } from '../../store/operator-access.ts';

/** What the store says of one operator or one group; scopes are texts. */
export interface StoredRules {
	readonly roles: readonly RoleAssignment[];
	readonly permissions: readonly GivenPermission[];
	readonly denials: readonly DeniedPermission[];
}

export const NO_RULES: StoredRules = { roles: [], permissions: [], denials: [] };

/** Whose they are; undefined: the operator's own. */
export interface GroupName {
	readonly id: string;
	readonly name: string;
}

/** What this version does not know gives nothing and denies nothing. */
export function rulesFrom(
	{ roles, permissions, denials }: StoredRules,
	group: GroupName | undefined,
	grantOf: (role: RoleAssignment) => Grant | undefined,
): PermissionRules {
	const byRole = roles.flatMap((role) => {
		const grant = grantOf(role);
		if (grant === undefined) return [];
		return group === undefined ? grant : { ...grant, source: sourceOf(group, role.roleId) };
	});
	return {
		grants: [...byRole, ...given(permissions, group)],
		denials: denials.flatMap((denied) => toDenial(denied, group)),
	};
}

/** Of several, one after the other. */
export function joinedRules(several: readonly PermissionRules[]): PermissionRules {
	return {
		grants: several.flatMap(({ grants }) => grants),
		denials: several.flatMap(({ denials }) => denials),
	};
}

function sourceOf({ id, name }: GroupName, roleId: string | null): Grant['source'] {
	return { kind: 'group', id, name, roleId };
}

/** One grant for each scope and end. */
function given(permissions: readonly GivenPermission[], group: GroupName | undefined): readonly Grant[] {
	const byScope = new Map<string, Pick<Grant, 'scope' | 'endsAtMs'> & { readonly permissions: Set<Permission> }>();
	for (const { permission, scope: text, endsAtMs } of permissions) {
		const scope = parseScope(text);
		if (scope === undefined || !isPermission(permission)) continue;
		const ending = typeof endsAtMs === 'number' ? { endsAtMs } : {};
		const key = `${endsAtMs ?? ''} ${text}`;
		const known = byScope.get(key) ?? { scope, permissions: new Set(), ...ending };
		known.permissions.add(permission);
		byScope.set(key, known);
	}
	return [...byScope.values()].map((grant) => {
		const text = scopeText(grant.scope);
		return { ...grant, source: group === undefined ? { kind: 'record', id: text, name: text } : sourceOf(group, null) };
	});
}

function toDenial({ permission, scope }: DeniedPermission, group: GroupName | undefined): readonly Denial[] {
	const place = parseScope(scope);
	if (place === undefined || !isPermission(permission)) return [];
	const source: Denial['source'] =
		group === undefined ? { kind: 'operator' } : { kind: 'group', id: group.id, name: group.name };
	return [{ permission, scope: place, source }];
}
