import { z } from '@hono/zod-openapi';
import { actorOf } from '../actor.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { requireLogin } from '../login-context.ts';
import { operatorRefused } from '../operator-problems.ts';
import { givenId, time } from '../scalar-schemas.ts';
import type { OperatorRoutesDeps } from './operator-routes.ts';

const tag = 'operators';

/** Seeing what another operator sees. */
export function viewAsRoutes({ operators: { viewAs }, presenter }: OperatorRoutesDeps): readonly Route[] {
	const permission = { byPerson: 'operators:write' } as const;
	return [
		defineRoute({
			...{ method: 'post', path: '/api/v1/operators/{operatorId}/view-as', permission, tag },
			summary: 'Look with their permissions in this login, for a quarter of an hour; every change is refused meanwhile',
			params: z.object({ operatorId: givenId }),
			body: z.strictObject({}),
			answer: z.object({ operatorId: z.string(), name: z.string(), endsAt: time }),
			problems: [404, 409],
			handle({ params: { operatorId } }, c) {
				const answer = viewAs.begin(requireLogin(c).id, operatorId, actorOf(c));
				if (answer.result !== 'viewing') return operatorRefused(c, answer);
				const { name, endsAtMs } = answer.viewed;
				return { operatorId, name, endsAt: presenter.time(endsAtMs) };
			},
		}),
		defineRoute({
			...{ method: 'post', path: '/api/v1/view-as/end', permission: 'signedIn', tag },
			summary: 'Look with one’s own permissions again',
			body: z.strictObject({}),
			answer: z.object({ result: z.enum(['ended', 'notViewing']) }),
			handle: (_, c) => ({ result: viewAs.end(requireLogin(c).id) === undefined ? 'notViewing' : 'ended' }) as const,
		}),
	];
}
