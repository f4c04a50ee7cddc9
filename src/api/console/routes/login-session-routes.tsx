import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { SECOND_LOGINS } from '../../../gateway/services/operators/login-rules.ts';
import { actorOf } from '../../http/actor.ts';
import { type HttpContext, type HttpEnv, requireLogin, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { type OperatorsAnswer, SESSIONS_PATH } from '../pages/operators/operators-frame.tsx';
import { LIVE_SESSIONS_PATH, SessionsPage, SessionTable } from '../pages/operators/sessions-page.tsx';
import { renderPage, renderPart } from '../render.tsx';
import type { CreateUi } from '../ui.ts';
import { doneAnswer, textOf } from './operator-routes.tsx';

const MINUTE_MS = 60_000;

/** Who is signed in, and how long that lasts. */
export function addLoginSessionRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { operators, ownAccessRules, visitors } = deps;
	const { openSessions, loginRules, roles } = operators;
	const show = (c: HttpContext, answer?: OperatorsAnswer) => {
		const ui = createUi(c);
		const own = { rules: ownAccessRules.get(), kinds: visitors.specifications() };
		const props = { ui, sessions: openSessions.list(), rules: loginRules.get(), roles: roles.list(), own, answer };
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
		const fields = await c.req.parseBody({ all: true });
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
		const asked = [fields['secondFactorRoles'] ?? []].flat();
		const secondFactorRoles = roles.list().flatMap(({ id }) => (asked.includes(id) ? [id] : []));
		loginRules.set({ secondLogin, idleMs, absoluteMs, secondFactorRoles }, requireLogin(c).operator.id);
		return c.redirect(`${SESSIONS_PATH}?done=saved`, 303);
	});
}
