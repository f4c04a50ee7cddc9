import type { DeniedPermission, RoleAssignment } from '../../store/operator-access.ts';
import type { StoredRules } from './rules-from.ts';

/** As the journal keeps them. */
export function rolesText(roles: readonly RoleAssignment[]): string {
	return roles.map(({ roleId, scope }) => `${roleId} at ${scope}`).join(', ');
}

export function namedText(permissions: readonly DeniedPermission[]): string {
	return permissions.map(({ permission, scope }) => `${permission} at ${scope}`).join(', ');
}

export function rulesDetail({ roles, permissions, denials }: StoredRules) {
	return { roles: rolesText(roles), given: namedText(permissions), denied: namedText(denials) };
}
