import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { permissionsOf } from '../../../gateway/core/permission.ts';
import type { Operators } from '../../../gateway/services/operators.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { clearLoginCookie, type HttpContext, readLoginCookie, requireLogin, setLoginCookie } from '../login-context.ts';
import { problem } from '../problem.ts';
import { operatorSchema, signedInSchema } from '../schemas.ts';

const email = z.email().max(254);
const password = z.string().min(1).max(LIMITS.passwordLength);

/** Claiming the gateway, signing in and out. */
export function loginRoutes(operators: Operators): readonly Route[] {
	return [claimRoute(operators), loginRoute(operators), logoutRoute(operators), meRoute];
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
		body: z.strictObject({ email, password }),
		answer: signedInSchema,
		problems: [401, 429],
		handle: async ({ body }, c) => {
			const answer = await operators.login({ ...body, remoteAddress: c.get('remoteAddress') });
			if (answer.result === 'backOff') return backOff(c, answer.retryAfterS);
			if (answer.result === 'refused') {
				const detail = 'The e-mail address or the password is wrong.';
				return problem(c, { status: 401, code: 'LOGIN_REFUSED', detail });
			}
			const { operator, token, csrf } = answer;
			endLogin(operators, c);
			setLoginCookie(c, token);
			return { operator, permissions: permissionsOf(operator.role), csrf };
		},
	});
}

function logoutRoute(operators: Operators): Route {
	return defineRoute({
		method: 'post',
		path: '/api/v1/logout',
		permission: 'signedIn',
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
		const { operator, csrf } = requireLogin(c);
		return { operator, permissions: permissionsOf(operator.role), csrf };
	},
});

function endLogin(operators: Operators, c: HttpContext): void {
	const token = readLoginCookie(c);
	if (token !== undefined) operators.logout(token);
}

function backOff(c: HttpContext, retryAfterS: number): Response {
	const detail = `Too many failed tries; try again in ${retryAfterS} s.`;
	return problem(c, { status: 429, code: 'TOO_MANY', detail, retryAfterS });
}
