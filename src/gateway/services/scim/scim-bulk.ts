import { setImmediate as turn } from 'node:timers/promises';
import { type BulkOperation, readBulk, referencesOf, resolved, resolvedPath } from '../../core/scim/bulk-request.ts';
import { badRequest, ScimRefusal } from '../../core/scim/scim-refusal.ts';
import type { Offboarding } from '../operators/offboarding.ts';
import type { Scim } from './scim.ts';
import { noResource, type ScimActor, type ScimResource } from './scim-resource.ts';

/** What came of one operation. */
export interface BulkOutcome {
	readonly operation: BulkOperation;
	readonly status: number;
	/** undefined: there is none, or no longer. */
	readonly resource: Pick<ScimResource, 'model' | 'id' | 'version'> | undefined;
	readonly refusal: ScimRefusal | undefined;
}

type Deps = { readonly scim: Scim; readonly offboarding: Pick<Offboarding, 'offboard'> };

/**
 * Runs the operations of a bulk request, each a change of its own, what others name before these. In a ring of names a
 * resource is made without what is not there yet, which is put in at the end (RFC 7644, 3.7.1). Throws ScimRefusal where
 * the request itself is wrong.
 */
export async function runBulk(deps: Deps, body: unknown, by: ScimActor): Promise<readonly BulkOutcome[]> {
	const { failOnErrors = Number.POSITIVE_INFINITY, operations } = readBulk(body);
	const byName = new Map(
		operations.flatMap((one, at) => (one.bulkId === undefined ? [] : [[one.bulkId, at] as const])),
	);
	const outcomes = new Map<number, BulkOutcome>();
	const begun = new Set<number>();
	const ids = new Map<string, string>();
	const unfinished: { readonly at: number; readonly operation: BulkOperation }[] = [];
	const hasFailed = () => [...outcomes.values()].filter(({ refusal }) => refusal !== undefined).length >= failOnErrors;

	async function run(at: number): Promise<void> {
		const operation = operations[at];
		if (operation === undefined || begun.has(at) || hasFailed()) return;
		begun.add(at);
		const names = referencesOf(operation);
		for (const name of names) {
			const other = byName.get(name);
			if (other !== undefined) await run(other);
		}
		if (hasFailed()) return;
		// The lanes go between.
		await turn();
		const missing = [...names].filter((name) => !ids.has(name));
		const isLost = missing.some((name) => !isAhead(name));
		const outcome = isLost ? lost(operation) : await perform(deps, operation, ids, by);
		outcomes.set(at, outcome);
		const { resource } = outcome;
		if (operation.bulkId !== undefined && operation.method === 'POST' && resource !== undefined)
			ids.set(operation.bulkId, resource.id);
		if (missing.length > 0 && resource !== undefined) unfinished.push({ at, operation });
	}

	/** It is on its way: its operation has begun, and is not done. */
	function isAhead(name: string): boolean {
		const at = byName.get(name);
		return at !== undefined && begun.has(at) && !outcomes.has(at);
	}

	for (let at = 0; at < operations.length; at += 1) await run(at);
	for (const { at, operation } of unfinished) {
		const before = outcomes.get(at);
		if (before?.resource === undefined) continue;
		await turn();
		const isWhole = [...referencesOf(operation)].every((name) => ids.has(name));
		const completed = isWhole ? await complete(deps, operation, before.resource, ids, by) : lost(operation);
		if (completed.refusal === undefined) outcomes.set(at, { ...completed, status: before.status });
		else outcomes.set(at, { ...completed, resource: takenBack(deps, operation, before.resource, by) });
	}
	return [...outcomes].sort(([a], [b]) => a - b).map(([, outcome]) => outcome);
}

function lost(operation: BulkOperation): BulkOutcome {
	const detail = 'It names the bulkId of an operation that is not there, or was not done.';
	return { operation, status: 409, resource: undefined, refusal: new ScimRefusal(409, undefined, detail) };
}

/** What was made without what it names is not left behind. @returns what is still there. */
function takenBack(
	{ scim, offboarding }: Deps,
	{ method }: BulkOperation,
	made: NonNullable<BulkOutcome['resource']>,
	by: ScimActor,
): BulkOutcome['resource'] {
	if (method !== 'POST') return made;
	try {
		if (made.model.name === 'User') scim.users.remove(made.id, by, undefined, offboarding);
		else scim.groups.remove(made.id, by, undefined);
		return undefined;
	} catch (error) {
		if (!(error instanceof ScimRefusal)) throw error;
		return made;
	}
}

async function complete(
	deps: Deps,
	operation: BulkOperation,
	{ model, id }: Pick<ScimResource, 'model' | 'id'>,
	ids: ReadonlyMap<string, string>,
	by: ScimActor,
): Promise<BulkOutcome> {
	const method = operation.method === 'PATCH' ? 'PATCH' : 'PUT';
	const again = { ...operation, method, path: `${model.endpoint}/${id}`, version: undefined } as const;
	return { ...(await perform(deps, again, ids, by)), operation };
}

async function perform(
	{ scim, offboarding }: Deps,
	operation: BulkOperation,
	ids: ReadonlyMap<string, string>,
	by: ScimActor,
): Promise<BulkOutcome> {
	const { method, version } = operation;
	const expected = version === undefined ? undefined : [version];
	try {
		const { isUser, id } = targetOf(resolvedPath(operation.path, ids), method);
		const data = resolved(operation.data, ids);
		const done = (resource: BulkOutcome['resource'], status: number): BulkOutcome => ({
			...{ operation, status, resource, refusal: undefined },
		});
		if (method === 'POST') return done(await (isUser ? scim.users : scim.groups).create(data, by), 201);
		if (method === 'DELETE') {
			const gone = isUser ? scim.users.get(id) : scim.groups.get(id, false);
			if (gone === undefined) throw noResource(id);
			if (isUser) scim.users.remove(id, by, expected, offboarding);
			else scim.groups.remove(id, by, expected);
			return done(gone, 204);
		}
		const kind = isUser ? scim.users : scim.groups;
		const change = method === 'PUT' ? kind.replace : kind.patch;
		return done(await change(id, data, by, expected), 200);
	} catch (error) {
		if (!(error instanceof ScimRefusal)) throw error;
		return { operation, status: error.status, resource: undefined, refusal: error };
	}
}

function targetOf(path: string, method: BulkOperation['method']): { readonly isUser: boolean; readonly id: string } {
	const [, kind, id = ''] = /^\/(Users|Groups)(?:\/([^/?#]+))?$/.exec(path) ?? [];
	if (kind === undefined || (id === '') !== (method === 'POST'))
		throw badRequest('invalidPath', 'path is /Users or /Groups, behind it the id but for a POST.');
	return { isUser: kind === 'Users', id };
}
