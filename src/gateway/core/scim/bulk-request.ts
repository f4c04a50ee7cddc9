import { LIMITS } from '../limits.ts';
import { isNestedDeeper } from '../nesting-depth.ts';
import { isRecord, namesSchema } from './read-resource.ts';
import { badRequest, ScimRefusal } from './scim-refusal.ts';

const BULK_REQUEST_ID = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

export interface BulkOperation {
	readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	readonly bulkId: string | undefined;
	readonly path: string;
	/** As in If-Match. */
	readonly version: string | undefined;
	readonly data: unknown;
}

export interface BulkRequest {
	/** After so many errors the rest is left; undefined: it is not. */
	readonly failOnErrors: number | undefined;
	readonly operations: readonly BulkOperation[];
}

/** RFC 7644, 3.7. Throws ScimRefusal, 413 where there are too many. */
export function readBulk(body: unknown): BulkRequest {
	if (!isRecord(body)) throw badRequest('invalidSyntax', 'Send one JSON object.');
	const { schemas, failOnErrors, Operations: operations } = body;
	if (!namesSchema(schemas, BULK_REQUEST_ID))
		throw badRequest('invalidSyntax', `schemas must name ${BULK_REQUEST_ID}.`);
	if (!Array.isArray(operations)) throw badRequest('invalidSyntax', 'Operations is a list.');
	if (operations.length > LIMITS.scimBulkOperations) {
		const detail = `The bulk request has more operations than maxOperations (${LIMITS.scimBulkOperations}).`;
		throw new ScimRefusal(413, undefined, detail);
	}
	if (isNestedDeeper(operations)) throw badRequest('invalidSyntax', 'It is nested too deep.');
	if (
		failOnErrors !== undefined &&
		failOnErrors !== null &&
		!(Number.isInteger(failOnErrors) && Number(failOnErrors) > 0)
	)
		throw badRequest('invalidValue', 'failOnErrors is a whole number from 1 on.');
	const read = operations.map(readOperation);
	const named = read.flatMap(({ bulkId }) => bulkId ?? []);
	if (new Set(named).size < named.length) throw badRequest('invalidValue', 'Each bulkId names one operation.');
	return { failOnErrors: typeof failOnErrors === 'number' ? failOnErrors : undefined, operations: read };
}

function readOperation(one: unknown): BulkOperation {
	if (!isRecord(one)) throw badRequest('invalidSyntax', 'Each operation is an object.');
	const { bulkId, path, version, data } = one;
	const name = String(one['method']).toUpperCase();
	const method = (['POST', 'PUT', 'PATCH', 'DELETE'] as const).find((known) => known === name);
	if (method === undefined) throw badRequest('invalidSyntax', 'method is POST, PUT, PATCH or DELETE.');
	if (typeof path !== 'string') throw badRequest('invalidSyntax', 'path is a text.');
	if (method === 'POST' && (typeof bulkId !== 'string' || bulkId === ''))
		throw badRequest('invalidSyntax', 'A POST needs its bulkId.');
	return {
		...{ method, path, data },
		bulkId: typeof bulkId === 'string' ? bulkId : undefined,
		version: typeof version === 'string' ? version : undefined,
	};
}

const REFERENCE = /^bulkId:(.+)$/s;

/** The bulkIds that an operation names, in its path too. */
export function referencesOf({ path, data }: BulkOperation): ReadonlySet<string> {
	const found = new Set<string>();
	const inPath = /\/bulkId:([^/]+)$/.exec(path)?.[1];
	if (inPath !== undefined) found.add(inPath);
	const walk = (value: unknown): void => {
		if (typeof value === 'string') {
			const named = REFERENCE.exec(value)?.[1];
			if (named !== undefined) found.add(named);
		} else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) walk(part);
	};
	walk(data);
	return found;
}

/**
 * Data with ids in the place of what names operations; a thing that names one that is not done is left out whole, and put
 * in later.
 */
export function resolved(data: unknown, ids: ReadonlyMap<string, string>): unknown {
	if (typeof data === 'string') {
		const named = REFERENCE.exec(data)?.[1];
		return named === undefined ? data : ids.get(named);
	}
	if (Array.isArray(data)) return data.map((one) => resolved(one, ids)).filter((one) => one !== undefined);
	if (!isRecord(data)) return data;
	const parts = Object.entries(data).map(([name, part]) => ({ name, part, now: resolved(part, ids) }));
	if (parts.some(({ part, now }) => typeof part === 'string' && now === undefined)) return undefined;
	return Object.fromEntries(parts.flatMap(({ name, now }) => (now === undefined ? [] : [[name, now] as const])));
}

export function resolvedPath(path: string, ids: ReadonlyMap<string, string>): string {
	return path.replace(/\/bulkId:([^/]+)$/, (whole, named: string) => (ids.has(named) ? `/${ids.get(named)}` : whole));
}
