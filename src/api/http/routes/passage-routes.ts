import { z } from '@hono/zod-openapi';
import type { Passages } from '../../../gateway/services/passages.ts';
import type { PersonalViews } from '../../../gateway/services/privacy/personal-views.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { requireLogin } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { givenId, moment, pageQuery } from '../scalar-schemas.ts';
import { pageOf, passageSchema } from '../schemas.ts';
import type { Sight } from '../seen-in-parts.ts';

export interface PassageRoutesDeps {
	readonly passages: Passages;
	readonly presenter: Presenter;
	readonly personalViews: PersonalViews;
	readonly sight: Pick<Sight, 'lanes'>;
}

export function passageRoutes({ passages, presenter, personalViews, sight }: PassageRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			method: 'get',
			path: '/api/v1/passages',
			permission: { inParts: 'passages:read' },
			tag: 'occupancy',
			summary: 'Vehicles that really went through, newest first; a page may be short and have a next one',
			query: z.strictObject({
				lane: givenId.optional(),
				holder: givenId.optional(),
				from: moment.optional().openapi({ description: 'From this time on' }),
				to: moment.optional().openapi({ description: 'Before this time' }),
				...pageQuery,
			}),
			answer: pageOf(passageSchema),
			handle({ query: { limit, lane, holder, from, to, cursor } }, c) {
				if (holder !== undefined) personalViews.viewed(requireLogin(c).operator.id, holder, 'accessLog');
				const laneIds = sight.lanes(requireLogin(c).access, 'passages:read');
				return presenter.present(
					passages.list({
						limit,
						...(laneIds !== undefined && { laneIds }),
						...(lane !== undefined && { laneId: lane }),
						...(holder !== undefined && { holderId: holder }),
						...(from !== undefined && { fromMs: from }),
						...(to !== undefined && { toMs: to }),
						...(cursor !== undefined && { cursor }),
					}),
				);
			},
		}),
	];
}
