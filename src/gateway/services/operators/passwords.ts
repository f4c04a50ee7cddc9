import { LIMITS } from '../../core/limits.ts';
import type { Operator } from '../operators.ts';
import { confirmPassword } from './confirm-password.ts';
import { endLoginsOf } from './end-logins.ts';
import { Refused, refusable } from './guarded-change.ts';
import { BUSY_RETRY_S, type OperatorsParts } from './operators-deps.ts';
import { type PasswordWeakness, passwordWeakness, WEAKNESS_TEXT } from './password-policy.ts';
import { type SeatRefusal, withinSeats } from './seats.ts';
import { hashCode, hashToken, newCode } from './secrets.ts';

type Weak = { readonly result: 'weakPassword'; readonly because: PasswordWeakness; readonly problem: string };
type Wait = { readonly result: 'backOff'; readonly retryAfterS: number };

export type ActivationAnswer = { readonly result: 'activated'; readonly operator: Operator } | ActivationRefusal;

export type ActivationRefusal =
	/** Unknown, used, replaced or too old. */
	{ readonly result: 'wrongCode' } | SeatRefusal | Weak | Wait;

export type PasswordAnswer = { readonly result: 'changed' | 'wrongPassword' } | Weak | Wait;

/** Operators choose their own passwords: with a one-time code, or with the one they have. */
export interface Passwords {
	/** Whose code it is, so that a page can greet them; undefined: nobody's. Counts as a try. */
	invited(code: string, remoteAddress: string): Pick<Operator, 'name' | 'email'> | undefined;
	/** Takes the code, sets the password and lets an invited operator in; other logins of the account end. */
	activate(request: { code: string; password: string; remoteAddress: string }): Promise<ActivationAnswer>;
	/** The login it is asked in goes on, others of the account end. */
	change(request: {
		operatorId: string;
		present: string;
		password: string;
		token: string | undefined;
		remoteAddress: string;
	}): Promise<PasswordAnswer>;
}

/** What guesses at codes are counted under. */
const GUESSED = 'activation code';

/** A code with which an operator chooses a password, in place of earlier ones; joins the transaction around it. */
export function writeCode(
	{ store, clock }: Pick<OperatorsParts, 'store' | 'clock'>,
	operatorId: string,
	lastsMs: number,
): { readonly code: string; readonly endsAtMs: number } {
	const code = newCode();
	const endsAtMs = clock.nowMs() + lastsMs;
	store.operators.setActivationCode({ operatorId, codeHash: hashCode(code), endsAtMs });
	return { code, endsAtMs };
}

/** After a generated password was typed in. */
export function newChoiceCode(parts: OperatorsParts, operatorId: string, remoteAddress: string): string {
	const { code } = parts.store.transaction(() => {
		parts.audit.write('oneTimePasswordUsed', operatorId, operatorId, { remoteAddress });
		return writeCode(parts, operatorId, LIMITS.passwordChoiceMs);
	});
	parts.journalGrew();
	return code;
}

export function createPasswords(parts: OperatorsParts): Passwords {
	const { clock, hasher, backOff, audit, access, journalGrew } = parts;
	const { operators, transaction } = parts.store;

	function ownerOf(codeHash: string) {
		const code = operators.activationCode(codeHash);
		if (code === undefined || clock.nowMs() >= code.endsAtMs) return undefined;
		const row = operators.operatorById(code.operatorId);
		return row === undefined || row.state === 'inactive' ? undefined : row;
	}

	function weakness(password: string, about: readonly string[]): Weak | undefined {
		const because = passwordWeakness(password, [...about, 'parkgate']);
		return because && { result: 'weakPassword', because, problem: WEAKNESS_TEXT[because] };
	}

	return {
		invited(code, remoteAddress) {
			const owner = ownerOf(hashCode(code));
			if (owner === undefined) backOff.begin({ account: GUESSED, remoteAddress });
			return owner;
		},
		async activate({ code, password, remoteAddress }) {
			const codeHash = hashCode(code);
			const owner = ownerOf(codeHash);
			if (owner === undefined) {
				const retryAfterS = backOff.begin({ account: GUESSED, remoteAddress });
				if (retryAfterS > 0) return { result: 'backOff', retryAfterS };
				audit.writeRefusal('activationRefused', null, remoteAddress);
				return { result: 'wrongCode' };
			}
			const weak = weakness(password, [owner.email, owner.name]);
			if (weak !== undefined) return weak;
			const passwordHash = await hasher.hash(password);
			if (passwordHash === undefined) return { result: 'backOff', retryAfterS: BUSY_RETRY_S };
			const answer = refusable(transaction, (): ActivationAnswer => {
				const row = ownerOf(codeHash);
				if (row === undefined || !operators.useActivationCode(codeHash)) throw new Refused({ result: 'wrongCode' });
				const seats = operators.seatsTaken();
				operators.setPasswordHash(row.id, passwordHash);
				operators.updateOperator({ ...row, state: 'active' });
				const full = withinSeats(parts, seats);
				if (full !== undefined) throw new Refused(full);
				endLoginsOf(parts, row.id);
				audit.write('activated', row.id, row.id, { remoteAddress });
				return { result: 'activated', operator: access.operator(row) };
			});
			parts.accessChanged();
			journalGrew();
			return answer;
		},
		async change({ operatorId, present, password, token, remoteAddress }) {
			const confirmation = await confirmPassword(parts, { operatorId, password: present, remoteAddress });
			if (confirmation.result !== 'confirmed') return confirmation;
			const { row } = confirmation;
			const weak = weakness(password, [row.email, row.name]);
			if (weak !== undefined) return weak;
			const passwordHash = await hasher.hash(password);
			if (passwordHash === undefined) return { result: 'backOff', retryAfterS: BUSY_RETRY_S };
			const isChanged = transaction(() => {
				// Somebody reset it meanwhile: theirs counts.
				if (operators.operatorById(operatorId)?.passwordHash !== row.passwordHash) return false;
				operators.setPasswordHash(operatorId, passwordHash);
				endLoginsOf(parts, operatorId, token === undefined ? undefined : hashToken(token));
				audit.write('passwordChanged', operatorId, operatorId, { remoteAddress });
				return true;
			});
			if (!isChanged) return { result: 'wrongPassword' };
			journalGrew();
			return { result: 'changed' };
		},
	};
}
