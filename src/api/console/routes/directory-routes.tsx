import type { Hono } from 'hono';
import { secretField } from '../../../gateway/core/directory/mask.ts';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { placeOfRow } from '../../../gateway/core/permission/row-place.ts';
import type { AnyRow } from '../../../gateway/services/directory/directory-edits.ts';
import { type HttpContext, type HttpEnv, requireLogin, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { directorySeenBy, mayWriteRow } from '../directory-seen-by.ts';
import { DetailPage } from '../pages/directory/detail-page.tsx';
import { parseDone, UNDO_PATH, withDone, withoutDone } from '../pages/directory/done-notice.tsx';
import { seenRow } from '../pages/directory/edit-form.ts';
import { batchOfToken } from '../pages/directory/edit-proof.ts';
import { EXPORT_PROGRESS_PATH, ExportStatus } from '../pages/directory/export-progress.tsx';
import { type DirectoryFace, FACES, faceOfRow, rowHref, targetOf } from '../pages/directory/face-links.ts';
import { rowOf } from '../pages/directory/held-row.ts';
import type { FilterOptions } from '../pages/directory/list-filters.tsx';
import { ListPage, type ListProps, Rows, RowsCount } from '../pages/directory/list-page.tsx';
import { listQuery, parseRowFilter, ROW_PAGE_SIZE } from '../pages/directory/list-query.ts';
import { loadFilterChoices } from '../pages/directory/reference-choices.ts';
import { loadRelated } from '../pages/directory/related-rows.ts';
import { loadNames } from '../pages/directory/row-names.ts';
import { showsGrants } from '../pages/operators/record-grants-card.tsx';
import { asksForPart, renderPage, renderPart } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';
import { addDirectoryBulkRoutes } from './directory-bulk-routes.tsx';
import { addDirectoryEditRoutes } from './directory-edit-routes.tsx';

/** List, detail and edit pages of every face that the directory declares. */
export function addDirectoryRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	addUndoRoute(app, deps, createUi);
	addExportStatusRoute(app, deps, createUi);
	for (const face of FACES) {
		addListRoute(app, deps, createUi, face);
		addDirectoryBulkRoutes(app, deps, createUi, face);
		addDirectoryEditRoutes(app, deps, createUi, face);
		addDetailRoute(app, deps, createUi, face);
	}
}

function addListRoute(app: Hono<HttpEnv>, all: ConsoleDeps, createUi: CreateUi, face: DirectoryFace): void {
	app.get(`/${face.face.path}`, requirePermission({ inParts: `${face.table}:read` }), async (c) => {
		const ui = createUi(c);
		const props = await loadList(directorySeenBy(c, all), ui, face, c.req.query());
		return asksForPart(c)
			? renderPart(
					c,
					ui,
					<>
						<Rows {...props} />
						<RowsCount {...props} outOfBand />
					</>,
				)
			: renderPage(c, ui, <ListPage {...props} />);
	});
}

function addExportStatusRoute(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	app.get(`${EXPORT_PROGRESS_PATH}/:path`, requirePermission({ inParts: 'directory:export' }), (c) => {
		const ui = createUi(c);
		const face = FACES.find((one) => one.face.path === c.req.param('path'));
		if (face === undefined) throw new GatewayError('NOT_FOUND', 'There is no such list.');
		const progress = deps.directoryExports.progress(requireLogin(c).operator.id, face.face.path);
		return renderPart(c, ui, <ExportStatus ui={ui} face={face} progress={progress} />);
	});
}

async function loadList(
	deps: ConsoleDeps,
	ui: Ui,
	face: DirectoryFace,
	asked: Readonly<Record<string, string>>,
): Promise<ListProps> {
	const filter = parseRowFilter(ui, face, asked);
	const query = listQuery(face, filter);
	const [{ page, cursor, isBadCursor }, count, options] = await Promise.all([
		pageOrFirst(deps, query, asked['cursor'] === '' ? undefined : asked['cursor']),
		deps.directoryLists.count(query),
		loadFilterOptions(deps, ui, face),
	]);
	const rows = page.items.map((row) => seenRow(ui, face, row));
	const names = await loadNames(
		deps,
		ui,
		face.table,
		[...rows, filter.where],
		[...face.face.columns, ...Object.keys(filter.where)],
	);
	return {
		ui,
		face,
		filter,
		options,
		rows,
		names,
		count,
		cursor,
		next: page.next,
		isBadCursor,
		done: parseDone(ui, asked),
	};
}

/** A cursor that is not ours (an old bookmark) leads to the first page, and the page says so. */
async function pageOrFirst(
	{ directoryLists }: ConsoleDeps,
	query: ReturnType<typeof listQuery>,
	cursor: string | undefined,
) {
	const limit = ROW_PAGE_SIZE;
	if (cursor === undefined) return { page: await directoryLists.page(query, { limit }), cursor, isBadCursor: false };
	try {
		return { page: await directoryLists.page(query, { cursor, limit }), cursor, isBadCursor: false };
	} catch (error) {
		if (!(error instanceof GatewayError) || error.code !== 'INVALID_REQUEST') throw error;
		return { page: await directoryLists.page(query, { limit }), cursor: undefined, isBadCursor: true };
	}
}

async function loadFilterOptions(deps: ConsoleDeps, ui: Ui, { table, face }: DirectoryFace): Promise<FilterOptions> {
	const found = await Promise.all(
		face.filters.map(async (field) => {
			const to = targetOf(table, field);
			if (to === undefined) return [];
			const rows = await loadFilterChoices(deps, ui, to);
			return [[field, rows.map(({ id, title }) => ({ value: id, label: title }))] as const];
		}),
	);
	return Object.fromEntries(found.flat());
}

function addDetailRoute(app: Hono<HttpEnv>, all: ConsoleDeps, createUi: CreateUi, face: DirectoryFace): void {
	const { table } = face;
	app.get(`/${face.face.path}/:key`, requirePermission({ inParts: `${table}:read` }), async (c) => {
		const ui = createUi(c);
		const deps = directorySeenBy(c, all);
		const key = c.req.param('key');
		const { row, isPending } = rowOf(deps, face, key);
		const own = faceOfRow(table, row);
		// A vehicle has a page of its own, wherever a link to its holder leads.
		if (own.face.path !== face.face.path) return c.redirect(rowHref(own, key) + new URL(c.req.url).search, 303);
		if (table === 'holders') deps.personalViews.viewed(requireLogin(c).operator.id, key, 'holder');
		const showsCode = asksForCode(c, deps, ui, face, row);
		const seen = seenRow(ui, face, row, showsCode);
		const history = deps.edits.history(table, key);
		const states = history.flatMap(({ before, after }) => [before ?? {}, after ?? {}]);
		const [names, related] = await Promise.all([
			loadNames(deps, ui, table, [seen, ...states]),
			loadRelated(deps, ui, table, row),
		]);
		const standing = table === 'assignedRights' ? deps.rightStandings.of(key, deps.clock.nowMs()) : undefined;
		const view = {
			ui,
			face,
			standing,
			row: seen,
			showsCode,
			mayReadCode: mayReadCode(ui, all.rowLook, face, row),
			names,
			related,
			history,
			done: parseDone(ui, c.req.query()),
			mayWrite: mayWriteRow(c, all, table, row),
			grants: showsGrants(ui, `${table}/${key}`) ? deps.operators.recordGrants.of(`${table}/${key}`) : [],
		};
		return renderPage(c, ui, <DetailPage {...view} isPending={isPending && deps.sync().configured} />);
	});
}

/** Whether the reader asked what a code says, and may know: written down before it is shown. */
function asksForCode(
	c: HttpContext,
	{ personalViews, rowLook }: ConsoleDeps,
	ui: Ui,
	face: DirectoryFace,
	row: AnyRow,
): boolean {
	if (c.req.query('code') !== 'show' || secretField(face.aggregate, row) === undefined) return false;
	if (!mayReadCode(ui, rowLook, face, row))
		throw new GatewayError('FORBIDDEN', 'Your role does not include codes:read.');
	personalViews.codeShown(requireLogin(c).operator.id, String(row['id']));
	return true;
}

function mayReadCode(ui: Ui, rowLook: ConsoleDeps['rowLook'], { table }: DirectoryFace, row: AnyRow): boolean {
	return ui.may('codes:read') || ui.may('codes:read', placeOfRow(table, row, rowLook()));
}

/** Undoes what this login has just done itself: the token says so. */
function addUndoRoute(app: Hono<HttpEnv>, all: ConsoleDeps, createUi: CreateUi): void {
	app.post(UNDO_PATH, requirePermission('signedIn'), async (c: HttpContext) => {
		const ui = createUi(c);
		const deps = directorySeenBy(c, all);
		const { batch, back: asked } = await c.req.parseBody();
		const batchId = batchOfToken(ui, batch);
		if (batchId === undefined) throw new GatewayError('INVALID_REQUEST', 'This can no longer be undone from here.');
		const answer = deps.edits.undo(batchId, { operatorId: requireLogin(c).operator.id });
		const back = placeAfter(deps, withoutDone(asked));
		if (answer.result === 'refused')
			return c.redirect(withDone(ui, back, { what: 'notUndone', count: 1, batchId: null }), 303);
		return c.redirect(withDone(ui, back, { what: 'undone', count: 1, batchId: answer.batchId }), 303);
	});
}

/** The page of a row that is no longer there gives way to its list. */
function placeAfter({ edits }: ConsoleDeps, back: string): string {
	const [, path, key] = new URL(back, 'http://localhost').pathname.split('/');
	const face = FACES.find((one) => one.face.path === path);
	if (face === undefined || key === undefined) return back;
	return edits.get(face.table, decodeURIComponent(key)) === undefined ? `/${face.face.path}` : back;
}
