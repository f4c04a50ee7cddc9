import type { Hono } from 'hono';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { PasswordWeakness } from '../../../gateway/services/operators/password-policy.ts';
import type { ActivationRefusal } from '../../../gateway/services/operators/passwords.ts';
import type { ClaimAnswer, LoginAnswer, LoginRefusal, Operators } from '../../../gateway/services/operators.ts';
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
import { seesOwnOnly } from '../navigation.ts';
import { HOME_PATH } from '../pages/dashboard/home-page.tsx';
import { ACTIVATE_PATH, ActivatePage } from '../pages/entrance/activate-page.tsx';
import {
	type ClaimForm,
	ClaimPage,
	CodePage,
	LoginPage,
	RecoveryCodesPage,
} from '../pages/entrance/entrance-pages.tsx';
import { MY_ACCESS_PATH } from '../pages/my-access/my-access-paths.ts';
import { passkeyPlace } from '../passkey-place.ts';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';
import { factorWords } from './second-factor-routes.tsx';

/** Claiming the gateway, signing in and out. */
export function addEntranceRoutes(app: Hono<HttpEnv>, { operators }: ConsoleDeps, createUi: CreateUi): void {
	addClaimRoutes(app, operators, createUi);
	addLoginRoutes(app, operators, createUi);
	addActivationRoutes(app, operators, createUi);
}

function addLoginRoutes(app: Hono<HttpEnv>, operators: Operators, createUi: CreateUi): void {
	const isHere = (c: HttpContext) => passkeyPlace(c, operators).state === 'here';
	app.get('/login', requirePermission('public'), (c) => {
		if (operators.unclaimed()) return c.redirect('/claim', 303);
		const next = localPath(c.req.query('next'));
		if (c.get('login') !== null) return c.redirect(next, 303);
		const ui = createUi(c);
		const after = c.req.query('after');
		const message = after === 'logout' ? ui.t('login.signedOut') : after === 'claim' ? ui.t('claim.done') : undefined;
		return renderPage(c, ui, <LoginPage {...{ ui, next, message, passkeys: isHere(c) }} email="" />);
	});
	app.post('/login', requirePermission('public'), async (c) => {
		const ui = createUi(c);
		const fields = await readForm(c);
		const email = textOf(fields['email']).trim().slice(0, 254);
		const password = textOf(fields['password']).slice(0, LIMITS.passwordLength);
		const next = localPath(fields['next']);
		const request = { email, password, takeOver: fields['takeOver'] === 'yes', replaces: readLoginCookie(c) };
		const answer = await operators.login({ ...request, remoteAddress: c.get('remoteAddress') });
		if (answer.result === 'signedIn') return c.redirect(enter(c, operators, answer, next), 303);
		if (answer.result === 'secondFactor') {
			return renderPage(c, ui, <CodePage ui={ui} next={next} {...stepOf(c, operators, answer)} />);
		}
		if (answer.result === 'choosePassword') {
			return c.redirect(`${ACTIVATE_PATH}?${new URLSearchParams({ code: answer.code })}`, 303);
		}
		if (answer.result === 'backOff') c.header('Retry-After', String(answer.retryAfterS));
		const page = <LoginPage {...{ ui, email, next, passkeys: isHere(c) }} {...tellLogin(ui, answer)} />;
		return renderPage(c, ui, page, STATUS_OF[answer.result]);
	});
	app.post('/login/second-factor', requirePermission('public'), async (c) => {
		const ui = createUi(c);
		const fields = await readForm(c);
		const step = textOf(fields['step']).slice(0, 64);
		const next = localPath(fields['next']);
		const asked = { step, code: textOf(fields['code']).slice(0, 32), takeOver: fields['takeOver'] === 'yes' };
		const from = { replaces: readLoginCookie(c), remoteAddress: c.get('remoteAddress') };
		const answer = operators.continueLogin({ ...asked, ...from });
		if (answer.result === 'signedIn') {
			const there = enter(c, operators, answer, next);
			const codes = answer.recoveryCodes;
			return codes === null
				? c.redirect(there, 303)
				: renderPage(c, ui, <RecoveryCodesPage ui={ui} codes={codes} next={there} />);
		}
		if (answer.result === 'stepEnded' || answer.result === 'refused') {
			const page = <LoginPage {...{ ui, next, passkeys: isHere(c) }} email="" problem={ui.t('factor.stepEnded')} />;
			return renderPage(c, ui, page, 401);
		}
		const told = answer.result === 'wrongCode' ? { problem: factorWords(ui, answer) } : tellLogin(ui, answer);
		const authenticator = operators.enrolAtLogin(step);
		const page = <CodePage ui={ui} next={next} step={step} authenticator={authenticator} {...told} />;
		return renderPage(c, ui, page, answer.result === 'wrongCode' ? 401 : STATUS_OF[answer.result]);
	});
	app.post('/logout', requirePermission('signedIn'), (c) => {
		endLogin(c, operators);
		clearLoginCookie(c);
		return c.redirect('/login?after=logout', 303);
	});
}

function stepOf(
	c: HttpContext,
	operators: Operators,
	{ step, wanted, passkey }: Extract<LoginAnswer, { readonly result: 'secondFactor' }>,
) {
	const authenticator = wanted === 'enrolment' ? operators.enrolAtLogin(step) : undefined;
	return { step, authenticator, passkey: passkey && passkeyPlace(c, operators).state === 'here' };
}

/** @returns where to. */
export function enter(
	c: HttpContext,
	operators: Operators,
	{ token, access }: Extract<LoginAnswer, { readonly result: 'signedIn' }>,
	next: string,
): string {
	endLogin(c, operators);
	setLoginCookie(c, token);
	if (next !== '/') return next;
	return seesOwnOnly(access) ? MY_ACCESS_PATH : HOME_PATH;
}

/** Of what keeps somebody out. */
export const STATUS_OF = { backOff: 429, refused: 401, alreadySignedIn: 409 } as const;

/** Why somebody is kept out, in their language. */
export function tellLogin(
	{ t, formats }: Ui,
	answer: LoginRefusal,
): { readonly problem: string; readonly takesOver?: true } {
	switch (answer.result) {
		case 'backOff':
			return { problem: t('login.backOff', { count: answer.retryAfterS }) };
		case 'refused':
			return { problem: t('login.refused') };
		case 'alreadySignedIn': {
			const words = { since: formats.minute(answer.sinceMs), idle: formats.duration(answer.idleS * 1_000) };
			if (!answer.mayTakeOver) return { problem: t('login.oneLogin', words) };
			return { problem: t('login.takeOver', words), takesOver: true };
		}
	}
}

function addActivationRoutes(app: Hono<HttpEnv>, operators: Operators, createUi: CreateUi): void {
	app.get(ACTIVATE_PATH, requirePermission('public'), (c) => {
		const ui = createUi(c);
		const code = (c.req.query('code') ?? '').slice(0, 64);
		const who = code === '' ? undefined : operators.passwords.invited(code, c.get('remoteAddress'));
		return renderPage(c, ui, <ActivatePage ui={ui} code={code} email={who?.email ?? null} />);
	});
	app.post(ACTIVATE_PATH, requirePermission('public'), async (c) => {
		const ui = createUi(c);
		const fields = await readForm(c);
		const code = textOf(fields['code']).trim().slice(0, 64);
		const password = textOf(fields['password']);
		const remoteAddress = c.get('remoteAddress');
		const answer = await operators.passwords.activate({ code, password, remoteAddress });
		if (answer.result !== 'activated') {
			const who = answer.result === 'wrongCode' ? undefined : operators.passwords.invited(code, remoteAddress);
			const page = <ActivatePage ui={ui} code={code} email={who?.email ?? null} {...tellActivation(ui, answer)} />;
			return renderPage(c, ui, page, answer.result === 'backOff' ? 429 : 422);
		}
		const login = await operators.login({ email: answer.operator.email, password, remoteAddress });
		if (login.result === 'secondFactor') {
			return renderPage(c, ui, <CodePage ui={ui} next="/" {...stepOf(c, operators, login)} />);
		}
		if (login.result !== 'signedIn') return c.redirect('/login?after=claim', 303);
		setLoginCookie(c, login.token);
		return c.redirect('/', 303);
	});
}

function tellActivation({ t }: Ui, answer: ActivationRefusal): { readonly problem?: string; readonly weak?: string } {
	switch (answer.result) {
		case 'wrongCode':
			return { problem: t('activate.wrongCode') };
		case 'seatsTaken':
			return { problem: t('activate.seatsTaken') };
		case 'seatsStopped':
			return { problem: t('activate.seatsStopped') };
		case 'backOff':
			return { problem: t('login.backOff', { count: answer.retryAfterS }) };
		case 'weakPassword':
			return { weak: weakWords(t, answer.because) };
	}
}

function weakWords(t: Ui['t'], because: PasswordWeakness): string {
	return t(`claim.weak.${because}`, { minimum: LIMITS.passwordMinimum, maximum: LIMITS.passwordLength });
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
				errors: { password: weakWords(t, answer.because) },
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
