import type { Hono } from 'hono';
import {
	aggregateOf,
	DIRECTORY_TABLES,
	type DirectoryTable,
	isDirectoryTable,
	STREAMS,
} from '../../../gateway/core/directory.ts';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { Permission } from '../../../gateway/core/permission.ts';
import { renderPage, renderPart } from '../../console/render.tsx';
import { readableJson } from '../../console/untrusted-text.ts';
import {
	checkPermission,
	type HttpContext,
	type HttpEnv,
	readForm,
	requireLogin,
	requirePermission,
} from '../../http/login-context.ts';
import type { AnyRow, Fleet } from '../fleet.ts';
import { type CreateCentralUi, rowHref, TABLES, tableHref } from '../pages/central-ui.ts';
import { hrefWith } from '../pages/list-parts.tsx';
import { RowListPage, SavedReach, type SavedRev } from '../pages/row-list-page.tsx';
import { type RowForm, RowPage } from '../pages/row-page.tsx';
import { StreamCards, StreamsPage } from '../pages/stream-page.tsx';
import { seesCodes, shownRow, unmasked } from '../row-sight.ts';
import { pageOf } from './site-page-routes.tsx';

const ROWS_SHOWN = 50;
const MISFITS_SHOWN = 20;

const readAny = { anyOf: TABLES.map((table): Permission => `${table}:read`) };
const writeAny = { anyOf: TABLES.map((table): Permission => `${table}:write`) };

export interface RowPagesDeps {
	readonly fleet: Fleet;
	readonly newId: () => string;
	/** Somebody changed rows by hand. */
	readonly onChange: (by: string, table: string, rows: number) => void;
}

/** Pages of streams and of their rows. */
export function addRowPages(app: Hono<HttpEnv>, deps: RowPagesDeps, createUi: CreateCentralUi): void {
	const { fleet } = deps;
	for (const path of ['/streams', '/live/streams']) {
		app.get(path, requirePermission('sync:read'), async (c) => {
			const ui = createUi(c);
			const props = { ui, fleet, tables: await fleet.tables() };
			if (path === '/streams') return renderPage(c, ui, <StreamsPage {...props} />);
			return renderPart(c, ui, <StreamCards {...props} />);
		});
	}
	app.get('/live/reach', requirePermission(readAny), (c) => {
		const ui = createUi(c);
		const saved = savedOf(c);
		if (saved === undefined) throw new GatewayError('INVALID_REQUEST', 'no such revision');
		return renderPart(c, ui, <SavedReach ui={ui} fleet={fleet} saved={saved} />);
	});
	app.get('/rows/:table', requirePermission(readAny), (c) => {
		const ui = createUi(c);
		const table = askedTable(c, 'read');
		const q = (c.req.query('q') ?? '').trim().slice(0, LIMITS.searchLength);
		const { found, cursor, isBadCursor } = pageOf(c.req.query('cursor'), (at) =>
			fleet.rows(table, { cursor: at, limit: ROWS_SHOWN, ...(q !== '' && { q }) }),
		);
		const items = found.items.map(({ key, row }) => ({ key, row: shownRow(table, row, false) }));
		const props = { ui, fleet, table, q, cursor, found: { ...found, items }, isBadCursor, gone: savedOf(c) };
		return renderPage(c, ui, <RowListPage {...props} />);
	});
	addEditing(app, deps, createUi);
}

function addEditing(app: Hono<HttpEnv>, deps: RowPagesDeps, createUi: CreateCentralUi): void {
	const { fleet, newId } = deps;
	const page = (c: HttpContext, table: DirectoryTable, rowKey: string | undefined, form: RowForm) => {
		const ui = createUi(c);
		const isRefused = form.error !== undefined || form.misfits !== undefined || form.isConflict === true;
		const props = { ui, fleet, table, rowKey, form, saved: isRefused ? undefined : savedOf(c) };
		return renderPage(c, ui, <RowPage {...props} />, isRefused ? 422 : 200);
	};
	app.get('/rows/:table/new', requirePermission(writeAny), (c) => {
		const table = askedTable(c, 'write');
		return page(c, table, undefined, { json: readableJson({ id: newId() }), tag: '' });
	});
	app.get('/rows/:table/:key', requirePermission(readAny), (c) => {
		const table = askedTable(c, 'read');
		const key = c.req.param('key');
		const held = fleet.row(table, key);
		if (held === undefined) throw new GatewayError('NOT_FOUND', 'there is no such row');
		return page(c, table, key, { json: readableJson(shownRow(table, held.row, seesCodes(c))), tag: held.tag });
	});
	for (const path of ['/rows/:table', '/rows/:table/:key']) {
		app.post(path, requirePermission(writeAny), async (c) => {
			const table = askedTable(c, 'write');
			const rowKey = c.req.param('key');
			const form = formOf(await readForm(c));
			const parsed = parseRow(createUi(c).t, fleet, table, rowKey, form);
			if ('refused' in parsed) return page(c, table, rowKey, parsed.refused);
			const { row, key } = parsed;
			const answer = fleet.changeRow({ op: 'put', table, key, row }, form.tag === '' ? null : form.tag);
			if (answer.result === 'changedSince') return page(c, table, rowKey, { ...form, isConflict: true });
			deps.onChange(requireLogin(c).operator.name, table, 1);
			return c.redirect(hrefWith(rowHref(table, key), savedFields(table, answer.rev)), 303);
		});
	}
	app.post('/rows/:table/:key/delete', requirePermission(writeAny), async (c) => {
		const table = askedTable(c, 'write');
		const key = c.req.param('key');
		const form = formOf(await readForm(c));
		const answer = fleet.changeRow({ op: 'delete', table, key }, form.tag);
		if (answer.result === 'changedSince') {
			const held = fleet.row(table, key);
			const json = held === undefined ? '' : readableJson(shownRow(table, held.row, seesCodes(c)));
			return page(c, table, key, { json, tag: held?.tag ?? '', isConflict: true });
		}
		deps.onChange(requireLogin(c).operator.name, table, 1);
		return c.redirect(hrefWith(tableHref(table), savedFields(table, answer.rev)), 303);
	});
}

function formOf(fields: Readonly<Record<string, unknown>>): RowForm {
	const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '');
	return { json: text('json').replaceAll('\r\n', '\n'), tag: text('tag') };
}

/** The row that was typed, or the form again with what is wrong. */
function parseRow(
	t: ReturnType<CreateCentralUi>['t'],
	fleet: Fleet,
	table: DirectoryTable,
	rowKey: string | undefined,
	form: RowForm,
): { readonly row: AnyRow; readonly key: string } | { readonly refused: RowForm } {
	const typed = parseObject(form.json);
	if (typed === undefined) return { refused: { ...form, error: t('fleet.notJson') } };
	const key = String(typed['id'] ?? '');
	if (rowKey !== undefined && key !== rowKey) return { refused: { ...form, error: t('fleet.keyChanged') } };
	const row = unmasked(table, typed, fleet.row(table, key)?.row);
	const fitting = aggregateOf(table).row.safeParse(row);
	if (fitting.success) return { row, key };
	const misfits = fitting.error.issues
		.slice(0, MISFITS_SHOWN)
		.map(({ path, message }) => `${path.join('.')}: ${message}`);
	return { refused: { ...form, misfits } };
}

function parseObject(json: string): AnyRow | undefined {
	try {
		const value: unknown = JSON.parse(json);
		return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}

/** Throws NOT_FOUND for what is no table, FORBIDDEN where the role does not include it. */
function askedTable(c: HttpContext, verb: 'read' | 'write'): DirectoryTable {
	const table = c.req.param('table') ?? '';
	if (!isDirectoryTable(table)) throw new GatewayError('NOT_FOUND', 'there is no such table');
	checkPermission(requireLogin(c), `${table}:${verb}`);
	return table;
}

function savedFields(table: DirectoryTable, rev: number) {
	return { stream: DIRECTORY_TABLES[table].stream, rev: String(rev) };
}

function savedOf(c: HttpContext): SavedRev | undefined {
	const stream = STREAMS.find((known) => known === c.req.query('stream'));
	const rev = Number(c.req.query('rev'));
	return stream !== undefined && Number.isSafeInteger(rev) && rev > 0 ? { stream, rev } : undefined;
}
