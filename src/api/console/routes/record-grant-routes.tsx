import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { RECORD_LEVELS, scopeOfRecord } from '../../../gateway/core/permission/record-kinds.ts';
import { scopeText } from '../../../gateway/core/permission/scope.ts';
import type { Grantee, RecordWish } from '../../../gateway/services/operators/record-grants.ts';
import type { Operators } from '../../../gateway/services/operators.ts';
import { actorOf } from '../../http/actor.ts';
import { type HttpContext, type HttpEnv, readForm, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { type OperatorsAnswer, OperatorsFrame, scopeWords } from '../pages/operators/operators-frame.tsx';
import {
	RECORD_GRANTS_PATH,
	RecordGrantsCard,
	type RecordGrantsProps,
	recordGrantsHref,
} from '../pages/operators/record-grants-card.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';
import { refusalWords } from './operator-refusals.ts';

/** To whom single records are given: people, vehicles, groups, schemes, parks, lanes, devices. */
export function addRecordGrantRoutes(app: Hono<HttpEnv>, { operators }: ConsoleDeps, createUi: CreateUi): void {
	const { recordGrants } = operators;
	const show = (
		c: HttpContext,
		ui: Ui,
		record: string,
		answer?: OperatorsAnswer,
		typed?: NonNullable<RecordGrantsProps['typed']>,
	) => {
		const scope = scopeOfRecord(record);
		if (scope === undefined) throw new GatewayError('NOT_FOUND', 'There is no such record.');
		const page = (
			<OperatorsFrame ui={ui} tab="operators" answer={answer}>
				<p>{scopeWords(ui, scopeText(scope))}</p>
				<RecordGrantsCard ui={ui} record={record} grants={recordGrants.of(record)} {...(typed && { typed })} />
			</OperatorsFrame>
		);
		return renderPage(c, ui, page, answer?.tone === 'bad' ? 422 : 200);
	};
	app.get(RECORD_GRANTS_PATH, requirePermission('operators:read'), (c) => {
		const ui = createUi(c);
		const isDone = c.req.query('done') === 'saved';
		const answer = isDone ? ({ tone: 'good', title: ui.t('operators.done.saved') } as const) : undefined;
		return show(c, ui, c.req.query('record') ?? '', answer);
	});
	app.post(RECORD_GRANTS_PATH, requirePermission('operators:write'), async (c) => {
		const ui = createUi(c);
		const fields = await readForm(c);
		const text = (name: string) => (typeof fields[name] === 'string' ? fields[name].trim() : '');
		const typed = { who: text('who').slice(0, 254), until: text('until').slice(0, 40) };
		const refused = (title: string) => show(c, ui, text('record'), { tone: 'bad', title }, typed);
		const endsAtMs = typed.until === '' ? null : ui.formats.parseField(typed.until);
		if (endsAtMs === undefined) return refused(ui.t('dir.problem.invalid'));
		const to = text('id') === '' ? granteeOf(operators, typed.who) : namedGrantee(text('kind'), text('id'));
		if (to === undefined) return refused(ui.t('operators.record.unknown'));
		const level = RECORD_LEVELS.find((one) => one === text('level')) ?? null;
		const wish: RecordWish = { record: text('record'), to, level, endsAtMs };
		const answer = recordGrants.set(wish, actorOf(c));
		if (answer.result !== 'done') return refused(refusalWords(ui, answer));
		return c.redirect(`${recordGrantsHref(wish.record)}&done=saved`, 303);
	});
}

function namedGrantee(kind: string, id: string): Grantee {
	return { kind: kind === 'group' ? 'group' : 'operator', id };
}

/** An operator by the whole e-mail address, else the one group of this name. */
function granteeOf({ administration, groups }: Operators, who: string): Grantee | undefined {
	if (who === '') return undefined;
	const isSame = (text: string) => text.toLowerCase() === who.toLowerCase();
	const operatorId = administration.idOf(who);
	if (operatorId !== undefined) return { kind: 'operator', id: operatorId };
	const found = groups.list({ q: who, limit: FOUND }).items.filter(({ name }) => isSame(name));
	const [group] = found;
	return group === undefined || found.length > 1 ? undefined : { kind: 'group', id: group.id };
}

const FOUND = 50;
