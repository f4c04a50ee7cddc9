import { z } from '@hono/zod-openapi';
import { LANE_EVENTS } from '../../gateway/core/journal.ts';
import { PERMISSIONS } from '../../gateway/core/permission.ts';
import { READ_STATES } from '../../gateway/services/observations/recent-reads.ts';
import { decisionSummarySchema } from './decision-schemas.ts';
import { id, reasonSchema, time } from './scalar-schemas.ts';

/** Shapes that several routes share; what they describe is made by `createPresenter`. */
export const operatorSchema = z
	.object({
		id: z.string(),
		email: z.string(),
		name: z.string(),
		roles: z
			.array(z.object({ id: z.string(), name: z.string() }))
			.readonly()
			.openapi({ description: 'Built-in ones and the site’s own' }),
		language: z.enum(['en', 'fr', 'nl']).nullable(),
	})
	.openapi('Operator');

/** What became of the last one-time code that was mailed to somebody. */
export const mailSchema = z
	.object({
		state: z.enum(['waiting', 'waitingForCentral', 'handed', 'sent', 'failed']).openapi({
			description:
				'waitingForCentral: it leaves when central is there; handed: to the mail server or to central, which did not answer yet',
		}),
		at: time,
		problem: z.string().optional().openapi({ description: 'Why it failed' }),
		code: z.int().nullable().optional().openapi({ description: 'Of the mail server' }),
		again: z.boolean().optional().openapi({ description: 'It is tried again by itself' }),
	})
	.openapi('CodeMail', { description: 'The last code that was mailed to them; null: none was' });

export const signedInSchema = z
	.object({
		operator: operatorSchema,
		permissions: z.array(z.enum(PERMISSIONS)).readonly(),
		csrf: z.string().openapi({ description: 'Send it back as x-csrf-token with every changing request' }),
	})
	.openapi('SignedIn');

export const laneModeSchema = z
	.object({
		kind: z.enum(['normal', 'heldOpen', 'closedToAll', 'lockdown']),
		ownerId: z.string().optional().openapi({ description: 'The operator who did it' }),
		reason: z.string().optional(),
		since: time.optional(),
		until: time.nullable().optional().openapi({ description: 'null: until it is released' }),
		confirmed: z.boolean().optional().openapi({ description: 'false: a hold from before a restart, waiting' }),
	})
	.openapi('LaneMode');

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
		barrier: z.enum(['open', 'closed', 'moving', 'fault', 'unknown']),
		mode: laneModeSchema,
		fire: z.boolean().openapi({ description: 'The fire input is active: exits are open whatever the mode' }),
		canHold: z.boolean().openapi({ description: 'A hold output is wired' }),
		problems: z.array(z.string()).readonly(),
		lastDecision: decisionSummarySchema.nullable(),
	})
	.openapi('Lane');

export const parkSchema = z
	.object({
		id,
		name: z.string(),
		capacity: z.int().nullable().openapi({ description: 'Places; null: not limited' }),
		areaIds: z.array(id).readonly(),
	})
	.openapi('Park');

export const areaSchema = z
	.object({
		id,
		name: z.string(),
		parkId: id,
		parentId: id.nullable().openapi({ description: 'The area it lies in' }),
		capacity: z.int().nullable().openapi({ description: 'Places; null: not limited' }),
		antiPassback: z.enum(['soft', 'hard', 'timed']).nullable(),
		spaces: z.array(z.object({ id, name: z.string() })).readonly(),
	})
	.openapi('Area');

export const deviceSchema = z
	.object({
		id,
		driver: z.string(),
		address: z.string(),
		state: z.enum(['starting', 'online', 'offline', 'faulted']),
		problem: z.string().optional(),
		alarm: z.enum(['tamper', 'downgrade']).optional(),
		since: time,
		lastSeen: time.optional(),
		identity: z.record(z.string(), z.string()),
		capabilities: z.array(z.string()).readonly(),
		statistics: z.record(z.string(), z.number()),
		inputs: z.record(z.string(), z.boolean()),
		keyWindowEnd: time.optional().openapi({ description: 'It may take its key until then' }),
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
		kept: z
			.int()
			.optional()
			.openapi({ description: 'Free, but kept for preferential rights and running bookings; left out when none is' }),
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
		refused: z
			.record(z.string(), z.int())
			.openapi({ description: 'Messages refused since the gateway started, by reason' }),
		history: z
			.object({
				gatewayEpoch: z.string(),
				reason: z.enum(['new', 'restored', 'salvaged', 'ackAhead', 'chainMismatch']),
				since: time,
			})
			.openapi({
				description: 'Names the events towards central; a new one begins where both remember different pasts',
			}),
		deadLetters: z
			.object({
				count: z.int(),
				newest: z
					.array(
						z.object({
							gatewayEpoch: z.string(),
							seq: z.int(),
							code: z.string().openapi({ description: 'Why: central’s word, or tooLarge' }),
							at: time,
							type: z.string().nullable().openapi({ description: 'Of the journal’s entry; null: erased since' }),
							id: z.string().nullable(),
						}),
					)
					.readonly(),
			})
			.openapi({ description: 'Events that central could not use; they stay in the journal' }),
		disk: z.object({
			room: z.enum(['ample', 'low', 'short']).openapi({
				description:
					'low: states of devices are only counted; short: people, credentials and rights can not be changed',
			}),
			freeBytes: z.int().nullable(),
		}),
		streams: z
			.array(
				z.object({
					stream: z.string(),
					rev: z.number(),
					syncedAt: time.nullable(),
					digest: z
						.enum(['same', 'differs', 'unknown'])
						.openapi({ description: 'Whether its rows are central’s; differs: they are being put right' }),
					parked: z.int().openapi({ description: 'Rows that this version can not use; what they describe is denied' }),
				}),
			)
			.readonly(),
		repairs: z
			.object({ rows: z.int(), at: time.nullable() })
			.openapi({ description: 'Rows of the directory that were put right since the start; at: the last time' }),
	})
	.openapi('Sync');

export const laneEventSchema = z
	.object({
		id: z.string(),
		seq: z.int(),
		at: time,
		laneId: id,
		laneName: z.string(),
		event: z.enum(LANE_EVENTS),
		isAlarm: z.boolean().openapi({ description: 'Somebody should look at it' }),
		reason: reasonSchema.nullable().openapi({ description: 'Whose cause and advice tell of it' }),
		decisionId: z.string().nullable(),
		detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
	})
	.openapi('LaneEvent');

export const recentReadSchema = z
	.object({
		id: z.string(),
		at: time.openapi({ description: 'When the gateway got it' }),
		deviceId: id,
		kind: z.enum(['tag', 'plate', 'pin']),
		value: z.string().openapi({ description: 'As it was read; of PINs and codes a name' }),
		label: z.string().nullable().openapi({ description: 'What is printed on the card' }),
		antenna: z.int().nullable(),
		rssiDbm: z.number().nullable(),
		confidence: z.number().nullable().openapi({ description: '0–1, of plates' }),
		direction: z.enum(['approaching', 'leaving', 'unknown']).nullable(),
		cameraTime: time.nullable().openapi({ description: 'By the camera’s own clock' }),
		state: z.enum(READ_STATES).openapi({
			description:
				'What became of it. `unlicensed`: refused for want of a licence; `waiting`: not decided yet; `unused`: its lane did not need it; `historical`: of before, it opens nothing; `enrolled`: somebody waited for it to be shown; `noLane`: no lane listens to the device',
		}),
		laneId: z.string().nullable(),
		decisionId: z.string().nullable(),
		reason: reasonSchema.nullable().openapi({ description: 'Why it was refused' }),
	})
	.openapi('RecentRead');

export const passageSchema = z
	.object({
		id: z.string(),
		seq: z.int(),
		at: time,
		laneId: id,
		from: z.string(),
		to: z.string(),
		certainty: z.enum(['high', 'medium', 'low']).openapi({ description: 'How many loops saw it, in order' }),
		decisionId: z.string().nullable(),
		vendId: z.string().nullable(),
		holderId: z.string().nullable(),
	})
	.openapi('Passage');

export const parkingSessionSchema = z
	.object({
		id: z.string(),
		holderId: z.string().nullable().openapi({ description: 'null: a vehicle nobody identified' }),
		holderName: z.string().nullable(),
		credentialId: z.string().nullable(),
		decisionId: z.string().nullable(),
		areaId: z.string().openapi({ description: 'Innermost area it is, or was last, in' }),
		spaceId: z.string().nullable().openapi({ description: 'Where in it somebody saw it; null: not known' }),
		counted: z.boolean().openapi({ description: 'It takes a place' }),
		laneInId: z.string().nullable(),
		openedAt: time,
		laneOutId: z.string().nullable(),
		closedAt: time.nullable(),
		closedBy: z
			.enum(['passage', 'nextEntry', 'autoClose', 'operator'])
			.nullable()
			.openapi({ description: 'nextEntry: its exit was missed' }),
		rightIds: z.array(z.string()).readonly().openapi({ description: 'It stays by them; the first one let it in' }),
	})
	.openapi('ParkingSession');

export const plateHintSchema = z
	.object({ plate: z.string(), holderId: id, holderName: z.string().nullable() })
	.openapi('PlateHint', { description: 'A known plate that it may have been' });

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
