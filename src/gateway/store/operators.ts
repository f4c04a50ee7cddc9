import type { Sqlite } from './open-database.ts';
import type { OperatorSearch } from './operator-search.ts';
import { isConstraint } from './store-failure.ts';
import type { Transactions } from './transactions.ts';

/** One operator with the password's hash, which leaves the store only to be verified. */
export interface OperatorRow {
	readonly id: string;
	/** Lower case, unique. */
	readonly email: string;
	readonly name: string;
	readonly role: string;
	readonly language: string | null;
	readonly passwordHash: string;
	readonly createdAtMs: number;
}

export interface LoginSessionRow {
	readonly tokenHash: string;
	readonly operatorId: string;
	readonly csrf: string;
	readonly createdAtMs: number;
	readonly lastSeenAtMs: number;
}

/** Statements over operators, their login sessions and claim codes; the rules are in `services/operators.ts`. */
export interface OperatorStore {
	operatorCount(): number;
	operatorById(id: string): OperatorRow | undefined;
	/** `email` in any case. */
	operatorByEmail(email: string): OperatorRow | undefined;
	/** @returns false when the id or the e-mail is taken. */
	addOperator(operator: OperatorRow): boolean;
	/** @returns false for an unknown operator. */
	setPasswordHash(operatorId: string, passwordHash: string): boolean;
	setLanguage(operatorId: string, language: string): boolean;

	addLoginSession(session: LoginSessionRow): void;
	loginSession(tokenHash: string): LoginSessionRow | undefined;
	touchLoginSession(tokenHash: string, lastSeenAtMs: number): void;
	removeLoginSession(tokenHash: string): boolean;
	removeLoginSessionsOf(operatorId: string): number;
	/** Ends those idle since before `idleBeforeMs` or created before `createdBeforeMs`. @returns how many. */
	removeStaleLoginSessions(limits: { idleBeforeMs: number; createdBeforeMs: number }): number;

	/** Ends every earlier code. */
	replaceClaimCode(code: { codeHash: string; createdAtMs: number }): void;
	/** The code that may still be used. */
	openClaimCode(): { readonly codeHash: string; readonly createdAtMs: number } | undefined;
	/**
	 * In one transaction: marks the code used and adds the first operator. One of any number of
	 * callers gets `claimed`; `wrongCode` also for a code used or replaced before.
	 */
	claim(claim: { codeHash: string; atMs: number; operator: OperatorRow }): 'claimed' | 'wrongCode' | 'alreadyClaimed';
}

const OPERATOR_COLUMNS = 'id, email, name, role, language, password_hash AS passwordHash, created_at_ms AS createdAtMs';
const SESSION_COLUMNS =
	'token_hash AS tokenHash, operator_id AS operatorId, csrf, created_at_ms AS createdAtMs, last_seen_at_ms AS lastSeenAtMs';

export function createOperatorStore(
	db: Sqlite,
	transactions: Transactions,
	search: Pick<OperatorSearch, 'put'>,
): OperatorStore {
	const count = db.prepare<[], number>('SELECT count(*) FROM operators').pluck();
	const byId = db.prepare<[string], OperatorRow>(`SELECT ${OPERATOR_COLUMNS} FROM operators WHERE id = ?`);
	const byEmail = db.prepare<[string], OperatorRow>(`SELECT ${OPERATOR_COLUMNS} FROM operators WHERE email = ?`);
	const insert = db.prepare<[OperatorRow]>(
		'INSERT INTO operators (id, email, name, role, language, password_hash, created_at_ms) VALUES (:id, :email, :name, :role, :language, :passwordHash, :createdAtMs)',
	);
	const setHash = db.prepare<[string, string]>('UPDATE operators SET password_hash = ? WHERE id = ?');
	const setTongue = db.prepare<[string, string]>('UPDATE operators SET language = ? WHERE id = ?');
	const useCode = db.prepare<[number, string]>(
		'UPDATE claim_codes SET used_at_ms = ? WHERE code_hash = ? AND used_at_ms IS NULL',
	);

	function addOperator(operator: OperatorRow): boolean {
		try {
			insert.run({ ...operator, email: operator.email.toLowerCase() });
			search.put(operator);
			return true;
		} catch (error) {
			if (isConstraint(error)) return false;
			throw error;
		}
	}

	return {
		operatorCount: () => count.get() ?? 0,
		operatorById: (id) => byId.get(id),
		operatorByEmail: (email) => byEmail.get(email.toLowerCase()),
		addOperator: (operator) => transactions.run(() => addOperator(operator)),
		setPasswordHash: (id, passwordHash) => transactions.run(() => setHash.run(passwordHash, id).changes === 1),
		setLanguage: (id, language) => transactions.run(() => setTongue.run(language, id).changes === 1),
		...loginSessions(db, transactions),
		...claimCodes(db, transactions),
		claim: ({ codeHash, atMs, operator }) =>
			transactions.run(() => {
				if ((count.get() ?? 0) > 0) return 'alreadyClaimed';
				if (useCode.run(atMs, codeHash).changes !== 1) return 'wrongCode';
				addOperator(operator);
				return 'claimed';
			}),
	};
}

function loginSessions(db: Sqlite, transactions: Transactions) {
	const insert = db.prepare<[LoginSessionRow]>(
		'INSERT INTO login_sessions (token_hash, operator_id, csrf, created_at_ms, last_seen_at_ms) VALUES (:tokenHash, :operatorId, :csrf, :createdAtMs, :lastSeenAtMs)',
	);
	const byToken = db.prepare<[string], LoginSessionRow>(
		`SELECT ${SESSION_COLUMNS} FROM login_sessions WHERE token_hash = ?`,
	);
	const touch = db.prepare<[number, string]>('UPDATE login_sessions SET last_seen_at_ms = ? WHERE token_hash = ?');
	const remove = db.prepare<[string]>('DELETE FROM login_sessions WHERE token_hash = ?');
	const removeOf = db.prepare<[string]>('DELETE FROM login_sessions WHERE operator_id = ?');
	const removeStale = db.prepare<[number, number]>(
		'DELETE FROM login_sessions WHERE last_seen_at_ms < ? OR created_at_ms < ?',
	);
	return {
		addLoginSession: (session: LoginSessionRow) => {
			transactions.run(() => insert.run(session));
		},
		loginSession: (tokenHash: string) => byToken.get(tokenHash),
		touchLoginSession: (tokenHash: string, lastSeenAtMs: number) => {
			transactions.run(() => touch.run(lastSeenAtMs, tokenHash));
		},
		removeLoginSession: (tokenHash: string) => transactions.run(() => remove.run(tokenHash).changes === 1),
		removeLoginSessionsOf: (operatorId: string) => transactions.run(() => removeOf.run(operatorId).changes),
		removeStaleLoginSessions: (limits: { idleBeforeMs: number; createdBeforeMs: number }) =>
			transactions.run(() => removeStale.run(limits.idleBeforeMs, limits.createdBeforeMs).changes),
	};
}

function claimCodes(db: Sqlite, transactions: Transactions) {
	const endAll = db.prepare('DELETE FROM claim_codes WHERE used_at_ms IS NULL');
	const insert = db.prepare<[string, number]>('INSERT INTO claim_codes (code_hash, created_at_ms) VALUES (?, ?)');
	const open = db.prepare<[], { codeHash: string; createdAtMs: number }>(
		'SELECT code_hash AS codeHash, created_at_ms AS createdAtMs FROM claim_codes WHERE used_at_ms IS NULL',
	);
	return {
		replaceClaimCode: (code: { codeHash: string; createdAtMs: number }) => {
			transactions.run(() => {
				endAll.run();
				insert.run(code.codeHash, code.createdAtMs);
			});
		},
		openClaimCode: () => open.get(),
	};
}
