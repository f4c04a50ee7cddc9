import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import type { Enrolment, OpenEnrolmentAnswer } from '../../../gateway/services/enrolment/enrolments.ts';
import { type HttpContext, type HttpEnv, readForm, requireLogin, requirePermission } from '../../http/login-context.ts';
import { loginStands } from '../../http/routes/enrolment-routes.ts';
import { seenEnrolments } from '../../http/seen-enrolments.ts';
import { createSight } from '../../http/seen-in-parts.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { enrolmentHref, parseTarget } from '../pages/enrolment/enrolment-paths.ts';
import { EnrolmentView, ReaderChoice, seenOf } from '../pages/enrolment/enrolment-views.tsx';
import { asksForPart, renderPage, renderPart } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

/** Choosing a reader, waiting there, and what was read. */
export function addEnrolmentRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const sight = createSight(deps.site);
	const enrolmentsOf = (c: HttpContext) => seenEnrolments({ ...deps, sight }, requireLogin(c).access);
	const respond = (c: HttpContext) => (asksForPart(c) ? renderPart : renderPage);
	const found = (c: HttpContext): Enrolment => {
		const enrolment = enrolmentsOf(c).get(c.req.param('enrolmentId') ?? '');
		if (enrolment === undefined) throw new GatewayError('NOT_FOUND', 'There is no such enrolment.');
		return enrolment;
	};

	app.get('/enrolments/new', requirePermission({ inParts: 'enrolments:write' }), (c) => {
		const ui = createUi(c);
		const view = {
			ui,
			inDialog: asksForPart(c),
			target: parseTarget(c.req.query()),
			readers: enrolmentsOf(c).readers(),
		};
		return respond(c)(c, ui, <ReaderChoice {...view} chosen={undefined} error={undefined} />);
	});
	app.post('/enrolments/new', requirePermission({ inParts: 'enrolments:write' }), async (c) => {
		const ui = createUi(c);
		const target = parseTarget(c.req.query());
		const { device } = await readForm(c);
		const deviceId = typeof device === 'string' ? device : '';
		const { id: operatorId } = requireLogin(c).operator;
		const opened = enrolmentsOf(c).open({ deviceId, operatorId, stands: loginStands(c) });
		if (opened.result === 'opened') return c.redirect(enrolmentHref(opened.enrolment.id, target), 303);
		const error = deviceId === '' ? ui.t('enrolment.choose') : whyNot(ui, opened);
		const view = { ui, inDialog: asksForPart(c), target, readers: enrolmentsOf(c).readers() };
		return respond(c)(c, ui, <ReaderChoice {...view} chosen={deviceId} error={error} />, 422);
	});
	app.get('/enrolments/:enrolmentId', requirePermission({ inParts: 'enrolments:write' }), (c) => {
		const ui = createUi(c);
		const view = { ui, inDialog: asksForPart(c), target: parseTarget(c.req.query()) };
		return respond(c)(c, ui, <EnrolmentView {...view} enrolment={found(c)} />);
	});
	app.get('/live/enrolments/:enrolmentId', requirePermission({ inParts: 'enrolments:write' }), (c) => {
		const ui = createUi(c);
		const enrolment = found(c);
		const query = c.req.query();
		if (query['seen'] === seenOf(enrolment)) return c.body(null, 204);
		const target = parseTarget(query);
		if (query['dialog'] === undefined) {
			// A page of its own is loaded anew.
			c.header('HX-Redirect', enrolmentHref(enrolment.id, target));
			return c.body(null, 204);
		}
		return renderPart(c, ui, <EnrolmentView ui={ui} inDialog target={target} enrolment={enrolment} />);
	});
	app.post('/enrolments/:enrolmentId/cancel', requirePermission({ inParts: 'enrolments:write' }), (c) => {
		const target = parseTarget(c.req.query());
		const { id } = found(c);
		enrolmentsOf(c).cancel(id);
		return c.redirect(enrolmentHref(id, target), 303);
	});
}

function whyNot(ui: Ui, answer: Exclude<OpenEnrolmentAnswer, { result: 'opened' }>): string {
	if (answer.result !== 'busy') return ui.t('enrolment.gone');
	return ui.t('enrolment.busy', { name: ui.operatorName(answer.operatorId) });
}
