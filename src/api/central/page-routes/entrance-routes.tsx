import type { Hono } from 'hono';
import { localPath } from '../../console/local-path.ts';
import { renderPage } from '../../console/render.tsx';
import {
	clearLoginCookie,
	type HttpEnv,
	readForm,
	readLoginCookie,
	requirePermission,
	setLoginCookie,
} from '../../http/login-context.ts';
import type { CreateCentralUi } from '../pages/central-ui.ts';
import { SignInPage } from '../pages/entrance-pages.tsx';
import type { TokenLogins } from '../token-logins.ts';

/** Signing in with a token, and out. */
export function addEntranceRoutes(app: Hono<HttpEnv>, logins: TokenLogins, createUi: CreateCentralUi): void {
	app.get('/login', requirePermission('public'), (c) => {
		const next = localPath(c.req.query('next'));
		if (c.get('login') !== null) return c.redirect(next, 303);
		const ui = createUi(c);
		const message = c.req.query('after') === 'logout' ? ui.t('login.signedOut') : undefined;
		return renderPage(c, ui, <SignInPage ui={ui} next={next} message={message} />);
	});
	app.post('/login', requirePermission('public'), async (c) => {
		const fields = await readForm(c);
		const next = localPath(fields['next']);
		const token = typeof fields['token'] === 'string' ? fields['token'].trim() : '';
		const cookie = logins.signIn(token);
		if (cookie === undefined) {
			const ui = createUi(c);
			return renderPage(c, ui, <SignInPage ui={ui} next={next} isWrong />, 401);
		}
		const before = readLoginCookie(c);
		if (before !== undefined) logins.signOut(before);
		setLoginCookie(c, cookie);
		return c.redirect(next, 303);
	});
	app.post('/logout', requirePermission('signedIn'), (c) => {
		const cookie = readLoginCookie(c);
		if (cookie !== undefined) logins.signOut(cookie);
		clearLoginCookie(c);
		return c.redirect('/login?after=logout', 303);
	});
}
