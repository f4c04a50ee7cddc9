import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { LoginAnswer, LoginRefusal, Operators } from '../../../gateway/services/operators.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { clearLoginCookie, type HttpContext, readLoginCookie, requireLogin, setLoginCookie } from '../login-context.ts';
import { problem } from '../problem.ts';
import { operatorSchema, signedInSchema } from '../schemas.ts';
import { seatsProblem } from '../seats-problem.ts';

const email = z.email().max(254);
const password = z.string().min(1).max(LIMITS.passwordLength);

/** Claiming the gateway, signing in and out. */
export function loginRoutes(operators: Operators): readonly Route[] {
	return [
		claimRoute(operators),
		activateRoute(operators),
		loginRoute(operators),
		logoutRoute(operators),
		meRoute,
		ownPasswordRoute(operators),
	];
}

function claimRoute(operators: Operators): Route {
	return defineRoute({
		method: 'post',
		path: '/api/v1/claim',
		permission: 'public',
		tag: 'login',
		summary: 'Become the first administrator with the one-time code that the gateway printed',
		body: z.strictObject({
			code: z.string().min(1).max(64),
			email,
			name: z.string().trim().min(1).max(200),
			password,
		}),
		answer: z.object({ operator: operatorSchema }),
		problems: [403, 409, 422, 429],
		handle: async ({ body }, c) => {
			const answer = await operators.claim({ ...body, remoteAddress: c.get('remoteAddress') });
			switch (answer.result) {
				case 'claimed':
					return { operator: answer.operator };
				case 'wrongCode':
					return problem(c, {
						status: 403,
						code: 'CLAIM_CODE_WRONG',
						detail: 'This is not the current claim code; make a new one on the gateway with `parkgate claim`.',
					});
				case 'alreadyClaimed':
					return problem(c, {
						status: 409,
						code: 'ALREADY_CLAIMED',
						detail: 'This gateway has its administrator; sign in, or ask that person.',
					});
				case 'weakPassword':
					return problem(c, { status: 422, code: 'PASSWORD_TOO_WEAK', detail: answer.problem });
				case 'backOff':
					return backOff(c, answer.retryAfterS);
			}
		},
	});
}

function loginRoute(operators: Operators): Route {
	return defineRoute({
		method: 'post',
		path: '/api/v1/login',
		permission: 'public',
		tag: 'login',
		summary: 'Sign in; sets the login cookie',
		body: z.strictObject({
			email,
			password,
			takeOver: z.literal(true).optional().openapi({ description: 'End the login that the account has elsewhere' }),
		}),
		answer: signedInSchema,
		problems: [401, 403, 409, 429],
		handle: async ({ body: { takeOver, ...body } }, c) => {
			const request = { ...body, takeOver: takeOver === true, replaces: readLoginCookie(c) };
			const answer = await operators.login({ ...request, remoteAddress: c.get('remoteAddress') });
			if (answer.result === 'choosePassword') return choosePassword(c, answer.code);
			if (answer.result === 'secondFactor') return wantsSecondFactor(c, answer);
			return answer.result === 'signedIn' ? setLogin(operators, c, answer) : notSignedIn(c, answer);
		},
	});
}

/** The browser has this login from now on, and no other. */
export function setLogin(
	operators: Operators,
	c: HttpContext,
	{ operator, access, token, csrf }: Extract<LoginAnswer, { readonly result: 'signedIn' }>,
) {
	endLogin(operators, c);
	setLoginCookie(c, token);
	return { operator, permissions: access.everywhere(), csrf };
}

function wantsSecondFactor(
	c: HttpContext,
	{ wanted, step, passkey }: Extract<LoginAnswer, { readonly result: 'secondFactor' }>,
): Response {
	const byPasskey = passkey ? ' Or send it to /api/v1/login/passkey with what a passkey signed.' : '';
	const detail =
		wanted === 'code'
			? `Send \`step\` and a code of your authenticator to /api/v1/login/second-factor.${byPasskey}`
			: 'Your role asks for a second factor: send `step` to /api/v1/login/second-factor/enrol, then a code.';
	return problem(c, { status: 403, code: 'SECOND_FACTOR', because: wanted, detail, step });
}

function choosePassword(c: HttpContext, activation: string): Response {
	const detail = 'This password was for one sign-in. Choose your own: send `activation` as code to /api/v1/activate.';
	return problem(c, { status: 403, code: 'CHOOSE_PASSWORD', detail, activation });
}

export function notSignedIn(c: HttpContext, answer: LoginRefusal): Response {
	switch (answer.result) {
		case 'backOff':
			return backOff(c, answer.retryAfterS);
		case 'refused': {
			const detail = 'The e-mail address or the password is wrong.';
			return problem(c, { status: 401, code: 'LOGIN_REFUSED', detail });
		}
		case 'alreadySignedIn': {
			const mend = answer.mayTakeOver
				? 'send takeOver: true to end that login'
				: 'sign out there first, or ask an administrator to close it';
			const detail = `This account is signed in elsewhere, unused for ${answer.idleS} s: ${mend}.`;
			const because = answer.mayTakeOver ? 'mayTakeOver' : 'oneLogin';
			return problem(c, { status: 409, code: 'ALREADY_SIGNED_IN', detail, because });
		}
	}
}

function activateRoute({ passwords }: Operators): Route {
	return defineRoute({
		method: 'post',
		path: '/api/v1/activate',
		permission: 'public',
		tag: 'login',
		summary: 'Choose a password with the one-time code of an invitation or a reset; sign in with it afterwards',
		body: z.strictObject({ code: z.string().min(1).max(64), password }),
		answer: z.object({ operator: operatorSchema }),
		problems: [403, 409, 422, 429],
		handle: async ({ body }, c) => {
			const answer = await passwords.activate({ ...body, remoteAddress: c.get('remoteAddress') });
			switch (answer.result) {
				case 'activated':
					return { operator: answer.operator };
				case 'wrongCode': {
					const detail = 'This code is not known, was used or is too old; ask an administrator for another.';
					return problem(c, { status: 403, code: 'CODE_WRONG', detail });
				}
				case 'seatsTaken':
				case 'seatsStopped':
					return seatsProblem(c, answer);
				case 'weakPassword':
					return problem(c, { status: 422, code: 'PASSWORD_TOO_WEAK', detail: answer.problem });
				case 'backOff':
					return backOff(c, answer.retryAfterS);
			}
		},
	});
}

function ownPasswordRoute({ passwords }: Operators): Route {
	return defineRoute({
		method: 'post',
		path: '/api/v1/me/password',
		permission: { byPerson: 'signedIn' },
		tag: 'login',
		summary: 'Change one’s own password; this login goes on, others of the account end',
		body: z.strictObject({ present: password, password }),
		answer: z.object({ result: z.literal('changed') }),
		problems: [409, 422, 429],
		handle: async ({ body }, c) => {
			const { operator } = requireLogin(c);
			const from = { token: readLoginCookie(c), remoteAddress: c.get('remoteAddress') };
			const answer = await passwords.change({ operatorId: operator.id, ...body, ...from });
			switch (answer.result) {
				case 'changed':
					return { result: 'changed' as const };
				case 'wrongPassword':
					return problem(c, { status: 409, code: 'PASSWORD_WRONG', detail: 'The present password is another one.' });
				case 'weakPassword':
					return problem(c, { status: 422, code: 'PASSWORD_TOO_WEAK', detail: answer.problem });
				case 'backOff':
					return backOff(c, answer.retryAfterS);
			}
		},
	});
}

function logoutRoute(operators: Operators): Route {
	return defineRoute({
		method: 'post',
		path: '/api/v1/logout',
		permission: { byPerson: 'signedIn' },
		tag: 'login',
		summary: 'Sign out; ends the login at once',
		answer: z.object({ result: z.literal('signedOut') }),
		handle: (_request, c) => {
			endLogin(operators, c);
			clearLoginCookie(c);
			return { result: 'signedOut' as const };
		},
	});
}

const meRoute = defineRoute({
	method: 'get',
	path: '/api/v1/me',
	permission: 'signedIn',
	tag: 'login',
	summary: 'Who is signed in, and what they may do',
	answer: signedInSchema,
	handle: (_request, c) => {
		const { operator, access, csrf } = requireLogin(c);
		return { operator, permissions: access.everywhere(), csrf };
	},
});

function endLogin(operators: Operators, c: HttpContext): void {
	const token = readLoginCookie(c);
	if (token !== undefined) operators.logout(token);
}

export function backOff(c: HttpContext, retryAfterS: number): Response {
	const detail = `Too many failed tries; try again in ${retryAfterS} s.`;
	return problem(c, { status: 429, code: 'TOO_MANY', detail, retryAfterS });
}
