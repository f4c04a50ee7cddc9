import { confirmPassword, type PasswordTry } from './confirm-password.ts';
import type { OperatorsParts } from './operators-deps.ts';
import type { WrongCode } from './second-factor-check.ts';

/** The password, and where there is an authenticator one of its codes. */
export interface FactorTry extends PasswordTry {
	readonly code: string;
}

export type FactorRefusal =
	| { readonly result: 'wrongPassword' }
	| WrongCode
	| { readonly result: 'backOff'; readonly retryAfterS: number };

/** Asks who is signed in for all they have typed to sign in, before how they sign in changes. Both count as one try, until both are right. */
export async function proveOneself(
	parts: OperatorsParts,
	{ code, ...asked }: FactorTry,
): Promise<{ readonly result: 'proved' } | FactorRefusal> {
	const { operatorId, remoteAddress } = asked;
	const { audit, backOff, factors } = parts;
	const confirmation = await confirmPassword(parts, asked, { more: true });
	if (confirmation.result !== 'confirmed') return confirmation;
	if (parts.store.operators.secondFactorOf(operatorId) !== undefined) {
		const taken = factors.take(operatorId, code, remoteAddress);
		if (taken !== 'right') {
			audit.writeRefusal('secondFactorRefused', operatorId, remoteAddress);
			return taken;
		}
	}
	backOff.succeed({ account: confirmation.row.email, remoteAddress });
	return { result: 'proved' };
}
