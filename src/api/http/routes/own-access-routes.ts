import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { OwnRight } from '../../../gateway/services/own-access/own-rights.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { operatorOf } from '../login-context.ts';
import { adviceSchema, ownAccessSchema, ownDecisionSchema } from '../own-access-schemas.ts';
import { ownAccessCommon, ownAccessPath, ownPerson } from '../own-person.ts';
import type { Presenter } from '../present.ts';
import { noSuch } from '../problem.ts';
import { givenId, pageQuery, reasonSchema, time } from '../scalar-schemas.ts';
import { type OwnDoingsDeps, ownBookingRoutes, ownVisitRoutes } from './own-doings-routes.ts';

export interface OwnAccessRoutesDeps extends OwnDoingsDeps {
	readonly presenter: Presenter;
}

/** One's own access (X12, X15): whose it is says the login alone. What is somebody else's is not there. */
export function ownAccessRoutes(deps: OwnAccessRoutesDeps): readonly Route[] {
	return [overviewRoute(deps), ...lookRoutes(deps), ...ownBookingRoutes(deps), ...ownVisitRoutes(deps)];
}

function overviewRoute({ ownAccess, presenter }: OwnAccessRoutesDeps): Route {
	const uses = ({ uses: of }: OwnRight) => {
		if (of === null) return null;
		const { fromMs, toMs, ...counts } = of;
		const moment = (atMs: number | null) => (atMs === null ? null : presenter.time(atMs));
		return { ...counts, from: moment(fromMs), to: moment(toMs) };
	};
	return defineRoute({
		...{ ...ownAccessCommon, method: 'get', path: ownAccessPath, answer: ownAccessSchema },
		summary: 'One’s own rights, what one is known by, and what one may do oneself',
		handle(_request, c) {
			const person = ownAccess.of(operatorOf(c));
			if (person.state !== 'known') return { state: person.state, person: null, lanes: [] };
			const lanes = ownAccess.lanes();
			const { name, standing, access } = person;
			const rights = access.rights().map((right) => ({ ...presenter.present(right), uses: uses(right) }));
			const [credentials, vehicles] = [presenter.present(access.credentials()), access.vehicles()];
			const may = { mayBook: access.mayBook(), mayInvite: access.mayInvite() };
			return { state: person.state, person: { name, standing, ...may, rights, credentials, vehicles }, lanes };
		},
	});
}

function lookRoutes({ ownAccess, presenter }: OwnAccessRoutesDeps): readonly Route[] {
	const charge = z.object({
		at: time,
		price: z.object({ minor: z.int(), currency: z.string() }).nullable(),
		credits: z.int(),
	});
	return [
		defineRoute({
			...{ ...ownAccessCommon, method: 'get', path: `${ownAccessPath}/log`, problems: [409] },
			summary: 'One’s own access log, newest first: why one was turned away, and what to do',
			query: z.strictObject(pageQuery),
			answer: z.object({ items: z.array(ownDecisionSchema).readonly(), nextCursor: z.string().nullable() }),
			handle: ({ query: { cursor, limit } }, c) =>
				ownPerson(c, ownAccess, (access) => c.json(presenter.present(access.log(cursor, limit)))),
		}),
		defineRoute({
			...{ ...ownAccessCommon, method: 'get', path: `${ownAccessPath}/charges`, problems: [409] },
			summary: `What one’s stays cost, newest first; at most ${LIMITS.ownChargesShown}`,
			answer: z.object({ items: z.array(charge).readonly() }),
			handle: (_request, c) =>
				ownPerson(c, ownAccess, (access) => c.json(presenter.present({ items: access.charges() }))),
		}),
		defineRoute({
			...{ ...ownAccessCommon, method: 'get', path: `${ownAccessPath}/check`, problems: [404, 409] },
			summary: 'Whether one would be let in now, and if not why; opens nothing',
			query: z.strictObject({ lane: givenId }),
			answer: z.object({
				result: z.enum(['granted', 'refused', 'nothingCarried']),
				because: reasonSchema.optional(),
				advice: adviceSchema.optional(),
			}),
			handle: ({ query: { lane } }, c) =>
				ownPerson(c, ownAccess, (access) => c.json(access.check(lane) ?? noSuch('way in', lane))),
		}),
	];
}
