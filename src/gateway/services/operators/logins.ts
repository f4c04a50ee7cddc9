import { LIMITS } from '../../core/limits.ts';
import type { LoginSessionRow, OperatorRow } from '../../store/operators.ts';
import type { LoginAnswer, LoginSession, Operator, Operators } from '../operators.ts';
import { BUSY_RETRY_S, type OperatorsParts, operatorOf } from './operators-deps.ts';
import { hashToken, newToken } from './secrets.ts';

/** Signing in, staying signed in and signing out. */
export function createLogins(parts: OperatorsParts): Pick<Operators, 'login' | 'session' | 'logout'> {
	const { clock, hasher, backOff, audit, log, journalGrew } = parts;
	const { operators, transaction } = parts.store;

	async function login({ email, password, remoteAddress }: Parameters<Operators['login']>[0]): Promise<LoginAnswer> {
		const attempt = { account: email, remoteAddress };
		const retryAfterS = backOff.begin(attempt);
		if (retryAfterS > 0) return { result: 'backOff', retryAfterS };
		const row = operators.operatorByEmail(email.trim());
		const verified = await hasher.verify(password, row?.passwordHash);
		if (verified === 'busy') {
			backOff.withdraw(attempt);
			return { result: 'backOff', retryAfterS: BUSY_RETRY_S };
		}
		const operator = row === undefined ? undefined : operatorOf(row);
		if (verified === 'mismatch' || row === undefined || operator === undefined) {
			audit.writeRefusal('loginRefused', row?.id ?? null, remoteAddress);
			return { result: 'refused' };
		}
		backOff.succeed(attempt);
		await renewHash(row, password);
		return signIn(operator, remoteAddress);
	}

	/** Hashed with older settings: this is the one moment the password is at hand. */
	async function renewHash(row: OperatorRow, password: string): Promise<void> {
		if (!hasher.outdated(row.passwordHash)) return;
		const renewed = await hasher.hash(password);
		if (renewed !== undefined) operators.setPasswordHash(row.id, renewed);
	}

	function signIn(operator: Operator, remoteAddress: string): LoginAnswer {
		const token = newToken();
		const csrf = newToken();
		const atMs = clock.nowMs();
		transaction(() => {
			operators.removeStaleLoginSessions({
				idleBeforeMs: atMs - LIMITS.loginIdleMs,
				createdBeforeMs: atMs - LIMITS.loginAbsoluteMs,
			});
			const tokenHash = hashToken(token);
			operators.addLoginSession({ tokenHash, operatorId: operator.id, csrf, createdAtMs: atMs, lastSeenAtMs: atMs });
			audit.write('login', operator.id, remoteAddress);
		});
		journalGrew();
		return { result: 'signedIn', operator, token, csrf, expiresAtMs: atMs + LIMITS.loginAbsoluteMs };
	}

	function find(token: string): { row: LoginSessionRow; operator: Operator } | undefined {
		const row = operators.loginSession(hashToken(token));
		if (row === undefined || !isFresh(row, clock.nowMs())) return undefined;
		const operatorRow = operators.operatorById(row.operatorId);
		const operator = operatorRow === undefined ? undefined : operatorOf(operatorRow);
		return operator === undefined ? undefined : { row, operator };
	}

	/** A store that can't be written must not sign everybody out: they are who mends it. */
	function touch({ tokenHash, lastSeenAtMs }: LoginSessionRow): void {
		const nowMs = clock.nowMs();
		if (nowMs - lastSeenAtMs < LIMITS.loginTouchMs) return;
		try {
			operators.touchLoginSession(tokenHash, nowMs);
		} catch (error) {
			log.warn({ err: error }, 'the use of a login could not be stored; it may go idle early');
		}
	}

	return {
		login,
		session(token, by): LoginSession | undefined {
			const found = find(token);
			if (found === undefined) return undefined;
			const { row, operator } = found;
			if (by === 'person') touch(row);
			return { id: row.tokenHash.slice(0, 16), operator, csrf: row.csrf, createdAtMs: row.createdAtMs };
		},
		logout(token) {
			const tokenHash = hashToken(token);
			const operatorId = operators.loginSession(tokenHash)?.operatorId;
			if (operatorId === undefined) return;
			transaction(() => {
				operators.removeLoginSession(tokenHash);
				audit.write('logout', operatorId, null);
			});
			journalGrew();
		},
	};
}

/** By the wall clock, since a login outlives a restart. */
function isFresh({ lastSeenAtMs, createdAtMs }: LoginSessionRow, nowMs: number): boolean {
	return nowMs - lastSeenAtMs < LIMITS.loginIdleMs && nowMs - createdAtMs < LIMITS.loginAbsoluteMs;
}
