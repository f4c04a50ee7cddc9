import { z } from '@hono/zod-openapi';
import { PERMISSIONS, ROLES } from '../../gateway/core/permission.ts';
import { REASONS } from '../../gateway/core/reason.ts';

/** Shapes that several routes share; what they describe is made by `createPresenter`. */
export const time = z.string().openapi({ format: 'date-time', example: '2026-08-01T09:30:00.000+02:00' });
export const reasonSchema = z.enum(REASONS).openapi('Reason');
const id = z.string().openapi({ example: 'L1' });
const attributes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

export const operatorSchema = z
	.object({
		id: z.string(),
		email: z.string(),
		name: z.string(),
		role: z.enum(ROLES),
		language: z.enum(['en', 'fr', 'nl']).nullable(),
	})
	.openapi('Operator');

export const signedInSchema = z
	.object({
		operator: operatorSchema,
		permissions: z.array(z.enum(PERMISSIONS)).readonly(),
		csrf: z.string().openapi({ description: 'Send it back as x-csrf-token with every changing request' }),
	})
	.openapi('SignedIn');

export const decisionSummarySchema = z
	.object({
		id: z.string(),
		seq: z.int(),
		at: time,
		laneId: id,
		laneName: z.string(),
		direction: z.enum(['entry', 'exit']),
		outcome: z.enum(['granted', 'refused']),
		headline: reasonSchema.nullable().openapi({ description: 'The first rule that refused' }),
		subject: z.string().openapi({ description: 'Plate or card as read: untrusted text' }),
		holderId: z.string().nullable(),
		holderName: z.string().nullable(),
		sequel: z.enum(['none', 'opening', 'opened', 'openFailed', 'openUnknown', 'passed', 'backedOut', 'notUsed']),
	})
	.openapi('DecisionSummary');

const verdict = z
	.object({
		rule: reasonSchema,
		verdict: z.object({
			result: z.enum(['pass', 'fail', 'waived', 'notApplicable']),
			by: z.string().optional(),
			because: z.string().optional(),
			detail: attributes.optional(),
		}),
	})
	.openapi('Verdict');

export const decisionSchema = z
	.object({
		summary: decisionSummarySchema,
		decision: z.object({
			outcome: z.enum(['granted', 'refused']),
			headline: reasonSchema.nullable(),
			verdicts: z.array(verdict).readonly(),
			holderId: z.string().nullable(),
			credentialId: z.string().nullable(),
			rightId: z.string().nullable(),
			counted: z.boolean().openapi({ description: 'The vehicle takes a place' }),
			reserve: z.array(z.string()).readonly(),
		}),
		facts: z.looseObject({}).openapi({ description: 'Everything the decision was made on' }),
		vendId: z.string().nullable().openapi({ description: 'The one opening a grant asks for' }),
		journalledLate: z.boolean(),
		sequel: z.array(z.object({ seq: z.int(), entry: z.looseObject({ type: z.string(), at: time }) })).readonly(),
	})
	.openapi('Decision');

export const laneSchema = z
	.object({
		id,
		name: z.string(),
		kind: z.enum(['entry', 'exit', 'reversible']),
		from: z.string(),
		to: z.string(),
		phase: z.string(),
		phaseSince: time,
		vehiclePresent: z.boolean().nullable().openapi({ description: 'null: no arming loop is wired' }),
		barrier: z.enum(['open', 'closed', 'moving', 'unknown']),
		problems: z.array(z.string()).readonly(),
		lastDecision: decisionSummarySchema.nullable(),
	})
	.openapi('Lane');

export const deviceSchema = z
	.object({
		id,
		driver: z.string(),
		address: z.string(),
		state: z.enum(['starting', 'online', 'offline', 'faulted']),
		problem: z.string().optional(),
		since: time,
		lastSeen: time.optional(),
		identity: z.record(z.string(), z.string()),
		capabilities: z.array(z.string()).readonly(),
		statistics: z.record(z.string(), z.number()),
		inputs: z.record(z.string(), z.boolean()),
	})
	.openapi('Device');

export const occupancySchema = z
	.object({
		areaId: z.string(),
		level: z.enum(['area', 'park']),
		name: z.string(),
		parkId: z.string(),
		parentId: z.string().nullable(),
		capacity: z.int().nullable(),
		occupied: z.int(),
		reserved: z.int().openapi({ description: 'Held for vehicles let in that have not passed yet' }),
	})
	.openapi('AreaOccupancy');

export const syncSchema = z
	.object({
		configured: z.boolean(),
		connected: z.boolean(),
		problem: z.string().nullable(),
		since: time,
		outboxDepth: z.int(),
		lastAckAt: time.nullable(),
		streams: z.array(z.object({ stream: z.string(), rev: z.number(), syncedAt: time.nullable() })).readonly(),
	})
	.openapi('Sync');

/** A list that is short by nature (lanes, devices, areas): all of it. */
export function listOf<T extends z.ZodType>(item: T) {
	return z.object({ items: z.array(item).readonly() });
}

/** A page of a list that grows without end. */
export function pageOf<T extends z.ZodType>(item: T) {
	return z.object({
		items: z.array(item).readonly(),
		nextCursor: z.string().nullable().openapi({ description: 'Send it as cursor for the next page; null: the last' }),
	});
}
