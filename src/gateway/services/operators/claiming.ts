import { GatewayError } from '../../core/gateway-error.ts';
import { LIMITS } from '../../core/limits.ts';
import type { OperatorRow } from '../../store/operators.ts';
import type { ClaimAnswer, Operators } from '../operators.ts';
import { BUSY_RETRY_S, type OperatorsParts } from './operators-deps.ts';
import { passwordWeakness, WEAKNESS_TEXT } from './password-policy.ts';
import { hashCode, newCode } from './secrets.ts';

/** The first administrator comes in with a code that only who can read the gateway's own output has. */
export function createClaiming(parts: OperatorsParts): Pick<Operators, 'unclaimed' | 'newClaimCode' | 'claim'> {
	const { clock, hasher, backOff, audit, access, newId, journalGrew } = parts;
	const { operators, transaction } = parts.store;

	function isOpen(codeHash: string): boolean {
		const open = operators.openClaimCode();
		return open?.codeHash === codeHash && clock.nowMs() - open.createdAtMs < LIMITS.claimCodeMs;
	}

	/** Commits the operator, the used code and the audit row together. */
	function winOrLose(operator: OperatorRow, codeHash: string, remoteAddress: string): ClaimAnswer {
		if (operators.operatorCount() === 0 && !isOpen(codeHash)) return { result: 'wrongCode' };
		const atMs = clock.nowMs();
		const result = transaction(() => {
			const claimed = operators.claim({ codeHash, atMs, operator });
			if (claimed === 'claimed') audit.write('claim', operator.id, operator.id, { remoteAddress });
			return claimed;
		});
		if (result !== 'claimed') return { result };
		journalGrew();
		return { result, operator: access.operator(operator) };
	}

	return {
		unclaimed: () => operators.operatorCount() === 0,
		newClaimCode() {
			if (operators.operatorCount() > 0) {
				throw new GatewayError('CONFLICT', 'This gateway has its administrator already; sign in instead.');
			}
			const code = newCode();
			operators.replaceClaimCode({ codeHash: hashCode(code), createdAtMs: clock.nowMs() });
			return code;
		},
		async claim({ code, email, name, password, remoteAddress }) {
			if (operators.operatorCount() > 0) return { result: 'alreadyClaimed' };
			const codeHash = hashCode(code);
			if (!isOpen(codeHash)) {
				const attempt = { account: 'claim code', remoteAddress };
				const retryAfterS = backOff.begin(attempt);
				if (retryAfterS > 0) return { result: 'backOff', retryAfterS };
				audit.writeRefusal('claimRefused', null, remoteAddress);
				return { result: 'wrongCode' };
			}
			const weakness = passwordWeakness(password, [email, name, 'parkgate']);
			if (weakness !== undefined)
				return { result: 'weakPassword', because: weakness, problem: WEAKNESS_TEXT[weakness] };
			const passwordHash = await hasher.hash(password);
			if (passwordHash === undefined) return { result: 'backOff', retryAfterS: BUSY_RETRY_S };
			const operator: OperatorRow = {
				...{ id: newId(), email: email.trim().toLowerCase(), name: name.trim(), language: null },
				...{ state: 'active', passwordHash, passwordOnce: false, version: 1 },
				...{ createdAtMs: clock.nowMs(), lastLoginAtMs: null },
			};
			return winOrLose(operator, codeHash, remoteAddress);
		},
	};
}
