/** What may be asked for: resource and verb. A route names exactly one. */
export const PERMISSIONS = [
	'lanes:read',
	'lanes:vend',
	'decisions:read',
	'occupancy:read',
	'devices:read',
	'devices:test',
	'sync:read',
	'metrics:read',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** Built-in roles of operators, most powerful first. */
export const ROLES = ['administrator', 'technician', 'reception'] as const;

export type Role = (typeof ROLES)[number];

const GRANTED: Readonly<Record<Role, ReadonlySet<Permission>>> = {
	administrator: new Set(PERMISSIONS),
	technician: new Set<Permission>([
		'lanes:read',
		'lanes:vend',
		'decisions:read',
		'occupancy:read',
		'devices:read',
		'devices:test',
		'sync:read',
		'metrics:read',
	]),
	reception: new Set<Permission>(['lanes:read', 'lanes:vend', 'decisions:read', 'occupancy:read']),
};

/** Whether a role may do something; everything not granted is denied. */
export function roleMay(role: Role, permission: Permission): boolean {
	return GRANTED[role].has(permission);
}

/** What a role may do, in the order of PERMISSIONS: for `/me` and for menus (which only hide, never guard). */
export function permissionsOf(role: Role): readonly Permission[] {
	return PERMISSIONS.filter((permission) => GRANTED[role].has(permission));
}
