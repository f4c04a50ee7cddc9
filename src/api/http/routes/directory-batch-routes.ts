import { z } from '@hono/zod-openapi';
import { DIRECTORY_TABLES, type DirectoryTable } from '../../../gateway/core/directory.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { Permission } from '../../../gateway/core/permission.ts';
import type { DirectoryChange, EditedRow, EditProblem } from '../../../gateway/services/directory/directory-edits.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type DirectoryAnswers, patchOf } from '../directory-changes.ts';
import { belongsTo, collectionOf } from '../directory-faces.ts';
import { type ChangePlaces, editRefused } from '../directory-problems.ts';
import { rowOfBody } from '../directory-rows.ts';
import { type FaceSchemas, touchedRow } from '../directory-schemas.ts';
import { idempotencyHeaders } from '../idempotency.ts';
import { checkInParts, type HttpContext, requireLogin } from '../login-context.ts';
import { noSuch } from '../problem.ts';
import { givenId } from '../scalar-schemas.ts';
import type { CollectionDeps, DirectoryRoutesDeps } from './directory-routes.ts';

const answer = z.object({
	batchId: z.string().openapi({ description: 'For POST /api/v1/edits/{batchId}/undo' }),
	rows: z.array(touchedRow).readonly(),
});

const ifMatch = z.string().max(100).optional().openapi({ description: 'Its ETag, as it was read' });

/** Several changes of one collection, all of them or none. */
export function batchRoute(own: CollectionDeps): Route {
	const { path, schemas, idempotency, answers } = own;
	return defineRoute({
		method: 'post',
		path: `${path}/batch`,
		permission: { inParts: own.mayWrite },
		tag: own.face.path,
		summary: 'Make, change and delete several: all of them or none',
		headers: idempotencyHeaders,
		body: z.strictObject({ changes: z.array(changeSchema(schemas)).min(1).max(LIMITS.changesAsked) }),
		answer,
		problems: [409, 422, 503],
		handle: ({ headers, body }, c) =>
			idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
				const changes = body.changes.map((asked, place) => toChange(own, asked, place));
				const places: ChangePlaces = {
					whole: (place) => `body.changes.${place}`,
					fields: (place) => `body.changes.${place}.${changes[place]?.op === 'create' ? 'row' : 'fields'}`,
				};
				const before = changes.flatMap((change, place) => problemBefore(c, own, change, place));
				if (before.length > 0) return editRefused(c, before, changes, places);
				const asKept = changes.map((change) => withKeptTag(c, own, change));
				return answers.edit(c, asKept, places, (rows, batchId) => c.json(touched(c, answers, batchId, rows)));
			}),
	});
}

function changeSchema(schemas: FaceSchemas) {
	return z.discriminatedUnion('op', [
		z.strictObject({ op: z.literal('create'), row: schemas.create }),
		z.strictObject({ op: z.literal('update'), id: givenId, fields: schemas.patch, ifMatch }),
		z.strictObject({ op: z.literal('delete'), id: givenId, ifMatch, alone: z.literal(true).optional() }),
	]);
}

type AskedChange = z.output<ReturnType<typeof changeSchema>>;

function toChange(own: CollectionDeps, asked: AskedChange, place: number): DirectoryChange {
	const { table } = own;
	if (asked.op === 'create') return { op: 'create', table, row: rowOfBody(own, asked.row) };
	const tag = asked.ifMatch === undefined ? {} : { ifMatch: asked.ifMatch };
	if (asked.op === 'delete') {
		return { op: 'delete', table, key: asked.id, ...tag, ...(asked.alone && { alone: true }) };
	}
	const fields = patchOf(own, asked.id, asked.fields, `body.changes.${place}.fields`);
	return { op: 'update', table, key: asked.id, ...tag, fields };
}

/** What the collection itself has against a change of a row that is there before the batch. */
function problemBefore(
	c: HttpContext,
	{ table, face, directoryOf, answers }: CollectionDeps,
	change: DirectoryChange,
	place: number,
): readonly EditProblem[] {
	if (change.op === 'create') return [];
	const { key, ifMatch: tag } = change;
	const now = directoryOf(c).edits.get(table, key);
	if (now === undefined) return [];
	const problem = { change: place, table, key, field: null };
	if (!belongsTo({ face }, now.row)) return [{ ...problem, code: 'notFound', problem: 'there is none with this id' }];
	if (answers.isAsRead(c, table, now, tag)) return [];
	return [{ ...problem, code: 'changed', problem: 'it was changed since it was read' }];
}

/** The tag may be one that only who sees less is shown: it was compared, and the row's own goes on. */
function withKeptTag(c: HttpContext, { table, directoryOf }: CollectionDeps, change: DirectoryChange): DirectoryChange {
	if (change.op === 'create' || change.ifMatch === undefined) return change;
	const now = directoryOf(c).edits.get(table, change.key);
	return now === undefined ? change : { ...change, ifMatch: now.etag };
}

function touched(c: HttpContext, answers: DirectoryAnswers, batchId: string, rows: readonly EditedRow[]) {
	const { access } = requireLogin(c);
	const shown = rows.map(({ table, key, row }) => ({
		collection: collectionOf(table),
		id: key,
		deleted: row === null,
		row: row !== null && access.mayInParts(`${table}:read`) ? answers.shown(c, table, row) : null,
	}));
	return { batchId, rows: shown };
}

const WRITES: readonly Permission[] = (Object.keys(DIRECTORY_TABLES) as DirectoryTable[]).map(
	(table) => `${table}:write` as const,
);

/** Batches of changes, whatever collections they touched. */
export function editRoutes({ directoryOf, idempotency, answers }: DirectoryRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			method: 'post',
			path: '/api/v1/edits/{batchId}/undo',
			permission: { anyInParts: WRITES },
			tag: 'edits',
			summary: 'Put everything back that one change or batch changed, unless somebody changed it since',
			params: z.object({ batchId: givenId }),
			headers: idempotencyHeaders,
			answer,
			problems: [404, 409, 422, 503],
			handle: ({ params: { batchId }, headers }, c) =>
				idempotency.run(c, { key: headers['idempotency-key'], body: null }, async () => {
					const { edits } = directoryOf(c);
					const entries = edits.batch(batchId);
					if (entries.length === 0) noSuch('change', batchId);
					const login = requireLogin(c);
					for (const { table } of entries) checkInParts(login, `${table}:write`);
					const undone = edits.undo(batchId, { operatorId: login.operator.id });
					if (undone.result === 'done') return c.json(touched(c, answers, undone.batchId, undone.rows));
					const place = () => 'path.batchId';
					return editRefused(c, undone.problems, [], { whole: place, fields: place });
				}),
		}),
	];
}
