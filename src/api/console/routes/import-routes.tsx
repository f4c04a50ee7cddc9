import type { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { stream } from 'hono/streaming';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { IMPORT_KINDS, type ImportKindName } from '../../../gateway/services/imports/import-kinds.ts';
import { optionsOf as savedOptions } from '../../../gateway/services/imports/import-mappings.ts';
import type { Import, ImportAnswer, ImportOptions, ImportRefusal } from '../../../gateway/services/imports/imports.ts';
import { TEXT_ENCODINGS } from '../../../gateway/services/tables/text-encoding.ts';
import {
	type HttpContext,
	type HttpEnv,
	readForm,
	requireLogin,
	requirePermission,
	SCRIPT_PATH,
} from '../../http/login-context.ts';
import { requireUpload, takeUpload } from '../../http/upload.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { seenRow } from '../pages/directory/edit-form.ts';
import { loadNames } from '../pages/directory/row-names.ts';
import { exampleFile } from '../pages/imports/example-file.ts';
import { DELIMITER_NAMES } from '../pages/imports/import-columns.tsx';
import { ImportPage, ImportView } from '../pages/imports/import-page.tsx';
import {
	IMPORT_PAGE_ROWS,
	IMPORTS_PATH,
	type ImportLook,
	importHref,
	parseLook,
} from '../pages/imports/import-paths.ts';
import { type LoadedChanges, shownOf } from '../pages/imports/import-rows.tsx';
import { ImportsPage, type ImportsProps } from '../pages/imports/imports-page.tsx';
import { SAVED } from '../pages/imports/mapping-forms.tsx';
import { renderPage, renderPart } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';
import { addImportMappingRoutes } from './import-mapping-routes.tsx';

const PERMISSION = 'directory:import';
const ONE = `${IMPORTS_PATH}/:importId`;

export function addImportRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	addImportMappingRoutes(app, deps, createUi);
	addUploadRoutes(app, deps, createUi);
	addExampleRoute(app, deps, createUi);
	addLookRoutes(app, deps, createUi);
	addStepRoutes(app, deps);
}

function addUploadRoutes(app: Hono<HttpEnv>, { imports }: ConsoleDeps, createUi: CreateUi): void {
	function show(c: HttpContext, change: Partial<ImportsProps>, status: 200 | 413 | 422 | 429 = 200) {
		const ui = createUi(c);
		const view = { ui, imports: imports.list(), kind: undefined, problem: undefined, removed: false, ...change };
		return renderPage(c, ui, <ImportsPage {...view} />, status);
	}

	app.get(IMPORTS_PATH, requirePermission(PERMISSION), (c) =>
		show(c, { kind: kindOf(c.req.query('kind')), removed: c.req.query('removed') !== undefined }),
	);
	app.post(IMPORTS_PATH, requireUpload(PERMISSION), async (c) => {
		const { fields, fileName, chunks } = takeUpload(c);
		const kind = kindOf(fields['kind']);
		if (kind === undefined) return show(c, { problem: 'noKind' }, 422);
		try {
			const request = { kind, fileName: fileName || kind, operatorId: requireLogin(c).operator.id };
			return c.redirect(importHref((await imports.start(request, chunks)).id), 303);
		} catch (error) {
			if (error instanceof HTTPException && error.status === 413) return show(c, { kind, problem: 'tooLarge' }, 413);
			if (error instanceof GatewayError && error.code === 'TOO_MANY') return show(c, { kind, problem: 'busy' }, 429);
			throw error;
		}
	});
}

function kindOf(text: string | undefined): ImportKindName | undefined {
	return IMPORT_KINDS.find((kind) => kind === text);
}

function addExampleRoute(app: Hono<HttpEnv>, { site }: ConsoleDeps, createUi: CreateUi): void {
	app.get(`${IMPORTS_PATH}/examples/:kind`, requirePermission(PERMISSION), (c) => {
		const kind = kindOf(c.req.param('kind'));
		if (kind === undefined) throw new GatewayError('NOT_FOUND', 'There is no such example.');
		const format = c.req.query('format') === 'csv' ? 'csv' : 'xlsx';
		const { fileName, mediaType, bytes } = exampleFile(kind, format, createUi(c).language, site.timeZone);
		c.header('Content-Type', mediaType);
		c.header('Content-Disposition', `attachment; filename="${fileName}"`);
		return stream(c, async (out) => {
			for await (const chunk of bytes) await out.write(chunk);
		});
	});
}

function addLookRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	async function load(c: HttpContext, ui: Ui) {
		const found = deps.imports.get(c.req.param('importId') ?? '');
		if (found === undefined) throw new GatewayError('NOT_FOUND', 'There is no such import.');
		const look = parseLook(c.req.query());
		const problem = PROBLEMS.find((known) => known === c.req.query('problem'));
		const saved = SAVED.find((known) => known === c.req.query('mapping'));
		const fitting = found.preview === null ? [] : deps.imports.mappings.fitting(found.kind, found.preview.columns);
		return { ui, found, look, problem, saved, fitting, changes: await loadChanges(deps, ui, found, look) };
	}

	app.get(ONE, requirePermission(PERMISSION), async (c) => {
		const ui = createUi(c);
		return renderPage(c, ui, <ImportPage {...(await load(c, ui))} />);
	});
	app.get(`${SCRIPT_PATH}imports/:importId`, requirePermission(PERMISSION), async (c) => {
		const ui = createUi(c);
		return renderPart(c, ui, <ImportView {...(await load(c, ui))} />);
	});
}

async function loadChanges(
	deps: ConsoleDeps,
	ui: Ui,
	found: Import,
	look: ImportLook,
): Promise<LoadedChanges | undefined> {
	const show = shownOf(found, look);
	if (found.preview === null || (show !== 'new' && show !== 'changed')) return undefined;
	const changes = deps.imports.changes(found.id, look.after, IMPORT_PAGE_ROWS, show);
	const items = changes.map(({ row, table, before, after }) => ({
		...{ row, table, before: before && seenRow(ui, { table }, before), after: seenRow(ui, { table }, after) },
	}));
	const names = new Map(
		await Promise.all(
			[...Map.groupBy(items, ({ table }) => table)].map(
				async ([table, own]) =>
					[
						table,
						await loadNames(
							deps,
							ui,
							table,
							own.flatMap(({ before, after }) => [before ?? {}, after]),
						),
					] as const,
			),
		),
	);
	const isFull = new Set(items.map(({ row }) => row)).size === IMPORT_PAGE_ROWS;
	return { items, names, next: isFull ? (items.at(-1)?.row ?? null) : null };
}

const PROBLEMS: readonly ImportRefusal[] = ['wrongStage', 'hasErrors', 'changesNothing', 'busy'];

function addStepRoutes(app: Hono<HttpEnv>, { imports }: ConsoleDeps): void {
	function answered(c: HttpContext, id: string, answer: ImportAnswer) {
		if (answer.result === 'done') return c.redirect(importHref(id), 303);
		if (answer.problem === 'notFound') throw new GatewayError('NOT_FOUND', 'There is no such import.');
		return c.redirect(`${importHref(id)}?problem=${answer.problem}`, 303);
	}

	for (const step of ['apply', 'undo'] as const) {
		app.post(`${ONE}/${step}`, requirePermission(PERMISSION), (c) => {
			const id = c.req.param('importId');
			return answered(c, id, imports[step](id, requireLogin(c).operator.id));
		});
	}
	app.post(`${ONE}/mapping`, requirePermission(PERMISSION), async (c) => {
		const id = c.req.param('importId');
		const found = imports.get(id);
		const fields = await readForm(c);
		const saved = typeof fields['saved'] === 'string' && found && imports.mappings.find(found.kind, fields['saved']);
		const options = saved ? savedOptions(saved) : found === undefined ? {} : optionsOf(found, fields);
		return answered(c, id, imports.startAgain(id, options));
	});
	app.post(`${ONE}/discard`, requirePermission(PERMISSION), (c) => {
		const id = c.req.param('importId');
		const answer = imports.discard(id);
		return answer.result === 'done' ? c.redirect(`${IMPORTS_PATH}?removed`, 303) : answered(c, id, answer);
	});
}

/** What the form says; nothing in it: as the file was taken before. */
function optionsOf({ preview }: Import, fields: Readonly<Record<string, unknown>>): ImportOptions {
	if (preview === null) return {};
	const { origin, columns, mapping: before, emptyCells } = preview;
	const of = (name: string) => (typeof fields[name] === 'string' ? fields[name] : undefined);
	const csv = origin?.format === 'csv' ? origin : undefined;
	const taken = {
		sheet: origin?.format === 'xlsx' ? (of('sheet') ?? origin.sheet) : undefined,
		delimiter: csv && (DELIMITER_NAMES[of('delimiter') ?? ''] ?? csv.delimiter),
		encoding: csv && (TEXT_ENCODINGS.find((known) => known === of('encoding')) ?? csv.encoding),
	};
	const asked = columns.map(({ index }) => of(`column-${index}`) ?? before[index] ?? null).map((name) => name || null);
	// Taken in another way the file has other columns.
	const isSame =
		taken.delimiter === csv?.delimiter &&
		taken.encoding === csv?.encoding &&
		(origin?.format !== 'xlsx' || taken.sheet === origin.sheet);
	return {
		...taken,
		...(isSame && { mapping: asked }),
		emptyCells:
			of('emptyCells') === 'clear' || (of('emptyCells') === undefined && emptyCells === 'clear') ? 'clear' : 'keep',
	};
}
