import { LIMITS } from '../../core/limits.ts';
import { sealedByStore } from '../directory/sealed-by-store.ts';
import type { OperatorsDeps, OperatorsParts } from './operators-deps.ts';
import { hashCode, newCode } from './secrets.ts';
import { newTotpKey, totpStep, totpUri } from './totp.ts';

export type WrongCode = {
	readonly result: 'wrongCode';
	/** `clockUntrusted`: digits can't be told by a clock that may be wrong; recovery codes can. */
	readonly because: 'wrong' | 'clockUntrusted';
};

/** What an authenticator is set up with. */
export interface AuthenticatorKey {
	readonly key: string;
	/** For a QR code (`otpauth://totp/…`). */
	readonly uri: string;
}

/** The second factors that are kept, and whether what somebody typed is theirs. */
export interface SecondFactorCheck {
	/** What somebody has to show after the password; undefined: nothing. */
	wantedOf(operatorId: string): 'code' | 'enrolment' | undefined;
	/** An authenticator or a passkey. */
	has(operatorId: string): boolean;
	/** One of their roles asks for it. */
	isRequired(operatorId: string): boolean;
	newKey(email: string): AuthenticatorKey;
	/** Digits or a recovery code, each taken once. Commits by itself. */
	take(operatorId: string, code: string, remoteAddress: string): 'right' | WrongCode;
	/** Keeps the key once its first digits are right; the codes are shown this once. Joins the transaction around it. */
	keep(operatorId: string, key: string, digits: string): readonly string[] | WrongCode;
	/** In place of the earlier ones; joins the transaction around it. */
	newRecoveryCodes(operatorId: string): readonly string[];
}

const WRONG: WrongCode = { result: 'wrongCode', because: 'wrong' };
const UNTRUSTED: WrongCode = { result: 'wrongCode', because: 'clockUntrusted' };

export function createSecondFactorCheck(
	{ store, clock, clockTrust, journalGrew, issuer = 'Parkgate' }: OperatorsDeps,
	{ audit, access, rules }: Pick<OperatorsParts, 'audit' | 'access' | 'rules'>,
): SecondFactorCheck {
	const { operators, settings, transaction } = store;
	const seal = sealedByStore(settings, 'operators.secondFactorKey');

	function isRequired(operatorId: string): boolean {
		const { secondFactorRoles } = rules.get();
		if (secondFactorRoles.length === 0) return false;
		return access.rulesOf(operatorId).grants.some(({ source }) => {
			if (source.kind === 'role') return secondFactorRoles.includes(source.id);
			return source.kind === 'group' && secondFactorRoles.includes(source.roleId ?? '');
		});
	}

	/** A step of a clock that went wrong would be taken for ever, or again. */
	const isTrusted = () => clockTrust === undefined || clockTrust() !== 'untrusted';

	function takeDigits(operatorId: string, digits: string): 'right' | WrongCode {
		if (!isTrusted()) return UNTRUSTED;
		const sealed = operators.secondFactorOf(operatorId)?.sealedKey;
		const key = sealed === undefined ? undefined : seal().open(sealed);
		const step = key === undefined ? undefined : totpStep(key, digits, clock.nowMs());
		if (step === undefined) return WRONG;
		return transaction(() => operators.takeTimeStep(operatorId, step)) ? 'right' : WRONG;
	}

	function takeRecoveryCode(operatorId: string, code: string, remoteAddress: string): 'right' | WrongCode {
		const isTaken = transaction(() => {
			if (!operators.takeRecoveryCode(operatorId, hashCode(code))) return false;
			const left = operators.recoveryCodesLeft(operatorId);
			audit.write('recoveryCodeUsed', operatorId, operatorId, { remoteAddress, left });
			return true;
		});
		if (!isTaken) return WRONG;
		journalGrew();
		return 'right';
	}

	const has = (operatorId: string) =>
		operators.secondFactorOf(operatorId) !== undefined || operators.passkeyCount(operatorId) > 0;

	return {
		has,
		isRequired,
		wantedOf(operatorId) {
			if (has(operatorId)) return 'code';
			return isRequired(operatorId) ? 'enrolment' : undefined;
		},
		newKey(email) {
			const key = newTotpKey();
			return { key, uri: totpUri(key, { issuer, account: email }) };
		},
		take(operatorId, code, remoteAddress) {
			const digits = digitsOf(code);
			return digits === undefined ? takeRecoveryCode(operatorId, code, remoteAddress) : takeDigits(operatorId, digits);
		},
		keep(operatorId, key, code) {
			if (!isTrusted()) return UNTRUSTED;
			const nowMs = clock.nowMs();
			const lastStep = totpStep(key, digitsOf(code) ?? '', nowMs);
			if (lastStep === undefined) return WRONG;
			const codes = newCodes();
			const row = { operatorId, sealedKey: seal().seal(key), sinceMs: nowMs, lastStep };
			operators.setSecondFactor(row, codes.map(hashCode));
			return codes;
		},
		newRecoveryCodes(operatorId) {
			const codes = newCodes();
			operators.setRecoveryCodes(operatorId, codes.map(hashCode));
			return codes;
		},
	};
}

/** As authenticators show them, with a space in their middle or not; undefined: no digits of theirs. */
function digitsOf(code: string): string | undefined {
	return /^\d{6}$/.exec(code.replaceAll(/\s/g, ''))?.[0];
}

function newCodes(): readonly string[] {
	return Array.from({ length: LIMITS.recoveryCodes }, newCode);
}
