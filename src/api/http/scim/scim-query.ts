import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { findAttribute, keysOf } from '../../../gateway/core/scim/attribute-path.ts';
import { parseFilter } from '../../../gateway/core/scim/parse-filter.ts';
import type { ScimListQuery } from '../../../gateway/core/scim/scim-list.ts';
import { badRequest } from '../../../gateway/core/scim/scim-refusal.ts';
import { attributeNamed, type ScimModel, type ScimRecord } from '../../../gateway/core/scim/scim-schema.ts';
import type { Wanted } from '../../../gateway/core/scim/shape-resource.ts';

/** RFC 7644, 3.4.2: what is unknown is passed over. */
export const shapeQuery = z.object({
	attributes: z.string().max(LIMITS.scimFilterLength).optional(),
	excludedAttributes: z.string().max(LIMITS.scimFilterLength).optional(),
});

export const listQuery = shapeQuery.extend({
	filter: z.string().max(LIMITS.scimFilterLength).optional(),
	sortBy: z.string().max(200).optional(),
	sortOrder: z.string().max(20).optional(),
	startIndex: z.string().max(20).optional().openapi({ description: 'The first is 1' }),
	count: z.string().max(20).optional(),
});

export function wantedOf(query: ScimRecord): Wanted {
	return {
		attributes: namesOf(query['attributes']),
		excludedAttributes: namesOf(query['excludedAttributes']),
	};
}

/** Separated by commas in an address, a list in a body. */
function namesOf(value: unknown): readonly string[] | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	const names = Array.isArray(value) ? value : String(value).split(',');
	return names.slice(0, MOST_NAMES).map((name) => String(name).trim());
}

/** More than all schemas have. */
const MOST_NAMES = 200;

/** Whether members of groups need to be read at all. */
export function wantsMembers({ attributes, excludedAttributes }: Wanted): boolean {
	const isMembers = (name: string) => /^(?:urn:.*:)?members(?:\.|$)/i.test(name);
	if (attributes !== undefined) return attributes.some(isMembers);
	return !(excludedAttributes ?? []).some((name) => /^(?:urn:.*:)?members$/i.test(name));
}

/** Where a page begins, from 1 on, and how many it may have. Throws ScimRefusal. */
export function pageOf(query: ScimRecord): { readonly startIndex: number; readonly count: number } {
	const whole = (name: string, otherwise: number) => {
		const value = query[name];
		if (value === undefined || value === null || value === '') return otherwise;
		const number = typeof value === 'number' ? value : /^-?\d{1,15}$/.test(String(value)) ? Number(value) : Number.NaN;
		if (!Number.isSafeInteger(number)) throw badRequest('invalidValue', `${name} is a whole number.`);
		return number;
	};
	return {
		startIndex: Math.max(1, whole('startIndex', 1)),
		count: Math.min(LIMITS.scimPage, Math.max(0, whole('count', LIMITS.scimPageDefault))),
	};
}

/** Throws ScimRefusal. @param unknown As of `parseFilter`. */
export function filterOf(model: ScimModel, query: ScimRecord, unknown?: 'never'): ScimListQuery['filter'] {
	const { filter } = query;
	if (filter === undefined || filter === null || filter === '') return undefined;
	if (typeof filter !== 'string') throw badRequest('invalidFilter', 'filter is a text.');
	return parseFilter(model, filter, unknown);
}

/** Throws ScimRefusal. */
export function sortOf(model: ScimModel, query: ScimRecord): ScimListQuery['sort'] {
	const { sortBy, sortOrder } = query;
	if (sortBy === undefined || sortBy === null || sortBy === '') return undefined;
	const path = findAttribute(model, String(sortBy));
	const { attribute, sub } = path ?? {};
	const part = sub ?? (attribute?.multiValued ? attributeNamed(attribute.subAttributes ?? [], 'value') : undefined);
	const leaf = part ?? attribute;
	const isPlain = leaf !== undefined && leaf.type !== 'complex' && leaf.name !== 'password' && leaf.name !== 'schemas';
	const isKept = attribute?.name !== 'meta' || ['created', 'lastModified', 'resourceType'].includes(leaf?.name ?? '');
	if (path === undefined || !isPlain || !isKept)
		throw badRequest('invalidPath', 'Nothing is sorted by this attribute.');
	const list = attribute?.multiValued ? keysOf({ ...path, sub: undefined }) : undefined;
	const keys = list === undefined ? keysOf(path) : part === undefined ? [] : [part.name];
	const descending = String(sortOrder ?? '').toLowerCase() === 'descending';
	return { list, place: { keys, type: leaf.type, caseExact: leaf.caseExact }, descending };
}
