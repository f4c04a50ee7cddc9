import { z } from '@hono/zod-openapi';
import {
	READ_STATES,
	type RecentRead,
	type RecentReads,
	readSeenAs,
} from '../../../gateway/services/observations/recent-reads.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { requireLogin } from '../login-context.ts';
import type { PersonalViewOf } from '../personal-view-of.ts';
import type { Presenter } from '../present.ts';
import { givenId, pageQuery } from '../scalar-schemas.ts';
import { pageOf, recentReadSchema } from '../schemas.ts';
import { laneAt, type Sight } from '../seen-in-parts.ts';

export interface ObservationRoutesDeps {
	readonly recentReads: RecentReads;
	readonly presenter: Presenter;
	readonly viewOf: PersonalViewOf;
	readonly sight: Pick<Sight, 'device'>;
}

export function observationRoutes({ recentReads, presenter, viewOf, sight }: ObservationRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			method: 'get',
			path: '/api/v1/observations',
			permission: { inParts: 'devices:read' },
			tag: 'devices',
			summary: 'The last reads of each reader and camera with what became of them, newest first; since the start',
			query: z.strictObject({
				device: givenId.optional(),
				lane: givenId.optional(),
				state: z.enum(READ_STATES).optional(),
				...pageQuery,
			}),
			answer: pageOf(recentReadSchema),
			handle({ query: { device, lane, state, cursor, limit } }, c) {
				const { access } = requireLogin(c);
				const { items, nextCursor } = recentReads.list({
					limit,
					isSeen: (deviceId) => sight.device(access, deviceId),
					...(device !== undefined && { deviceId: device }),
					...(lane !== undefined && { laneId: lane }),
					...(state !== undefined && { state }),
					...(cursor !== undefined && { cursor }),
				});
				return presenter.present({
					items: items.map((read) => readSeenAs(viewOf(c, placeOf(read)).text, read)),
					nextCursor,
				});
			},
		}),
	];
}

function placeOf({ laneId }: RecentRead) {
	return laneId === null ? undefined : laneAt(laneId);
}
