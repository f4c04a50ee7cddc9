import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { AnyRow } from '../../../gateway/services/directory/directory-edits.ts';
import { type HttpContext, type HttpEnv, requireLogin, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { directorySeenBy } from '../directory-seen-by.ts';
import { localPath } from '../local-path.ts';
import { type BulkAction, bulkActionsOf, bulkChanges, bulkHref, WORD_LENGTH } from '../pages/directory/bulk-actions.ts';
import { BulkRefusal, BulkView } from '../pages/directory/bulk-view.tsx';
import { withDone } from '../pages/directory/done-notice.tsx';
import { seenRow } from '../pages/directory/edit-form.ts';
import type { DirectoryFace } from '../pages/directory/face-links.ts';
import { type FormValues, first } from '../pages/directory/form-values.ts';
import { filterHref, listQuery, parseRowFilter } from '../pages/directory/list-query.ts';
import { loadNames, rowTitle } from '../pages/directory/row-names.ts';
import { readSent } from '../read-sent.ts';
import { asksForPart, renderPage, renderPart } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

const NAMED = 8;

/** What is done with several rows at once: said, shown, confirmed, done, and undone in one. */
export function addDirectoryBulkRoutes(
	app: Hono<HttpEnv>,
	all: ConsoleDeps,
	createUi: CreateUi,
	face: DirectoryFace,
): void {
	app.post(bulkHref(face), requirePermission({ inParts: `${face.table}:write` }), async (c) => {
		const ui = createUi(c);
		const deps = directorySeenBy(c, all);
		const sent = await readSent(c);
		const action = bulkActionsOf(ui, face).find(({ name }) => name === first(sent, 'action'));
		if (action === undefined) throw new GatewayError('INVALID_REQUEST', 'There is no such action.');
		const rows = await chosenRows(deps, ui, face, sent);
		if (rows.length === 0 || rows.length > LIMITS.changesAsked) {
			const title =
				rows.length === 0 ? ui.t('dir.bulk.none') : ui.t('dir.problem.tooMany', { maximum: LIMITS.changesAsked });
			return respond(c, ui, <BulkRefusal ui={ui} face={face} title={title} inDialog={asksForPart(c)} />, 422);
		}
		return confirmOrDo(c, deps, { ui, face, action, rows, sent });
	});
}

interface Asked {
	readonly ui: Ui;
	readonly face: DirectoryFace;
	readonly action: BulkAction;
	readonly rows: readonly AnyRow[];
	readonly sent: FormValues;
}

async function confirmOrDo(c: HttpContext, deps: ConsoleDeps, asked: Asked): Promise<Response> {
	const { ui, face, action, rows, sent } = asked;
	const back = backOf(ui, face, sent);
	const { value, error } = readValue(ui, action, sent);
	const changes = value === undefined ? undefined : bulkChanges(face, action, rows, value);
	if (changes?.length === 0) return leave(c, withDone(ui, back, { what: 'nothing', count: 0, batchId: null }));
	// All that a search finds may be others by now than those that were shown.
	const isAsShown = first(sent, 'scope') !== 'all' || first(sent, 'count') === String(rows.length);
	if (changes !== undefined && first(sent, 'step') === 'confirm' && isAsShown) {
		const answer = deps.edits.edit(changes, { operatorId: requireLogin(c).operator.id });
		if (answer.result === 'done') {
			return leave(c, withDone(ui, back, { what: 'changed', count: changes.length, batchId: answer.batchId }));
		}
	}
	const named = rows.slice(0, NAMED).map((row) => seenRow(ui, face, row));
	const names = await loadNames(deps, ui, face.table, named, []);
	const view = {
		...{ ui, face, action, back, error },
		preview: changes === undefined ? undefined : deps.edits.preview(changes),
		chosen:
			first(sent, 'scope') === 'all'
				? { filter: filterOf(sent), count: rows.length }
				: { ids: rows.map(({ id }) => String(id)), count: rows.length },
		titles: named.map((row) => rowTitle(ui, face.table, row, names)),
		value: value ?? first(sent, 'value'),
	};
	return respond(c, ui, <BulkView {...view} inDialog={asksForPart(c)} />, error === undefined ? 200 : 422);
}

/** The rows that were ticked, or all that the list's filters find; one more than can be changed says there are too many. */
async function chosenRows(
	deps: ConsoleDeps,
	ui: Ui,
	face: DirectoryFace,
	sent: FormValues,
): Promise<readonly AnyRow[]> {
	if (first(sent, 'scope') !== 'all') {
		const ids = [...new Set(sent['id'] ?? [])].slice(0, LIMITS.changesAsked + 1);
		return ids.map((id) => deps.edits.get(face.table, id)?.row).filter((row) => row !== undefined);
	}
	const query = listQuery(face, parseRowFilter(ui, face, filterOf(sent)));
	const rows: AnyRow[] = [];
	for (let cursor: string | undefined; rows.length <= LIMITS.changesAsked; ) {
		const page = await deps.directoryLists.page(query, { limit: PAGE, ...(cursor !== undefined && { cursor }) });
		rows.push(...page.items);
		if (page.next === null) break;
		cursor = page.next;
	}
	return rows;
}

const PAGE = 100;

/** The list's filters, as its form carries them along. */
function filterOf(sent: FormValues): Readonly<Record<string, string>> {
	const own = Object.keys(sent).filter((name) => name.startsWith('filter.'));
	return Object.fromEntries(own.map((name) => [name.slice('filter.'.length), first(sent, name)]));
}

function backOf(ui: Ui, face: DirectoryFace, sent: FormValues): string {
	const back = first(sent, 'back');
	return back === '' ? filterHref(face, parseRowFilter(ui, face, filterOf(sent))) : localPath(back);
}

/** undefined: not said yet, or not rightly. */
function readValue(
	ui: Ui,
	action: BulkAction,
	sent: FormValues,
): { readonly value?: string; readonly error?: string | undefined } {
	if (action.does === 'delete') return { value: '' };
	const value = first(sent, 'value').trim();
	const isAsked = sent['step'] !== undefined;
	if (value === '') return { error: isAsked ? ui.t('form.required') : undefined };
	if (action.does === 'set') return action.options.includes(value) ? { value } : { error: ui.t('dir.problem.invalid') };
	if (value.length > WORD_LENGTH) return { error: ui.t('form.tooLong', { maximum: WORD_LENGTH }) };
	return { value };
}

function respond(c: HttpContext, ui: Ui, view: Parameters<typeof renderPage>[2], status: 200 | 422): Response {
	return (asksForPart(c) ? renderPart : renderPage)(c, ui, view, status);
}

function leave(c: HttpContext, path: string): Response {
	if (!asksForPart(c)) return c.redirect(path, 303);
	c.header('HX-Redirect', path);
	return c.body(null, 204);
}
