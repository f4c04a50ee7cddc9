import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { madePasskeySchema, usedPasskeySchema } from '../../../gateway/core/passkey-response.ts';
import type { PasskeyLogin } from '../../../gateway/services/operators/passkey-logins.ts';
import type { Operators } from '../../../gateway/services/operators.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type HttpContext, readLoginCookie, requireLogin } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { problem } from '../problem.ts';
import { time } from '../scalar-schemas.ts';
import { signedInSchema } from '../schemas.ts';
import { notSignedIn, setLogin } from './login-routes.ts';
import { factorProblem, factorProof, factorTry } from './second-factor-routes.ts';

interface PasskeyRoutesDeps {
	readonly operators: Operators;
	readonly presenter: Presenter;
}

const tag = 'login';
const step = z.string().min(1).max(64).optional().openapi({
	description: '`step` of the problem that POST /api/v1/login answered; without it the passkey alone signs in',
});
const options = z.object({
	options: z.looseObject({ challenge: z.string() }).openapi({ description: 'JSON for navigator.credentials' }),
});
/** One of an operator's, without what it is kept by. */
export const passkeySchema = z
	.object({
		id: z.string(),
		name: z.string(),
		host: z.string().openapi({ description: 'The console’s name that it is for' }),
		createdAt: time,
		lastUsed: time.nullable(),
	})
	.openapi('Passkey');

/** Signing in by passkey (Web Authentication), and one's own passkeys. */
export function passkeyRoutes(deps: PasskeyRoutesDeps): readonly Route[] {
	return [...loginRoutes(deps), ...ownRoutes(deps), removeRoute(deps)];
}

function loginRoutes({ operators }: PasskeyRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			...{ method: 'post', path: '/api/v1/login/passkey/options', permission: 'public', tag },
			summary: 'What a browser is to ask a passkey for, to sign in; the same for everybody until a password was right',
			...{ body: z.strictObject({ step }), answer: options, problems: [409] },
			async handle({ body }, c) {
				const found = await operators.passkeyOptions(body.step);
				return found === undefined ? notUsable(c, operators) : { options: found };
			},
		}),
		defineRoute({
			...{ method: 'post', path: '/api/v1/login/passkey', permission: 'public', tag },
			summary: 'Sign in by what a passkey signed; sets the login cookie',
			body: z.strictObject({ step, response: usedPasskeySchema, takeOver: z.literal(true).optional() }),
			answer: signedInSchema,
			problems: [401, 409, 429],
			async handle({ body: { takeOver, ...asked } }, c) {
				const from = { remoteAddress: c.get('remoteAddress'), replaces: readLoginCookie(c) };
				const answer = await operators.loginByPasskey({ ...asked, ...from, takeOver: takeOver === true });
				return answer.result === 'signedIn' ? setLogin(operators, c, answer) : notByPasskey(c, operators, answer);
			},
		}),
	];
}

function notByPasskey(
	c: HttpContext,
	operators: Operators,
	answer: Exclude<PasskeyLogin, { readonly result: 'signedIn' }>,
): Response {
	switch (answer.result) {
		case 'wrongPasskey': {
			const detail = 'This passkey is not known here, or what it signed is not what was asked for, or too late.';
			return problem(c, { status: 401, code: 'PASSKEY_REFUSED', detail });
		}
		case 'stepEnded':
			return notUsable(c, operators);
		case 'alreadySignedIn': {
			if (answer.step === undefined) return notSignedIn(c, answer);
			const mend = answer.mayTakeOver
				? 'send `step` to /api/v1/login/second-factor with takeOver: true'
				: 'sign out there';
			const detail = `This account is signed in elsewhere, unused for ${answer.idleS} s: ${mend}.`;
			const because = answer.mayTakeOver ? 'mayTakeOver' : 'oneLogin';
			return problem(c, { status: 409, code: 'ALREADY_SIGNED_IN', detail, because, step: answer.step });
		}
		default:
			return notSignedIn(c, answer);
	}
}

function notUsable(c: HttpContext, { passkeys }: Operators): Response {
	if (passkeys.address === null) return noAddress(c);
	const detail = 'This sign-in has ended, or asks for no passkey; begin again.';
	return problem(c, { status: 409, code: 'STEP_ENDED', detail });
}

function noAddress(c: HttpContext): Response {
	const detail = 'This console has no name that passkeys could be for; set http.address.';
	return problem(c, { status: 409, code: 'CONFLICT', because: 'noAddress', detail });
}

const WHY = {
	refused: 'This is no passkey that was asked for, or it came too late; begin again.',
	taken: 'This passkey is registered already.',
	tooMany: `An operator has at most ${LIMITS.passkeysOfOperator} passkeys; remove one.`,
	none: 'You have no such passkey.',
	required: 'A role of yours asks for a second factor; set up another one before you remove this.',
} as const;

function refused(c: HttpContext, result: keyof typeof WHY | 'noAddress'): Response {
	if (result === 'noAddress') return noAddress(c);
	return problem(c, { status: 409, code: 'CONFLICT', because: result, detail: WHY[result] });
}

function ownRoutes({ operators: { passkeys }, presenter }: PasskeyRoutesDeps): readonly Route[] {
	const common = { tag, permission: { byPerson: 'signedIn' } } as const;
	return [
		defineRoute({
			...{ ...common, method: 'get', path: '/api/v1/me/passkeys' },
			summary: 'One’s own passkeys, the newest first',
			answer: z.object({ items: z.array(passkeySchema), address: z.string().nullable() }),
			handle: (_request, c) => ({
				items: passkeys.list(requireLogin(c).operator.id).map((passkey) => presenter.present(passkey)),
				address: passkeys.address,
			}),
		}),
		defineRoute({
			...{ ...common, method: 'post', path: '/api/v1/me/passkeys/options', body: factorProof, answer: options },
			...{ summary: 'What a browser is to ask an authenticator for, to make a passkey', problems: [409, 429] },
			async handle({ body }, c) {
				const answer = await passkeys.begin({ ...factorTry(c, body), loginId: requireLogin(c).id });
				if (answer.result === 'begun') return { options: answer.options };
				return answer.result === 'tooMany' || answer.result === 'noAddress'
					? refused(c, answer.result)
					: factorProblem(c, answer);
			},
		}),
		defineRoute({
			...{ ...common, method: 'post', path: '/api/v1/me/passkeys', status: 201, problems: [409] },
			summary: 'The passkey that was made: from now on it counts; other logins of the account end',
			body: z.strictObject({
				name: z.string().trim().min(1).max(LIMITS.passkeyNameChars),
				response: madePasskeySchema,
			}),
			answer: z.object({
				passkey: passkeySchema,
				recoveryCodes: z
					.array(z.string())
					.readonly()
					.nullable()
					.openapi({ description: 'Of a first second factor, shown this once; null: there are some already' }),
			}),
			async handle({ body }, c) {
				const { operator, id: loginId } = requireLogin(c);
				const from = { token: readLoginCookie(c), remoteAddress: c.get('remoteAddress') };
				const answer = await passkeys.finish({ operatorId: operator.id, loginId, ...from, ...body });
				if (answer.result !== 'made') return refused(c, answer.result);
				return { passkey: presenter.present(answer.passkey), recoveryCodes: answer.recoveryCodes };
			},
		}),
	];
}

function removeRoute({ operators: { passkeys } }: PasskeyRoutesDeps): Route {
	return defineRoute({
		...{ method: 'post', path: '/api/v1/me/passkeys/{id}/remove', permission: { byPerson: 'signedIn' }, tag },
		summary: 'It signs in no more; 409 where it is the last second factor and a role asks for one',
		params: z.object({ id: z.string().max(64) }),
		...{ body: factorProof, answer: z.object({ result: z.literal('removed') }), problems: [409, 429] },
		async handle({ params: { id }, body }, c) {
			const answer = await passkeys.remove({ ...factorTry(c, body), id });
			if (answer.result === 'removed') return { result: 'removed' as const };
			return answer.result === 'none' || answer.result === 'required'
				? refused(c, answer.result)
				: factorProblem(c, answer);
		},
	});
}
