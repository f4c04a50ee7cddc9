import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

export interface LoginSessionRow {
	readonly tokenHash: string;
	readonly operatorId: string;
	readonly csrf: string;
	readonly remoteAddress: string;
	readonly createdAtMs: number;
	readonly lastSeenAtMs: number;
}

export interface LoginSessionStore {
	addLoginSession(session: LoginSessionRow): void;
	loginSession(tokenHash: string): LoginSessionRow | undefined;
	/** The last to sign in first. */
	loginSessions(): readonly LoginSessionRow[];
	loginSessionsOf(operatorId: string): readonly LoginSessionRow[];
	touchLoginSession(tokenHash: string, lastSeenAtMs: number): void;
	removeLoginSession(tokenHash: string): boolean;
	removeLoginSessionsOf(operatorId: string): number;
	/** Ends those unused since `unusedSinceMs` and those created at `createdByMs` or before. @returns how many. */
	removeStaleLoginSessions(limits: { unusedSinceMs: number; createdByMs: number }): number;
}

const COLUMNS =
	'token_hash AS tokenHash, operator_id AS operatorId, csrf, remote_address AS remoteAddress, created_at_ms AS createdAtMs, last_seen_at_ms AS lastSeenAtMs';

export function createLoginSessionStore(db: Sqlite, transactions: Transactions): LoginSessionStore {
	const insert = db.prepare<[LoginSessionRow]>(
		'INSERT INTO login_sessions (token_hash, operator_id, csrf, remote_address, created_at_ms, last_seen_at_ms) VALUES (:tokenHash, :operatorId, :csrf, :remoteAddress, :createdAtMs, :lastSeenAtMs)',
	);
	const byToken = db.prepare<[string], LoginSessionRow>(`SELECT ${COLUMNS} FROM login_sessions WHERE token_hash = ?`);
	const all = db.prepare<[], LoginSessionRow>(
		`SELECT ${COLUMNS} FROM login_sessions ORDER BY created_at_ms DESC, token_hash`,
	);
	const byOperator = db.prepare<[string], LoginSessionRow>(
		`SELECT ${COLUMNS} FROM login_sessions WHERE operator_id = ? ORDER BY created_at_ms DESC, token_hash`,
	);
	const touch = db.prepare<[number, string]>('UPDATE login_sessions SET last_seen_at_ms = ? WHERE token_hash = ?');
	const remove = db.prepare<[string]>('DELETE FROM login_sessions WHERE token_hash = ?');
	const removeOf = db.prepare<[string]>('DELETE FROM login_sessions WHERE operator_id = ?');
	const removeStale = db.prepare<[number, number]>(
		'DELETE FROM login_sessions WHERE last_seen_at_ms <= ? OR created_at_ms <= ?',
	);
	return {
		addLoginSession: (session) => void transactions.run(() => insert.run(session)),
		loginSession: (tokenHash) => byToken.get(tokenHash),
		loginSessions: () => all.all(),
		loginSessionsOf: (operatorId) => byOperator.all(operatorId),
		touchLoginSession: (tokenHash, lastSeenAtMs) => void transactions.run(() => touch.run(lastSeenAtMs, tokenHash)),
		removeLoginSession: (tokenHash) => transactions.run(() => remove.run(tokenHash).changes === 1),
		removeLoginSessionsOf: (operatorId) => transactions.run(() => removeOf.run(operatorId).changes),
		removeStaleLoginSessions: (limits) =>
			transactions.run(() => removeStale.run(limits.unusedSinceMs, limits.createdByMs).changes),
	};
}
