import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { parseStrokes } from '../../../gateway/core/hand-over.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { HandOver } from '../../../gateway/services/hand-over/hand-overs.ts';
import { createListCursor } from '../../../gateway/services/list-cursor.ts';
import { personalView } from '../../../gateway/services/privacy/personal-view.ts';
import { type HttpContext, type HttpEnv, operatorOf, readForm, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import {
	EMPTY_HAND_OVER,
	HandOverFormPage,
	type HandOverFormState,
	parseHandOverForm,
} from '../pages/hand-over/hand-over-form.tsx';
import { HandOverPage } from '../pages/hand-over/hand-over-page.tsx';
import { HAND_OVERS_PATH, handOverHref } from '../pages/hand-over/hand-over-paths.ts';
import { HandOversPage } from '../pages/hand-over/hand-overs-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

/** Reports on one page. */
const SHOWN = 30;
const cursors = createListCursor('hand-overs');

/** Hand-over reports: written, signed, printed. */
export function addHandOverRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	addReportRoutes(app, deps, createUi);
	addSigningRoutes(app, deps, createUi);
}

function addReportRoutes(app: Hono<HttpEnv>, { handOvers, devices }: ConsoleDeps, createUi: CreateUi): void {
	const formPage = (ui: Ui, form: HandOverFormState) => (
		<HandOverFormPage ui={ui} form={form} deviceIds={devices().map(({ id }) => id)} />
	);

	app.get(HAND_OVERS_PATH, requirePermission('handOvers:read'), (c) => {
		const ui = createUi(c);
		const { cursor, removed } = c.req.query();
		const place = placeOf(cursor);
		const found = handOvers.page({ limit: SHOWN + 1, ...(place && { before: place }) });
		const last = found.length > SHOWN ? found[SHOWN - 1] : undefined;
		const seen = {
			...{ ui, found: found.slice(0, SHOWN), cursor: place && cursor },
			next: last === undefined ? null : cursors.encode(last.content.atMs, last.content.id),
			...{ badCursor: cursor !== undefined && place === undefined, wasRemoved: removed !== undefined },
		};
		return renderPage(c, ui, <HandOversPage {...seen} />);
	});
	app.get(`${HAND_OVERS_PATH}/new`, requirePermission('handOvers:write'), (c) => {
		const ui = createUi(c);
		const { subject = '' } = c.req.query();
		return renderPage(c, ui, formPage(ui, { ...EMPTY_HAND_OVER, subject: subject.slice(0, 80) }));
	});
	app.post(`${HAND_OVERS_PATH}/new`, requirePermission('handOvers:write'), async (c) => {
		const ui = createUi(c);
		const asked = parseHandOverForm(await readForm(c), ui);
		if ('form' in asked) return renderPage(c, ui, formPage(ui, asked.form), 422);
		const made = handOvers.create(asked, operatorOf(c));
		if (made === undefined) throw new GatewayError('NOT_FOUND', 'The site has no such lane or device.');
		return c.redirect(handOverHref(made.content.id), 303);
	});
}

function addSigningRoutes(app: Hono<HttpEnv>, { handOvers }: ConsoleDeps, createUi: CreateUi): void {
	const one = `${HAND_OVERS_PATH}/:handOverId`;

	function show(c: HttpContext, ui: Ui, tried: { readonly name: string; readonly problem?: string } = { name: '' }) {
		const handOver = handOvers.get(c.req.param('handOverId') ?? '');
		if (handOver === undefined) throw new GatewayError('NOT_FOUND', 'There is no such hand-over report.');
		const { name, problem } = tried;
		const seen = {
			...{ ui, handOver: shown(ui, handOver), maySign: handOvers.maySign(operatorOf(c)) },
			...{ name, problem, isSigned: c.req.query('signed') !== undefined },
		};
		return renderPage(c, ui, <HandOverPage {...seen} />, problem === undefined ? 200 : 422);
	}

	app.get(one, requirePermission('handOvers:read'), (c) => show(c, createUi(c)));
	app.post(`${one}/signatures`, requirePermission('handOvers:sign'), async (c) => {
		const ui = createUi(c);
		const fields = await readForm(c);
		const text = (field: string) => (typeof fields[field] === 'string' ? fields[field].trim() : '');
		const name = text('name').slice(0, LIMITS.signerNameLength);
		const strokes = parseStrokes(text('strokes'));
		if (name === '') return show(c, ui, { name, problem: ui.t('handOver.nameMissing') });
		if (strokes === undefined) return show(c, ui, { name, problem: ui.t('handOver.badStrokes') });
		const id = c.req.param('handOverId');
		const answer = handOvers.sign(id, { name, strokes }, operatorOf(c));
		if (answer.result === 'signed') return c.redirect(handOverHref(id, { signed: '' }), 303);
		return show(c, ui, { name, problem: ui.t(`handOver.refused.${answer.because}`) });
	});
	app.post(`${one}/remove`, requirePermission('handOvers:write'), (c) => {
		const isGone = handOvers.remove(c.req.param('handOverId'), operatorOf(c));
		if (!isGone) throw new GatewayError('NOT_FOUND', 'There is no such hand-over report.');
		return c.redirect(`${HAND_OVERS_PATH}?removed`, 303);
	});
}

/** undefined: none, or not ours. */
function placeOf(cursor: string | undefined) {
	if (cursor === undefined) return undefined;
	try {
		const { position, id } = cursors.decode(cursor);
		return { atMs: position, id };
	} catch (error) {
		if (error instanceof GatewayError) return undefined;
		throw error;
	}
}

function shown(ui: Ui, handOver: HandOver): HandOver {
	const view = personalView(ui.may('personalData:read'));
	const signatures = handOver.signatures.map((one) => ({ ...one, name: view.text(one.name) }));
	return { ...handOver, signatures };
}
