import { type Access, createAccess, grantOfRole, type OwnRole } from '../../core/permission/access.ts';
import { lastingRules, type PermissionRules } from '../../core/permission/decide-permission.ts';
import { NO_PLACES, type Places, parseScope } from '../../core/permission/scope.ts';
import { isPermission } from '../../core/permission.ts';
import type { OwnRoleRow, RoleAssignment } from '../../store/operator-access.ts';
import type { OperatorRow } from '../../store/operators.ts';
import type { Operator, RoleName } from '../operators.ts';
import { createKeptRules } from './kept-rules.ts';
import type { OperatorsDeps } from './operators-deps.ts';
import { NO_RULES, rulesFrom, type StoredRules } from './rules-from.ts';

/** What the store says of an operator as rules, as it is at each request. */
export interface OperatorAccess {
	readonly places: Places;
	of(operatorId: string): Access;
	rulesOf(operatorId: string): PermissionRules;
	/** What a group gives and denies its members, with the groups around it. */
	rulesOfGroup(groupId: string): PermissionRules;
	/** Of what is only asked about. What this version does not know gives nothing and denies nothing. */
	rules(stored: Partial<StoredRules>): PermissionRules;
	operator(row: OperatorRow): Operator;
	ownRole(id: string): OwnRole | undefined;
	roleName(id: string): string;
}

export function createOperatorAccess({
	store: { operators },
	places = NO_PLACES,
	licenceKinds,
	clock,
}: Pick<OperatorsDeps, 'store' | 'places' | 'licenceKinds' | 'clock'>): OperatorAccess {
	const ownRole = (id: string) => {
		const row = operators.ownRole(id);
		return row && toOwnRole(row);
	};
	const grantOf = ({ roleId, scope }: RoleAssignment) => {
		const place = parseScope(scope);
		return place && grantOfRole(roleId, place, ownRole(roleId));
	};
	const kept = createKeptRules(operators, grantOf);

	/** Kinds of licence come and go with the clock and the product licence: asked for each time. */
	function rulesOf(operatorId: string): PermissionRules {
		const stored = lastingRules(kept.ofOperator(operatorId), clock.nowMs());
		const licensed = licenceKinds?.grantsOf(operatorId) ?? [];
		return licensed.length === 0 ? stored : { ...stored, grants: [...stored.grants, ...licensed] };
	}

	function roleName(id: string): string {
		return operators.ownRole(id)?.name ?? id;
	}

	return {
		places,
		rules: (stored) => rulesFrom({ ...NO_RULES, ...stored }, undefined, grantOf),
		rulesOf,
		rulesOfGroup: kept.ofGroup,
		ownRole,
		roleName,
		of: (operatorId) => createAccess(rulesOf(operatorId), places),
		operator: ({ id, email, name, language }) => ({
			...{ id, email, name },
			language: knownLanguage(language),
			roles: namesOf(operators.rolesOf(id), roleName),
		}),
	};
}

/** null: none that is spoken here. */
export function knownLanguage(text: string | null): 'en' | 'fr' | 'nl' | null {
	return (['en', 'fr', 'nl'] as const).find((known) => known === text) ?? null;
}

/** Each once, whatever it is for. */
function namesOf(roles: readonly RoleAssignment[], nameOf: (id: string) => string): readonly RoleName[] {
	return [...new Set(roles.map(({ roleId }) => roleId))].map((id) => ({ id, name: nameOf(id) }));
}

function toOwnRole({ id, name, permissions }: OwnRoleRow): OwnRole {
	return { id, name, permissions: permissions.filter(isPermission) };
}
