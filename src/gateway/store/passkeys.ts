import type { Sqlite } from './open-database.ts';
import { DROP_CODES_OF_NOBODY } from './second-factors.ts';
import { writtenUnlessTaken } from './store-failure.ts';
import type { Transactions } from './transactions.ts';

/** The public half of a passkey (Web Authentication Level 3), and what is known of its use. */
export interface PasskeyRow {
	readonly id: string;
	readonly operatorId: string;
	/** Base64url, as browsers say it; no two have the same. */
	readonly credentialId: string;
	/** The console's name that it was made for: it signs for no other. */
	readonly rpId: string;
	readonly name: string;
	/** COSE key (RFC 9052). */
	readonly publicKey: Uint8Array<ArrayBuffer>;
	/** Signatures it had made when it was last used; 0: it does not count. */
	readonly counter: number;
	/** How browsers reach it: `usb`, `internal`, … */
	readonly transports: readonly string[];
	readonly createdAtMs: number;
	readonly lastUsedMs: number | null;
}

export interface PasskeyStore {
	/** @returns false: there is one with that credential id. */
	addPasskey(passkey: PasskeyRow): boolean;
	passkeyByCredential(credentialId: string): PasskeyRow | undefined;
	/** The newest first. */
	passkeysOf(operatorId: string): readonly PasskeyRow[];
	passkeyCount(operatorId: string): number;
	/** @returns false: it is gone, or its counter did not go on (7.2, step 22). */
	takePasskeyUse(id: string, use: { readonly counter: number; readonly atMs: number }): boolean;
	/** The recovery codes go with the last factor. @returns false: they have no such passkey. */
	removePasskey(operatorId: string, id: string): boolean;
}

type StoredPasskey = Omit<PasskeyRow, 'transports' | 'publicKey'> & {
	readonly transports: string;
	readonly publicKey: Buffer<ArrayBuffer>;
};

const COLUMNS =
	'id, operator_id AS operatorId, credential_id AS credentialId, rp_id AS rpId, name, public_key AS publicKey, counter, transports, created_at_ms AS createdAtMs, last_used_ms AS lastUsedMs';

export function createPasskeyStore(db: Sqlite, transactions: Transactions): PasskeyStore {
	const insert = db.prepare<[StoredPasskey]>(
		'INSERT INTO passkeys (id, operator_id, credential_id, rp_id, name, public_key, counter, transports, created_at_ms, last_used_ms) VALUES (:id, :operatorId, :credentialId, :rpId, :name, :publicKey, :counter, :transports, :createdAtMs, :lastUsedMs)',
	);
	const byCredential = db.prepare<[string], StoredPasskey>(`SELECT ${COLUMNS} FROM passkeys WHERE credential_id = ?`);
	const ofOperator = db.prepare<[string], StoredPasskey>(
		`SELECT ${COLUMNS} FROM passkeys WHERE operator_id = ? ORDER BY created_at_ms DESC, id DESC`,
	);
	const count = db.prepare<[string], number>('SELECT count(*) FROM passkeys WHERE operator_id = ?').pluck();
	const use = db.prepare<[{ id: string; counter: number; atMs: number }]>(
		'UPDATE passkeys SET counter = :counter, last_used_ms = :atMs WHERE id = :id AND (counter < :counter OR (counter = 0 AND :counter = 0))',
	);
	const remove = db.prepare<[string, string]>('DELETE FROM passkeys WHERE operator_id = ? AND id = ?');
	const dropCodes = db.prepare<[{ readonly operatorId: string }]>(DROP_CODES_OF_NOBODY);
	return {
		addPasskey: ({ transports, publicKey, ...passkey }) =>
			transactions.run(() =>
				writtenUnlessTaken(() => {
					const stored = { transports: JSON.stringify(transports), publicKey: Buffer.from(publicKey) };
					insert.run({ ...passkey, ...stored });
				}),
			),
		passkeyByCredential: (credentialId) => {
			const stored = byCredential.get(credentialId);
			return stored && toRow(stored);
		},
		passkeysOf: (operatorId) => ofOperator.all(operatorId).map(toRow),
		passkeyCount: (operatorId) => count.get(operatorId) ?? 0,
		takePasskeyUse: (id, { counter, atMs }) => transactions.run(() => use.run({ id, counter, atMs }).changes === 1),
		removePasskey: (operatorId, id) =>
			transactions.run(() => {
				const isRemoved = remove.run(operatorId, id).changes === 1;
				dropCodes.run({ operatorId });
				return isRemoved;
			}),
	};
}

function toRow({ transports, publicKey, ...passkey }: StoredPasskey): PasskeyRow {
	const parsed: unknown = JSON.parse(transports);
	return {
		...passkey,
		publicKey: new Uint8Array(publicKey),
		transports: Array.isArray(parsed) ? parsed.map(String) : [],
	};
}
