import { z } from '@hono/zod-openapi';
import { STRATEGIES } from '../../gateway/core/directory.ts';
import { LEDGER_KINDS } from '../../gateway/core/ledger.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import { id, reasonSchema, time } from './scalar-schemas.ts';

const period = z.object({
	days: z.array(z.int()).readonly().openapi({ description: 'ISO weekdays, 1 Monday' }),
	from: z.string(),
	to: z.string(),
});

const ownRightSchema = z
	.object({
		id,
		name: z.string(),
		strategy: z.enum(STRATEGIES).nullable(),
		areaIds: z.array(z.string()).readonly().openapi({ description: 'Empty: every area' }),
		schedule: z
			.object({
				name: z.string(),
				periods: z.array(period).readonly(),
				specialDays: z
					.array(
						z.object({
							date: z.string(),
							name: z.string(),
							periods: z.array(period.omit({ days: true })).readonly(),
						}),
					)
					.readonly(),
			})
			.nullable()
			.openapi({ description: 'null: at any time' }),
		validFrom: time.nullable(),
		validTo: time.nullable(),
		state: z.enum(['valid', 'notStarted', 'ended', 'suspended']),
		spaceId: z.string().nullable().openapi({ description: 'The space that is kept for it' }),
		sharedPlaces: z
			.object({ name: z.string(), capacity: z.int(), others: z.int() })
			.nullable()
			.openapi({
				description: `Places it takes with others; how many other rights there are, at most ${LIMITS.ownSharersCounted}`,
			}),
		uses: z
			.object({
				used: z.int(),
				held: z.int(),
				allowed: z.int(),
				left: z.int(),
				from: time.nullable(),
				to: time.nullable(),
			})
			.nullable(),
		wallet: z
			.object({
				balance: z.int(),
				held: z.int(),
				cost: z.int(),
				mayOverdraw: z.boolean(),
				refillAmount: z.int(),
				refillPeriod: z.enum(['week', 'month', 'year']).nullable(),
			})
			.nullable(),
		isBookable: z.boolean(),
		keepsPlace: z.boolean().openapi({ description: 'Its place can be given up for a time' }),
		ledger: z
			.array(z.object({ line: z.int(), kind: z.enum(LEDGER_KINDS), amount: z.int(), balance: z.int(), at: time }))
			.readonly(),
	})
	.openapi('OwnRight');

export const adviceSchema = z.enum([
	...(['tryAgain', 'otherVehicle', 'askReception', 'comeLater', 'book'] as const),
	...(['waitForPlace', 'usedUp', 'alreadyInside', 'otherLane'] as const),
]);

export const ownAccessSchema = z
	.object({
		state: z.enum(['none', 'gone', 'known']).openapi({
			description: 'none: the account is linked to no person; gone: to one who is no longer here',
		}),
		person: z
			.object({
				name: z.string(),
				standing: z.enum(['active', 'inactive', 'blocked']),
				mayBook: z.boolean(),
				mayInvite: z.boolean(),
				rights: z.array(ownRightSchema).readonly(),
				credentials: z
					.array(
						z.object({
							id,
							kind: z.enum(['tag', 'plate', 'pin', 'qr']),
							shown: z.string().openapi({ description: 'The plate, what is printed on a card, the end of a code' }),
							state: z.enum(['active', 'disabled', 'lost', 'stolen']),
							validFrom: time.nullable(),
							validTo: time.nullable(),
						}),
					)
					.readonly(),
				vehicles: z
					.array(
						z.object({
							id,
							name: z.string(),
							make: z.string().nullable(),
							model: z.string().nullable(),
							colour: z.string().nullable(),
							sharedBy: z.string().nullable(),
						}),
					)
					.readonly()
					.openapi({ description: 'Shared by groups one is in: they can be booked' }),
			})
			.nullable(),
		lanes: z
			.array(z.object({ id, name: z.string() }))
			.readonly()
			.openapi({ description: 'Ways in' }),
	})
	.openapi('OwnAccess');

export const ownBookingSchema = z
	.object({
		id,
		kind: z.enum(['booking', 'release']),
		start: time,
		end: time,
		state: z.enum(['planned', 'in', 'overdue', 'left', 'noShow', 'released']),
		note: z.string().nullable(),
		vehicleName: z.string().nullable(),
		specificationName: z.string().nullable(),
		areaIds: z.array(z.string()).readonly(),
		spaceId: z.string().nullable(),
		rightId: id,
		areaId: z.string().nullable().openapi({ description: 'null: wherever its right opens, or where its space is' }),
		vehicleId: z.string().nullable(),
	})
	.openapi('OwnBooking');

export const ownVisitSchema = z
	.object({
		id,
		name: z.string(),
		email: z.string().nullable(),
		language: z.enum(['en', 'fr', 'nl']).nullable(),
		state: z.enum(['coming', 'now', 'over', 'blocked']),
		validFrom: time.nullable(),
		validTo: time.nullable(),
		credential: z
			.object({
				kind: z.enum(['tag', 'plate', 'pin', 'qr']),
				value: z.string().openapi({ description: 'A code opens: hand it to nobody but the guest' }),
				label: z.string().nullable(),
			})
			.nullable(),
		areaIds: z.array(z.string()).readonly(),
	})
	.openapi('OwnVisit');

export const ownDecisionSchema = z
	.object({
		id,
		at: time,
		laneName: z.string(),
		direction: z.enum(['entry', 'exit']),
		outcome: z.enum(['granted', 'refused']),
		headline: reasonSchema.nullable(),
		advice: adviceSchema.nullable().openapi({ description: 'What one can do about it oneself' }),
		subject: z.string(),
		sequel: z.enum(['none', 'opening', 'opened', 'openFailed', 'openUnknown', 'passed', 'backedOut', 'notUsed']),
	})
	.openapi('OwnDecision');
