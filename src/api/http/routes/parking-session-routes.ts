import { z } from '@hono/zod-openapi';
import type { ParkingSessionList } from '../../../gateway/services/parking-sessions.ts';
import type { PersonalViews } from '../../../gateway/services/privacy/personal-views.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { requireLogin } from '../login-context.ts';
import type { PersonalViewOf } from '../personal-view-of.ts';
import type { Presenter } from '../present.ts';
import { givenId, moment, pageQuery } from '../scalar-schemas.ts';
import { pageOf, parkingSessionSchema } from '../schemas.ts';

export interface ParkingSessionRoutesDeps {
	readonly parkingSessions: ParkingSessionList;
	readonly presenter: Presenter;
	readonly personalViews: PersonalViews;
	readonly viewOf: PersonalViewOf;
}

export function parkingSessionRoutes({
	parkingSessions,
	presenter,
	personalViews,
	viewOf,
}: ParkingSessionRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			method: 'get',
			path: '/api/v1/parking-sessions',
			permission: 'parkingSessions:read',
			tag: 'occupancy',
			summary: 'Who is inside, or was: stays from passage in to passage out, newest first',
			query: z.strictObject({
				state: z.enum(['open', 'closed']).default('open'),
				holder: givenId.optional(),
				area: givenId.optional().openapi({ description: 'An area with those within it, or a park' }),
				from: moment.optional().openapi({ description: 'Begun (open) or ended (closed) from this time on' }),
				to: moment.optional().openapi({ description: 'Begun or ended before this time' }),
				...pageQuery,
			}),
			answer: pageOf(parkingSessionSchema),
			handle({ query: { state, limit, holder, area, from, to, cursor } }, c) {
				if (holder !== undefined) personalViews.viewed(requireLogin(c).operator.id, holder, 'stays');
				const { items, nextCursor } = parkingSessions.list({
					state,
					limit,
					...(holder !== undefined && { holderId: holder }),
					...(area !== undefined && { areaId: area }),
					...(from !== undefined && { fromMs: from }),
					...(to !== undefined && { toMs: to }),
					...(cursor !== undefined && { cursor }),
				});
				return presenter.present({ items: items.map(viewOf(c).stay), nextCursor });
			},
		}),
	];
}
