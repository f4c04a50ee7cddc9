import { z } from '@hono/zod-openapi';
import type { Lanes, VendAnswer } from '../../../gateway/services/lanes/lane-view.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type Idempotency, idempotencyHeaders } from '../idempotency.ts';
import { type HttpContext, requireLogin } from '../login-context.ts';
import type { PersonalViewOf } from '../personal-view-of.ts';
import type { Presenter } from '../present.ts';
import { noSuch, problem } from '../problem.ts';
import { givenId, whySchema } from '../scalar-schemas.ts';
import { laneSchema, listOf } from '../schemas.ts';
import { laneAt, lanesSeenBy } from '../seen-in-parts.ts';

export interface LaneRoutesDeps {
	readonly lanes: Lanes;
	readonly presenter: Presenter;
	readonly idempotency: Idempotency;
	readonly viewOf: PersonalViewOf;
}

const params = z.object({ laneId: givenId });

export function laneRoutes({ lanes, presenter, idempotency, viewOf }: LaneRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			method: 'get',
			path: '/api/v1/lanes',
			permission: { inParts: 'lanes:read' },
			tag: 'lanes',
			summary: 'Every lane as it is now, of the parts of the site that one may see',
			answer: listOf(laneSchema),
			handle: (_request, c) => ({
				items: presenter.present(
					lanesSeenBy(requireLogin(c).access, lanes.list()).map((lane) => viewOf(c, laneAt(lane.id)).lane(lane)),
				),
			}),
		}),
		defineRoute({
			method: 'get',
			path: '/api/v1/lanes/{laneId}',
			permission: { permission: 'lanes:read', at: 'lane' },
			tag: 'lanes',
			summary: 'One lane as it is now',
			params,
			answer: laneSchema,
			problems: [404],
			etag: true,
			handle: ({ params: { laneId } }, c) =>
				presenter.present(viewOf(c, laneAt(laneId)).lane(lanes.get(laneId) ?? noSuch('lane', laneId))),
		}),
		defineRoute({
			method: 'post',
			path: '/api/v1/lanes/{laneId}/vend',
			permission: { permission: 'lanes:vend', at: 'lane' },
			tag: 'lanes',
			summary: 'Open the barrier once, with a reason; the vehicle must stand on the arming loop where there is one',
			params,
			headers: idempotencyHeaders,
			body: z.strictObject({ reason: whySchema }),
			answer: z.object({ result: z.literal('opened'), vendId: z.string() }),
			problems: [404, 409, 422, 502, 503, 504],
			handle: ({ params: { laneId }, headers, body }, c) =>
				idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
					const operatorId = requireLogin(c).operator.id;
					if (lanes.get(laneId) === undefined) noSuch('lane', laneId);
					return vendResponse(c, await lanes.vend({ laneId, operatorId, reason: body.reason }));
				}),
		}),
	];
}

const REFUSED = {
	noVehicle: 'No vehicle stands on the arming loop, so nothing was opened.',
	busy: 'The lane is already opening; wait until this vehicle has passed.',
	noBarrier: 'This lane has no barrier to open; see its `barrier` in gateway.yaml.',
	heldOpen: 'The arm is held open; vehicles pass without it.',
	closed: 'The lane is closed or in lockdown; release it first.',
	storeFailure: 'The opening could not be journalled, so nothing was opened; see /readyz.',
} as const;

/** Refused (policy) and failed (hardware) stay different: 409 against 502 and 504. */
function vendResponse(c: HttpContext, answer: VendAnswer): Response {
	switch (answer.result) {
		case 'opened':
			return c.json(answer);
		case 'refused': {
			const status = answer.because === 'storeFailure' ? 503 : 409;
			return problem(c, { status, code: 'VEND_REFUSED', detail: REFUSED[answer.because], because: answer.because });
		}
		case 'failed':
			return problem(c, { status: 502, code: 'VEND_FAILED', detail: answer.problem, vendId: answer.vendId });
		case 'unknown':
			return problem(c, { status: 504, code: 'VEND_UNKNOWN', detail: answer.problem, vendId: answer.vendId });
		case 'expired':
			return problem(c, { status: 504, code: 'VEND_EXPIRED', detail: answer.problem, vendId: answer.vendId });
	}
}
