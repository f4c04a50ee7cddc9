import { LIMITS } from '../../core/limits.ts';
import type { LoginSessionRow } from '../../store/login-sessions.ts';
import type { OperatorRow } from '../../store/operators.ts';
import type { LoginAnswer, LoginRefusal, LoginRequest, LoginSession, Operators } from '../operators.ts';
import { isFresh, LIVE } from './fresh-logins.ts';
import { createLoginSteps, type SignInAnswer, type SignInRequest } from './login-steps.ts';
import { BUSY_RETRY_S, type OperatorsParts } from './operators-deps.ts';
import { createPasskeyLogins } from './passkey-logins.ts';
import { newChoiceCode } from './passwords.ts';
import { hashToken, newToken, sessionId } from './secrets.ts';
import type { ViewAs } from './view-as.ts';

/** Signing in, staying signed in and signing out. */
export function createLogins(
	parts: OperatorsParts & { readonly viewAs: Pick<ViewAs, 'of'> },
): Pick<
	Operators,
	'login' | 'enrolAtLogin' | 'continueLogin' | 'passkeyOptions' | 'loginByPasskey' | 'session' | 'logout'
> {
	const { clock, hasher, backOff, audit, log, journalGrew, access, watch, factors, viewAs } = parts;
	const { operators, transaction } = parts.store;

	async function login(request: LoginRequest): Promise<LoginAnswer> {
		const { email, password, remoteAddress } = request;
		const attempt = { account: email, remoteAddress };
		const retryAfterS = backOff.begin(attempt);
		if (retryAfterS > 0) return { result: 'backOff', retryAfterS };
		const row = operators.operatorByEmail(email.trim());
		const verified = await hasher.verify(password, row?.passwordHash ?? undefined);
		if (verified === 'busy') {
			backOff.withdraw(attempt);
			return { result: 'backOff', retryAfterS: BUSY_RETRY_S };
		}
		// What happened while it was hashed counts: the account may have been deactivated.
		const now = row === undefined ? undefined : operators.operatorById(row.id);
		const isRight =
			verified === 'match' && now !== undefined && mayEnter(now) && now.passwordHash === row?.passwordHash;
		if (!isRight) {
			audit.writeRefusal('loginRefused', row?.id ?? null, remoteAddress);
			return { result: 'refused' };
		}
		if (now.passwordOnce) {
			backOff.succeed(attempt);
			return { result: 'choosePassword', code: newChoiceCode(parts, now.id, remoteAddress) };
		}
		await renewHash(now, password);
		const wanted = factors.wantedOf(now.id);
		if (wanted !== undefined) {
			// No failed try, but earlier ones count until the code is right, too.
			backOff.withdraw(attempt);
			const passkey = parts.party !== null && operators.passkeyCount(now.id) > 0;
			return { result: 'secondFactor', wanted, passkey, step: steps.open(now.id, wanted) };
		}
		backOff.succeed(attempt);
		return signIn(now.id, request);
	}

	function mayEnter({ id, state }: OperatorRow): boolean {
		return state === 'active' && (parts.licenceKinds?.maySignIn(id) ?? true);
	}

	/** Hashed with older settings: this is the one moment the password is at hand. */
	async function renewHash({ id, passwordHash }: OperatorRow, password: string): Promise<void> {
		if (passwordHash === null || !hasher.outdated(passwordHash)) return;
		const renewed = await hasher.hash(password);
		if (renewed === undefined || operators.operatorById(id)?.passwordHash !== passwordHash) return;
		operators.setPasswordHash(id, renewed);
	}

	function signIn(operatorId: string, request: SignInRequest): SignInAnswer {
		const { remoteAddress } = request;
		const token = newToken();
		const csrf = newToken();
		const atMs = clock.nowMs();
		const answer = transaction((): SignInAnswer => {
			const row = operators.operatorById(operatorId);
			if (row === undefined || !mayEnter(row)) return { result: 'refused' };
			const taken = makeRoom(operatorId, request, atMs);
			if (taken !== undefined) return taken;
			const tokenHash = hashToken(token);
			const seen = { createdAtMs: atMs, lastSeenAtMs: atMs };
			operators.addLoginSession({ tokenHash, operatorId, csrf, remoteAddress, ...seen });
			operators.setLastLogin(operatorId, atMs);
			audit.write('login', operatorId, operatorId, { remoteAddress, ...(request.by && { by: request.by }) });
			const signedIn = { operator: access.operator(row), access: access.of(operatorId), token, csrf };
			return { result: 'signedIn', ...signedIn, expiresAtMs: atMs + parts.rules.get().absoluteMs };
		});
		journalGrew();
		return answer;
	}

	/** Ends what this login stands in for. @returns what keeps it out, if anything does. */
	function makeRoom(operatorId: string, request: SignInRequest, atMs: number): LoginRefusal | undefined {
		const { remoteAddress, takeOver = false, replaces } = request;
		const { secondLogin, idleMs, absoluteMs } = parts.rules.get();
		operators.removeStaleLoginSessions({ unusedSinceMs: atMs - idleMs, createdByMs: atMs - absoluteMs });
		const own = replaces === undefined ? undefined : hashToken(replaces);
		if (own !== undefined && operators.loginSession(own)?.operatorId === operatorId) end(own);
		const [other] = operators.loginSessionsOf(operatorId);
		if (other === undefined || secondLogin === 'allow') return undefined;
		if (secondLogin === 'refuse' || !takeOver) return takenBy(other, secondLogin === 'takeOver', atMs);
		for (const { tokenHash } of operators.loginSessionsOf(operatorId)) end(tokenHash);
		audit.write('loginTakenOver', operatorId, operatorId, { remoteAddress });
		return undefined;
	}

	function end(tokenHash: string): void {
		operators.removeLoginSession(tokenHash);
		watch.forget(tokenHash);
	}

	function takenBy(other: LoginSessionRow, mayTakeOver: boolean, nowMs: number): LoginRefusal {
		const usedMs = watch.lastUsedMs(other.tokenHash, other.lastSeenAtMs);
		const idleS = Math.max(0, Math.floor((nowMs - usedMs) / 1_000));
		return { result: 'alreadySignedIn', mayTakeOver, sinceMs: other.createdAtMs, idleS };
	}

	function find(token: string): { row: LoginSessionRow; operator: OperatorRow } | undefined {
		const row = operators.loginSession(hashToken(token));
		if (row === undefined || !isFresh(row, parts.rules.get(), clock.nowMs())) return undefined;
		const operator = operators.operatorById(row.operatorId);
		// Deactivated while signed in: that login lasts until it ends (B8), unless it was ended too.
		if (operator === undefined || !LIVE.has(operator.state)) return undefined;
		return parts.licenceKinds?.maySignIn(operator.id) === false ? undefined : { row, operator };
	}

	/** A store that can't be written must not sign everybody out: they are who mends it. */
	function touch({ tokenHash, lastSeenAtMs }: LoginSessionRow): void {
		watch.used(tokenHash);
		const nowMs = clock.nowMs();
		if (nowMs - lastSeenAtMs < LIMITS.loginTouchMs) return;
		try {
			operators.touchLoginSession(tokenHash, nowMs);
		} catch (error) {
			log.warn({ err: error }, 'the use of a login could not be stored; it may go idle early');
		}
	}

	const steps = createLoginSteps(parts, { mayEnter, signIn });
	const passkeys = createPasskeyLogins(parts, { mayEnter, signIn, steps });

	return {
		login,
		enrolAtLogin: steps.enrol,
		continueLogin: steps.proceed,
		passkeyOptions: passkeys.options,
		loginByPasskey: passkeys.login,
		session(token, by): LoginSession | undefined {
			const found = find(token);
			if (found === undefined) return undefined;
			const { row, operator } = found;
			if (by === 'person') touch(row);
			else watch.beat(row.tokenHash);
			const { csrf, createdAtMs } = row;
			const login = { id: sessionId(row.tokenHash), csrf, createdAtMs, operator: access.operator(operator) };
			const viewing = viewAs.of(login.id, operator.id);
			if (viewing === undefined) return { ...login, access: access.of(operator.id) };
			return { ...login, viewing, access: access.of(viewing.operatorId) };
		},
		logout(token) {
			const tokenHash = hashToken(token);
			const operatorId = operators.loginSession(tokenHash)?.operatorId;
			if (operatorId === undefined) return;
			transaction(() => {
				end(tokenHash);
				audit.write('logout', operatorId, operatorId, { remoteAddress: null });
			});
			journalGrew();
		},
	};
}
