import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { actorOf } from '../../http/actor.ts';
import { type HttpEnv, requireLogin, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { OPERATORS_PATH, operatorHref } from '../pages/operators/operators-frame.tsx';
import type { CreateUi } from '../ui.ts';
import { refusalWords } from './operator-refusals.ts';
import { showOperator } from './operator-routes.tsx';

/** Seeing the pages with somebody else's permissions. */
export function addViewAsRoutes(app: Hono<HttpEnv>, { operators }: ConsoleDeps, createUi: CreateUi): void {
	app.post(`${OPERATORS_PATH}/:operatorId/view-as`, requirePermission({ byPerson: 'operators:write' }), (c) => {
		const id = c.req.param('operatorId');
		const answer = operators.viewAs.begin(requireLogin(c).id, id, actorOf(c));
		if (answer.result === 'viewing') return c.redirect('/', 303);
		const operator = operators.administration.get(id);
		if (operator === undefined) throw new GatewayError('NOT_FOUND', 'There is no such operator.');
		const ui = createUi(c);
		return showOperator(c, ui, operators, operator, { answer: { tone: 'bad', title: refusalWords(ui, answer) } });
	});
	app.post('/view-as/end', requirePermission('signedIn'), (c) => {
		const ended = operators.viewAs.end(requireLogin(c).id);
		return c.redirect(ended === undefined ? '/' : operatorHref(ended.operatorId), 303);
	});
}
