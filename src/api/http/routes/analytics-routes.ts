import { z } from '@hono/zod-openapi';
import type { Analytics, AnalyticsQuery } from '../../../gateway/services/analytics/analytics.ts';
import { defineRoute, type Route } from '../define-route.ts';
import type { Presenter } from '../present.ts';
import { id, reasonSchema, time } from '../scalar-schemas.ts';

export interface AnalyticsRoutesDeps {
	/** Throws INVALID_REQUEST for a time that is too long, or has no end. */
	readonly analytics: (query: AnalyticsQuery) => Analytics;
	readonly presenter: Presenter;
}

const figures = { entries: z.int(), exits: z.int() };
const meanStayS = z.int().nullable().openapi({ description: 'Of stays that ended by a passage, s; null: none did' });

/** What went on at the site, from counts that are kept by hour and by day. */
export function analyticsRoutes({ analytics, presenter }: AnalyticsRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			...{ method: 'get', path: '/api/v1/analytics', permission: 'analytics:read', tag: 'analytics' },
			summary:
				'Entries, exits, refusals by reason, mean stay and occupancy, by hour or by day; a minute behind at most',
			query: z.strictObject({
				from: z.iso.date().optional().openapi({ description: 'First day; 30 days until the last unless given' }),
				to: z.iso.date().optional().openapi({ description: 'Last day; today unless given' }),
				span: z.enum(['hour', 'day']).optional().openapi({ description: 'hour: of up to a week, unless asked for' }),
			}),
			answer: z
				.object({
					...{ from: z.string(), to: z.string(), span: z.enum(['hour', 'day']), ...figures, meanStayS, stays: z.int() },
					steps: z.array(z.object({ start: time, ...figures, refusals: z.int(), meanStayS })).readonly(),
					refusals: z.array(z.object({ reason: reasonSchema, count: z.int() })).readonly(),
					areas: z
						.array(
							z.object({
								areaId: id,
								capacity: z.int().nullable(),
								levels: z
									.array(z.object({ average: z.number().nullable(), most: z.int().nullable() }))
									.readonly()
									.openapi({ description: 'One of each step; null: not known' }),
							}),
						)
						.readonly()
						.openapi({ description: 'Vehicles inside, of each park and area' }),
				})
				.openapi('Analytics'),
			handle({ query: { from, to, span } }) {
				const found = analytics({
					...(from !== undefined && { fromDay: from }),
					...(to !== undefined && { toDay: to }),
					...(span !== undefined && { span }),
				});
				const { entries, exits, stays, refusals, areas } = found;
				return {
					...{ from: found.fromDay, to: found.toDay, span: found.span },
					...{ entries, exits, stays, refusals, areas, meanStayS: seconds(found.meanStayMs) },
					steps: found.steps.map(({ startMs, meanStayMs, ...step }) => ({
						...{ start: presenter.time(startMs), ...step, meanStayS: seconds(meanStayMs) },
					})),
				};
			},
		}),
	];
}

function seconds(ms: number | null): number | null {
	return ms === null ? null : Math.round(ms / 1_000);
}
