import { z } from '@hono/zod-openapi';
import type { Clock } from '../../../gateway/core/clock.ts';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { Access } from '../../../gateway/core/permission/access.ts';
import { mayAtRow } from '../../../gateway/core/permission/decide-change.ts';
import type { RowLook } from '../../../gateway/core/permission/row-place.ts';
import type { Occupancy } from '../../../gateway/services/occupancy.ts';
import type { OccupancyCare } from '../../../gateway/services/occupancy-care.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type Idempotency, idempotencyHeaders } from '../idempotency.ts';
import { checkPermission, requireLogin } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { InvalidRequest, noSuch } from '../problem.ts';
import { givenId, moment, time, whySchema } from '../scalar-schemas.ts';
import { listOf, occupancySchema } from '../schemas.ts';
import { countersSeenBy } from '../seen-in-parts.ts';

export interface OccupancyRoutesDeps {
	readonly occupancy: Occupancy;
	readonly occupancyCare: Pick<OccupancyCare, 'adjust' | 'resetPresence' | 'history'>;
	/** What lies where in the directory, as it is now. */
	readonly rowLook: () => RowLook;
	readonly clock: Clock;
	readonly presenter: Presenter;
	readonly idempotency: Idempotency;
}

const params = z.object({ areaId: givenId.openapi({ description: 'An area or a park' }) });

/** Counters, what people correct about them, and who counts as inside. */
export function occupancyRoutes(deps: OccupancyRoutesDeps): readonly Route[] {
	return [listRoute(deps), historyRoute(deps), adjustRoute(deps), resetRoute(deps)];
}

function listRoute({ occupancy, presenter }: OccupancyRoutesDeps): Route {
	return defineRoute({
		method: 'get',
		path: '/api/v1/occupancy',
		permission: { inParts: 'occupancy:read' },
		tag: 'occupancy',
		summary: 'Every counter, of parks and areas, of the parts of the site that one may see',
		answer: listOf(occupancySchema),
		etag: true,
		handle: (_request, c) => ({
			items: presenter.present(countersSeenBy(requireLogin(c).access, occupancy.list())),
		}),
	});
}

function historyRoute({ occupancy, occupancyCare, clock, presenter }: OccupancyRoutesDeps): Route {
	return defineRoute({
		method: 'get',
		path: '/api/v1/occupancy/{areaId}/history',
		permission: { permission: 'occupancy:read', at: 'area' },
		tag: 'occupancy',
		summary: 'How full it was: a step at every change, looked at every five minutes; the first may be before `from`',
		params,
		query: z.strictObject({
			from: moment.optional().openapi({ description: 'A day before `to`, when left out' }),
			to: moment.optional().openapi({ description: 'Now, when left out; at most 31 days after `from`' }),
		}),
		answer: z.object({ areaId: z.string(), items: z.array(z.object({ at: time, occupied: z.int() })).readonly() }),
		problems: [404],
		etag: true,
		handle: ({ params: { areaId }, query: { to: toMs = clock.nowMs(), from: fromMs = toMs - DAY_MS } }) => {
			if (fromMs >= toMs || toMs - fromMs > LIMITS.occupancyHistoryMs) {
				const mend = 'Send a `from` before `to`, at most 31 days.';
				throw new InvalidRequest([{ path: 'query.from', problem: 'No such span of time', mend }]);
			}
			counterOf(occupancy, areaId);
			return presenter.present({ areaId, items: occupancyCare.history(areaId, fromMs, toMs) });
		},
	});
}

const DAY_MS = 86_400_000;

function adjustRoute({ occupancy, occupancyCare, presenter, idempotency }: OccupancyRoutesDeps): Route {
	return defineRoute({
		method: 'post',
		path: '/api/v1/occupancy/{areaId}/adjust',
		permission: { permission: 'occupancy:adjust', at: 'area' },
		tag: 'occupancy',
		summary: 'Set a counter to what somebody counted; what encloses the area changes by the same number',
		params,
		headers: idempotencyHeaders,
		body: z.strictObject({ occupied: z.int().min(0).max(LIMITS.areaCapacity), reason: whySchema }),
		answer: occupancySchema,
		problems: [404, 422, 503],
		handle: ({ params: { areaId }, headers, body }, c) =>
			idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
				occupancyCare.adjust({ areaId, operatorId: requireLogin(c).operator.id, ...body });
				return c.json(presenter.present(counterOf(occupancy, areaId)));
			}),
	});
}

function counterOf(occupancy: Occupancy, areaId: string) {
	return occupancy.list().find((counter) => counter.areaId === areaId) ?? noSuch('area or park', areaId);
}

const resetBody = z
	.strictObject({
		holders: z.array(givenId).min(1).max(LIMITS.presenceResets).optional(),
		all: z.literal(true).optional().openapi({ description: 'Everybody inside' }),
		reason: whySchema,
	})
	.refine(({ holders, all }) => (holders === undefined) !== (all === undefined), {
		path: ['holders'],
		message: 'Neither or both of holders and all',
		params: { mend: 'Send either holders or all: true.' },
	});

/** Of somebody who is not theirs it is told what is told of nobody. */
function checkTheirs(access: Pick<Access, 'may'>, holderIds: readonly string[], look: RowLook): void {
	const unknown = holderIds.find((id) => !mayAtRow(access, 'presence:reset', 'holders', look.row('holders', id), look));
	if (unknown !== undefined) throw new GatewayError('NOT_FOUND', `there is no holder ${JSON.stringify(unknown)}`);
}

function resetRoute({ occupancyCare, rowLook, idempotency }: OccupancyRoutesDeps): Route {
	return defineRoute({
		method: 'post',
		path: '/api/v1/presence/reset',
		permission: { inParts: 'presence:reset' },
		tag: 'occupancy',
		summary: 'Neutral reset: the next passage of these holders is not held against them by anti-passback',
		headers: idempotencyHeaders,
		body: resetBody,
		answer: z.object({ result: z.literal('reset'), holders: z.int().openapi({ description: 'How many' }) }),
		problems: [404, 422, 503],
		handle: ({ headers, body }, c) =>
			idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
				const { holders: who = 'all', reason } = body;
				const login = requireLogin(c);
				// Everybody inside is of all parts.
				if (who === 'all') checkPermission(login, 'presence:reset');
				else checkTheirs(login.access, who, rowLook());
				const holders = occupancyCare.resetPresence(who, login.operator.id, reason);
				return c.json({ result: 'reset', holders });
			}),
	});
}
