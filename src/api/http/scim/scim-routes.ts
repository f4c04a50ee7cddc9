import { z } from '@hono/zod-openapi';
import { ScimRefusal } from '../../../gateway/core/scim/scim-refusal.ts';
import { type BulkOutcome, runBulk } from '../../../gateway/services/scim/scim-bulk.ts';
import { noResource } from '../../../gateway/services/scim/scim-resource.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { locationOf, presentScim } from './present-scim.ts';
import { MODELS, resourceType, SCHEMAS, schemaDocument, serviceProviderConfig } from './scim-documents.ts';
import { SCIM_PATH, SCIM_TYPE, scimErrorBody } from './scim-error.ts';
import { baseOf, handled, type ScimRoutesDeps, scimAnswer } from './scim-handling.ts';
import { scimListRoutes } from './scim-list-routes.ts';
import { shapeQuery, wantedOf } from './scim-query.ts';
import { scimResourceRoutes } from './scim-resource-routes.ts';

const LIST_RESPONSE_ID = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const BULK_RESPONSE_ID = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

const common = { permission: 'scim', tag: 'scim', answer: SCIM_TYPE } as const;

/** SCIM 2.0 (RFC 7643, 7644): operators and their groups, managed by an identity provider. */
export function scimRoutes(deps: ScimRoutesDeps): readonly Route[] {
	return [
		...documentRoutes(deps),
		meRoute(deps),
		bulkRoute(deps),
		...scimListRoutes(deps),
		...MODELS.flatMap((model) => scimResourceRoutes(deps, model)),
	];
}

function documentRoutes(deps: ScimRoutesDeps): readonly Route[] {
	const read = (path: `/${string}`, summary: string, tell: (base: string, id: string) => unknown) => {
		const name = /\{(\w+)\}/.exec(path)?.[1];
		return defineRoute({
			...{ ...common, method: 'get', path: `${SCIM_PATH}${path}`, summary },
			params: z.object(name === undefined ? {} : { [name]: z.string().max(300) }),
			problems: [403, 404],
			handle: ({ params }, c) =>
				handled(c, deps, path, () => {
					// RFC 7644, 4: who filters these believes that there are fewer.
					if (c.req.query('filter') !== undefined) throw new ScimRefusal(403, undefined, 'These are not filtered.');
					return scimAnswer(c, tell(baseOf(c), String(Object.values(params)[0] ?? '')));
				}),
		});
	};
	const list = (resources: readonly unknown[]) => ({
		...{ schemas: [LIST_RESPONSE_ID], totalResults: resources.length, startIndex: 1 },
		...{ itemsPerPage: resources.length, Resources: resources },
	});
	const one = <T>(found: T | undefined, id: string): T => {
		if (found === undefined) throw new ScimRefusal(404, undefined, `There is no ${JSON.stringify(id)} here.`);
		return found;
	};
	const named = (id: string, name: string) => id.toLowerCase() === name.toLowerCase();
	return [
		read('/ServiceProviderConfig', 'What of SCIM is understood', (base) => serviceProviderConfig(base)),
		read('/ResourceTypes', 'Kinds of resources', (base) => list(MODELS.map((model) => resourceType(model, base)))),
		read('/ResourceTypes/{typeId}', 'One kind of resource', (base, id) =>
			resourceType(
				one(
					MODELS.find(({ name }) => named(id, name)),
					id,
				),
				base,
			),
		),
		read('/Schemas', 'Schemas of the resources', (base) => list(SCHEMAS.map((schema) => schemaDocument(schema, base)))),
		read('/Schemas/{schemaId}', 'One schema, by its URN', (base, id) =>
			schemaDocument(
				one(
					SCHEMAS.find((schema) => named(id, schema.id)),
					id,
				),
				base,
			),
		),
	];
}

/** RFC 7644, 3.11: who lent the token. */
function meRoute(deps: ScimRoutesDeps): Route {
	return defineRoute({
		...{ ...common, method: 'get', path: `${SCIM_PATH}/Me`, query: shapeQuery, problems: [404] },
		summary: 'The user who lent the token',
		handle: ({ query }, c) =>
			handled(c, deps, '/Me', (by) => {
				const found = deps.operators.scim.users.get(by.operatorId);
				if (found === undefined) throw noResource(by.operatorId);
				const base = baseOf(c);
				const headers = { ETag: found.version, Location: locationOf(found, base) };
				return scimAnswer(c, presentScim(found, base, wantedOf(query)), { headers });
			}),
	});
}

function bulkRoute(deps: ScimRoutesDeps): Route {
	return defineRoute({
		...{ ...common, method: 'post', path: `${SCIM_PATH}/Bulk`, body: z.looseObject({}), problems: [400, 413] },
		summary: 'Several operations, each a change of its own (RFC 7644, 3.7)',
		handle: ({ body }, c) =>
			handled(c, deps, '/Bulk', async (by) => {
				const { scim } = deps.operators;
				const outcomes = await runBulk({ scim, offboarding: deps.offboarding }, body, by);
				const base = baseOf(c);
				return scimAnswer(c, { schemas: [BULK_RESPONSE_ID], Operations: outcomes.map((one) => toldOf(one, base)) });
			}),
	});
}

function toldOf({ operation, status, resource, refusal }: BulkOutcome, base: string) {
	const { method, bulkId, path } = operation;
	const asked = /^\/(?:Users|Groups)\/[\w-]+$/.test(path) ? { location: `${base}${path}` } : {};
	const location = resource === undefined ? asked : { location: locationOf(resource, base) };
	const isThere = resource !== undefined && method !== 'DELETE';
	return {
		...{ method, ...(bulkId !== undefined && { bulkId }), ...location },
		...(isThere && { version: resource.version }),
		status: String(status),
		...(refusal && {
			response: scimErrorBody({ status: refusal.status, scimType: refusal.scimType, detail: refusal.message }),
		}),
	};
}
