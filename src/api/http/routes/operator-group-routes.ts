import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { OPERATOR_GROUP_KINDS } from '../../../gateway/core/permission/operator-group.ts';
import type { OperatorGroupView } from '../../../gateway/services/operators/operator-group-view.ts';
import type { GroupChange } from '../../../gateway/services/operators/operator-groups.ts';
import { actorOf } from '../actor.ts';
import { CREATED_VERSIONED, created } from '../created.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { idempotencyHeaders } from '../idempotency.ts';
import type { HttpContext } from '../login-context.ts';
import { operatorRefused } from '../operator-problems.ts';
import type { Presenter } from '../present.ts';
import { noSuch } from '../problem.ts';
import { denialsSchema, permissionsSchema, rolesOf, rolesSchema } from '../rule-schemas.ts';
import { givenId, pageQuery, time } from '../scalar-schemas.ts';
import { ifMatchHeader, versionOf, versionTag } from '../version-tag.ts';
import { type OperatorRoutesDeps, operatorSchema } from './operator-routes.ts';

const kind = z.enum(OPERATOR_GROUP_KINDS);
const name = z.string().trim().min(1).max(200);
const tags = z.array(z.string().trim().min(1).max(50)).max(LIMITS.operatorGroupTags);
const named = z.object({ id: z.string(), name: z.string() });
const given = z.array(z.object({ permission: z.string(), scope: z.string() })).readonly();
const ruleFields = {
	roles: z.array(named.extend({ scope: z.string() })).readonly(),
	permissions: z.array(z.object({ permission: z.string(), scope: z.string(), endsAt: time.nullish() })).readonly(),
	denials: given,
};

const itemSchema = z
	.object({
		id: z.string(),
		kind,
		name: z.string(),
		tags: z.array(z.string()).readonly(),
		path: z.array(named).readonly().openapi({ description: 'The groups around it, the uppermost first' }),
		members: z.int().openapi({ description: 'Operators in it, not in those below' }),
		subgroups: z.int(),
		version: z.int(),
	})
	.openapi('OperatorGroupItem');

export const groupSchema = itemSchema
	.extend({
		...ruleFields,
		inherited: z
			.array(z.object({ group: named, ...ruleFields }))
			.readonly()
			.openapi({ description: 'From the groups around it, the nearest first' }),
	})
	.openapi('OperatorGroup');

const parentId = givenId.nullable().openapi({ description: 'The group it stands in; null: an uppermost one' });
const params = z.object({ groupId: givenId });
const memberParams = z.object({ groupId: givenId, operatorId: givenId });
const tag = 'operators';
const refusals = [403, 404, 409, 412, 422, 503];
const path = '/api/v1/operator-groups';

/** Groups of operators, in a tree; not those of people (`/api/v1/groups`). */
export function operatorGroupRoutes(deps: OperatorRoutesDeps): readonly Route[] {
	return [listRoute(deps), addRoute(deps), ...oneRoutes(deps), ...memberRoutes(deps)];
}

function listRoute({ operators: { groups } }: OperatorRoutesDeps): Route {
	return defineRoute({
		...{ method: 'get', path, permission: 'operators:read', tag },
		summary: 'Groups of operators by name; narrowed by name, kind, tag and the group they stand in',
		query: z.strictObject({
			q: z.string().max(LIMITS.searchLength).optional(),
			kind: kind.optional(),
			tag: z.string().max(50).optional(),
			parentId: z.string().max(200).optional().openapi({ description: 'Empty: only uppermost ones' }),
			...pageQuery,
		}),
		answer: z.object({ items: z.array(itemSchema).readonly(), nextCursor: z.string().nullable() }),
		handle: ({ query }) => groups.list(query),
	});
}

function addRoute({ operators: { groups }, presenter, idempotency }: OperatorRoutesDeps): Route {
	return defineRoute({
		...{ method: 'post', path, permission: 'operators:write', tag },
		summary: 'Make a group of operators; nobody gives more than they may do themselves',
		headers: idempotencyHeaders,
		body: z.strictObject({
			kind,
			name,
			tags: tags.default([]),
			parentId: parentId.default(null),
			roles: rolesSchema.default([]),
			permissions: permissionsSchema.default([]),
			denials: denialsSchema.default([]),
		}),
		...{ answer: groupSchema, ...CREATED_VERSIONED },
		problems: refusals,
		handle: ({ headers, body }, c) =>
			idempotency.run(c, { key: headers['idempotency-key'], body }, async () =>
				madeGroup(c, presenter, groups.add({ ...body, roles: rolesOf(body.roles) }, actorOf(c))),
			),
	});
}

function oneRoutes({ operators: { groups }, presenter }: OperatorRoutesDeps): readonly Route[] {
	const one = `${path}/{groupId}` as const;
	return [
		defineRoute({
			...{ method: 'get', path: one, permission: 'operators:read', tag },
			summary: 'One group of operators, with what it gives and denies by itself and by the groups around it',
			params,
			answer: groupSchema,
			problems: [404],
			handle: ({ params: { groupId } }, c) =>
				shown(c, presenter, groups.get(groupId) ?? noSuch('group of operators', groupId)),
		}),
		defineRoute({
			...{ method: 'patch', path: one, permission: 'operators:write', tag },
			summary: 'Change or move a group; acts on the next request of everybody in and below it',
			params,
			headers: ifMatchHeader,
			body: z.strictObject({
				kind: kind.optional(),
				name: name.optional(),
				tags: tags.optional(),
				parentId: parentId.optional().openapi({ description: 'It takes along what was denied to it where it stood' }),
				roles: rolesSchema.optional(),
				permissions: permissionsSchema.optional(),
				denials: denialsSchema.optional(),
			}),
			answer: groupSchema,
			problems: refusals,
			handle({ params: { groupId }, headers, body }, c) {
				const patch = { ...body, roles: body.roles && rolesOf(body.roles) };
				return changedGroup(c, presenter, groups.update(groupId, patch, actorOf(c), versionOf(headers['if-match'])));
			},
		}),
		defineRoute({
			...{ method: 'delete', path: one, permission: 'operators:write', tag },
			summary: 'Remove a group in which no other stands; its members stay operators',
			params,
			answer: z.object({ result: z.literal('removed') }),
			problems: refusals,
			handle({ params: { groupId } }, c) {
				const answer = groups.remove(groupId, actorOf(c));
				return answer.result === 'removed' ? answer : operatorRefused(c, answer);
			},
		}),
	];
}

function memberRoutes({ operators: { groups }, presenter }: OperatorRoutesDeps): readonly Route[] {
	const members = `${path}/{groupId}/members` as const;
	const common = { permission: 'operators:write', tag, params: memberParams, answer: groupSchema } as const;
	return [
		defineRoute({
			...{ method: 'get', path: members, permission: 'operators:read', tag },
			summary: 'Operators in the group itself, by name',
			params,
			query: z.strictObject(pageQuery),
			answer: z.object({ items: z.array(operatorSchema).readonly(), nextCursor: z.string().nullable() }),
			problems: [404],
			handle: ({ params: { groupId }, query }) =>
				presenter.present(groups.members(groupId, query) ?? noSuch('group of operators', groupId)),
		}),
		defineRoute({
			...{ ...common, method: 'put', path: `${members}/{operatorId}` },
			summary: 'Put an operator into the group',
			problems: refusals,
			handle: ({ params: { groupId, operatorId } }, c) =>
				changedGroup(c, presenter, groups.setMember(groupId, operatorId, true, actorOf(c))),
		}),
		defineRoute({
			...{ ...common, method: 'delete', path: `${members}/{operatorId}` },
			summary: 'Take an operator out of the group',
			problems: refusals,
			handle: ({ params: { groupId, operatorId } }, c) =>
				changedGroup(c, presenter, groups.setMember(groupId, operatorId, false, actorOf(c))),
		}),
	];
}

export function madeGroup(c: HttpContext, presenter: Presenter, answer: GroupChange): Response {
	if (answer.result !== 'done') return operatorRefused(c, answer);
	const { id, version } = answer.group;
	return created(c, { path: `${path}/${id}`, version }, presenter.present(answer.group));
}

function changedGroup(c: HttpContext, presenter: Presenter, answer: GroupChange): Response {
	return answer.result === 'done' ? shown(c, presenter, answer.group) : operatorRefused(c, answer);
}

function shown(c: HttpContext, presenter: Presenter, group: OperatorGroupView): Response {
	c.header('ETag', versionTag(group.version));
	return c.json(presenter.present(group));
}
