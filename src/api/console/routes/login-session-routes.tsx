import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { SECOND_LOGINS } from '../../../gateway/services/operators/login-rules.ts';
import { actorOf } from '../../http/actor.ts';
import {
	type HttpContext,
	type HttpEnv,
	readForm,
	readLoginCookie,
	requireLogin,
	requirePermission,
} from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { ACCOUNT_PATH, AccountPage } from '../pages/operators/account-page.tsx';
import { type OperatorsAnswer, SESSIONS_PATH } from '../pages/operators/operators-frame.tsx';
import { LIVE_SESSIONS_PATH, SessionsPage, SessionTable } from '../pages/operators/sessions-page.tsx';
import { renderPage, renderPart } from '../render.tsx';
import type { CreateUi } from '../ui.ts';
import { doneAnswer, textOf } from './operator-routes.tsx';

const MINUTE_MS = 60_000;

/** Who is signed in, how long that lasts, and one's own password. */
export function addLoginSessionRoutes(app: Hono<HttpEnv>, { operators }: ConsoleDeps, createUi: CreateUi): void {
	const { openSessions, loginRules } = operators;
	const show = (c: HttpContext, answer?: OperatorsAnswer) => {
		const ui = createUi(c);
		const props = { ui, sessions: openSessions.list(), rules: loginRules.get(), answer };
		return renderPage(c, ui, <SessionsPage {...props} />, answer?.tone === 'bad' ? 409 : 200);
	};

	app.get(SESSIONS_PATH, requirePermission('loginSessions:read'), (c) =>
		show(c, doneAnswer(createUi(c), c.req.query('done')).answer),
	);
	app.get(LIVE_SESSIONS_PATH, requirePermission('loginSessions:read'), (c) => {
		const ui = createUi(c);
		return renderPart(c, ui, <SessionTable ui={ui} sessions={openSessions.list()} />);
	});
	// Every page says by it that it is open (FEATURES B15); the login is looked up before this.
	app.get('/live/here', requirePermission('signedIn'), (c) => c.body(null, 204));
	app.post(`${SESSIONS_PATH}/:sessionId/close`, requirePermission('loginSessions:end'), (c) => {
		const { t } = createUi(c);
		const { result } = openSessions.close(c.req.param('sessionId'), actorOf(c));
		if (result === 'closed') return c.redirect(`${SESSIONS_PATH}?done=closed`, 303);
		if (result === 'notFound') throw new GatewayError('NOT_FOUND', 'This login has ended.');
		return show(c, { tone: 'bad', title: t(`operators.refused.${result}`) });
	});
	app.post(`${SESSIONS_PATH}/rules`, requirePermission('settings:write'), async (c) => {
		const fields = await readForm(c);
		const secondLogin = SECOND_LOGINS.find((known) => known === fields['secondLogin']);
		const idleMs = Number(textOf(fields['idleMinutes'])) * MINUTE_MS;
		const absoluteMs = Number(textOf(fields['absoluteMinutes'])) * MINUTE_MS;
		const isWithin = (ms: number, least: number, most: number) => Number.isSafeInteger(ms) && ms >= least && ms <= most;
		const fits =
			isWithin(idleMs, LIMITS.loginIdleLeastMs, LIMITS.loginIdleMostMs) &&
			isWithin(absoluteMs, LIMITS.loginAbsoluteLeastMs, LIMITS.loginAbsoluteMostMs) &&
			idleMs <= absoluteMs;
		if (secondLogin === undefined || !fits) {
			return show(c, { tone: 'bad', title: createUi(c).t('operators.refused.rules') });
		}
		loginRules.set({ secondLogin, idleMs, absoluteMs }, requireLogin(c).operator.id);
		return c.redirect(`${SESSIONS_PATH}?done=saved`, 303);
	});
	addAccountRoutes(app, operators, createUi);
}

function addAccountRoutes(app: Hono<HttpEnv>, { passwords }: ConsoleDeps['operators'], createUi: CreateUi): void {
	app.get(ACCOUNT_PATH, requirePermission('signedIn'), (c) => {
		const ui = createUi(c);
		return renderPage(c, ui, <AccountPage ui={ui} {...doneAnswer(ui, c.req.query('done'))} />);
	});
	app.post(`${ACCOUNT_PATH}/password`, requirePermission('signedIn'), async (c) => {
		const ui = createUi(c);
		const { present, password } = await readForm(c);
		const typed = { present: String(present ?? ''), password: String(password ?? '') };
		const from = { token: readLoginCookie(c), remoteAddress: c.get('remoteAddress') };
		const answer = await passwords.change({ operatorId: requireLogin(c).operator.id, ...typed, ...from });
		switch (answer.result) {
			case 'changed':
				return c.redirect(`${ACCOUNT_PATH}?done=saved`, 303);
			case 'wrongPassword':
				return renderPage(c, ui, <AccountPage ui={ui} errors={{ present: ui.t('operators.wrongPassword') }} />, 422);
			case 'weakPassword': {
				const bounds = { minimum: LIMITS.passwordMinimum, maximum: LIMITS.passwordLength };
				const errors = { password: ui.t(`claim.weak.${answer.because}`, bounds) };
				return renderPage(c, ui, <AccountPage ui={ui} errors={errors} />, 422);
			}
			case 'backOff': {
				const title = ui.t('login.backOff', { count: answer.retryAfterS });
				return renderPage(c, ui, <AccountPage ui={ui} answer={{ tone: 'bad', title }} />, 429);
			}
		}
	});
}
