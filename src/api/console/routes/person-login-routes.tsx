import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { OWN_ACCESS_BOUNDS } from '../../../gateway/services/own-access/own-access-rules.ts';
import type { PersonLoginAnswer } from '../../../gateway/services/own-access/person-logins.ts';
import { actorOf } from '../../http/actor.ts';
import { type HttpContext, type HttpEnv, operatorOf, readForm, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import type { MineAnswer } from '../pages/my-access/my-access-page.tsx';
import { OWN_RULES_PATH } from '../pages/my-access/own-rules-card.tsx';
import { PersonLoginPage, personLoginHref } from '../pages/my-access/person-login-page.tsx';
import type { Handed } from '../pages/operators/operator-page.tsx';
import { SESSIONS_PATH } from '../pages/operators/operators-frame.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';
import { refusalWords } from './operator-refusals.ts';
import { handedUrl, textOf } from './operator-routes.tsx';

/** Logins of people of the directory, and what they may do for themselves. */
export function addPersonLoginRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { personLogins } = deps;
	const path = '/holders/:key/login';
	const show = (c: HttpContext, shown: { answer?: MineAnswer; handed?: Handed } = {}) => {
		const ui = createUi(c);
		const holderId = c.req.param('key') ?? '';
		const found = personLogins.of(holderId);
		if (found === undefined) throw new GatewayError('NOT_FOUND', 'There is no such person.');
		const page = <PersonLoginPage ui={ui} holderId={holderId} login={found.login} {...shown} />;
		return renderPage(c, ui, page, shown.answer?.tone === 'bad' ? 422 : 200);
	};

	app.get(path, requirePermission('ownAccess:invite'), (c) => show(c));
	app.post(path, requirePermission({ byPerson: 'ownAccess:invite' }), (c) => {
		const answer = personLogins.invite(c.req.param('key'), actorOf(c));
		if (answer.result !== 'code') return show(c, { answer: refused(createUi(c), answer) });
		const { code, endsAtMs } = answer;
		return show(c, { handed: { kind: 'code', code, url: handedUrl(c, code), endsAtMs } });
	});
	app.post(`${path}/remove`, requirePermission('ownAccess:invite'), async (c) => {
		const ui = createUi(c);
		const { sure } = await readForm(c);
		if (sure !== 'yes') return show(c, { answer: { tone: 'bad', title: ui.t('operators.tickSure') } });
		const key = c.req.param('key');
		const answer = personLogins.remove(key, actorOf(c));
		if (answer.result === 'removed') return c.redirect(personLoginHref(key), 303);
		return show(c, { answer: refused(ui, answer) });
	});
	addRuleRoute(app, deps);
}

function refused(ui: Ui, answer: PersonLoginAnswer): MineAnswer {
	return { tone: 'bad', title: words(ui, answer) };
}

function words(ui: Ui, answer: PersonLoginAnswer): string {
	switch (answer.result) {
		case 'noPerson':
		case 'noLogin':
		case 'code':
		case 'removed':
			return ui.t('login.personNone');
		case 'noEmail':
			return ui.t('login.personNoEmail');
		case 'notSimple':
			return ui.t('login.personNotSimple');
		default:
			return refusalWords(ui, answer);
	}
}

function addRuleRoute(app: Hono<HttpEnv>, { ownAccessRules, visitors }: ConsoleDeps): void {
	app.post(OWN_RULES_PATH, requirePermission('settings:write'), async (c) => {
		const fields = await readForm(c);
		const number = (name: keyof typeof OWN_ACCESS_BOUNDS) => {
			const [least, most] = OWN_ACCESS_BOUNDS[name];
			const value = Number(textOf(fields[name]));
			if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
			throw new GatewayError('INVALID_REQUEST', `${name} is a whole number from ${least} to ${most}.`);
		};
		const kind = textOf(fields['visitKind']);
		const visitSpecificationId = visitors.specifications().find(({ id }) => id === kind)?.id ?? null;
		const rules = {
			...{ mayBook: fields['mayBook'] === 'yes', mayInvite: fields['mayInvite'] === 'yes', visitSpecificationId },
			...{ visitsAtOnce: number('visitsAtOnce'), visitHours: number('visitHours') },
			visitDaysAhead: number('visitDaysAhead'),
		};
		ownAccessRules.set(rules, operatorOf(c));
		return c.redirect(`${SESSIONS_PATH}?done=saved`, 303);
	});
}
