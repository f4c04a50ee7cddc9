import { z } from '@hono/zod-openapi';
import { DIRECTORY_TABLES, type DirectoryTable, STREAMS } from '../../../gateway/core/directory.ts';
import type { DirectoryOp } from '../../../gateway/core/directory-change.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { Permission } from '../../../gateway/core/permission.ts';
import { defineRoute, type Route } from '../../http/define-route.ts';
import { isMatch } from '../../http/directory-rows.ts';
import { checkPermission, type HttpContext, requireLogin } from '../../http/login-context.ts';
import { noSuch, problem } from '../../http/problem.ts';
import { givenId, pageQuery } from '../../http/scalar-schemas.ts';
import type { AnyRow, Fleet } from '../fleet.ts';
import { seesCodes, shownRow, unmasked } from '../row-sight.ts';

export interface StreamRoutesDeps {
	readonly fleet: Fleet;
	/** Somebody changed rows by hand. */
	readonly onChange: (by: string, table: string, rows: number) => void;
}

const TABLES = Object.keys(DIRECTORY_TABLES) as [DirectoryTable, ...DirectoryTable[]];
const table = z.enum(TABLES);
const rowParams = z.object({ table, key: givenId });
const anyRow = z.record(z.string(), z.unknown());
const changed = z.object({ stream: z.string(), rev: z.int().openapi({ description: 'Sites have it from here on' }) });

const readAny = { anyOf: TABLES.map((name): Permission => `${name}:read`) };
const writeAny = { anyOf: TABLES.map((name): Permission => `${name}:write`) };

const ifMatch = z.object({
	'if-match': z
		.string()
		.max(1_000)
		.optional()
		.openapi({ description: 'The ETag it was read with: only while it still is as it was then, else 412' }),
	'if-none-match': z.literal('*').optional().openapi({ description: 'Only when there is none yet, else 412' }),
});

const op = z.discriminatedUnion('op', [
	z.strictObject({ op: z.literal('put'), table, key: givenId, row: anyRow }),
	z.strictObject({ op: z.literal('delete'), table, key: givenId }),
]);

/** The rows that all sites have, and their changes. */
export function streamRoutes(deps: StreamRoutesDeps): readonly Route[] {
	const { fleet } = deps;
	return [
		defineRoute({
			...{ method: 'get', path: '/api/v1/streams', permission: 'sync:read', tag: 'streams' },
			summary: 'Streams, where they stand, and rows of each table',
			answer: z.object({
				items: z.array(
					z.object({
						stream: z.string(),
						centralEpoch: z.string().openapi({ description: 'Names central’s history; new after a restore' }),
						rev: z.int().openapi({ description: 'Counts its changes' }),
						floor: z.int().openapi({ description: 'Sites below it need a snapshot' }),
						root: z.string().nullable().openapi({ description: 'Digest of its rows' }),
						tables: z.array(z.object({ table, rows: z.int() })),
					}),
				),
			}),
			async handle() {
				const tables = await fleet.tables();
				const items = fleet.heads().map((head) => ({
					...head,
					tables: tables
						.filter(({ stream }) => stream === head.stream)
						.map(({ table: name, rows }) => ({ table: name, rows })),
				}));
				return { items };
			},
		}),
		defineRoute({
			...{ method: 'post', path: '/api/v1/streams/{stream}/changes', permission: writeAny, tag: 'streams' },
			summary: `Change up to ${LIMITS.deltaOps} rows of a stream, all or none; connected sites have them within seconds`,
			params: z.object({ stream: z.enum(STREAMS) }),
			body: z.strictObject({ ops: z.array(op).min(1).max(LIMITS.deltaOps) }),
			answer: changed,
			handle({ params: { stream }, body: { ops } }, c) {
				for (const name of new Set(ops.map(({ table: own }) => own))) mayWrite(c, name);
				const { rev } = fleet.change(stream, ops);
				deps.onChange(requireLogin(c).operator.name, stream, ops.length);
				return { stream, rev };
			},
		}),
		...rowRoutes(deps),
	];
}

function rowRoutes(deps: StreamRoutesDeps): readonly Route[] {
	const { fleet } = deps;
	return [
		defineRoute({
			...{ method: 'get', path: '/api/v1/rows/{table}', permission: readAny, tag: 'streams' },
			summary: 'Rows of a table by key; a page of a search may be short, or empty with a cursor',
			params: z.object({ table }),
			query: z.object({ ...pageQuery, q: z.string().max(LIMITS.searchLength).optional() }),
			answer: z.object({
				items: z.array(z.object({ key: z.string(), row: anyRow })).readonly(),
				nextCursor: z.string().nullable(),
			}),
			handle({ params: { table: name }, query }, c) {
				checkPermission(requireLogin(c), `${name}:read`);
				const { items, nextCursor } = fleet.rows(name, query);
				return { items: items.map(({ key, row }) => ({ key, row: shownRow(name, row, false) })), nextCursor };
			},
		}),
		defineRoute({
			...{ method: 'get', path: '/api/v1/rows/{table}/{key}', permission: readAny, tag: 'streams' },
			summary: 'One row',
			params: rowParams,
			answer: anyRow,
			answerHeaders: { ETag: 'Of the row: send it as If-Match with a change' },
			problems: [404],
			handle({ params: { table: name, key } }, c) {
				checkPermission(requireLogin(c), `${name}:read`);
				const held = fleet.row(name, key) ?? noSuch(`row in ${name}`, key);
				c.header('ETag', etagOf(held.tag));
				return shownRow(name, held.row, seesCodes(c));
			},
		}),
		defineRoute({
			...{ method: 'put', path: '/api/v1/rows/{table}/{key}', permission: writeAny, tag: 'streams' },
			summary: 'Make a row, or put another in its place',
			params: rowParams,
			headers: ifMatch,
			body: z.looseObject({}),
			answer: changed,
			problems: [412],
			handle: ({ params: { table: name, key }, headers, body }, c) =>
				change(
					deps,
					c,
					{ op: 'put', table: name, key, row: unmasked(name, { ...body, id: key }, fleet.row(name, key)?.row) },
					headers,
				),
		}),
		defineRoute({
			...{ method: 'delete', path: '/api/v1/rows/{table}/{key}', permission: writeAny, tag: 'streams' },
			summary: 'Delete a row',
			params: rowParams,
			headers: ifMatch,
			answer: changed,
			problems: [404, 412],
			handle({ params: { table: name, key }, headers }, c) {
				if (fleet.row(name, key) === undefined) noSuch(`row in ${name}`, key);
				return change(deps, c, { op: 'delete', table: name, key }, headers);
			},
		}),
	];
}

function change(
	{ fleet, onChange }: StreamRoutesDeps,
	c: HttpContext,
	wish: DirectoryOp & { readonly table: DirectoryTable; readonly row?: AnyRow },
	headers: z.output<typeof ifMatch>,
) {
	mayWrite(c, wish.table);
	const answer = fleet.changeRow(wish, wantedTag(fleet, wish, headers));
	if (answer.result === 'changedSince') {
		const detail = 'It was changed since it was read. Read it again, and send the change with the new ETag.';
		return problem(c, { status: 412, code: 'CHANGED', detail });
	}
	onChange(requireLogin(c).operator.name, wish.table, 1);
	return { stream: DIRECTORY_TABLES[wish.table].stream, rev: answer.rev };
}

function wantedTag(
	fleet: Fleet,
	{ table: name, key }: { readonly table: DirectoryTable; readonly key: string },
	{ 'if-match': wanted, 'if-none-match': none }: z.output<typeof ifMatch>,
): string | null | undefined {
	if (none !== undefined) return null;
	if (wanted === undefined) return undefined;
	const now = fleet.row(name, key)?.tag;
	// What is not there, or no longer as it was, has no tag that fits.
	return now !== undefined && isMatch(wanted, etagOf(now)) ? now : '';
}

function etagOf(tag: string): string {
	return `"${tag}"`;
}

function mayWrite(c: HttpContext, name: DirectoryTable): void {
	checkPermission(requireLogin(c), `${name}:write`);
}
