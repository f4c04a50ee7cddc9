import type { Hono } from 'hono';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { ClaimAnswer, Operators } from '../../../gateway/services/operators.ts';
import {
	clearLoginCookie,
	type HttpContext,
	type HttpEnv,
	readForm,
	readLoginCookie,
	requirePermission,
	setLoginCookie,
} from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { localPath } from '../local-path.ts';
import { type ClaimForm, ClaimPage, LoginPage } from '../pages/entrance/entrance-pages.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

/** Claiming the gateway, signing in and out. */
export function addEntranceRoutes(app: Hono<HttpEnv>, { operators }: ConsoleDeps, createUi: CreateUi): void {
	addClaimRoutes(app, operators, createUi);
	addLoginRoutes(app, operators, createUi);
}

function addLoginRoutes(app: Hono<HttpEnv>, operators: Operators, createUi: CreateUi): void {
	app.get('/login', requirePermission('public'), (c) => {
		if (operators.unclaimed()) return c.redirect('/claim', 303);
		const next = localPath(c.req.query('next'));
		if (c.get('login') !== null) return c.redirect(next, 303);
		const ui = createUi(c);
		const after = c.req.query('after');
		const message = after === 'logout' ? ui.t('login.signedOut') : after === 'claim' ? ui.t('claim.done') : undefined;
		return renderPage(c, ui, <LoginPage ui={ui} email="" next={next} message={message} />);
	});
	app.post('/login', requirePermission('public'), async (c) => {
		const ui = createUi(c);
		const fields = await readForm(c);
		const email = textOf(fields['email']).trim().slice(0, 254);
		const password = textOf(fields['password']).slice(0, LIMITS.passwordLength);
		const next = localPath(fields['next']);
		const answer = await operators.login({ email, password, remoteAddress: c.get('remoteAddress') });
		if (answer.result === 'signedIn') {
			endLogin(c, operators);
			setLoginCookie(c, answer.token);
			return c.redirect(next, 303);
		}
		if (answer.result === 'backOff') {
			c.header('Retry-After', String(answer.retryAfterS));
			const problem = ui.t('login.backOff', { count: answer.retryAfterS });
			return renderPage(c, ui, <LoginPage ui={ui} email={email} next={next} problem={problem} />, 429);
		}
		return renderPage(c, ui, <LoginPage ui={ui} email={email} next={next} problem={ui.t('login.refused')} />, 401);
	});
	app.post('/logout', requirePermission('signedIn'), (c) => {
		endLogin(c, operators);
		clearLoginCookie(c);
		return c.redirect('/login?after=logout', 303);
	});
}

function addClaimRoutes(app: Hono<HttpEnv>, operators: Operators, createUi: CreateUi): void {
	app.get('/claim', requirePermission('public'), (c) => {
		if (!operators.unclaimed()) return c.redirect('/login', 303);
		const ui = createUi(c);
		const form = { code: (c.req.query('code') ?? '').slice(0, 64), name: '', email: '', errors: {} };
		return renderPage(c, ui, <ClaimPage ui={ui} form={form} />);
	});
	app.post('/claim', requirePermission('public'), async (c) => {
		const ui = createUi(c);
		const fields = await readForm(c);
		const password = textOf(fields['password']);
		const form = parseClaimForm(ui, fields, password);
		if (Object.keys(form.errors).length > 0) return renderPage(c, ui, <ClaimPage ui={ui} form={form} />, 422);
		const { code, name, email } = form;
		const remoteAddress = c.get('remoteAddress');
		const answer = await operators.claim({ code, name, email, password, remoteAddress });
		if (answer.result !== 'claimed') {
			const told = { ...form, ...tellClaim(ui, answer) };
			return renderPage(c, ui, <ClaimPage ui={ui} form={told} />, answer.result === 'backOff' ? 429 : 422);
		}
		const login = await operators.login({ email, password, remoteAddress });
		if (login.result !== 'signedIn') return c.redirect('/login?after=claim', 303);
		setLoginCookie(c, login.token);
		return c.redirect('/', 303);
	});
}

function parseClaimForm({ t }: Ui, fields: Readonly<Record<string, unknown>>, password: string): ClaimForm {
	const code = textOf(fields['code']).trim().slice(0, 64);
	const name = textOf(fields['name']).trim().slice(0, 200);
	const email = textOf(fields['email']).trim().slice(0, 254);
	const looksLikeEmail = /^[^\s@]+@[^\s@]+$/.test(email);
	return {
		code,
		name,
		email,
		errors: {
			...(code === '' && { code: t('form.required') }),
			...(name === '' && { name: t('form.required') }),
			...(!looksLikeEmail && { email: t(email === '' ? 'form.required' : 'form.email') }),
			...(password === '' && { password: t('form.required') }),
		},
	};
}

function tellClaim({ t }: Ui, answer: ClaimAnswer): Partial<ClaimForm> {
	switch (answer.result) {
		case 'wrongCode':
			return { errors: { code: t('claim.wrongCode') } };
		case 'alreadyClaimed':
			return { problem: t('claim.alreadyClaimed') };
		case 'weakPassword':
			return {
				errors: {
					password: t(`claim.weak.${answer.because}`, {
						minimum: LIMITS.passwordMinimum,
						maximum: LIMITS.passwordLength,
					}),
				},
			};
		case 'backOff':
			return { problem: t('login.backOff', { count: answer.retryAfterS }) };
		case 'claimed':
			return {};
	}
}

function endLogin(c: HttpContext, operators: Operators): void {
	const token = readLoginCookie(c);
	if (token !== undefined) operators.logout(token);
}

function textOf(field: unknown): string {
	return typeof field === 'string' ? field : '';
}
