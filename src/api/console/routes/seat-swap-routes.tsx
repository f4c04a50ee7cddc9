import type { Hono } from 'hono';
import { actorOf } from '../../http/actor.ts';
import { type HttpEnv, readForm, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { OPERATORS_PATH } from '../pages/operators/operators-frame.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi } from '../ui.ts';
import { refusalWords } from './operator-refusals.ts';
import { operatorsPage, textOf } from './operator-routes.tsx';

/** One stops, the other starts, by two clicks in the list. */
export function addSeatSwapRoute(app: Hono<HttpEnv>, { operators }: ConsoleDeps, createUi: CreateUi): void {
	app.post(`${OPERATORS_PATH}/:operatorId/swap`, requirePermission('operators:write'), async (c) => {
		const { to } = await readForm(c);
		const answer = operators.administration.swap(c.req.param('operatorId'), textOf(to), actorOf(c));
		if (answer.result === 'done') return c.redirect(`${OPERATORS_PATH}?done=swapped`, 303);
		const ui = createUi(c);
		const title = refusalWords(ui, answer);
		return renderPage(c, ui, await operatorsPage(operators, ui, {}, { answer: { tone: 'bad', title } }), 422);
	});
}
