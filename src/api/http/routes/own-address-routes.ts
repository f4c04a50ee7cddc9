import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { AddressAsked, AddressConfirmed } from '../../../gateway/services/operators/own-address.ts';
import type { Operators } from '../../../gateway/services/operators.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type HttpContext, operatorOf } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { noSuch, problem } from '../problem.ts';
import { time } from '../scalar-schemas.ts';
import { mailSchema } from '../schemas.ts';
import { backOff } from './login-routes.ts';
import { factorProblem, factorProof, factorTry } from './second-factor-routes.ts';

const standingSchema = z
	.object({
		email: z.string(),
		sendsMail: z.boolean().openapi({ description: 'false: only who administers operators changes it' }),
		wanted: z
			.object({ email: z.string(), endsAt: time, mail: mailSchema.nullable() })
			.nullable()
			.openapi({ description: 'Waits for the code that was mailed there; null: none does' }),
	})
	.openapi('OwnAddress');

const path = '/api/v1/me/account/address';
const common = { tag: 'account', permission: { byPerson: 'signedIn' } } as const;

/** The address that one signs in with (Z11): another one counts once a code has reached it. */
export function ownAddressRoutes({
	operators: { ownAddress },
	presenter,
}: {
	readonly operators: Pick<Operators, 'ownAddress'>;
	readonly presenter: Presenter;
}): readonly Route[] {
	const shown = (c: HttpContext) =>
		presenter.present(ownAddress.standing(operatorOf(c)) ?? noSuch('operator', operatorOf(c)));
	return [
		defineRoute({
			...{ ...common, method: 'get', path, answer: standingSchema, problems: [404] },
			summary: 'One’s own e-mail address, and another one that waits for its code',
			handle: (_request, c) => shown(c),
		}),
		defineRoute({
			...{ ...common, method: 'post', path, answer: standingSchema, problems: [404, 409, 422, 429] },
			summary: 'Ask for another address: a code goes there, and a notice to the present one',
			body: factorProof.extend({ email: z.string().trim().min(3).max(254) }),
			async handle({ body: { email, ...proof } }, c) {
				const answer = await ownAddress.ask({ ...factorTry(c, proof), email });
				return answer.result === 'asked' ? shown(c) : notAsked(c, answer);
			},
		}),
		defineRoute({
			...{ ...common, method: 'post', path: `${path}/confirm`, answer: standingSchema, problems: [404, 409, 429] },
			summary: 'The code that was mailed to the new address: from now on one signs in with that',
			body: z.strictObject({ code: z.string().trim().min(1).max(32) }),
			handle({ body }, c) {
				const asked = { operatorId: operatorOf(c), remoteAddress: c.get('remoteAddress') };
				const answer = ownAddress.confirm({ ...asked, ...body });
				return answer.result === 'changed' ? shown(c) : notConfirmed(c, answer);
			},
		}),
		defineRoute({
			...{ ...common, method: 'delete', path, answer: z.object({ result: z.literal('kept') }), problems: [404] },
			summary: 'Keep the present address: the code is worth nothing any more',
			handle: (_request, c) =>
				ownAddress.cancel(operatorOf(c)) ? { result: 'kept' as const } : noSuch('address that waits', 'me'),
		}),
	];
}

const WHY = {
	noMail: 'This gateway sends no mail: ask who administers operators to change your address.',
	noAddress: 'This is no address that mail can be sent to.',
	same: 'This is your address already.',
	tooMany: `Another address can be asked for ${LIMITS.addressCodesPerHour} times in an hour.`,
} as const;

function notAsked(c: HttpContext, answer: Exclude<AddressAsked, { readonly result: 'asked' }>): Response {
	switch (answer.result) {
		case 'noMail':
		case 'same':
			return problem(c, { status: 409, code: 'CONFLICT', because: answer.result, detail: WHY[answer.result] });
		case 'noAddress':
			return problem(c, { status: 422, code: 'INVALID_REQUEST', because: answer.result, detail: WHY.noAddress });
		case 'tooMany':
			return problem(c, { status: 429, code: 'TOO_MANY', because: answer.result, detail: WHY.tooMany });
		default:
			return factorProblem(c, answer);
	}
}

function notConfirmed(c: HttpContext, answer: Exclude<AddressConfirmed, { readonly result: 'changed' }>): Response {
	if (answer.result === 'backOff') return backOff(c, answer.retryAfterS);
	const detail =
		answer.result === 'wrongCode'
			? 'This code is wrong, was used or replaced, or is too old; ask for another one.'
			: 'Another account signs in with this address.';
	return problem(c, { status: 409, code: 'CONFLICT', because: answer.result, detail });
}
