import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** A program's token; what it is itself stands nowhere, only its hash. */
export interface ApiTokenRow {
	readonly id: string;
	readonly operatorId: string;
	readonly name: string;
	readonly tokenHash: string;
	readonly permissions: readonly string[];
	readonly createdAtMs: number;
	readonly endsAtMs: number;
	/** Of its last use, written now and then; null: it was never used. */
	readonly lastUsedMs: number | null;
	readonly lastUsedFrom: string | null;
}

export interface ApiTokenStore {
	addApiToken(token: ApiTokenRow): void;
	apiTokenByHash(tokenHash: string): ApiTokenRow | undefined;
	/** The newest first. */
	apiTokensOf(operatorId: string): readonly ApiTokenRow[];
	touchApiToken(id: string, use: { readonly atMs: number; readonly from: string }): void;
	removeApiToken(id: string): void;
	/** @returns how many. */
	removeApiTokensOf(operatorId: string): number;
}

type StoredToken = Omit<ApiTokenRow, 'permissions'> & { readonly permissions: string };

const COLUMNS =
	'id, operator_id AS operatorId, name, token_hash AS tokenHash, permissions, created_at_ms AS createdAtMs, ends_at_ms AS endsAtMs, last_used_ms AS lastUsedMs, last_used_from AS lastUsedFrom';

export function createApiTokenStore(db: Sqlite, transactions: Transactions): ApiTokenStore {
	const insert = db.prepare<[StoredToken]>(
		'INSERT INTO api_tokens (id, operator_id, name, token_hash, permissions, created_at_ms, ends_at_ms, last_used_ms, last_used_from) VALUES (:id, :operatorId, :name, :tokenHash, :permissions, :createdAtMs, :endsAtMs, :lastUsedMs, :lastUsedFrom)',
	);
	const byHash = db.prepare<[string], StoredToken>(`SELECT ${COLUMNS} FROM api_tokens WHERE token_hash = ?`);
	const ofOperator = db.prepare<[string], StoredToken>(
		`SELECT ${COLUMNS} FROM api_tokens WHERE operator_id = ? ORDER BY created_at_ms DESC, id DESC`,
	);
	const touch = db.prepare<[number, string, string]>(
		'UPDATE api_tokens SET last_used_ms = ?, last_used_from = ? WHERE id = ?',
	);
	const remove = db.prepare<[string]>('DELETE FROM api_tokens WHERE id = ?');
	const removeOf = db.prepare<[string]>('DELETE FROM api_tokens WHERE operator_id = ?');
	return {
		addApiToken: (token) =>
			void transactions.run(() => insert.run({ ...token, permissions: JSON.stringify(token.permissions) })),
		apiTokenByHash: (tokenHash) => {
			const stored = byHash.get(tokenHash);
			return stored && toRow(stored);
		},
		apiTokensOf: (operatorId) => ofOperator.all(operatorId).map(toRow),
		touchApiToken: (id, { atMs, from }) => void transactions.run(() => touch.run(atMs, from, id)),
		removeApiToken: (id) => void transactions.run(() => remove.run(id)),
		removeApiTokensOf: (operatorId) => transactions.run(() => removeOf.run(operatorId).changes),
	};
}

function toRow({ permissions, ...token }: StoredToken): ApiTokenRow {
	const parsed: unknown = JSON.parse(permissions);
	return { ...token, permissions: Array.isArray(parsed) ? parsed.map(String) : [] };
}
