import { z } from '@hono/zod-openapi';
import { isNestedDeeper } from '../../../gateway/core/nesting-depth.ts';
import { badRequest } from '../../../gateway/core/scim/scim-refusal.ts';
import type { ScimModel } from '../../../gateway/core/scim/scim-schema.ts';
import type { Wanted } from '../../../gateway/core/scim/shape-resource.ts';
import { noResource, type ScimResource } from '../../../gateway/services/scim/scim-resource.ts';
import { defineRoute, type Route } from '../define-route.ts';
import type { HttpContext } from '../login-context.ts';
import { locationOf, presentScim } from './present-scim.ts';
import { SCIM_PATH, SCIM_TYPE } from './scim-error.ts';
import { baseOf, handled, type ScimRoutesDeps, scimAnswer, tagsOf } from './scim-handling.ts';
import { shapeQuery, wantedOf, wantsMembers } from './scim-query.ts';

const body = z.looseObject({});
const versionHeader = z.object({ 'if-match': z.string().max(1_000).optional() });
const common = { permission: 'scim', tag: 'scim', answer: SCIM_TYPE, query: shapeQuery } as const;
const refusals = [400, 403, 404, 409, 412, 413, 429];

/** One kind of resource: made, read, changed and removed. */
export function scimResourceRoutes(deps: ScimRoutesDeps, model: ScimModel): readonly Route[] {
	const { users, groups } = deps.operators.scim;
	const { name, endpoint } = model;
	const isUser = name === 'User';
	// As other routes call what they name.
	const named = isUser ? 'operatorId' : 'groupId';
	const params = z.object({ [named]: z.string().max(300) });
	const idOf = (given: Readonly<Record<string, string>>) => given[named] ?? '';
	const [all, one] = [`${SCIM_PATH}${endpoint}`, `${SCIM_PATH}${endpoint}/{${named}}`] as const;
	const route = `${endpoint}/{id}`;
	const kind = isUser ? users : groups;
	return [
		defineRoute({
			...{ ...common, method: 'post', path: all as `/${string}`, body, status: 201, problems: refusals },
			summary: `Make a ${name.toLowerCase()}`,
			handle: ({ body: data, query }, c) =>
				handled(c, deps, endpoint, async (by) => {
					checkDepth(data);
					const made = await kind.create(data, by);
					const told = toldOf(c, made, wantedOf(query));
					return scimAnswer(c, told.body, { status: 201, headers: told.headers });
				}),
		}),
		defineRoute({
			...{ ...common, method: 'get', path: one as `/${string}`, params, problems: [403, 404] },
			summary: `One ${name.toLowerCase()}; If-None-Match gets 304`,
			handle: ({ params: given, query }, c) =>
				handled(c, deps, route, () => {
					const wanted = wantedOf(query);
					const found = isUser ? users.get(idOf(given)) : groups.get(idOf(given), wantsMembers(wanted));
					if (found === undefined) throw noResource(idOf(given));
					const known = tagsOf(c.req.header('if-none-match'));
					if (known?.includes('*') || known?.includes(found.version)) return c.body(null, 304, { ETag: found.version });
					const told = toldOf(c, found, wanted);
					return scimAnswer(c, told.body, { headers: told.headers });
				}),
		}),
		defineRoute({
			...{
				...common,
				method: 'put',
				path: one as `/${string}`,
				params,
				headers: versionHeader,
				body,
				problems: refusals,
			},
			summary: `Write a ${name.toLowerCase()} whole`,
			handle: ({ params: given, headers, body: data, query }, c) =>
				handled(c, deps, route, async (by) => {
					checkDepth(data);
					const written = await kind.replace(idOf(given), data, by, tagsOf(headers['if-match']));
					const told = toldOf(c, written, wantedOf(query));
					return scimAnswer(c, told.body, { headers: told.headers });
				}),
		}),
		defineRoute({
			...{
				...common,
				method: 'patch',
				path: one as `/${string}`,
				params,
				headers: versionHeader,
				body,
				problems: refusals,
			},
			...{ orEmpty: true },
			summary: isUser ? 'Change a user' : 'Change a group; answered with 204 unless attributes are asked for',
			handle: ({ params: given, headers, body: data, query }, c) =>
				handled(c, deps, route, async (by) => {
					checkDepth(data);
					const changed = await kind.patch(idOf(given), data, by, tagsOf(headers['if-match']));
					const wanted = wantedOf(query);
					if (!isUser && wanted.attributes === undefined) return c.body(null, 204, headersOf(c, changed));
					const whole = isUser ? changed : (groups.get(idOf(given), wantsMembers(wanted)) ?? changed);
					const told = toldOf(c, whole, wanted);
					return scimAnswer(c, told.body, { headers: told.headers });
				}),
		}),
		defineRoute({
			...{ ...common, method: 'delete', path: one as `/${string}`, params, headers: versionHeader, problems: refusals },
			...{ orEmpty: true },
			summary: isUser ? 'Offboard: they lose all they had, and are not seen here any more' : 'Remove a group',
			handle: ({ params: given, headers }, c) =>
				handled(c, deps, route, (by) => {
					const expected = tagsOf(headers['if-match']);
					if (isUser) users.remove(idOf(given), by, expected, deps.offboarding);
					else groups.remove(idOf(given), by, expected);
					return c.body(null, 204);
				}),
		}),
	];
}

function toldOf(c: HttpContext, resource: ScimResource, wanted: Wanted) {
	return { body: presentScim(resource, baseOf(c), wanted), headers: headersOf(c, resource) };
}

function headersOf(c: HttpContext, resource: ScimResource) {
	return { ETag: resource.version, Location: locationOf(resource, baseOf(c)) };
}

/** Walks through what is sent can not run out of stack. Throws ScimRefusal. */
function checkDepth(data: unknown): void {
	if (isNestedDeeper(data)) throw badRequest('invalidSyntax', 'It is nested too deep.');
}
