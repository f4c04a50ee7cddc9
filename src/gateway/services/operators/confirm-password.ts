import type { OperatorRow } from '../../store/operators.ts';
import { BUSY_RETRY_S, type OperatorsParts } from './operators-deps.ts';

export interface PasswordTry {
	readonly operatorId: string;
	readonly password: string;
	readonly remoteAddress: string;
}

export type PasswordConfirmation =
	| { readonly result: 'confirmed'; readonly row: OperatorRow }
	| { readonly result: 'wrongPassword' }
	| { readonly result: 'backOff'; readonly retryAfterS: number };

/**
 * Asks who is signed in for their password again, before what may let somebody else in; tries count as those to sign in.
 * `more`: it goes on counting until what else is asked for is right too.
 */
export async function confirmPassword(
	{ store, hasher, backOff }: Pick<OperatorsParts, 'store' | 'hasher' | 'backOff'>,
	{ operatorId, password, remoteAddress }: PasswordTry,
	{ more = false } = {},
): Promise<PasswordConfirmation> {
	const row = store.operators.operatorById(operatorId);
	const attempt = { account: row?.email ?? operatorId, remoteAddress };
	const retryAfterS = backOff.begin(attempt);
	if (retryAfterS > 0) return { result: 'backOff', retryAfterS };
	const verified = await hasher.verify(password, row?.passwordHash ?? undefined);
	if (verified === 'busy') {
		backOff.withdraw(attempt);
		return { result: 'backOff', retryAfterS: BUSY_RETRY_S };
	}
	if (verified === 'mismatch' || row === undefined) return { result: 'wrongPassword' };
	if (!more) backOff.succeed(attempt);
	return { result: 'confirmed', row };
}
