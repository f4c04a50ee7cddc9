import { z } from '@hono/zod-openapi';
import { LANE_EVENTS } from '../../../gateway/core/journal.ts';
import type { LaneEvents } from '../../../gateway/services/lane-events.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { requireLogin } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { givenId, moment, pageQuery } from '../scalar-schemas.ts';
import { laneEventSchema, pageOf } from '../schemas.ts';
import type { Sight } from '../seen-in-parts.ts';

export interface LaneEventRoutesDeps {
	readonly laneEvents: LaneEvents;
	readonly presenter: Presenter;
	readonly sight: Pick<Sight, 'lanes'>;
}

export function laneEventRoutes({ laneEvents, presenter, sight }: LaneEventRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			method: 'get',
			path: '/api/v1/lane-events',
			permission: { inParts: 'lanes:read' },
			tag: 'lanes',
			summary:
				'What happened at lanes besides decisions and passages: alarms, back-outs, corrected counts; newest first',
			query: z.strictObject({
				lane: givenId.optional(),
				only: z
					.enum(['alarms', ...LANE_EVENTS])
					.optional()
					.openapi({ description: 'One kind, or those that somebody should look at' }),
				from: moment.optional().openapi({ description: 'From this time on' }),
				to: moment.optional().openapi({ description: 'Before this time' }),
				...pageQuery,
			}),
			answer: pageOf(laneEventSchema),
			handle: ({ query: { limit, lane, only, from, to, cursor } }, c) => {
				const laneIds = sight.lanes(requireLogin(c).access, 'lanes:read');
				return presenter.present(
					laneEvents.list({
						limit,
						...(laneIds !== undefined && { laneIds }),
						...(lane !== undefined && { laneId: lane }),
						...(only !== undefined && { only }),
						...(from !== undefined && { fromMs: from }),
						...(to !== undefined && { toMs: to }),
						...(cursor !== undefined && { cursor }),
					}),
				);
			},
		}),
	];
}
