import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import type { LinkAnswer, OffboardingAnswer } from '../../../gateway/services/operators/offboarding.ts';
import { actorOf } from '../../http/actor.ts';
import { type HttpContext, type HttpEnv, readForm, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { OffboardingPage } from '../pages/offboarding/offboarding-page.tsx';
import { OPERATORS_PATH, type OperatorsAnswer, operatorHref } from '../pages/operators/operators-frame.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';
import { refusalWords } from './operator-refusals.ts';
import { doneAnswer, textOf } from './operator-routes.tsx';

const FOUND = 10;

/** Somebody leaves, and comes back. */
export function addOffboardingRoutes(
	app: Hono<HttpEnv>,
	{ offboarding, people }: ConsoleDeps,
	createUi: CreateUi,
): void {
	const one = `${OPERATORS_PATH}/:operatorId` as const;
	const show = (c: HttpContext, ui: Ui, answer: OperatorsAnswer | undefined) => {
		const preview = offboarding.preview(c.req.param('operatorId') ?? '');
		if (preview === undefined) throw new GatewayError('NOT_FOUND', 'There is no such operator.');
		const text = (c.req.query('holder') ?? '').slice(0, 200);
		// Searching by a name tells who is here.
		const isSearch = text !== '' && ui.may('holders:read') && ui.may('personalData:read');
		const search = { text, found: isSearch ? people.find(text, FOUND) : [] };
		const page = <OffboardingPage ui={ui} preview={preview} search={search} answer={answer} />;
		return renderPage(c, ui, page, answer?.tone === 'bad' ? 422 : 200);
	};
	const settle = (c: HttpContext, answer: OffboardingAnswer | LinkAnswer) => {
		if (answer.result === 'done') {
			return c.redirect(`${operatorHref(c.req.param('operatorId') ?? '')}/offboarding?done=saved`, 303);
		}
		const ui = createUi(c);
		return show(c, ui, { tone: 'bad', title: refusalWords(ui, answer) });
	};

	app.get(`${one}/offboarding`, requirePermission('operators:read'), (c) => {
		const ui = createUi(c);
		return show(c, ui, doneAnswer(ui, c.req.query('done')).answer);
	});
	app.post(`${one}/offboard`, requirePermission('operators:write'), async (c) => {
		const { sure } = await readForm(c);
		const ui = createUi(c);
		if (sure !== 'yes') return show(c, ui, { tone: 'bad', title: ui.t('operators.tickSure') });
		return settle(c, offboarding.offboard(c.req.param('operatorId'), actorOf(c)));
	});
	app.post(`${one}/offboard/undo`, requirePermission('operators:write'), (c) =>
		settle(c, offboarding.undo(c.req.param('operatorId'), actorOf(c))),
	);
	app.post(`${one}/holder`, requirePermission('operators:write'), async (c) => {
		const holderId = textOf((await readForm(c))['holderId']);
		return settle(c, offboarding.link(c.req.param('operatorId'), holderId === '' ? null : holderId, actorOf(c)));
	});
}
