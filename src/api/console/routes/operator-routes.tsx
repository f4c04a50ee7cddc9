import type { Context, Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { explainAtRecord } from '../../../gateway/core/permission/device-place.ts';
import type { RowLook } from '../../../gateway/core/permission/row-place.ts';
import type { Place } from '../../../gateway/core/permission/scope.ts';
import { isPermission } from '../../../gateway/core/permission.ts';
import type { Lane } from '../../../gateway/core/site.ts';
import type { BulkRow } from '../../../gateway/services/operators/bulk-changes.ts';
import { explained } from '../../../gateway/services/operators/explain-access.ts';
import type { CodeAnswer, OperatorChange } from '../../../gateway/services/operators/operator-administration.ts';
import type { OperatorPatch, OperatorView } from '../../../gateway/services/operators/operator-view.ts';
import { actorOf } from '../../http/actor.ts';
import { type HttpContext, type HttpEnv, readForm, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import type { AccessQuestion } from '../pages/operators/access-card.tsx';
import { type Handed, OperatorPage } from '../pages/operators/operator-page.tsx';
import { OPERATORS_PATH, type OperatorsAnswer, operatorHref, USERS_PATH } from '../pages/operators/operators-frame.tsx';
import { OperatorsPage, STATES } from '../pages/operators/operators-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';
import { changedRules } from './changed-rules.ts';
import { refusalWords } from './operator-refusals.ts';

const PAGE_LENGTH = 50;
const SWAPS_SHOWN = 20;

/** Operators: list, invitation, and each of them. */
export function addOperatorRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	addListRoutes(app, deps, createUi);
	addDetailRoutes(app, deps, createUi);
	addEntryRoutes(app, deps, createUi);
}

/** The list with what came of the last action. */
export async function operatorsPage(
	{ administration, roles }: ConsoleDeps['operators'],
	ui: Ui,
	query: Readonly<Record<string, string>>,
	more: ListExtras,
) {
	const { q = '', cursor } = query;
	const state = STATES.find((known) => known === query['state']);
	const page = await administration.list({ q: q.slice(0, 200), state, cursor, limit: PAGE_LENGTH });
	const standing = administration.standing();
	const from = query['swap'] === undefined ? undefined : administration.get(query['swap']);
	const swapFrom = from?.state === 'active' && ui.may('operators:write') ? from : undefined;
	const swaps = standing.seats === null ? [] : administration.seatSwaps(SWAPS_SHOWN);
	const props = { ui, filter: { q, state }, cursor, page, standing, roles: roles.list(), swapFrom, swaps };
	return <OperatorsPage path={OPERATORS_PATH} {...props} {...more} />;
}

function addListRoutes(app: Hono<HttpEnv>, { operators }: ConsoleDeps, createUi: CreateUi): void {
	const { administration } = operators;
	const list = (ui: Ui, query: Readonly<Record<string, string>>, more: ListExtras = {}) =>
		operatorsPage(operators, ui, query, more);

	app.get(OPERATORS_PATH, requirePermission('operators:read'), async (c) => {
		const ui = createUi(c);
		return renderPage(c, ui, await list(ui, c.req.query(), doneAnswer(ui, c.req.query('done'))));
	});
	app.get(USERS_PATH, requirePermission('operators:read'), async (c) => {
		const ui = createUi(c);
		const more: ListExtras = { path: USERS_PATH, ...doneAnswer(ui, c.req.query('done')) };
		return renderPage(c, ui, await list(ui, c.req.query(), more));
	});
	app.post(OPERATORS_PATH, requirePermission({ byPerson: 'operators:write' }), async (c) => {
		const ui = createUi(c);
		const fields = await readForm(c);
		const typed = { email: textOf(fields['email']).slice(0, 254), name: textOf(fields['name']).slice(0, 200) };
		const role = { roleId: textOf(fields['role']), scope: textOf(fields['scope']) };
		const refuse = async (title: string) =>
			renderPage(c, ui, await list(ui, {}, { typed, answer: { tone: 'bad', title } }), 422);
		if (!/^[^\s@]+@[^\s@]+$/.test(typed.email)) return refuse(ui.t('form.email'));
		if (typed.name === '') return refuse(ui.t('form.required'));
		const answer = administration.invite({ ...typed, roles: [role] }, actorOf(c));
		if (answer.result !== 'code') return refuse(refusalWords(ui, answer));
		return showOperator(c, ui, operators, answer.operator, { handed: handedCode(c, answer) });
	});
}

interface ListExtras {
	readonly path?: typeof USERS_PATH;
	readonly answer?: OperatorsAnswer;
	readonly typed?: { readonly email: string; readonly name: string };
	readonly rows?: readonly BulkRow[];
}

interface Shown {
	readonly answer?: OperatorsAnswer;
	readonly handed?: Handed;
	readonly question?: AccessQuestion | undefined;
}

export function showOperator(
	c: HttpContext,
	ui: Ui,
	{ roles, apiTokens }: ConsoleDeps['operators'],
	operator: OperatorView,
	shown: Shown = {},
): Response {
	const of = { operator, roles: roles.list(), tokens: apiTokens.list(operator.id) ?? [] };
	const page = <OperatorPage ui={ui} {...of} {...shown} />;
	return renderPage(c, ui, page, shown.answer?.tone === 'bad' ? 422 : 200);
}

function addDetailRoutes(app: Hono<HttpEnv>, { operators, rowLook, site }: ConsoleDeps, createUi: CreateUi): void {
	const { administration } = operators;
	const operatorOf = (id: string): OperatorView => {
		const operator = administration.get(id);
		if (operator === undefined) throw new GatewayError('NOT_FOUND', 'There is no such operator.');
		return operator;
	};
	const change = (c: HttpContext, ui: Ui, id: string, patch: OperatorPatch, version: number) => {
		const operator = operatorOf(id);
		const answer = administration.update(id, patch, actorOf(c), version);
		if (answer.result === 'done') return c.redirect(`${operatorHref(id)}?done=saved`, 303);
		return showOperator(c, ui, operators, operator, { answer: { tone: 'bad', title: refusalWords(ui, answer) } });
	};

	app.get(`${OPERATORS_PATH}/:operatorId`, requirePermission('operators:read'), (c) => {
		const ui = createUi(c);
		const operator = operatorOf(c.req.param('operatorId'));
		const question = questionOf(operators, operator.id, c.req.query(), { look: rowLook(), lanes: site.lanes });
		return showOperator(c, ui, operators, operator, { question, ...doneAnswer(ui, c.req.query('done')) });
	});
	app.post(`${OPERATORS_PATH}/:operatorId`, requirePermission('operators:write'), async (c) => {
		const ui = createUi(c);
		const id = c.req.param('operatorId');
		const fields = await readForm(c);
		const name = textOf(fields['name']).slice(0, 200);
		const email = textOf(fields['email']).slice(0, 254);
		if (name === '' || !/^[^\s@]+@[^\s@]+$/.test(email)) {
			const title = ui.t(name === '' ? 'form.required' : 'form.email');
			return showOperator(c, ui, operators, operatorOf(id), { answer: { tone: 'bad', title } });
		}
		const phone = textOf(fields['phone']).slice(0, 40);
		return change(c, ui, id, { name, email, phone: phone === '' ? null : phone }, Number(textOf(fields['version'])));
	});
	app.post(`${OPERATORS_PATH}/:operatorId/roles`, requirePermission('operators:write'), async (c) => {
		const ui = createUi(c);
		const id = c.req.param('operatorId');
		const fields = await readForm(c);
		const patch = changedRules(operatorOf(id), (name) => textOf(fields[name]));
		return change(c, ui, id, patch, Number(textOf(fields['version'])));
	});
}

function questionOf(
	{ accessOf }: ConsoleDeps['operators'],
	operatorId: string,
	{ permission = '', place = 'site', record = '' }: Readonly<Record<string, string>>,
	{ look, lanes }: { readonly look: RowLook; readonly lanes: readonly Lane[] },
): AccessQuestion | undefined {
	const access = accessOf(operatorId);
	if (access === undefined || !isPermission(permission)) return undefined;
	const asked = record.slice(0, 200);
	const answer =
		asked === ''
			? access.explain(permission, placeOf(place))
			: explainAtRecord(access, permission, asked, { look, lanes });
	return { permission, place, record: asked, answer: explained(answer) };
}

function placeOf(text: string): Place {
	const [kind, id = ''] = text.split(/:(.*)/s);
	return kind === 'park' || kind === 'area' || kind === 'lane' ? { kind, id } : { kind: 'site' };
}

function addEntryRoutes(app: Hono<HttpEnv>, { operators }: ConsoleDeps, createUi: CreateUi): void {
	const { administration } = operators;
	const path = (verb: string) => `${OPERATORS_PATH}/:operatorId/${verb}`;
	const show = (c: HttpContext, ui: Ui, id: string, shown: Shown) => {
		const operator = administration.get(id);
		if (operator === undefined) throw new GatewayError('NOT_FOUND', 'There is no such operator.');
		return showOperator(c, ui, operators, operator, shown);
	};
	const settle = (c: HttpContext, id: string, answer: OperatorChange, back: string) => {
		const ui = createUi(c);
		if (answer.result !== 'done') return show(c, ui, id, { answer: { tone: 'bad', title: refusalWords(ui, answer) } });
		const list = [OPERATORS_PATH, USERS_PATH].find((path) => path === back);
		return c.redirect(`${list ?? operatorHref(id)}?done=saved`, 303);
	};
	const idOf = (c: Context) => c.req.param('operatorId') ?? '';

	app.post(path('activate'), requirePermission('operators:write'), async (c) => {
		const { back } = await readForm(c);
		return settle(c, idOf(c), administration.activate(idOf(c), actorOf(c)), textOf(back));
	});
	app.post(path('deactivate'), requirePermission('operators:write'), async (c) => {
		const fields = await readForm(c);
		const endLogins = fields['endLogins'] === 'yes';
		const answer = administration.deactivate(idOf(c), actorOf(c), { endLogins });
		return settle(c, idOf(c), answer, textOf(fields['back']));
	});
	app.post(path('code'), requirePermission({ byPerson: 'operators:write' }), (c) => {
		const ui = createUi(c);
		const answer = administration.newCode(idOf(c), actorOf(c));
		if (answer.result === 'code') return show(c, ui, idOf(c), { handed: handedCode(c, answer) });
		return show(c, ui, idOf(c), { answer: { tone: 'bad', title: refusalWords(ui, answer) } });
	});
	app.post(path('generate-password'), requirePermission({ byPerson: 'operators:write' }), async (c) => {
		const ui = createUi(c);
		const answer = await administration.generatePassword(idOf(c), actorOf(c));
		if (answer.result === 'password') {
			return show(c, ui, idOf(c), { handed: { kind: 'password', password: answer.password } });
		}
		return show(c, ui, idOf(c), { answer: { tone: 'bad', title: refusalWords(ui, answer) } });
	});
	app.post(path('remove'), requirePermission('operators:write'), async (c) => {
		const ui = createUi(c);
		const { sure } = await readForm(c);
		if (sure !== 'yes') return show(c, ui, idOf(c), { answer: { tone: 'bad', title: ui.t('operators.tickSure') } });
		const answer = administration.remove(idOf(c), actorOf(c));
		if (answer.result === 'removed') return c.redirect(`${OPERATORS_PATH}?done=removed`, 303);
		return show(c, ui, idOf(c), { answer: { tone: 'bad', title: refusalWords(ui, answer) } });
	});
}

export function handedCode(
	c: HttpContext,
	{ code, endsAtMs }: Extract<CodeAnswer, { readonly result: 'code' }>,
): Handed {
	return { kind: 'code', code, url: handedUrl(c, code), endsAtMs };
}

/** Where a one-time code is used. */
export function handedUrl(c: HttpContext, code: string): string {
	const { host } = new URL(c.req.url);
	return `${c.get('secure') ? 'https' : 'http'}://${host}/activate?code=${code}`;
}

export function doneAnswer(ui: Ui, done: string | undefined): { readonly answer?: OperatorsAnswer } {
	if (done !== 'saved' && done !== 'removed' && done !== 'closed' && done !== 'swapped') return {};
	return { answer: { tone: 'good', title: ui.t(`operators.done.${done}`) } };
}

export function textOf(field: unknown): string {
	return typeof field === 'string' ? field.trim() : '';
}
