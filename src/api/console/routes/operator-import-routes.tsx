import type { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { mappingOfPreview, optionsOf } from '../../../gateway/services/imports/import-mappings.ts';
import type { OperatorImport, OperatorImportAnswer } from '../../../gateway/services/operators/operator-imports.ts';
import { actorOf } from '../../http/actor.ts';
import { type HttpContext, type HttpEnv, operatorOf, readForm, requirePermission } from '../../http/login-context.ts';
import { readAll, requireUpload, takeUpload } from '../../http/upload.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { MAPPINGS_PATH, OPERATOR_IMPORTS_PATH, operatorImportHref } from '../pages/imports/import-paths.ts';
import { OperatorImportPage, type OperatorImportProps } from '../pages/imports/operator-import-page.tsx';
import { OperatorImportsPage } from '../pages/imports/operator-imports-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi } from '../ui.ts';
import { refusalWords } from './operator-refusals.ts';
import { textOf } from './operator-routes.tsx';

const PERMISSION = 'operators:write';
const ONE = `${OPERATOR_IMPORTS_PATH}/:importId`;

/** Lists of operators: brought in, looked at, applied and undone. */
export function addOperatorImportRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { operators, imports } = deps;

	function list(c: HttpContext, tooLarge: boolean) {
		const ui = createUi(c);
		const props = { ui, tooLarge, imports: operators.imports.list(), mappings: imports.mappings.list('operators') };
		return renderPage(c, ui, <OperatorImportsPage {...props} />, tooLarge ? 413 : 200);
	}

	function held(c: HttpContext): OperatorImport {
		const found = operators.imports.get(c.req.param('importId') ?? '');
		if (found === undefined) throw new GatewayError('NOT_FOUND', 'There is no such import.');
		return found;
	}

	function show(c: HttpContext, found: OperatorImport, change: Partial<OperatorImportProps> = {}) {
		const ui = createUi(c);
		const groupIds = [...new Set(found.rows.flatMap((row) => row.groupIds))];
		const groupNames = new Map(groupIds.map((id) => [id, operators.groups.get(id)?.name ?? id]));
		const { sendsMail } = operators.administration.standing();
		const props = { ui, found, groupNames, sendsMail, roles: operators.roles.list(), codes: [], ...change };
		return renderPage(c, ui, <OperatorImportPage {...props} />, change.refused === undefined ? 200 : 422);
	}

	function settle(c: HttpContext, answer: OperatorImportAnswer) {
		if (answer.result === 'done') {
			const { host } = new URL(c.req.url);
			const origin = `${c.get('secure') ? 'https' : 'http'}://${host}`;
			const codes = answer.codes.map((code) => ({ ...code, url: `${origin}/activate?code=${code.code}` }));
			return show(c, answer.import, { codes });
		}
		const { t, ...ui } = createUi(c);
		if (answer.result !== 'rowRefused') return c.redirect(operatorImportHref(held(c).id), 303);
		const why = refusalWords({ t, ...ui }, answer.refusal);
		return show(c, held(c), { refused: t('opImport.refused', { row: answer.row, why }) });
	}

	app.get(OPERATOR_IMPORTS_PATH, requirePermission(PERMISSION), (c) => list(c, false));
	app.post(OPERATOR_IMPORTS_PATH, requireUpload(PERMISSION), async (c) => {
		const { fields, fileName, chunks } = takeUpload(c);
		const saved = imports.mappings.find('operators', fields['saved'] ?? '');
		try {
			const bytes = await readAll(chunks, LIMITS.operatorImportBytes);
			const named = saved === undefined ? [] : (optionsOf(saved).named ?? []);
			const file = { fileName: fileName || 'operators', bytes };
			return c.redirect(operatorImportHref((await operators.imports.preview(file, named, actorOf(c))).id), 303);
		} catch (error) {
			if (error instanceof HTTPException && error.status === 413) return list(c, true);
			throw error;
		}
	});
	app.get(ONE, requirePermission(PERMISSION), (c) => show(c, held(c)));
	app.post(`${ONE}/apply`, requirePermission({ byPerson: PERMISSION }), (c) =>
		settle(c, operators.imports.apply(held(c).id, actorOf(c))),
	);
	app.post(`${ONE}/undo`, requirePermission(PERMISSION), (c) =>
		settle(c, operators.imports.undo(held(c).id, actorOf(c))),
	);
	app.post(`${ONE}/discard`, requirePermission(PERMISSION), (c) => {
		operators.imports.discard(held(c).id);
		return c.redirect(OPERATOR_IMPORTS_PATH, 303);
	});
	app.post(`${ONE}/save-mapping`, requirePermission(PERMISSION), async (c) => {
		const name = textOf((await readForm(c))['name']).slice(0, 100);
		const wish = { kind: 'operators', name, ...mappingOfPreview(held(c)) } as const;
		const before = imports.mappings.find('operators', name);
		const answer =
			before === undefined
				? imports.mappings.add(wish, operatorOf(c))
				: imports.mappings.update(before.id, wish, operatorOf(c));
		const saved = answer.result === 'done' ? (before === undefined ? 'saved' : 'replaced') : answer.because;
		return c.redirect(`${MAPPINGS_PATH}?mapping=${saved}`, 303);
	});
}
