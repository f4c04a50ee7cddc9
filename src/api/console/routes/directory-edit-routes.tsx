import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import type { EditAnswer, HeldRow } from '../../../gateway/services/directory/directory-edits.ts';
import { type HttpContext, type HttpEnv, requireLogin, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { directorySeenBy, requireWritable } from '../directory-seen-by.ts';
import { localPath } from '../local-path.ts';
import { DeleteView } from '../pages/directory/delete-view.tsx';
import { withDone } from '../pages/directory/done-notice.tsx';
import {
	completeRow,
	formFields,
	newRow,
	parseShown,
	presentedValues,
	readFields,
	seenRow,
	shownValues,
} from '../pages/directory/edit-form.ts';
import { EditPage } from '../pages/directory/edit-page.tsx';
import { versionOf } from '../pages/directory/edit-proof.ts';
import { type DirectoryFace, faceOfRow, listHref, rowHref, targetOf } from '../pages/directory/face-links.ts';
import { conflictOf, formState, ownedOf, problemsOf } from '../pages/directory/form-state.tsx';
import { type FormValues, first, rememberShown } from '../pages/directory/form-values.ts';
import { rowOf } from '../pages/directory/held-row.ts';
import { FIND_LENGTH, loadReferenceChoices } from '../pages/directory/reference-choices.ts';
import { PickerOptions } from '../pages/directory/reference-field.tsx';
import { RowForm, type RowFormState } from '../pages/directory/row-form.tsx';
import { loadNames, rowTitle } from '../pages/directory/row-names.ts';
import { stepSchedule } from '../pages/directory/schedule-values.ts';
import { readSent } from '../read-sent.ts';
import { asksForPart, renderPage, renderPart } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

/** New, edit, delete, and rows to choose, of one face. */
export function addDirectoryEditRoutes(
	app: Hono<HttpEnv>,
	deps: ConsoleDeps,
	createUi: CreateUi,
	face: DirectoryFace,
): void {
	addNewRoutes(app, deps, createUi, face);
	addEditRoutes(app, deps, createUi, face);
	addDeleteRoutes(app, deps, createUi, face);
	addChooseRoute(app, deps, createUi, face);
}

function addNewRoutes(app: Hono<HttpEnv>, all: ConsoleDeps, createUi: CreateUi, face: DirectoryFace): void {
	const { table } = face;
	const path = `/${face.face.path}/new`;
	const title = (ui: Ui) => ui.directory.face(face.face.path).add;

	app.get(path, requirePermission({ inParts: `${table}:write` }), async (c) => {
		const ui = createUi(c);
		const deps = directorySeenBy(c, all);
		const known = knownFields(face, c.req.query());
		const empty = shownValues(ui, face, newRow(face, known));
		const values = { ...empty, ...presentedValues(face, c.req.query()) };
		const state = { values, shown: rememberShown(table, empty), known, action: path, back: backFrom(face, known) };
		const form = await formState(deps, ui, face, { ...state, inDialog: asksForPart(c) });
		return show(c, ui, form, title(ui));
	});
	app.post(path, requirePermission({ inParts: `${table}:write` }), async (c) => {
		const ui = createUi(c);
		const deps = directorySeenBy(c, all);
		const sent = await readSent(c);
		const known = knownFields(face, Object.fromEntries((sent['known'] ?? []).map((name) => [name, first(sent, name)])));
		const base = { shown: parseShown(first(sent, 'shown')), known, action: path, back: localPath(first(sent, 'back')) };
		const values = stepped(sent, base.shown, face);
		if (values !== undefined) {
			const state = { ...base, ...values, inDialog: first(sent, 'dialog') === 'yes' };
			return showForm(c, ui, await formState(deps, ui, face, state), title(ui));
		}
		const { fields, errors } = readFields(ui, face, sent, null, [...formFields(face), ...Object.keys(known)]);
		const hasErrors = Object.keys(errors).length > 0;
		const answer: EditAnswer = hasErrors
			? { result: 'refused', problems: [] }
			: deps.edits.edit([{ op: 'create', table, row: completeRow(face, fields) }], by(c));
		if (answer.result === 'done') {
			const made = answer.rows.find((row) => row.table === table && row.row !== null);
			const own = made?.row ? rowHref(faceOfRow(table, made.row), made.key) : listHref(face);
			const next = Object.keys(known).length > 0 ? base.back : own;
			return leave(c, withDone(ui, next, { what: 'created', count: 1, batchId: answer.batchId }));
		}
		const problems = problemsOf(ui, face, answer.problems);
		const state = { ...base, values: sent, ...problems, errors: { ...problems.errors, ...errors }, step: '' };
		return showForm(c, ui, await formState(deps, ui, face, { ...state, inDialog: inDialog(c) }), title(ui), 422);
	});
}

function addEditRoutes(app: Hono<HttpEnv>, all: ConsoleDeps, createUi: CreateUi, face: DirectoryFace): void {
	const { table } = face;
	const path = `/${face.face.path}/:key/edit` as const;

	app.get(path, requirePermission({ inParts: `${table}:write` }), async (c) => {
		const ui = createUi(c);
		const deps = directorySeenBy(c, all);
		const key = c.req.param('key') ?? '';
		const held = rowOf(deps, face, key);
		requireWritable(c, all, table, held.row);
		const values = shownValues(ui, face, held.row);
		const state = {
			...placesOf(face, key),
			values: { ...values, ...presentedValues(face, c.req.query()) },
			shown: rememberShown(table, values),
			version: versionOf(ui, held.etag),
			owned: await ownedOf(deps, ui, face, held),
		};
		return show(c, ui, await formState(deps, ui, face, state), await editTitle(deps, ui, face, held));
	});
	app.post(path, requirePermission({ inParts: `${table}:write` }), async (c) => {
		const ui = createUi(c);
		const deps = directorySeenBy(c, all);
		const key = c.req.param('key') ?? '';
		const held = rowOf(deps, face, key);
		requireWritable(c, all, table, held.row);
		const sent = await readSent(c);
		const version = first(sent, 'version');
		const owned = await ownedOf(deps, ui, face, held);
		const base = { ...placesOf(face, key), shown: parseShown(first(sent, 'shown')), version, owned };
		const title = await editTitle(deps, ui, face, held);
		const values = stepped(sent, base.shown, face);
		if (values !== undefined) return showForm(c, ui, await formState(deps, ui, face, { ...base, ...values }), title);
		if (version !== versionOf(ui, held.etag)) {
			const conflict = await conflictOf(deps, ui, face, held, sent, base.shown);
			return showForm(c, ui, await formState(deps, ui, face, { ...base, ...conflict }), title, 422);
		}
		const { fields, errors } = readFields(ui, face, sent, base.shown);
		if (Object.keys(errors).length > 0) {
			return showForm(c, ui, await formState(deps, ui, face, { ...base, values: sent, errors }), title, 422);
		}
		const row = rowHref(face, key);
		if (Object.keys(fields).length === 0)
			return leave(c, withDone(ui, row, { what: 'nothing', count: 0, batchId: null }));
		const answer = deps.edits.edit([{ op: 'update', table, key, fields, ifMatch: held.etag }], by(c));
		if (answer.result === 'done')
			return leave(c, withDone(ui, row, { what: 'saved', count: 1, batchId: answer.batchId }));
		const problems = problemsOf(ui, face, answer.problems);
		return showForm(c, ui, await formState(deps, ui, face, { ...base, values: sent, ...problems }), title, 422);
	});
}

function addDeleteRoutes(app: Hono<HttpEnv>, all: ConsoleDeps, createUi: CreateUi, face: DirectoryFace): void {
	const { table } = face;
	const path = `/${face.face.path}/:key/delete` as const;
	const view = async (c: HttpContext, key: string, hasChanged: boolean) => {
		const ui = createUi(c);
		const deps = directorySeenBy(c, all);
		const held = rowOf(deps, face, key);
		requireWritable(c, all, table, held.row);
		const preview = deps.edits.preview([{ op: 'delete', table, key }]);
		const title = await editTitle(deps, ui, face, held);
		const props = { ui, face, title, preview, hasChanged, id: key, version: versionOf(ui, held.etag) };
		const shown = <DeleteView {...props} inDialog={asksForPart(c)} />;
		return (asksForPart(c) ? renderPart : renderPage)(c, ui, shown, hasChanged ? 422 : 200);
	};

	app.get(path, requirePermission({ inParts: `${table}:write` }), (c) => view(c, c.req.param('key') ?? '', false));
	app.post(path, requirePermission({ inParts: `${table}:write` }), async (c) => {
		const ui = createUi(c);
		const deps = directorySeenBy(c, all);
		const key = c.req.param('key') ?? '';
		const held = rowOf(deps, face, key);
		if (first(await readSent(c), 'version') !== versionOf(ui, held.etag)) return view(c, key, true);
		const answer = deps.edits.edit([{ op: 'delete', table, key, ifMatch: held.etag }], by(c));
		if (answer.result === 'refused') return view(c, key, false);
		return leave(c, withDone(ui, listHref(face), { what: 'deleted', count: 1, batchId: answer.batchId }));
	});
}

/** Rows of another table that a search finds, for a script; without one the form's own button asks. */
function addChooseRoute(app: Hono<HttpEnv>, all: ConsoleDeps, createUi: CreateUi, face: DirectoryFace): void {
	app.get(`/${face.face.path}/choose/:field`, requirePermission({ inParts: `${face.table}:write` }), async (c) => {
		const ui = createUi(c);
		const deps = directorySeenBy(c, all);
		const field = c.req.param('field');
		const declared = face.aggregate.fields[field];
		const to = targetOf(face.table, field);
		if (to === undefined || declared?.input.kind !== 'reference') throw new GatewayError('NOT_FOUND', 'No such field.');
		if (!ui.mayInParts(`${to}:read`)) throw new GatewayError('FORBIDDEN', `Your role does not include ${to}:read.`);
		const values: FormValues = c.req.queries();
		const q = first(values, `${field}.q`).slice(0, FIND_LENGTH);
		const choices = await loadReferenceChoices(deps, ui, face.table, field, values, q);
		const { none } = ui.directory.field(face.table, field);
		const props = { ui, name: field, many: declared.input.many, values: values[field] ?? [], choices };
		return renderPart(
			c,
			ui,
			<PickerOptions {...props} none={declared.nullable ? (none ?? ui.t('dir.none')) : undefined} />,
		);
	});
}

/** A form that was sent to be shown again: what it is to show. undefined: it is to be saved. */
function stepped(
	sent: FormValues,
	shown: FormValues,
	face: DirectoryFace,
): Pick<RowFormState, 'values' | 'step'> | undefined {
	const step = first(sent, 'step');
	if (/^(add|remove):/.test(step)) return { values: stepSchedule(sent, step), step };
	if (step === 'refresh' || step.startsWith('find:')) return { values: sent, step };
	if (step === 'save') return undefined;
	// Enter in a search that has not led to a choice yet means to search.
	const searched = formFields(face).some(
		(field) => first(sent, `${field}.q`) !== '' && (sent[field] ?? []).join() === (shown[field] ?? []).join(),
	);
	return searched ? { values: sent, step } : undefined;
}

function placesOf(face: DirectoryFace, key: string) {
	return { action: rowHref(face, key, 'edit'), back: rowHref(face, key), known: {} };
}

/** Fields of a new row that the address says. */
function knownFields(face: DirectoryFace, query: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
	const known = Object.entries(query).filter(
		([name, value]) => targetOf(face.table, name) !== undefined && value !== '' && value.length <= 64,
	);
	return Object.fromEntries(known);
}

/** Of the row that the new one is added to. */
function backFrom(face: DirectoryFace, known: Readonly<Record<string, string>>): string {
	const [named] = Object.entries(known);
	const to = named === undefined ? undefined : targetOf(face.table, named[0]);
	return named === undefined || to === undefined ? listHref(face) : rowHref(faceOfRow(to, {}), named[1]);
}

async function editTitle(deps: ConsoleDeps, ui: Ui, face: DirectoryFace, { row }: HeldRow): Promise<string> {
	const seen = seenRow(ui, face, row);
	return rowTitle(ui, face.table, seen, await loadNames(deps, ui, face.table, [seen], []));
}

const by = (c: HttpContext) => ({ operatorId: requireLogin(c).operator.id });

/** The dialog's form sends itself anew into its place. */
function inDialog(c: HttpContext): boolean {
	return asksForPart(c);
}

function show(c: HttpContext, ui: Ui, form: RowFormState, title: string): Response {
	const page = <EditPage {...form} title={title} />;
	return asksForPart(c) ? renderPart(c, ui, page) : renderPage(c, ui, page);
}

function showForm(c: HttpContext, ui: Ui, form: RowFormState, title: string, status: 200 | 422 = 200): Response {
	return asksForPart(c)
		? renderPart(c, ui, <RowForm {...form} />, status)
		: renderPage(c, ui, <EditPage {...form} title={title} />, status);
}

/** A script is told to go where a browser is led. */
function leave(c: HttpContext, path: string): Response {
	if (!asksForPart(c)) return c.redirect(path, 303);
	c.header('HX-Redirect', path);
	return c.body(null, 204);
}
