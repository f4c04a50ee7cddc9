import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { WrongCode } from '../../../gateway/services/operators/second-factor-check.ts';
import type { FactorRefusal } from '../../../gateway/services/operators/second-factors.ts';
import type { Operators } from '../../../gateway/services/operators.ts';
import { actorOf } from '../actor.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type HttpContext, readLoginCookie, requireLogin } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { noSuch, problem } from '../problem.ts';
import { givenId, time } from '../scalar-schemas.ts';
import { signedInSchema } from '../schemas.ts';
import { backOff, notSignedIn, setLogin } from './login-routes.ts';

export interface SecondFactorRoutesDeps {
	readonly operators: Operators;
	readonly presenter: Presenter;
}

const step = z
	.string()
	.min(1)
	.max(64)
	.openapi({ description: '`step` of the problem that POST /api/v1/login answered' });
const code = z
	.string()
	.trim()
	.min(1)
	.max(32)
	.openapi({ description: 'Six digits of the authenticator, or a recovery code' });
const password = z.string().min(1).max(LIMITS.passwordLength).openapi({ description: 'One’s own, again' });
/** The password, and a code of the authenticator. */
export const factorProof = z.strictObject({
	password,
	code: code.optional().openapi({ description: 'Where one has a second factor' }),
});
const keySchema = z.object({
	key: z.string().openapi({ description: 'Base32, to be typed' }),
	uri: z.string().openapi({ description: 'otpauth://, as a QR code' }),
});
const codesSchema = z.object({
	recoveryCodes: z.array(z.string()).readonly().openapi({ description: 'Shown this once; each works once' }),
});

const tag = 'login';

/** Signing in with a second factor, one's own, and taking away that of who lost it. */
export function secondFactorRoutes(deps: SecondFactorRoutesDeps): readonly Route[] {
	return [...loginRoutes(deps), ...ownRoutes(deps), ...changeRoutes(deps), resetRoute(deps)];
}

function loginRoutes({ operators }: SecondFactorRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			...{ method: 'post', path: '/api/v1/login/second-factor', permission: 'public', tag },
			summary: 'The second step of signing in; sets the login cookie',
			body: z.strictObject({ step, code, takeOver: z.literal(true).optional() }),
			answer: signedInSchema.extend({ recoveryCodes: codesSchema.shape.recoveryCodes.nullable() }),
			problems: [401, 403, 409, 429],
			handle({ body: { takeOver, ...asked } }, c) {
				const from = { remoteAddress: c.get('remoteAddress'), replaces: readLoginCookie(c) };
				const answer = operators.continueLogin({ ...asked, ...from, takeOver: takeOver === true });
				switch (answer.result) {
					case 'signedIn':
						return { ...setLogin(operators, c, answer), recoveryCodes: answer.recoveryCodes };
					case 'wrongCode':
						return wrongCode(c, answer, 401);
					case 'stepEnded': {
						const detail = 'This sign-in has ended; begin again with the password.';
						return problem(c, { status: 401, code: 'STEP_ENDED', detail });
					}
					default:
						return notSignedIn(c, answer);
				}
			},
		}),
		defineRoute({
			...{ method: 'post', path: '/api/v1/login/second-factor/enrol', permission: 'public', tag },
			summary: 'The authenticator to set up where signing in asks for one (`because: enrolment`)',
			...{ body: z.strictObject({ step }), answer: keySchema, problems: [401] },
			handle({ body }, c) {
				const detail = 'This sign-in has ended, or asks for no new authenticator; begin again with the password.';
				return operators.enrolAtLogin(body.step) ?? problem(c, { status: 401, code: 'STEP_ENDED', detail });
			},
		}),
	];
}

function ownRoutes({ operators: { secondFactors }, presenter }: SecondFactorRoutesDeps): readonly Route[] {
	const common = { tag, permission: { byPerson: 'signedIn' } } as const;
	return [
		defineRoute({
			...{ ...common, method: 'get', path: '/api/v1/me/second-factor' },
			summary: 'Whether one has a second factor, and recovery codes',
			answer: z.object({
				since: time.nullable().openapi({ description: 'null: there is none' }),
				recoveryCodesLeft: z.int(),
				isRequired: z.boolean().openapi({ description: 'A role asks for it' }),
			}),
			handle: (_request, c) => presenter.present(secondFactors.standing(requireLogin(c).operator.id)),
		}),
		defineRoute({
			...{ ...common, method: 'post', path: '/api/v1/me/second-factor', body: factorProof, answer: keySchema },
			...{ summary: 'Set up an authenticator; it counts once `confirm` got its digits', problems: [409, 429] },
			async handle({ body }, c) {
				const answer = await secondFactors.begin(factorTry(c, body));
				if (answer.result !== 'begun') return factorProblem(c, answer);
				return { key: answer.key, uri: answer.uri };
			},
		}),
		defineRoute({
			...{ ...common, method: 'post', path: '/api/v1/me/second-factor/confirm' },
			...{ body: z.strictObject({ code }), answer: codesSchema, problems: [409, 429] },
			summary: 'Digits of the authenticator that was set up: from now on it counts; other logins of the account end',
			handle({ body }, c) {
				const who = { operatorId: requireLogin(c).operator.id, token: readLoginCookie(c) };
				const answer = secondFactors.confirm({ ...body, ...who, remoteAddress: c.get('remoteAddress') });
				return answer.result === 'codes' ? { recoveryCodes: answer.recoveryCodes } : factorProblem(c, answer);
			},
		}),
	];
}

function changeRoutes({ operators: { secondFactors } }: SecondFactorRoutesDeps): readonly Route[] {
	const permission = { byPerson: 'signedIn' } as const;
	const common = { tag, permission, method: 'post', body: factorProof, problems: [409, 429] } as const;
	return [
		defineRoute({
			...{ ...common, path: '/api/v1/me/second-factor/recovery-codes', answer: codesSchema },
			summary: 'New recovery codes; the earlier ones are worth nothing',
			async handle({ body }, c) {
				const answer = await secondFactors.newRecoveryCodes(factorTry(c, body));
				return answer.result === 'codes' ? { recoveryCodes: answer.recoveryCodes } : factorProblem(c, answer);
			},
		}),
		defineRoute({
			...{ ...common, path: '/api/v1/me/second-factor/remove', answer: z.object({ result: z.literal('removed') }) },
			summary: 'Sign in by the password alone from now on; 409 where a role asks for more',
			async handle({ body }, c) {
				const answer = await secondFactors.remove(factorTry(c, body));
				return answer.result === 'removed' ? { result: 'removed' as const } : factorProblem(c, answer);
			},
		}),
	];
}

function resetRoute({ operators: { secondFactors } }: SecondFactorRoutesDeps): Route {
	return defineRoute({
		...{ method: 'post', path: '/api/v1/operators/{operatorId}/reset-second-factor', tag: 'operators' },
		permission: { byPerson: 'operators:write' },
		summary: 'Take the second factor of who lost it; ends their logins',
		params: z.object({ operatorId: givenId }),
		body: z.strictObject({}),
		answer: z.object({ result: z.enum(['reset', 'none']) }),
		problems: [404],
		handle({ params: { operatorId } }, c) {
			const result = secondFactors.reset(operatorId, actorOf(c));
			if (result === 'reset' || result === 'none') return { result };
			if (result === 'notFound') return noSuch('operator', operatorId);
			const detail = 'They may do what you may not do yourself; ask an administrator.';
			return problem(c, { status: 403, code: 'FORBIDDEN', because: result, detail });
		},
	});
}

/** Who asks, with what they gave again. */
export function factorTry(
	c: HttpContext,
	{ password, code = '' }: { readonly password: string; readonly code?: string | undefined },
) {
	return { operatorId: requireLogin(c).operator.id, password, code, remoteAddress: c.get('remoteAddress') };
}

type Refusal = FactorRefusal | { readonly result: 'notBegun' | 'none' | 'required' };

/** Why a second factor was not taken or changed. */
export function factorProblem(c: HttpContext, answer: Refusal): Response {
	switch (answer.result) {
		case 'backOff':
			return backOff(c, answer.retryAfterS);
		case 'wrongCode':
			return wrongCode(c, answer, 409);
		case 'wrongPassword':
			return problem(c, { status: 409, code: 'PASSWORD_WRONG', detail: 'Your password is another one.' });
		case 'notBegun':
		case 'none':
		case 'required':
			return problem(c, { status: 409, code: 'CONFLICT', because: answer.result, detail: WHY[answer.result] });
	}
}

const WHY = {
	notBegun: 'No authenticator is being set up; begin with POST /api/v1/me/second-factor.',
	none: 'You have no second factor.',
	required: 'A role of yours asks for a second factor; set up another one in its place.',
} as const;

function wrongCode(c: HttpContext, { because }: WrongCode, status: 401 | 409): Response {
	const detail =
		because === 'wrong'
			? 'This code is wrong, was used before, or is too old.'
			: 'The gateway does not trust its clock, so it can’t tell digits; use a recovery code.';
	return problem(c, { status, code: 'CODE_WRONG', because, detail });
}
