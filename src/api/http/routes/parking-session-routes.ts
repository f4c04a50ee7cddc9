import { z } from '@hono/zod-openapi';
import type { Access } from '../../../gateway/core/permission/access.ts';
import { isOfLanes } from '../../../gateway/core/permission/event-place.ts';
import { placeOfStay } from '../../../gateway/core/permission/row-place.ts';
import type { ParkingSessionList } from '../../../gateway/services/parking-sessions.ts';
import type { PersonalViews } from '../../../gateway/services/privacy/personal-views.ts';
import { type SeenDurationsDeps, seenDurations } from '../../../gateway/services/stays/seen-durations.ts';
import type { DurationAnswer, DurationRefusal } from '../../../gateway/services/stays/stay-durations.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type HttpContext, operatorOf, requireLogin } from '../login-context.ts';
import type { PersonalViewOf } from '../personal-view-of.ts';
import type { Presenter } from '../present.ts';
import { problem } from '../problem.ts';
import { givenId, moment, pageQuery, time } from '../scalar-schemas.ts';
import { pageOf, parkingSessionSchema } from '../schemas.ts';
import type { Sight } from '../seen-in-parts.ts';

export interface ParkingSessionRoutesDeps extends SeenDurationsDeps {
	readonly parkingSessions: ParkingSessionList;
	readonly presenter: Presenter;
	readonly personalViews: PersonalViews;
	readonly viewOf: PersonalViewOf;
	readonly sight: Pick<Sight, 'areas'>;
}

export function parkingSessionRoutes({
	parkingSessions,
	presenter,
	personalViews,
	viewOf,
	...deps
}: ParkingSessionRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			method: 'get',
			path: '/api/v1/parking-sessions',
			permission: { inParts: 'parkingSessions:read' },
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
				const { access } = requireLogin(c);
				const look = deps.rowLook();
				const onlyAreaIds = isByArea(access) ? deps.sight.areas(access, 'parkingSessions:read') : undefined;
				const isTheirs = (stay: PlacedStay) => access.may('parkingSessions:read', placeOfStay(stay, look));
				const isPart = onlyAreaIds === undefined && !access.may('parkingSessions:read');
				const { items, nextCursor } = parkingSessions.list({
					state,
					limit,
					...(onlyAreaIds !== undefined && { onlyAreaIds }),
					...(isPart && { isTheirs }),
					...(holder !== undefined && { holderId: holder }),
					...(area !== undefined && { areaId: area }),
					...(from !== undefined && { fromMs: from }),
					...(to !== undefined && { toMs: to }),
					...(cursor !== undefined && { cursor }),
				});
				const shown = items.map((stay) => viewOf(c, placeOfStay(stay, look)).stay(stay));
				return presenter.present({ items: shown, nextCursor });
			},
		}),
		...durationRoutes({ ...deps, presenter }),
	];
}

type PlacedStay = Parameters<typeof placeOfStay>[0];

/** Whether areas alone say which stays are theirs: those are read without looking up whose they are. */
function isByArea({ reach }: Pick<Access, 'reach'>): boolean {
	const read = reach('parkingSessions:read');
	return typeof read !== 'object' || [...read.given, ...read.denied].every(isOfLanes);
}

const durationSchema = z
	.object({
		stayId: z.string(),
		rightId: z.string(),
		since: time,
		until: time.nullable().openapi({ description: 'When it is overdue; null: nobody chose yet' }),
		latest: time.openapi({ description: 'It may be chosen no longer' }),
	})
	.openapi('StayDuration');

/** Of stays by rights of the strategy `onTheFly`. */
function durationRoutes({ presenter, ...deps }: SeenDurationsDeps & Pick<ParkingSessionRoutesDeps, 'presenter'>) {
	const durationsOf = (c: HttpContext) => seenDurations(deps, requireLogin(c).access);
	const common = {
		path: '/api/v1/parking-sessions/{stayId}/duration',
		tag: 'occupancy',
		params: z.object({ stayId: givenId }),
		answer: durationSchema,
	} as const;
	function answered(c: HttpContext, answer: DurationAnswer) {
		if (answer.result === 'refused') return problem(c, DURATION_PROBLEMS[answer.because]);
		const { sinceMs, untilMs, latestMs, ...ids } = answer.duration;
		return {
			...ids,
			since: presenter.time(sinceMs),
			until: untilMs === null ? null : presenter.time(untilMs),
			latest: presenter.time(latestMs),
		};
	}
	return [
		defineRoute({
			...{ ...common, method: 'get', permission: { inParts: 'parkingSessions:read' }, problems: [404, 409] },
			summary: 'How long an on-the-fly stay lasts, and how long it may',
			handle: ({ params: { stayId } }, c) => answered(c, durationsOf(c).of(stayId)),
		}),
		defineRoute({
			...{ ...common, method: 'post', permission: { inParts: 'parkingSessions:write' }, problems: [404, 409, 422] },
			summary: 'Choose how long an on-the-fly stay lasts; it is overdue then, as its kind of right says',
			body: z.strictObject({ until: moment }),
			handle: ({ params: { stayId }, body: { until } }, c) =>
				answered(c, durationsOf(c).choose({ stayId, untilMs: until, operatorId: operatorOf(c) })),
		}),
	];
}

const DURATION_PROBLEMS: Readonly<Record<DurationRefusal, Parameters<typeof problem>[1]>> = {
	noSuchStay: { status: 404, code: 'NOT_FOUND', detail: 'No such vehicle is inside: it has left, or was never there.' },
	notOnTheFly: {
		...{ status: 409, code: 'NOT_ON_THE_FLY' },
		detail: 'Its right is not on the fly: how long it may stay is in its booking, its right or its kind of right.',
	},
	past: { status: 422, code: 'DURATION_REFUSED', detail: 'This time has passed; send a later one.' },
	tooLong: {
		...{ status: 422, code: 'DURATION_REFUSED' },
		detail: 'It may not stay so long; send a time up to `latest` of GET parking-sessions/{id}/duration.',
	},
};
