import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { type ImportMappingWish, mappingOfPreview } from '../../../gateway/services/imports/import-mappings.ts';
import { type HttpContext, type HttpEnv, operatorOf, readForm, requirePermission } from '../../http/login-context.ts';
import { mappingBody, requireMappedKind } from '../../http/routes/import-mapping-routes.ts';
import { readAll, requireUpload, takeUpload } from '../../http/upload.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { IMPORTS_PATH, importHref, MAPPINGS_PATH } from '../pages/imports/import-paths.ts';
import { SAVED, type SavedMapping } from '../pages/imports/mapping-forms.tsx';
import { MappingsPage } from '../pages/imports/mappings-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi } from '../ui.ts';
import { textOf } from './operator-routes.tsx';

const PERMISSION = 'directory:import';

/** Saved mappings of columns: saved from an import, listed, taken along and brought in as a file. */
export function addImportMappingRoutes(app: Hono<HttpEnv>, { imports }: ConsoleDeps, createUi: CreateUi): void {
	const { mappings } = imports;

	/** Under this name: in place of the one of this kind that has it. */
	function save(c: HttpContext, wish: ImportMappingWish): SavedMapping {
		requireMappedKind(c, wish.kind);
		const before = mappings.find(wish.kind, wish.name);
		const operatorId = operatorOf(c);
		const answer = before === undefined ? mappings.add(wish, operatorId) : mappings.update(before.id, wish, operatorId);
		if (answer.result === 'refused') return answer.because;
		return before === undefined ? 'saved' : 'replaced';
	}

	const held = (c: HttpContext) => {
		const mapping = mappings.get(c.req.param('mappingId') ?? '');
		if (mapping === undefined) throw new GatewayError('NOT_FOUND', 'There is no such saved mapping.');
		return mapping;
	};

	app.get(MAPPINGS_PATH, requirePermission(PERMISSION), (c) => {
		const ui = createUi(c);
		const saved = SAVED.find((known) => known === c.req.query('mapping'));
		return renderPage(c, ui, <MappingsPage ui={ui} mappings={mappings.list()} saved={saved} />);
	});
	app.post(MAPPINGS_PATH, requireUpload(PERMISSION), async (c) => {
		const wish = parseMapping(await readAll(takeUpload(c).chunks, LIMITS.importMappingBytes * 2));
		return c.redirect(`${MAPPINGS_PATH}?mapping=${wish === undefined ? 'notAMapping' : save(c, wish)}`, 303);
	});
	app.get(`${MAPPINGS_PATH}/:mappingId/file`, requirePermission(PERMISSION), (c) => {
		const { kind, name, columns, emptyCells } = held(c);
		c.header('Content-Type', 'application/json');
		c.header('Content-Disposition', `attachment; filename="parkgate-mapping-${kind}.json"`);
		return c.body(`${JSON.stringify({ kind, name, columns, emptyCells }, null, '\t')}\n`);
	});
	app.post(`${MAPPINGS_PATH}/:mappingId/remove`, requirePermission(PERMISSION), (c) => {
		const { id, kind } = held(c);
		requireMappedKind(c, kind);
		mappings.remove(id, operatorOf(c));
		return c.redirect(`${MAPPINGS_PATH}?mapping=removed`, 303);
	});
	app.post(`${IMPORTS_PATH}/:importId/save-mapping`, requirePermission(PERMISSION), async (c) => {
		const id = c.req.param('importId');
		const found = imports.get(id);
		if (found?.preview == null) throw new GatewayError('NOT_FOUND', 'There is no such import.');
		const name = textOf((await readForm(c))['name']).slice(0, 100);
		const saved = save(c, { kind: found.kind, name, ...mappingOfPreview(found.preview) });
		return c.redirect(`${importHref(id)}?mapping=${saved}`, 303);
	});
}

/** As `parkgate` or another gateway's console gave it; undefined: it is something else. */
function parseMapping(bytes: Uint8Array): ImportMappingWish | undefined {
	try {
		return mappingBody.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}
