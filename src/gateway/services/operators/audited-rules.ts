import type { GivenPermission, RoleAssignment } from '../../store/operator-access.ts';
import type { StoredRules } from './rules-from.ts';

/** As the journal keeps them. */
export function rolesText(roles: readonly RoleAssignment[]): string {
	return roles.map(({ roleId, scope }) => `${roleId} at ${scope}`).join(', ');
}

export function namedText(permissions: readonly GivenPermission[]): string {
	return permissions.map((one) => `${one.permission} at ${one.scope}${endText(one)}`).join(', ');
}

function endText({ endsAtMs }: GivenPermission): string {
	return typeof endsAtMs === 'number' ? ` until ${Temporal.Instant.fromEpochMilliseconds(endsAtMs).toString()}` : '';
}

export function rulesDetail({ roles, permissions, denials }: StoredRules) {
	return { roles: rolesText(roles), given: namedText(permissions), denied: namedText(denials) };
}
