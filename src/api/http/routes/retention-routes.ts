import { z } from '@hono/zod-openapi';
import type { RetentionHold } from '../../../gateway/services/retention/holds.ts';
import type { Retention } from '../../../gateway/services/retention/nightly.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type Idempotency, idempotencyHeaders } from '../idempotency.ts';
import { requireLogin } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { noSuch } from '../problem.ts';
import { givenId, moment, time, whySchema } from '../scalar-schemas.ts';
import { listOf } from '../schemas.ts';

export interface RetentionRoutesDeps {
	readonly retention: Retention;
	readonly presenter: Presenter;
	readonly idempotency: Idempotency;
}

/** How long personal data is kept, and what incidents keep beyond that. */
export function retentionRoutes(deps: RetentionRoutesDeps): readonly Route[] {
	return [retentionRoute(deps), holdsRoute(deps), holdRoute(deps), releaseRoute(deps)];
}

const tag = 'privacy';

function retentionRoute({ retention, presenter }: RetentionRoutesDeps): Route {
	const days = z.int();
	return defineRoute({
		method: 'get',
		path: '/api/v1/retention',
		permission: 'retention:read',
		tag,
		summary: 'How long each kind of personal data is kept, and what the last night ended',
		answer: z.object({
			unmatchedDays: days,
			decisionsDays: days,
			staysDays: days,
			visitorsDays: days,
			editsDays: days,
			imagesDays: days,
			telemetryDays: days,
			at: z.string().openapi({ description: 'Wall clock of the site', example: '02:30' }),
			last: z
				.object({
					at: time,
					counts: z.object({
						telemetry: days,
						unmatched: days,
						decisions: days,
						edits: days,
						stays: days,
						consumption: days.openapi({ description: 'Uses, lines of wallets, what became of bookings' }),
						bookings: days,
						visitors: days,
						imports: days,
						images: days.openapi({ description: 'Evidence images' }),
						held: days,
						waiting: z.boolean().openapi({ description: 'Something old waits until central has it' }),
					}),
				})
				.nullable(),
		}),
		handle: () => {
			const { atMinute, ...kept } = retention.settings;
			const twoDigits = (value: number) => String(value).padStart(2, '0');
			const last = retention.last();
			return {
				...kept,
				at: `${twoDigits(Math.floor(atMinute / 60))}:${twoDigits(atMinute % 60)}`,
				last: last && { at: presenter.time(last.atMs), counts: last.counts },
			};
		},
	});
}

const holdSchema = z
	.object({
		id: z.string(),
		decisionId: z.string().nullable(),
		from: time.nullable(),
		to: time.nullable(),
		reason: z.string(),
		operatorId: z.string(),
		created: time,
		until: time,
	})
	.openapi('RetentionHold');

function shown({ of, createdAtMs, untilMs, ...hold }: RetentionHold, { time: at }: Presenter) {
	const none = { decisionId: null, from: null, to: null };
	const what =
		of.kind === 'decision' ? { ...none, decisionId: of.decisionId } : { ...none, from: at(of.fromMs), to: at(of.toMs) };
	return { ...hold, ...what, created: at(createdAtMs), until: at(untilMs) };
}

function holdsRoute({ retention, presenter }: RetentionRoutesDeps): Route {
	return defineRoute({
		method: 'get',
		path: '/api/v1/retention/holds',
		permission: 'retention:read',
		tag,
		summary: 'What incidents keep beyond its time',
		answer: listOf(holdSchema),
		handle: () => ({ items: retention.holds.list().map((hold) => shown(hold, presenter)) }),
	});
}

function holdRoute({ retention, presenter, idempotency }: RetentionRoutesDeps): Route {
	return defineRoute({
		method: 'post',
		path: '/api/v1/retention/holds',
		permission: 'retention:hold',
		tag,
		summary: 'Keep one decision with what followed, or all of a period, for an incident',
		headers: idempotencyHeaders,
		body: z
			.strictObject({
				decision: givenId.optional(),
				from: moment.optional(),
				to: moment.optional(),
				reason: whySchema,
				until: moment.openapi({ description: 'When the hold ends by itself; a year ahead at most' }),
			})
			.refine(({ decision, from, to }) => (decision === undefined) === (from !== undefined && to !== undefined), {
				path: ['decision'],
				message: 'Neither or both of a decision and a period',
				params: { mend: 'Send decision, or from and to.' },
			}),
		...{ status: 201, answer: holdSchema },
		problems: [404, 422, 429],
		handle: ({ headers, body }, c) =>
			idempotency.run(c, { key: headers['idempotency-key'], body }, () => {
				const { decision, from = 0, to = 0, reason, until: untilMs } = body;
				const of =
					decision === undefined
						? ({ kind: 'period', fromMs: from, toMs: to } as const)
						: ({ kind: 'decision', decisionId: decision } as const);
				const operatorId = requireLogin(c).operator.id;
				return Promise.resolve(
					c.json(shown(retention.holds.hold({ of, reason, untilMs, operatorId }), presenter), 201),
				);
			}),
	});
}

function releaseRoute({ retention }: RetentionRoutesDeps): Route {
	return defineRoute({
		method: 'post',
		path: '/api/v1/retention/holds/{holdId}/release',
		permission: 'retention:hold',
		tag,
		summary: 'End a hold: what it kept ends with the next night',
		params: z.object({ holdId: givenId }),
		answer: z.object({ result: z.literal('released') }),
		problems: [404],
		handle: ({ params: { holdId } }, c) => {
			if (!retention.holds.list().some(({ id }) => id === holdId)) noSuch('hold', holdId);
			retention.holds.release(holdId, requireLogin(c).operator.id);
			return { result: 'released' as const };
		},
	});
}
