import type { Permission } from '../permission.ts';
import type { LicensedSite } from './licence-facts.ts';
import { COMMISSIONING_CAPS } from './licence-term.ts';
import type { Capability } from './product-licence.ts';

/** One kind of licence that an operator can be given. */
interface KindOfLicence {
	/** What it unlocks; kinds combine. */
	readonly unlocks: readonly Permission[];
	/** Of the product licence: without it the kind has no seats and unlocks nothing. */
	readonly needs?: Capability;
	/** Whoever has it never signs in. */
	readonly neverSignsIn?: true;
}

const SEE_OPERATIONS = [
	'lanes:read',
	'decisions:read',
	'decisions:check',
	'passages:read',
	'parkingSessions:read',
	'occupancy:read',
	'visitors:read',
	'holders:read',
	'groups:read',
	'credentials:read',
	'rightSpecifications:read',
	'assignedRights:read',
	'pools:read',
	'bundles:read',
	'plannedUses:read',
	'schedules:read',
	'personalData:read',
] as const satisfies readonly Permission[];

const SEE_MAINTENANCE = ['devices:read', 'lanes:read', 'interventions:read'] as const satisfies readonly Permission[];

/** The catalogue (FEATURES I7–I15), in the order people are shown it. */
export const LICENCE_KINDS = {
	/** I7: lanes, visitors, bookings, rights and the access log, and work on them. */
	salesStandard: {
		unlocks: [
			...SEE_OPERATIONS,
			...['lanes:vend', 'lanes:hold', 'lanes:close', 'parkingSessions:write', 'occupancy:adjust'],
			...['presence:reset', 'visitors:write', 'enrolments:write', 'holders:write', 'credentials:write'],
			...['assignedRights:write', 'plannedUses:write'],
		] as readonly Permission[],
	},
	/** I8: the same, to look at. */
	salesConsultation: { unlocks: SEE_OPERATIONS },
	/** I9: devices and interventions, and work on them. */
	serviceStandard: {
		unlocks: [
			...SEE_MAINTENANCE,
			...['devices:test', 'devices:install', 'interventions:report', 'interventions:write', 'interventions:work'],
			...['handOvers:read', 'handOvers:write'],
		] as readonly Permission[],
		needs: 'maintenance',
	},
	/** I10: how far an intervention is, comments, parts and photos. */
	serviceMechanic: { unlocks: [...SEE_MAINTENANCE, 'devices:test', 'interventions:work'], needs: 'maintenance' },
	/** I11: the same, to look at. */
	serviceConsultation: { unlocks: SEE_MAINTENANCE, needs: 'maintenance' },
	/** I12: is put on rosters. */
	serviceResource: { unlocks: [], needs: 'maintenance', neverSignsIn: true },
	/** I13: campaigns and leads. */
	marketing: {
		unlocks: [
			...(['visitors:read', 'assignedRights:read', 'personalData:read'] as const),
			...(['campaigns:read', 'campaigns:write', 'leads:read', 'leads:write'] as const),
		],
		needs: 'reports',
	},
	/** I14: signs hand-over reports. */
	signature: { unlocks: ['handOvers:read', 'handOvers:sign', 'personalData:read'], needs: 'signature' },
	/** I15, on a phone beside the vehicle, from here on. */
	zScan: { unlocks: ['scan:read'] },
	zLogistic: { unlocks: ['logistic:write'] },
	zReview: { unlocks: ['review:read', 'review:write', 'evidence:read', 'personalData:read'] },
	zModeration: { unlocks: ['evidence:read', 'evidence:moderate', 'personalData:read'] },
	zAnalytics: { unlocks: ['occupancy:read', 'analytics:read'] },
} as const satisfies Readonly<Record<string, KindOfLicence>>;

export type LicenceKind = keyof typeof LICENCE_KINDS;

export const LICENCE_KIND_NAMES = Object.keys(LICENCE_KINDS) as readonly LicenceKind[];

export function isLicenceKind(name: string): name is LicenceKind {
	return Object.hasOwn(LICENCE_KINDS, name);
}

/** What kinds unlock together. */
export function permissionsOfKinds(kinds: readonly LicenceKind[]): ReadonlySet<Permission> {
	return new Set(kinds.flatMap((kind): readonly Permission[] => LICENCE_KINDS[kind].unlocks));
}

/** How many may have a kind at once. */
export function seatsOfKind({ licence }: Pick<LicensedSite, 'licence'>, kind: LicenceKind): number {
	if (licence === null) return COMMISSIONING_CAPS.seats;
	return isUnlocked({ licence }, kind) ? (licence.seats[kind] ?? 0) : 0;
}

/** Whether the product licence has what a kind is about. */
export function isUnlocked({ licence }: Pick<LicensedSite, 'licence'>, kind: LicenceKind): boolean {
	const { needs }: KindOfLicence = LICENCE_KINDS[kind];
	return needs === undefined || licence === null || licence.capabilities.includes(needs);
}

/** Whether whoever has these may sign in. */
export function maySignIn(kinds: readonly LicenceKind[]): boolean {
	return !kinds.some((kind) => (LICENCE_KINDS[kind] as KindOfLicence).neverSignsIn === true);
}

/** Kinds that nobody can have together: who never signs in has no use of another. */
export function conflictOfKinds(kinds: readonly LicenceKind[]): LicenceKind | undefined {
	return kinds.length < 2 ? undefined : kinds.find((kind) => !maySignIn([kind]));
}
