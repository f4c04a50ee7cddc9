import { STRATEGIES } from '../directory.ts';

/** The words of Parkgate, in the order in which one explains the other; code, tables, topics and pages use them and no others. */
export const TERM_GROUPS = {
	places: ['site', 'park', 'area', 'space', 'lane', 'outside'],
	hardware: ['device', 'reader', 'camera', 'barrier', 'loop', 'read'],
	people: ['rightHolder', 'credential', 'group', 'organisation', 'fleetVehicle', 'visitor', 'operator', 'role'],
	rights: [
		'rightSpecification',
		'assignedRight',
		'bundle',
		'rightPool',
		'plannedUse',
		'release',
		'schedule',
		'specialDay',
	],
	strategies: STRATEGIES,
	costs: ['wallet', 'grace', 'noShow', 'overstay'],
	decisions: ['decision', 'verdict', 'reason', 'vend', 'reservation', 'accessLog'],
	stays: ['passage', 'parkingSession', 'occupancy', 'antiPassback', 'tailgate', 'backOut'],
	modes: ['hold', 'closedToAll', 'lockdown'],
	platform: ['central', 'stream', 'localEdit', 'standalone', 'journal', 'productLicence', 'licenceKind'],
} as const;

export type TermGroup = keyof typeof TERM_GROUPS;
export type Term = (typeof TERM_GROUPS)[TermGroup][number];

/** Name and what it means. */
export type TermTexts = Readonly<Record<Term, readonly [name: string, meaning: string]>>;
