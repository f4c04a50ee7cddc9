import type { Hono } from 'hono';
import { foldText } from '../../../gateway/core/fold-text.ts';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { BULK_ACTIONS } from '../../../gateway/services/operators/bulk-changes.ts';
import { actorOf } from '../../http/actor.ts';
import { type HttpEnv, readForm, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { GROUPS_PATH, groupHref, OPERATORS_PATH } from '../pages/operators/operators-frame.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi } from '../ui.ts';
import { refusalWords } from './operator-refusals.ts';
import { handedCode, operatorsPage, showOperator, textOf } from './operator-routes.tsx';

/** One change of many operators; copies of operators and groups. */
export function addOperatorBulkRoutes(app: Hono<HttpEnv>, { operators }: ConsoleDeps, createUi: CreateUi): void {
	const { bulk, cloning, administration, groups } = operators;

	/** Of the only group of this name. */
	const groupNamed = (name: string): string | undefined => {
		const found = groups.list({ q: name, limit: LIMITS.operatorsTogether }).items;
		const [one, other] = found.filter((group) => foldText(group.name) === foldText(name));
		return other === undefined ? one?.id : undefined;
	};

	app.post(`${OPERATORS_PATH}/bulk`, requirePermission('operators:write'), async (c) => {
		const ui = createUi(c);
		const fields = await c.req.parseBody({ all: true });
		const refuse = async (title: string) =>
			renderPage(c, ui, await operatorsPage(operators, ui, {}, { answer: { tone: 'bad', title } }), 422);
		const operatorIds = [fields['operators'] ?? []].flat().map(String).slice(0, LIMITS.operatorsTogether);
		const action = BULK_ACTIONS.find((known) => known === fields['action']);
		if (operatorIds.length === 0 || action === undefined) return refuse(ui.t('groups.bulk.nobody'));
		if (fields['sure'] !== 'yes') return refuse(ui.t('operators.tickSure'));
		const isOfGroup = action === 'join' || action === 'leave';
		const groupId = isOfGroup ? groupNamed(textOf(fields['group']).slice(0, 200)) : null;
		if (groupId === undefined) return refuse(ui.t('groups.bulk.noGroup'));
		const rows = bulk.run({ action, operatorIds, groupId, endLogins: true }, actorOf(c));
		const done = rows.filter(({ refusal }) => refusal === null).length;
		const title = ui.t('groups.bulk.done', { done: ui.formats.number(done), all: ui.formats.number(rows.length) });
		const tone = done === rows.length ? 'good' : 'bad';
		return renderPage(c, ui, await operatorsPage(operators, ui, {}, { answer: { tone, title }, rows }));
	});
	app.post(`${OPERATORS_PATH}/:operatorId/clone`, requirePermission({ byPerson: 'operators:write' }), async (c) => {
		const ui = createUi(c);
		const original = administration.get(c.req.param('operatorId'));
		if (original === undefined) throw new GatewayError('NOT_FOUND', 'There is no such operator.');
		const fields = await readForm(c);
		const wish = { email: textOf(fields['email']).slice(0, 254), name: textOf(fields['name']).slice(0, 200) };
		const refuse = (title: string) => showOperator(c, ui, operators, original, { answer: { tone: 'bad', title } });
		if (!/^[^\s@]+@[^\s@]+$/.test(wish.email)) return refuse(ui.t('form.email'));
		if (wish.name === '') return refuse(ui.t('form.required'));
		const answer = cloning.operator(original.id, wish, actorOf(c));
		if (answer.result !== 'code') return refuse(refusalWords(ui, answer));
		return showOperator(c, ui, operators, answer.operator, { handed: handedCode(c, answer) });
	});
	app.post(`${GROUPS_PATH}/:groupId/clone`, requirePermission('operators:write'), async (c) => {
		const name = textOf((await readForm(c))['name']).slice(0, 200);
		const id = c.req.param('groupId');
		const answer = name === '' ? ({ result: 'noGroup' } as const) : cloning.group(id, name, actorOf(c));
		if (answer.result === 'done') return c.redirect(`${groupHref(answer.group.id)}?done=saved`, 303);
		if (answer.result === 'noGroup') throw new GatewayError('NOT_FOUND', 'There is no such group of operators.');
		const ui = createUi(c);
		const told = { tone: 'bad', title: refusalWords(ui, answer) } as const;
		return renderPage(c, ui, await operatorsPage(operators, ui, {}, { answer: told }), 422);
	});
}
