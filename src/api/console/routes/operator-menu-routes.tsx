import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { MODULES, permissionsOfModule } from '../../../gateway/core/permission/modules.ts';
import type { OperatorPatch, OperatorView } from '../../../gateway/services/operators/operator-view.ts';
import { actorOf } from '../../http/actor.ts';
import { type HttpContext, type HttpEnv, readForm, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { NAVIGATION } from '../navigation.ts';
import { OPERATORS_PATH, operatorHref } from '../pages/operators/operators-frame.tsx';
import type { CreateUi } from '../ui.ts';
import { refusalWords } from './operator-refusals.ts';
import { showOperator, textOf } from './operator-routes.tsx';

/** What an operator's console shows, and which of its modules they have access to. */
export function addOperatorMenuRoutes(app: Hono<HttpEnv>, { operators }: ConsoleDeps, createUi: CreateUi): void {
	const { administration } = operators;
	const operatorOf = (c: HttpContext): OperatorView => {
		const operator = administration.get(c.req.param('operatorId') ?? '');
		if (operator === undefined) throw new GatewayError('NOT_FOUND', 'There is no such operator.');
		return operator;
	};
	const change = (c: HttpContext, operator: OperatorView, patch: OperatorPatch, version: number) => {
		const answer = administration.update(operator.id, patch, actorOf(c), version);
		if (answer.result === 'done') return c.redirect(`${operatorHref(operator.id)}?done=saved`, 303);
		const ui = createUi(c);
		return showOperator(c, ui, operators, operator, { answer: { tone: 'bad', title: refusalWords(ui, answer) } });
	};

	app.post(`${OPERATORS_PATH}/:operatorId/menu`, requirePermission('operators:write'), async (c) => {
		const operator = operatorOf(c);
		const fields = await c.req.parseBody({ all: true });
		const shown = [fields['shown'] ?? []].flat().map(String);
		const hrefs = NAVIGATION.flatMap(({ items }) => items.map(({ href }) => href));
		const hiddenMenu = hrefs.filter((href) => !shown.includes(href));
		return change(c, operator, { hiddenMenu }, Number(String(fields['version'])));
	});
	app.post(`${OPERATORS_PATH}/:operatorId/modules`, requirePermission('operators:write'), async (c) => {
		const operator = operatorOf(c);
		const fields = await readForm(c);
		const module = MODULES.find((known) => known === fields['module']);
		if (module === undefined) throw new GatewayError('INVALID_REQUEST', 'There is no such module.');
		const permissions: readonly string[] = permissionsOfModule(module);
		const isOther = ({ permission, scope }: OperatorView['denials'][number]) =>
			scope !== 'site' || !permissions.includes(permission);
		const off = permissions.map((permission) => ({ permission, scope: 'site' }));
		const denials = [...operator.denials.filter(isOther), ...(fields['access'] === 'off' ? off : [])];
		return change(c, operator, { denials }, Number(textOf(fields['version'])));
	});
}
