import { z } from '@hono/zod-openapi';
import { isRecord, namesSchema } from '../../../gateway/core/scim/read-resource.ts';
import { badRequest } from '../../../gateway/core/scim/scim-refusal.ts';
import type { ScimModel, ScimRecord } from '../../../gateway/core/scim/scim-schema.ts';
import type { Operators } from '../../../gateway/services/operators.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { presentScim } from './present-scim.ts';
import { MODELS } from './scim-documents.ts';
import { SCIM_PATH, SCIM_TYPE } from './scim-error.ts';
import { baseOf, handled, type ScimRoutesDeps, scimAnswer } from './scim-handling.ts';
import { filterOf, listQuery, pageOf, sortOf, wantedOf, wantsMembers } from './scim-query.ts';

const LIST_RESPONSE_ID = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const SEARCH_REQUEST_ID = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

const common = { permission: 'scim', tag: 'scim', answer: SCIM_TYPE, problems: [400] } as const;

/** Lists and searches (RFC 7644, 3.4.2 and 3.4.3), of one kind or of all. */
export function scimListRoutes(deps: ScimRoutesDeps): readonly Route[] {
	return [
		...listRoutes(deps, '', MODELS, 'Users and groups'),
		...MODELS.flatMap((model) => listRoutes(deps, model.endpoint, [model], `${model.name}s`)),
	];
}

function listRoutes(deps: ScimRoutesDeps, place: string, models: readonly ScimModel[], what: string): readonly Route[] {
	const { scim } = deps.operators;
	return [
		defineRoute({
			...{ ...common, method: 'get', path: `${SCIM_PATH}${place}`, query: listQuery },
			summary: `${what}: filtered, sorted, paged`,
			handle: ({ query }, c) =>
				handled(c, deps, place === '' ? '/' : place, async () =>
					scimAnswer(c, await listed(scim, models, query, baseOf(c))),
				),
		}),
		defineRoute({
			...{ ...common, method: 'post', path: `${SCIM_PATH}${place}/.search`, body: z.looseObject({}) },
			summary: `${what}: as the list, with its parameters in a body`,
			handle: ({ body }, c) =>
				handled(c, deps, `${place}/.search`, async () => {
					const { schemas } = body;
					if (!namesSchema(schemas, SEARCH_REQUEST_ID))
						throw badRequest('invalidSyntax', `schemas must name ${SEARCH_REQUEST_ID}.`);
					return scimAnswer(c, await listed(scim, models, body, baseOf(c)));
				}),
		}),
	];
}

async function listed(scim: Operators['scim'], models: readonly ScimModel[], query: ScimRecord, base: string) {
	const wanted = wantedOf(query);
	const { startIndex, count } = pageOf(query);
	const isOne = models.length === 1;
	// All are checked before any is looked for.
	const asked = models.map((model) => {
		const filter = filterOf(model, query, isOne ? undefined : 'never');
		return { model, filter, sort: isOne ? sortOf(model, query) : undefined };
	});
	const resources: ScimRecord[] = [];
	let totalResults = 0;
	for (const { model, filter, sort } of asked) {
		const offset = Math.max(0, startIndex - 1 - totalResults);
		const limit = Math.max(0, count - resources.length);
		const page = await scim.list({ model: model.name, filter, sort, offset, limit }, wantsMembers(wanted));
		totalResults += page.total;
		resources.push(...page.resources.map((one) => presentScim(one, base, wanted)).filter(isRecord));
	}
	return {
		schemas: [LIST_RESPONSE_ID],
		totalResults,
		startIndex,
		itemsPerPage: resources.length,
		Resources: resources,
	};
}
