import { z } from '@hono/zod-openapi';
import { PERMISSIONS } from '../../../gateway/core/permission.ts';
import type { RoleChange, RoleView } from '../../../gateway/services/operators/own-roles.ts';
import type { Operators } from '../../../gateway/services/operators.ts';
import { actorOf } from '../actor.ts';
import { CREATED_VERSIONED, created } from '../created.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type Idempotency, idempotencyHeaders } from '../idempotency.ts';
import type { HttpContext } from '../login-context.ts';
import { operatorRefused } from '../operator-problems.ts';
import { noSuch } from '../problem.ts';
import { givenId } from '../scalar-schemas.ts';
import { ifMatchHeader, versionOf, versionTag } from '../version-tag.ts';

export interface RoleRoutesDeps {
	readonly operators: Operators;
	readonly idempotency: Idempotency;
}

const roleSchema = z
	.object({
		id: z.string(),
		name: z.string(),
		builtIn: z.boolean(),
		permissions: z.array(z.enum(PERMISSIONS)).readonly(),
		operators: z.int().openapi({ description: 'How many have it' }),
		version: z.int(),
	})
	.openapi('Role');

const body = z.strictObject({
	name: z.string().trim().min(1).max(100),
	permissions: z.array(z.enum(PERMISSIONS)).max(PERMISSIONS.length),
});

const params = z.object({ roleId: givenId });
const tag = 'operators';
const refusals = [403, 404, 409, 412, 422, 503];

/** What operators may do: built-in roles, and those of the site's own. */
export function roleRoutes({ operators: { roles }, idempotency }: RoleRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			...{ method: 'get', path: '/api/v1/roles', permission: 'operators:read', tag },
			summary: 'Roles and what they allow; and every permission there is',
			answer: z.object({
				items: z.array(roleSchema).readonly(),
				permissions: z.array(z.enum(PERMISSIONS)).readonly(),
			}),
			handle: () => ({ items: roles.list(), permissions: PERMISSIONS }),
		}),
		defineRoute({
			...{ method: 'get', path: '/api/v1/roles/{roleId}', permission: 'operators:read', tag },
			summary: 'One role',
			params,
			answer: roleSchema,
			problems: [404],
			handle: ({ params: { roleId } }, c) => shown(c, roles.get(roleId) ?? noSuch('role', roleId)),
		}),
		defineRoute({
			...{ method: 'post', path: '/api/v1/roles', permission: 'roles:write', tag },
			summary: 'Define a role of the site’s own; nobody gives more than they may do themselves',
			headers: idempotencyHeaders,
			body,
			...{ answer: roleSchema, ...CREATED_VERSIONED },
			problems: refusals,
			handle: ({ headers, body: wish }, c) =>
				idempotency.run(c, { key: headers['idempotency-key'], body: wish }, async () => {
					const answer = roles.add(wish, actorOf(c));
					if (answer.result !== 'done') return operatorRefused(c, answer);
					const { id, version } = answer.role;
					return created(c, { path: `/api/v1/roles/${id}`, version }, answer.role);
				}),
		}),
		defineRoute({
			...{ method: 'put', path: '/api/v1/roles/{roleId}', permission: 'roles:write', tag },
			summary: 'Change a role of the site’s own; acts on the next request of who has it',
			params,
			headers: ifMatchHeader,
			body,
			answer: roleSchema,
			problems: refusals,
			handle: ({ params: { roleId }, headers, body: wish }, c) =>
				changed(c, roles.update(roleId, wish, actorOf(c), versionOf(headers['if-match']))),
		}),
		defineRoute({
			...{ method: 'delete', path: '/api/v1/roles/{roleId}', permission: 'roles:write', tag },
			summary: 'Remove a role of the site’s own that nobody has',
			params,
			answer: z.object({ result: z.literal('removed') }),
			problems: refusals,
			handle({ params: { roleId } }, c) {
				const answer = roles.remove(roleId, actorOf(c));
				return answer.result === 'removed' ? answer : operatorRefused(c, answer);
			},
		}),
	];
}

function changed(c: HttpContext, answer: RoleChange): Response {
	return answer.result === 'done' ? shown(c, answer.role) : operatorRefused(c, answer);
}

function shown(c: HttpContext, role: RoleView): Response {
	c.header('ETag', versionTag(role.version));
	return c.json(role);
}
