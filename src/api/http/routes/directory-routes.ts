import { z } from '@hono/zod-openapi';
import type { DirectoryTable } from '../../../gateway/core/directory.ts';
import { directoryLabels } from '../../../gateway/core/directory-texts/directory-labels.ts';
import { placeOfRow, type RowLook } from '../../../gateway/core/permission/row-place.ts';
import type { PersonalViews } from '../../../gateway/services/privacy/personal-views.ts';
import { defineRoute, type Route } from '../define-route.ts';
import {
	BATCH_HEADER,
	type Collection,
	type DirectoryAnswers,
	type DirectoryOf,
	patchOf,
} from '../directory-changes.ts';
import { belongsTo, collectionOf, DIRECTORY_FACES, isSearchedByPersonalData } from '../directory-faces.ts';
import { type ChangePlaces, editRefused } from '../directory-problems.ts';
import { changedFields, rowOfBody } from '../directory-rows.ts';
import { faceSchemas, flagQuery, historyItem, plannedRow, whereOf } from '../directory-schemas.ts';
import { type Idempotency, idempotencyHeaders } from '../idempotency.ts';
import { checkInParts, checkPermission, type HttpContext, requireLogin } from '../login-context.ts';
import { type PersonalViewOf, requireSight } from '../personal-view-of.ts';
import type { Presenter } from '../present.ts';
import { givenId } from '../scalar-schemas.ts';
import { listOf, pageOf } from '../schemas.ts';
import { batchRoute, editRoutes } from './directory-batch-routes.ts';
import { exportRoute } from './directory-export-routes.ts';

export interface DirectoryRoutesDeps {
	readonly directoryOf: DirectoryOf;
	readonly people: { operatorName(operatorId: string): string | null };
	readonly presenter: Presenter;
	readonly idempotency: Idempotency;
	readonly answers: DirectoryAnswers;
	readonly viewOf: PersonalViewOf;
	readonly personalViews: PersonalViews;
	readonly rowLook: () => RowLook;
}

/** Of one collection, with what its routes are made of. */
export interface CollectionDeps extends DirectoryRoutesDeps, Collection {
	readonly mayRead: `${DirectoryTable}:read`;
	readonly mayWrite: `${DirectoryTable}:write`;
}

/** Who may enter: the same routes for every collection, made from the declarations in core/directory. */
export function directoryRoutes(deps: DirectoryRoutesDeps): readonly Route[] {
	// `export` before `{id}`: whichever is mounted first answers.
	const perFace = [listRoute, exportRoute, createRoute, readRoute, patchRoute, deleteRoute, historyRoute, batchRoute];
	return [
		...DIRECTORY_FACES.flatMap((face) => {
			const may = { mayRead: `${face.table}:read`, mayWrite: `${face.table}:write` } as const;
			const own: CollectionDeps = { ...deps, ...face, ...may, schemas: faceSchemas(face) };
			return perFace.map((make) => make(own));
		}),
		...editRoutes(deps),
	];
}

const labels = directoryLabels('en');
const params = z.object({ id: givenId });
const rowHeaders = { ETag: 'Of the row: send it as If-Match with a change' };
const changeHeaders = { [BATCH_HEADER]: 'For POST /api/v1/edits/{batchId}/undo; absent: nothing changed' };
const ifMatchHeader = z.object({
	'if-match': z.string().max(1_000).optional().openapi({
		description: 'The ETag it was read with: only while it still is as it was then, else 412',
		example: '"Vn0b5ZzSkZ0m1i0CjRr3vA"',
	}),
});

function listRoute(own: CollectionDeps): Route {
	const { table, face, path, schemas, directoryOf, answers, viewOf } = own;
	return defineRoute({
		method: 'get',
		path,
		permission: { inParts: own.mayRead },
		tag: face.path,
		summary: `${labels.face(face.path).title}: search, narrow and page through them`,
		query: schemas.list,
		answer: pageOf(schemas.row).extend({
			count: z.int().optional().openapi({ description: 'With `count`; at the most that is counted: so many or more' }),
		}),
		async handle({ query }, c) {
			const { q, sort, count, cursor, limit } = query;
			if (q !== undefined && isSearchedByPersonalData(own)) requireSight(viewOf(c, { kind: 'rows', table }));
			const { directoryLists } = directoryOf(c);
			const asked = { table, where: whereOf(own, query), descending: sort === 'desc', ...(q !== undefined && { q }) };
			const [page, counted] = await Promise.all([
				directoryLists.page(asked, { limit, ...(cursor !== undefined && { cursor }) }),
				count ? directoryLists.count(asked) : undefined,
			]);
			const items = page.items.map((row) => answers.shown(c, table, row));
			return { items, nextCursor: page.next, ...(counted !== undefined && { count: counted }) };
		},
	});
}

function readRoute(own: CollectionDeps): Route {
	return defineRoute({
		method: 'get',
		path: `${own.path}/{id}`,
		permission: { inParts: own.mayRead },
		tag: own.face.path,
		summary: `${labels.face(own.face.path).one}: one of them`,
		params,
		query: z.strictObject(own.schemas.codes),
		answer: own.schemas.row,
		answerHeaders: rowHeaders,
		problems: [404, ...(own.aggregate.secret === undefined ? [] : [503])],
		etag: true,
		handle({ params: { id }, query: { codes } }, c) {
			if (codes) showCode(own, c, id);
			const answer = own.answers.row(c, own, id, { codes: codes === true });
			if (own.table === 'holders') own.personalViews.viewed(requireLogin(c).operator.id, id, 'holder');
			return answer;
		},
	});
}

/** Written down before it is shown. */
function showCode(own: CollectionDeps, c: HttpContext, id: string): void {
	const login = requireLogin(c);
	checkInParts(login, 'codes:read');
	const { row } = own.answers.held(c, own, id);
	if (!login.access.may('codes:read')) checkPermission(login, 'codes:read', placeOfRow(own.table, row, own.rowLook()));
	own.personalViews.codeShown(login.operator.id, id);
}

function createRoute(own: CollectionDeps): Route {
	const { table, path, schemas, idempotency, answers } = own;
	return defineRoute({
		method: 'post',
		path,
		permission: { inParts: own.mayWrite },
		tag: own.face.path,
		summary: `${labels.face(own.face.path).add}; it counts from the next decision on`,
		headers: idempotencyHeaders,
		body: schemas.create,
		answer: schemas.row,
		status: 201,
		answerHeaders: { Location: 'Where it is', ...rowHeaders, ...changeHeaders },
		problems: [409, 422, 503],
		handle: ({ headers, body }, c) =>
			idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
				const changes = [{ op: 'create', table, row: rowOfBody(own, body) }] as const;
				return answers.edit(c, changes, placesIn('body', 'body'), (rows) => {
					const id = rows.find((row) => row.table === table)?.key ?? '';
					c.header('Location', `${path}/${encodeURIComponent(id)}`);
					return answers.row(c, own, id, { status: 201 });
				});
			}),
	});
}

function patchRoute(own: CollectionDeps): Route {
	const { table, path, schemas, answers } = own;
	return defineRoute({
		method: 'patch',
		path: `${path}/{id}`,
		permission: { inParts: own.mayWrite },
		tag: own.face.path,
		summary: 'Change fields of one: a merge patch (RFC 7396), in which null takes a value away',
		params,
		headers: ifMatchHeader,
		body: schemas.patch,
		answer: schemas.row,
		answerHeaders: { ...rowHeaders, ...changeHeaders },
		problems: [404, 409, 412, 422, 503],
		handle({ params: { id }, headers, body }, c) {
			const refused = answers.changedSince(c, own, answers.held(c, own, id), headers['if-match']);
			if (refused !== undefined) return refused;
			const changes = [{ op: 'update', table, key: id, fields: patchOf(own, id, body, 'body') }] as const;
			return answers.edit(c, changes, placesIn('path.id', 'body'), () => answers.row(c, own, id));
		},
	});
}

function deleteRoute(own: CollectionDeps): Route {
	const { table, path, directoryOf, answers } = own;
	return defineRoute({
		method: 'delete',
		path: `${path}/{id}`,
		permission: { inParts: own.mayWrite },
		tag: own.face.path,
		summary: 'Take one away, with what can not be without it',
		params,
		query: z.strictObject({
			preview: flagQuery.openapi({ description: 'Changes nothing; answers 200 with what would change' }),
			alone: flagQuery.openapi({ description: 'Refused with 409 when other rows would go too' }),
		}),
		headers: ifMatchHeader,
		answer: z.object({ rows: z.array(plannedRow).readonly() }),
		orEmpty: true,
		answerHeaders: changeHeaders,
		problems: [404, 409, 412, 503],
		handle({ params: { id }, query: { preview, alone }, headers }, c) {
			const refused = answers.changedSince(c, own, answers.held(c, own, id), headers['if-match']);
			if (refused !== undefined) return refused;
			const places = placesIn('path.id', 'path.id');
			const changes = [{ op: 'delete', table, key: id, ...(alone && ({ alone } as const)) }] as const;
			if (!preview) return answers.edit(c, changes, places, () => c.body(null, 204));
			const planned = directoryOf(c).edits.preview(changes);
			if (planned.result === 'refused') return editRefused(c, planned.problems, changes, places);
			const rows = planned.rows.map(({ table: of, key, row }) => ({
				...{ collection: collectionOf(of), id: key, deleted: row === null },
			}));
			return { rows };
		},
	});
}

function historyRoute(own: CollectionDeps): Route {
	const { table, path, schemas, directoryOf, people, presenter, answers } = own;
	return defineRoute({
		method: 'get',
		path: `${path}/{id}/history`,
		permission: { inParts: own.mayRead },
		tag: own.face.path,
		summary: 'Who changed it on site, when and how, newest first; also of one that is gone',
		params,
		answer: listOf(historyItem(schemas.row)),
		problems: [404],
		handle({ params: { id } }, c) {
			const history = directoryOf(c).edits.history(table, id);
			const entries = history.filter(({ before, after }) => belongsTo(own, after ?? before ?? {}));
			if (entries.length === 0) answers.held(c, own, id);
			const items = entries.map(({ atMs, operatorId, batchId, before, after }) => ({
				at: presenter.time(atMs),
				operatorId,
				operatorName: operatorId === null ? null : people.operatorName(operatorId),
				batchId,
				fields: changedFields(table, before, after),
				before: before && answers.shown(c, table, before),
				after: after && answers.shown(c, table, after),
			}));
			return { items };
		},
	});
}

function placesIn(whole: string, fields: string): ChangePlaces {
	return { whole: () => whole, fields: () => fields };
}
