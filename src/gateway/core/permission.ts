import { DIRECTORY_TABLES, type DirectoryTable } from './directory.ts';

/** Of each table of the directory: see its rows, change them. */
type DirectoryPermission = `${DirectoryTable}:${'read' | 'write'}`;

const DIRECTORY = (Object.keys(DIRECTORY_TABLES) as DirectoryTable[]).flatMap(
	(table): readonly DirectoryPermission[] => [`${table}:read`, `${table}:write`],
);

const OTHERS = [
	'lanes:read',
	'lanes:vend',
	/** Hold open, confirm and end a hold. */
	'lanes:hold',
	/** Close to all, lock down, and reopen. */
	'lanes:close',
	/** Close or lock down an exit that is strict, and end a lockdown that somebody else declared. */
	'exits:close',
	'decisions:read',
	'decisions:check',
	'decisions:replay',
	'passages:read',
	'parkingSessions:read',
	/** Choose how long a stay lasts whose length is chosen at the entry. */
	'parkingSessions:write',
	'occupancy:read',
	'occupancy:adjust',
	/** Neutral reset of anti-passback. */
	'presence:reset',
	/** Say on site that the clock is right. */
	'clock:confirm',
	'devices:read',
	'devices:test',
	/** Let a new or reset device take its key for some minutes. */
	'devices:install',
	'sync:read',
	/** Try the connection to central step by step. */
	'sync:test',
	'metrics:read',
	/** See what configuration runs, and which others could. */
	'configuration:read',
	/** Propose one, put it on trial, keep or end it. */
	'configuration:write',
	/** See what the gateway and its cameras are licensed for. */
	'licences:read',
	/** Install signed licences and statements, and say which cameras have a licence. */
	'licences:write',
	/** Bring in and take out whole tables. */
	'directory:import',
	'directory:export',
	/** Names, plates and contacts unmasked. */
	'personalData:read',
	/** What QR codes and PINs say: whoever knows it can open by it. */
	'codes:read',
	/** Erase or hand over all that is kept of one person. */
	'personalData:erase',
	'personalData:export',
	/** How long personal data is kept, and what an incident keeps. */
	'retention:read',
	/** Keep what an incident needs beyond its time, and end that. */
	'retention:hold',
	/** Present a tag at a reader to fill a credential. */
	'enrolments:write',
	/** Give people of the directory a login by which they see their own, another code for it, and take it away. */
	'ownAccess:invite',
	'visitors:read',
	/** Let somebody in for a time by a credential, and print their pass. */
	'visitors:write',
	/** Ask of a tag, plate or QR code whose it is, what it opens and where the vehicle stands. */
	'scan:read',
	/** See who stands where, and say that a vehicle was moved. */
	'logistic:write',
	/** Pictures of vehicles that cameras sent with their reads. */
	'evidence:read',
	/** Blur, delete and hold them. */
	'evidence:moderate',
	/** See reads that are in doubt, and what was said of them. */
	'review:read',
	/** Say of a read what it was. */
	'review:write',
	/** Hand-over reports of lanes and devices: see them, write and remove them, sign them (which takes a licence too). */
	'handOvers:read',
	'handOvers:write',
	'handOvers:sign',
	/** See work on the equipment, and who does it when. */
	'interventions:read',
	/** Say that something is broken. */
	'interventions:report',
	/** Change what an intervention is, when it is done and by whom. */
	'interventions:write',
	/** Say how far it is; comments, parts and photos. */
	'interventions:work',
	/** See what went on at the site by hour and by day: counts, of nobody. */
	'analytics:read',
	/** Named groups of rights with a period, and people who asked to be contacted. */
	'campaigns:read',
	'campaigns:write',
	'leads:read',
	'leads:write',
	/** See who may sign in, with which roles, and what those allow. */
	'operators:read',
	/** Invite operators, change what they may do, let them in and out. */
	'operators:write',
	/** Define the site's own roles. */
	'roles:write',
	/** See every change with who made it, and what was before and after. */
	'audit:read',
	/** See what operators do, now and by day. */
	'activity:read',
	/** Let an identity provider manage operators and their groups (SCIM), as far as who lends it may do so. */
	'scim',
	/** See who is signed in. */
	'loginSessions:read',
	/** End somebody's login. */
	'loginSessions:end',
	/** How long logins last, and how many an account has. */
	'settings:read',
	'settings:write',
] as const;

export type Permission = (typeof OTHERS)[number] | DirectoryPermission;

/** What may be asked for: resource and verb. A route names exactly one. */
export const PERMISSIONS: readonly Permission[] = [...OTHERS, ...DIRECTORY];

export function isPermission(text: string): text is Permission {
	return KNOWN.has(text);
}

const KNOWN: ReadonlySet<string> = new Set(PERMISSIONS);

/** Built-in roles of operators, most powerful first. `support`: the vendor's people; `user`: sees their own accesses. */
export const ROLES = ['administrator', 'technician', 'security', 'reception', 'support', 'user'] as const;

export type Role = (typeof ROLES)[number];

export function isRole(text: string): text is Role {
	return ROLES.some((role) => role === text);
}

/** What everybody needs who stands by drivers at a lane. */
const AT_THE_LANES: readonly Permission[] = [
	'lanes:read',
	'lanes:vend',
	'lanes:hold',
	'decisions:read',
	'decisions:check',
	'passages:read',
	'parkingSessions:read',
	'parkingSessions:write',
	'occupancy:read',
	'occupancy:adjust',
];

/** Who sees first that something is broken. */
const REPORT_FAULTS: readonly Permission[] = ['interventions:read', 'interventions:report'];

/** Seeing who may enter, and why; and the work on the ground that goes with it. */
const SEE_DIRECTORY: readonly Permission[] = [
	...DIRECTORY.filter((permission) => permission.endsWith(':read')),
	'personalData:read',
	'visitors:read',
	'scan:read',
	'logistic:write',
	'review:read',
	'review:write',
	'evidence:read',
];

/** What each built-in role allows where it is assigned; everything not granted is denied. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, ReadonlySet<Permission>>> = {
	administrator: new Set(PERMISSIONS),
	technician: new Set<Permission>([
		...AT_THE_LANES,
		...SEE_DIRECTORY,
		'enrolments:write',
		'lanes:close',
		'decisions:replay',
		'devices:read',
		'devices:test',
		'devices:install',
		'sync:read',
		'sync:test',
		'metrics:read',
		'configuration:read',
		'configuration:write',
		'licences:read',
		'handOvers:read',
		'handOvers:write',
		'handOvers:sign',
		'interventions:read',
		'interventions:report',
		'interventions:write',
		'interventions:work',
	]),
	security: new Set<Permission>([
		...AT_THE_LANES,
		...REPORT_FAULTS,
		...SEE_DIRECTORY,
		'visitors:write',
		'lanes:close',
		'presence:reset',
		'devices:read',
		'retention:read',
		'retention:hold',
		'evidence:moderate',
		'analytics:read',
	]),
	reception: new Set<Permission>([
		...AT_THE_LANES,
		...REPORT_FAULTS,
		...SEE_DIRECTORY,
		'presence:reset',
		'visitors:write',
		'ownAccess:invite',
		'enrolments:write',
		'holders:write',
		'credentials:write',
		'assignedRights:write',
		'plannedUses:write',
	]),
	support: new Set<Permission>([
		'lanes:read',
		'decisions:read',
		'decisions:check',
		'decisions:replay',
		'passages:read',
		'occupancy:read',
		'devices:read',
		'devices:test',
		'sync:read',
		'sync:test',
		'metrics:read',
		'configuration:read',
		'licences:read',
		'settings:read',
		'interventions:read',
	]),
	user: new Set<Permission>(),
};
