import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { Clock } from '../../../gateway/core/clock.ts';
import { REFILL_PERIODS } from '../../../gateway/core/directory/right-specifications.ts';
import { LEDGER_KINDS } from '../../../gateway/core/ledger.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { BookingPlaces } from '../../../gateway/services/stays/booking-places.ts';
import type { SeenStandings } from '../../../gateway/services/stays/seen-standings.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type Idempotency, idempotencyHeaders } from '../idempotency.ts';
import { type HttpContext, requireLogin } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { InvalidRequest, noSuch, problem } from '../problem.ts';
import { givenId, moment, pageQuery, time, whySchema } from '../scalar-schemas.ts';
import { pageOf } from '../schemas.ts';

export interface RightRoutesDeps {
	/** As whoever asks may see and change them. */
	readonly standingsOf: (c: HttpContext) => SeenStandings;
	readonly bookingPlaces: Pick<BookingPlaces, 'bookable'>;
	readonly clock: Clock;
	readonly presenter: Presenter;
	readonly idempotency: Idempotency;
}

const params = z.object({ id: givenId });

/** What a right has left, the credits of its wallet, and what can still be booked. */
export function rightRoutes(deps: RightRoutesDeps): readonly Route[] {
	return [standingRoute(deps), ledgerRoute(deps), adjustRoute(deps), availabilityRoute(deps)];
}

const standingSchema = z
	.object({
		rightId: z.string(),
		uses: z
			.object({
				used: z.int().openapi({ description: 'With those held' }),
				held: z.int().openapi({ description: 'Openings nobody has driven through yet' }),
				allowed: z.int(),
				left: z.int(),
				from: time.nullable(),
				to: time.nullable(),
			})
			.nullable()
			.openapi({ description: 'Of the period now; null: any number' }),
		wallet: z
			.object({
				balance: z.int().openapi({ description: 'With the refill that is due, without what is held' }),
				held: z.int(),
				cost: z.int().openapi({ description: 'Of one stay' }),
				mayOverdraw: z.boolean(),
				refillAmount: z.int(),
				refillPeriod: z.enum(REFILL_PERIODS).nullable(),
			})
			.nullable()
			.openapi({ description: 'null: a stay costs no credits' }),
		stays: z.object({ open: z.int(), allowed: z.int() }),
	})
	.openapi('RightStanding');

function standingRoute({ standingsOf, clock, presenter }: RightRoutesDeps): Route {
	const shown = (ms: number | null) => (ms === null ? null : presenter.time(ms));
	return defineRoute({
		method: 'get',
		path: '/api/v1/rights/{id}/standing',
		permission: { inParts: 'assignedRights:read' },
		tag: 'rights',
		summary: 'What a right has left now: uses, credits, stays at once',
		params,
		answer: standingSchema,
		problems: [404],
		handle({ params: { id } }, c) {
			const standing = standingsOf(c).of(id, clock.nowMs()) ?? noSuch('right', id);
			if (standing.uses === null) return { ...standing, uses: null };
			const { fromMs, toMs, ...uses } = standing.uses;
			return { ...standing, uses: { ...uses, from: shown(fromMs), to: shown(toMs) } };
		},
	});
}

const lineSchema = z
	.object({
		line: z.int(),
		at: time,
		kind: z.enum(LEDGER_KINDS).openapi({
			description:
				'hold: taken at the opening; capture: the vehicle drove through; release: given back, it did not; debit: one more, such as for overstaying; adjust: by a person',
		}),
		amount: z.int(),
		balance: z.int().openapi({ description: 'After it' }),
		stayId: z.string().nullable(),
	})
	.openapi('LedgerLine');

function ledgerRoute({ standingsOf, clock, presenter }: RightRoutesDeps): Route {
	return defineRoute({
		method: 'get',
		path: '/api/v1/rights/{id}/ledger',
		permission: { inParts: 'assignedRights:read' },
		tag: 'rights',
		summary: 'What was added to and taken from the wallet of a right, newest first',
		params,
		query: z.strictObject({ ...pageQuery, cursor: z.coerce.number().int().min(1).optional() }),
		answer: pageOf(lineSchema),
		problems: [404],
		handle({ params: { id }, query: { limit, cursor } }, c) {
			const rightStandings = standingsOf(c);
			const lines = rightStandings.ledger(id, limit, cursor);
			if (lines.length === 0 && rightStandings.of(id, clock.nowMs()) === undefined) noSuch('right', id);
			const items = lines.map(({ line, atMs, kind, amount, balance, stayId }) => ({
				...{ line, at: presenter.time(atMs), kind, amount, balance, stayId },
			}));
			const last = items.at(-1)?.line ?? 1;
			return { items, nextCursor: items.length < limit || last === 1 ? null : String(last) };
		},
	});
}

const MOST_ADJUSTED = 1_000_000;

function adjustRoute({ standingsOf, idempotency }: RightRoutesDeps): Route {
	return defineRoute({
		method: 'post',
		path: '/api/v1/rights/{id}/ledger',
		permission: { inParts: 'assignedRights:write' },
		tag: 'rights',
		summary: 'Add credits to the wallet of a right, or take some; journalled with the reason',
		params,
		headers: idempotencyHeaders,
		body: z.strictObject({
			amount: z
				.int()
				.min(-MOST_ADJUSTED)
				.max(MOST_ADJUSTED)
				.refine((amount) => amount !== 0, {
					message: 'Nothing',
					params: { mend: 'Send how many to add, or to take (-).' },
				})
				.openapi({ description: 'Negative takes', example: 10 }),
			reason: whySchema,
		}),
		answer: z.object({ rightId: z.string(), balance: z.int() }),
		problems: [404, 409, 422, 503],
		handle: ({ params: { id }, headers, body }, c) =>
			idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
				const operatorId = requireLogin(c).operator.id;
				// In the ledger for good: also after a restart the same key is the same adjustment.
				const key = `${operatorId}.${headers['idempotency-key'] ?? randomUUID()}`;
				const { result, balance } = standingsOf(c).adjust({ rightId: id, operatorId, key, ...body });
				if (result !== 'tooLittle') return c.json({ rightId: id, balance });
				const detail = `The wallet has ${balance} and may not be overdrawn. Take ${balance} or less.`;
				return problem(c, { status: 409, code: 'TOO_LITTLE', detail });
			}),
	});
}

function availabilityRoute({ bookingPlaces, presenter }: RightRoutesDeps): Route {
	return defineRoute({
		method: 'get',
		path: '/api/v1/areas/{areaId}/availability',
		permission: { permission: 'plannedUses:read', at: 'area' },
		tag: 'planned-uses',
		summary: 'How many places of an area can still be booked for all of a time',
		params: z.object({ areaId: givenId }),
		query: z.strictObject({ from: moment, to: moment.openapi({ description: 'At most 31 days after `from`' }) }),
		answer: z.object({
			areaId: z.string(),
			from: time,
			to: time,
			bookable: z.int().nullable().openapi({ description: 'null: it has no limit' }),
		}),
		problems: [404],
		handle({ params: { areaId }, query: { from: fromMs, to: toMs } }) {
			if (fromMs >= toMs || toMs - fromMs > LIMITS.bookingMs) {
				const mend = 'Send a `from` before `to`, at most 31 days.';
				throw new InvalidRequest([{ path: 'query.from', problem: 'No such span of time', mend }]);
			}
			const bookable = bookingPlaces.bookable(areaId, { fromMs, toMs });
			if (bookable === undefined) return noSuch('area', areaId);
			return { areaId, from: presenter.time(fromMs), to: presenter.time(toMs), bookable };
		},
	});
}
