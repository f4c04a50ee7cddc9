import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { SeenBookings } from '../../../gateway/services/bookings/seen-bookings.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { checkPermission, type HttpContext, requireLogin } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { InvalidRequest, noSuch } from '../problem.ts';
import { givenId, moment, time } from '../scalar-schemas.ts';

export interface BookingRoutesDeps {
	/** As whoever asks may see and make them. */
	readonly bookingsOf: (c: HttpContext) => SeenBookings;
	readonly presenter: Presenter;
}

/** What is free when; bookings themselves are made at `/api/v1/planned-uses`. */
export function bookingRoutes(deps: BookingRoutesDeps): readonly Route[] {
	return [areaRoute(deps), vehicleRoute(deps)];
}

const span = { from: moment, to: moment.openapi({ description: 'At most 31 days after `from`' }) };

function areaRoute({ bookingsOf, presenter }: BookingRoutesDeps): Route {
	return defineRoute({
		method: 'get',
		path: '/api/v1/availability',
		permission: { inParts: 'plannedUses:read' },
		tag: 'planned-uses',
		summary: 'Places of an area over time: kept, booked and left, without a gap between `from` and `to`',
		query: z.strictObject({ area: givenId, ...span }),
		answer: z
			.object({
				areaId: z.string(),
				items: z
					.array(
						z.object({
							from: time,
							to: time,
							capacity: z.int().nullable().openapi({ description: 'null: not limited' }),
							kept: z.int().openapi({ description: 'For preferential rights' }),
							booked: z.int().openapi({ description: 'Each booking from its grace to its end' }),
							left: z.int().nullable().openapi({
								description: 'Still to be promised for all of it, here and in what encloses the area; null: any number',
							}),
						}),
					)
					.readonly(),
			})
			.openapi('AreaAvailability'),
		problems: [404],
		handle({ query: { area, from, to } }, c) {
			checkPermission(requireLogin(c), 'plannedUses:read', { kind: 'area', id: area });
			const spans = bookingsOf(c).availability(area, spanOf(from, to)) ?? noSuch('area', area);
			const items = spans.map(({ fromMs, toMs, ...places }) => ({ ...between({ fromMs, toMs }), ...places }));
			return { areaId: area, items };
		},
	});

	function between({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }) {
		return { from: presenter.time(fromMs), to: presenter.time(toMs) };
	}
}

function vehicleRoute({ bookingsOf, presenter }: BookingRoutesDeps): Route {
	const spans = z.array(z.object({ from: time, to: time })).readonly();
	const shown = (list: readonly { readonly fromMs: number; readonly toMs: number }[]) =>
		list.map(({ fromMs, toMs }) => ({ from: presenter.time(fromMs), to: presenter.time(toMs) }));
	return defineRoute({
		method: 'get',
		path: '/api/v1/vehicles/{id}/availability',
		permission: { inParts: 'plannedUses:read' },
		tag: 'planned-uses',
		summary: 'When a vehicle is booked, and when it is free',
		params: z.object({ id: givenId }),
		query: z.strictObject(span),
		answer: z.object({ vehicleId: z.string(), busy: spans, free: spans }).openapi('VehicleAvailability'),
		problems: [404],
		handle({ params: { id }, query: { from, to } }, c) {
			const { busy, free } = bookingsOf(c).vehicleAvailability(id, spanOf(from, to)) ?? noSuch('vehicle', id);
			return { vehicleId: id, busy: shown(busy), free: shown(free) };
		},
	});
}

function spanOf(fromMs: number, toMs: number) {
	if (toMs <= fromMs || toMs - fromMs > LIMITS.bookingMs) {
		const mend = 'Send a `from` before `to`, at most 31 days.';
		throw new InvalidRequest([{ path: 'query.to', problem: 'No such span of time', mend }]);
	}
	return { fromMs, toMs };
}
