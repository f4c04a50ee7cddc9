import { PERMISSIONS, type Permission } from '../permission.ts';

/** Parts of the console that are switched on and off for an operator as a whole. */
export const MODULES = ['operations', 'ground', 'access', 'rules', 'system'] as const;

export type Module = (typeof MODULES)[number];

/** By the resource of a permission; what is not here belongs to the system. */
const RESOURCES: Readonly<Record<Exclude<Module, 'system'>, readonly string[]>> = {
	operations: ['lanes', 'exits', 'decisions', 'passages', 'parkingSessions', 'occupancy', 'presence'],
	ground: ['scan', 'logistic', 'review', 'evidence', 'handOvers', 'interventions'],
	access: [
		...['holders', 'vehicles', 'credentials', 'codes', 'assignedRights', 'plannedUses', 'groups', 'pools'],
		...['visitors', 'enrolments', 'personalData', 'ownAccess'],
	],
	rules: ['rightSpecifications', 'bundles', 'schedules'],
};

export function moduleOf(permission: Permission): Module {
	const [resource = ''] = permission.split(':');
	return MODULES.find((module) => module !== 'system' && RESOURCES[module].includes(resource)) ?? 'system';
}

/** Denied all of them, somebody has no access to the module. */
export function permissionsOfModule(module: Module): readonly Permission[] {
	return PERMISSIONS.filter((permission) => moduleOf(permission) === module);
}
