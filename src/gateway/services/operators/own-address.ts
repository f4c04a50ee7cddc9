import { maskText } from '../../core/directory/mask.ts';
import { LIMITS } from '../../core/limits.ts';
import type { MailState } from '../mail/mail-outbox.ts';
import { knownLanguage } from './access-of-operator.ts';
import { Refused, refusable } from './guarded-change.ts';
import { createHourlyAllowance, type OperatorsParts } from './operators-deps.ts';
import { type FactorRefusal, type FactorTry, proveOneself } from './prove-oneself.ts';
import { hashCode, newCode } from './secrets.ts';

/** How one's address stands. */
export interface AddressStanding {
	readonly email: string;
	/** false: only who administers operators changes it. */
	readonly sendsMail: boolean;
	/** Another one waits for its code; null: none does. */
	readonly wanted: {
		readonly email: string;
		readonly endsAtMs: number;
		/** Of the mail with the code; null: none is known. */
		readonly mail: MailState | null;
	} | null;
}

export type AddressAsked =
	| { readonly result: 'asked' }
	/** No mail leaves here; it is no address; it is theirs already; too many were asked for in an hour. */
	| { readonly result: 'noMail' | 'noAddress' | 'same' | 'tooMany' }
	| FactorRefusal;

export type AddressConfirmed =
	| { readonly result: 'changed'; readonly email: string }
	/** Unknown, used, replaced or too old. `emailTaken`: told only to whom the code reached there. */
	| { readonly result: 'wrongCode' | 'emailTaken' }
	| { readonly result: 'backOff'; readonly retryAfterS: number };

/** The address that somebody signs in with, changed by themselves once a code has reached the new one. */
export interface OwnAddress {
	standing(operatorId: string): AddressStanding | undefined;
	/** The same answer whether somebody else has that address or not. */
	ask(asked: FactorTry & { readonly email: string }): Promise<AddressAsked>;
	/** By who asked for it, signed in. */
	confirm(asked: {
		readonly operatorId: string;
		readonly code: string;
		readonly remoteAddress: string;
	}): AddressConfirmed;
	/** @returns false: none waits. */
	cancel(operatorId: string): boolean;
}

/** One recipient, and nothing that has a meaning in a header (RFC 5322, 3.2.3). */
const PLAIN = /^[^\s\p{Cc}@<>()[\]\\,;:"]+@[^\s\p{Cc}@<>()[\]\\,;:"]+$/u;
const ADDRESS_LENGTH = 254;

export function createOwnAddress(parts: OperatorsParts): OwnAddress {
	const { clock, codeMails, backOff, audit, journalGrew } = parts;
	const { operators, transaction } = parts.store;
	const allowances = new Map<string, ReturnType<typeof createHourlyAllowance>>();

	/** Nobody has strangers mailed from here. */
	function mayAsk(operatorId: string): boolean {
		const allowance = allowances.get(operatorId) ?? createHourlyAllowance(clock, LIMITS.addressCodesPerHour);
		allowances.set(operatorId, allowance);
		return allowance.take() !== undefined;
	}

	function wantedOf(operatorId: string) {
		const wanted = operators.addressChangeOf(operatorId);
		return wanted === undefined || clock.nowMs() >= wanted.endsAtMs ? undefined : wanted;
	}

	function write(operatorId: string, email: string, remoteAddress: string): void {
		const row = operators.operatorById(operatorId);
		if (row === undefined || codeMails === undefined) return;
		const code = newCode();
		const endsAtMs = clock.nowMs() + LIMITS.addressCodeMs;
		transaction(() => {
			operators.setAddressChange({ operatorId, email, codeHash: hashCode(code), endsAtMs });
			audit.write('ownAddressAsked', operatorId, operatorId, { remoteAddress, email: maskText(email) });
			const language = knownLanguage(row.language) ?? 'en';
			codeMails.putAddress(operatorId, { to: email, present: row.email, name: row.name, language, code, endsAtMs });
		});
		journalGrew();
	}

	return {
		standing(operatorId) {
			const row = operators.operatorById(operatorId);
			if (row === undefined) return undefined;
			const wanted = wantedOf(operatorId);
			return {
				...{ email: row.email, sendsMail: codeMails !== undefined },
				wanted:
					wanted === undefined
						? null
						: {
								...{ email: wanted.email, endsAtMs: wanted.endsAtMs },
								mail: codeMails?.addressStateOf(operatorId) ?? null,
							},
			};
		},
		async ask({ email: typed, ...asked }) {
			const { operatorId, remoteAddress } = asked;
			const email = typed.trim().toLowerCase();
			if (codeMails === undefined) return { result: 'noMail' };
			if (email.length > ADDRESS_LENGTH || !PLAIN.test(email)) return { result: 'noAddress' };
			const proof = await proveOneself(parts, asked);
			if (proof.result !== 'proved') return proof;
			if (operators.operatorById(operatorId)?.email === email) return { result: 'same' };
			if (!mayAsk(operatorId)) return { result: 'tooMany' };
			write(operatorId, email, remoteAddress);
			return { result: 'asked' };
		},
		confirm({ operatorId, code, remoteAddress }) {
			const present = operators.operatorById(operatorId)?.email ?? operatorId;
			const attempt = { account: present, remoteAddress };
			const retryAfterS = backOff.begin(attempt);
			if (retryAfterS > 0) return { result: 'backOff', retryAfterS };
			const answer = refusable(transaction, (): AddressConfirmed => {
				const wanted = wantedOf(operatorId);
				const row = operators.operatorById(operatorId);
				if (wanted === undefined || row === undefined || wanted.codeHash !== hashCode(code))
					throw new Refused({ result: 'wrongCode' });
				const { email } = wanted;
				if (!operators.updateOperator({ ...row, email })) throw new Refused({ result: 'emailTaken' });
				operators.removeAddressChangeOf(operatorId);
				// One that lies in the mailbox they leave lets nobody in any more.
				operators.removeActivationCodeOf(operatorId);
				const detail = { emailBefore: maskText(row.email), email: maskText(email) };
				audit.write('ownAddressChanged', operatorId, operatorId, { remoteAddress, ...detail });
				return { result: 'changed', email };
			});
			if (answer.result === 'wrongCode') audit.writeRefusal('addressCodeRefused', operatorId, remoteAddress);
			else backOff.succeed(attempt);
			if (answer.result === 'emailTaken') operators.removeAddressChangeOf(operatorId);
			journalGrew();
			return answer;
		},
		cancel(operatorId) {
			const isGone = transaction(() => {
				if (!operators.removeAddressChangeOf(operatorId)) return false;
				audit.write('ownAddressKept', operatorId, operatorId, {});
				return true;
			});
			if (isGone) journalGrew();
			return isGone;
		},
	};
}
