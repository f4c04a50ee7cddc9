import type { Permission } from '../../gateway/core/permission.ts';

/** All of these, on the whole site; one in parts, of which they are told what waits in theirs; null: everybody. */
export type PermissionNeeded = readonly Permission[] | { readonly inParts: Permission } | null;

/** Who has which kind of task: whoever may do it. */
export const TASK_NEEDS = {
	/** Work on the equipment that is given to them. */
	ownInterventions: { inParts: 'interventions:read' },
	/** That is neither done nor cancelled, whoever's. */
	openInterventions: { inParts: 'interventions:write' },
	overdueInterventions: { inParts: 'interventions:write' },
	/** Reads in doubt. */
	reviews: { inParts: 'review:write' },
	/** Pictures whose hold ends within a week: kept longer, or let go. */
	endingHolds: { inParts: 'evidence:moderate' },
	/** A configuration on trial, to be kept or ended. */
	configurationTrial: ['configuration:write'],
	/** Who left within a month, and can still be taken back. */
	offboardings: ['operators:write'],
	/** Changes that central refused within a week: whoever's, and one's own. */
	rejectedEdits: ['sync:read', 'audit:read'],
	ownRejectedEdits: null,
	/** Events that central could not use. */
	deadLetters: ['sync:read'],
	/** Rows of central that this version can not use. */
	parkedRows: ['sync:read'],
	/** The product licence ends within a month, or there is none. */
	licence: ['licences:write'],
} as const satisfies Readonly<Record<string, PermissionNeeded>>;
