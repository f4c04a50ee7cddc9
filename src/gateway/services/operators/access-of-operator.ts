import { type Access, createAccess, grantOfRole, type OwnRole } from '../../core/permission/access.ts';
import type { Denial, PermissionRules } from '../../core/permission/decide-permission.ts';
import { NO_PLACES, type Places, parseScope } from '../../core/permission/scope.ts';
import { isPermission } from '../../core/permission.ts';
import type { DeniedPermission, OwnRoleRow, RoleAssignment } from '../../store/operator-access.ts';
import type { OperatorRow } from '../../store/operators.ts';
import type { Operator, RoleName } from '../operators.ts';
import type { OperatorsDeps } from './operators-deps.ts';

/** What the store says of an operator as rules, read anew with every request. */
export interface OperatorAccess {
	readonly places: Places;
	of(operatorId: string): Access;
	rulesOf(operatorId: string): PermissionRules;
	/** Of roles and denials that are only asked about. What this version does not know gives nothing and denies nothing. */
	rules(roles: readonly RoleAssignment[], denials: readonly DeniedPermission[]): PermissionRules;
	operator(row: OperatorRow): Operator;
	ownRole(id: string): OwnRole | undefined;
	roleName(id: string): string;
}

export function createOperatorAccess({
	store: { operators },
	places = NO_PLACES,
	licenceKinds,
}: Pick<OperatorsDeps, 'store' | 'places' | 'licenceKinds'>): OperatorAccess {
	const ownRole = (id: string) => {
		const row = operators.ownRole(id);
		return row && toOwnRole(row);
	};

	function rules(roles: readonly RoleAssignment[], denied: readonly DeniedPermission[]): PermissionRules {
		const grants = roles.flatMap(({ roleId, scope }) => {
			const place = parseScope(scope);
			return place === undefined ? [] : (grantOfRole(roleId, place, ownRole(roleId)) ?? []);
		});
		return { grants, denials: denied.flatMap(toDenial) };
	}

	function rulesOf(operatorId: string): PermissionRules {
		const { grants, denials } = rules(operators.rolesOf(operatorId), operators.denialsOf(operatorId));
		return { grants: [...grants, ...(licenceKinds?.grantsOf(operatorId) ?? [])], denials };
	}

	function roleName(id: string): string {
		return operators.ownRole(id)?.name ?? id;
	}

	return {
		places,
		rules,
		rulesOf,
		ownRole,
		roleName,
		of: (operatorId) => createAccess(rulesOf(operatorId), places),
		operator: ({ id, email, name, language }) => ({
			...{ id, email, name },
			language: (['en', 'fr', 'nl'] as const).find((known) => known === language) ?? null,
			roles: namesOf(operators.rolesOf(id), roleName),
		}),
	};
}

/** Each once, whatever it is for. */
function namesOf(roles: readonly RoleAssignment[], nameOf: (id: string) => string): readonly RoleName[] {
	return [...new Set(roles.map(({ roleId }) => roleId))].map((id) => ({ id, name: nameOf(id) }));
}

function toOwnRole({ id, name, permissions }: OwnRoleRow): OwnRole {
	return { id, name, permissions: permissions.filter(isPermission) };
}

function toDenial({ permission, scope }: DeniedPermission): readonly Denial[] {
	const place = parseScope(scope);
	if (place === undefined || !isPermission(permission)) return [];
	return [{ permission, scope: place, source: { kind: 'operator' } }];
}
