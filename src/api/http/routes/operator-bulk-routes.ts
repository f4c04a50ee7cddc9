import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { BULK_ACTIONS } from '../../../gateway/services/operators/bulk-changes.ts';
import { actorOf } from '../actor.ts';
import { CREATED_VERSIONED } from '../created.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { idempotencyHeaders } from '../idempotency.ts';
import { operatorRefused, refusalText } from '../operator-problems.ts';
import { InvalidRequest } from '../problem.ts';
import { givenId } from '../scalar-schemas.ts';
import { groupSchema, madeGroup } from './operator-group-routes.ts';
import { codeSchema, invited, type OperatorRoutesDeps } from './operator-routes.ts';

const tag = 'operators';
const name = z.string().trim().min(1).max(200);
const refusals = [403, 404, 409, 422, 503];

/** Copies of operators and groups, and one change of many operators. */
export function operatorBulkRoutes(deps: OperatorRoutesDeps): readonly Route[] {
	return [bulkRoute(deps), cloneRoute(deps), cloneGroupRoute(deps)];
}

function bulkRoute({ operators: { bulk }, idempotency }: OperatorRoutesDeps): Route {
	return defineRoute({
		...{ method: 'post', path: '/api/v1/operators/bulk', permission: 'operators:write', tag },
		summary: 'One change of many operators; each is done or refused by itself',
		headers: idempotencyHeaders,
		body: z.strictObject({
			action: z.enum(BULK_ACTIONS).openapi({ description: '`join` and `leave` name a group' }),
			operatorIds: z.array(givenId).min(1).max(LIMITS.operatorsTogether),
			groupId: givenId.optional(),
			endLogins: z.boolean().default(false).openapi({ description: 'Of `deactivate`' }),
		}),
		answer: z.object({
			items: z
				.array(
					z.object({
						operatorId: z.string(),
						name: z.string().nullable(),
						result: z.string().openapi({ description: '`done`, or why not', example: 'lastAdministrator' }),
						detail: z.string().nullable().openapi({ description: 'Why not, for people' }),
					}),
				)
				.readonly(),
		}),
		problems: [422, 503],
		handle: ({ headers, body }, c) =>
			idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
				const isOfGroup = body.action === 'join' || body.action === 'leave';
				if (isOfGroup && body.groupId === undefined) throw noGroupNamed();
				const rows = bulk.run({ ...body, groupId: body.groupId ?? null }, actorOf(c));
				const items = rows.map(({ operatorId, name: called, refusal }) => ({
					...{ operatorId, name: called, result: refusal?.result ?? 'done' },
					detail: refusal && refusalText(refusal),
				}));
				return c.json({ items });
			}),
	});
}

function noGroupNamed(): InvalidRequest {
	return new InvalidRequest([{ path: 'body.groupId', problem: 'Missing', mend: 'Name the group of operators.' }]);
}

function cloneRoute({ operators: { cloning }, presenter, idempotency }: OperatorRoutesDeps): Route {
	const permission = { byPerson: 'operators:write' } as const;
	return defineRoute({
		...{ method: 'post', path: '/api/v1/operators/{operatorId}/clone', permission, tag },
		summary: 'Invite somebody who may do what this operator may; no password, login, token or licence goes along',
		params: z.object({ operatorId: givenId }),
		headers: idempotencyHeaders,
		body: z.strictObject({ email: z.email().max(254), name }),
		...{ answer: codeSchema, ...CREATED_VERSIONED },
		problems: refusals,
		handle: ({ params: { operatorId }, headers, body }, c) =>
			idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
				const answer = cloning.operator(operatorId, body, actorOf(c));
				return answer.result === 'code' ? invited(c, presenter, answer) : operatorRefused(c, answer);
			}),
	});
}

function cloneGroupRoute({ operators: { cloning }, presenter, idempotency }: OperatorRoutesDeps): Route {
	return defineRoute({
		...{ method: 'post', path: '/api/v1/operator-groups/{groupId}/clone', permission: 'operators:write', tag },
		summary: 'A copy in the same place with the same rules, without members',
		params: z.object({ groupId: givenId }),
		headers: idempotencyHeaders,
		body: z.strictObject({ name }),
		...{ answer: groupSchema, ...CREATED_VERSIONED },
		problems: refusals,
		handle: ({ params: { groupId }, headers, body }, c) =>
			idempotency.run(c, { key: headers['idempotency-key'], body }, async () =>
				madeGroup(c, presenter, cloning.group(groupId, body.name, actorOf(c))),
			),
	});
}
