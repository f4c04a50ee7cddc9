import { endLoginsOf } from './end-logins.ts';
import { createKeptForAWhile } from './kept-for-a-while.ts';
import type { Actor, OperatorsParts } from './operators-deps.ts';
import { type FactorRefusal, type FactorTry, proveOneself } from './prove-oneself.ts';
import type { AuthenticatorKey, WrongCode } from './second-factor-check.ts';
import { hashToken } from './secrets.ts';

export type { FactorRefusal };

export interface SecondFactorStanding {
	/** Of the authenticator; null: they have none. */
	readonly sinceMs: number | null;
	readonly recoveryCodesLeft: number;
	/** A role of theirs asks for it. */
	readonly isRequired: boolean;
}

type Codes = { readonly result: 'codes'; readonly recoveryCodes: readonly string[] };

/** Operators set up their own second factor; administrators take it away from who lost it. */
export interface SecondFactors {
	standing(operatorId: string): SecondFactorStanding;
	/** A key for an authenticator, which counts once `confirm` got its digits. */
	begin(asked: FactorTry): Promise<({ readonly result: 'begun' } & AuthenticatorKey) | FactorRefusal>;
	/** The key that waits for its first digits. */
	begun(operatorId: string): AuthenticatorKey | undefined;
	/** From now on it counts, in place of an earlier one; other logins of the account end. */
	confirm(asked: {
		readonly operatorId: string;
		readonly code: string;
		/** Of the login that goes on. */
		readonly token: string | undefined;
		readonly remoteAddress: string;
	}): Codes | { readonly result: 'notBegun' } | FactorRefusal;
	newRecoveryCodes(asked: FactorTry): Promise<Codes | { readonly result: 'none' } | FactorRefusal>;
	/** `required`: a role asks for it; it can be replaced, or reset. */
	remove(
		asked: FactorTry,
	): Promise<{ readonly result: 'removed' } | { readonly result: 'none' | 'required' } | FactorRefusal>;
	/** Of somebody who lost theirs, passkeys too: they sign in by the password alone, or set up another. Their logins end. */
	reset(operatorId: string, by: Actor): 'reset' | 'none' | 'notFound' | 'notYours';
}

export function createSecondFactors(parts: OperatorsParts): SecondFactors {
	const { clock, backOff, audit, access, factors, journalGrew } = parts;
	const { operators, transaction } = parts.store;
	const waiting = createKeptForAWhile<AuthenticatorKey>(clock);

	const prove = (asked: FactorTry) => proveOneself(parts, asked);

	function refused(operatorId: string, remoteAddress: string, wrong: WrongCode): WrongCode {
		audit.writeRefusal('secondFactorRefused', operatorId, remoteAddress);
		return wrong;
	}

	return {
		standing: (operatorId) => ({
			sinceMs: operators.secondFactorOf(operatorId)?.sinceMs ?? null,
			recoveryCodesLeft: operators.recoveryCodesLeft(operatorId),
			isRequired: factors.isRequired(operatorId),
		}),
		async begin(asked) {
			const proof = await prove(asked);
			if (proof.result !== 'proved') return proof;
			const key = factors.newKey(operators.operatorById(asked.operatorId)?.email ?? '');
			waiting.delete(asked.operatorId);
			waiting.set(asked.operatorId, key);
			return { result: 'begun', ...key };
		},
		begun: waiting.get,
		confirm({ operatorId, code, token, remoteAddress }) {
			const key = waiting.get(operatorId)?.key;
			const row = operators.operatorById(operatorId);
			if (key === undefined || row === undefined) return { result: 'notBegun' };
			const attempt = { account: row.email, remoteAddress };
			const retryAfterS = backOff.begin(attempt);
			if (retryAfterS > 0) return { result: 'backOff', retryAfterS };
			const kept = transaction(() => {
				const codes = factors.keep(operatorId, key, code);
				if (!('result' in codes)) {
					endLoginsOf(parts, operatorId, token === undefined ? undefined : hashToken(token));
					audit.write('secondFactorSet', operatorId, operatorId, { remoteAddress });
				}
				return codes;
			});
			if ('result' in kept) return refused(operatorId, remoteAddress, kept);
			waiting.delete(operatorId);
			backOff.succeed(attempt);
			journalGrew();
			return { result: 'codes', recoveryCodes: kept };
		},
		async newRecoveryCodes(asked) {
			const { operatorId, remoteAddress } = asked;
			if (!factors.has(operatorId)) return { result: 'none' };
			const proof = await prove(asked);
			if (proof.result !== 'proved') return proof;
			const recoveryCodes = transaction(() => {
				audit.write('recoveryCodesMade', operatorId, operatorId, { remoteAddress });
				return factors.newRecoveryCodes(operatorId);
			});
			journalGrew();
			return { result: 'codes', recoveryCodes };
		},
		async remove(asked) {
			const { operatorId, remoteAddress } = asked;
			if (factors.isRequired(operatorId) && operators.passkeyCount(operatorId) === 0) return { result: 'required' };
			if (operators.secondFactorOf(operatorId) === undefined) return { result: 'none' };
			const proof = await prove(asked);
			if (proof.result !== 'proved') return proof;
			transaction(() => {
				operators.removeSecondFactor(operatorId);
				audit.write('secondFactorRemoved', operatorId, operatorId, { remoteAddress });
			});
			journalGrew();
			return { result: 'removed' };
		},
		reset(operatorId, by) {
			if (operators.operatorById(operatorId) === undefined) return 'notFound';
			if (by.access !== null && !by.access.covers(access.rulesOf(operatorId))) return 'notYours';
			waiting.delete(operatorId);
			const isReset = transaction(() => {
				if (!operators.removeFactors(operatorId)) return false;
				endLoginsOf(parts, operatorId);
				audit.write('secondFactorReset', by.operatorId, operatorId, {});
				return true;
			});
			if (isReset) journalGrew();
			return isReset ? 'reset' : 'none';
		},
	};
}
