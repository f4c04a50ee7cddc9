import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** Codes that work once, by their hashes: the claim of a new gateway, and an operator's way to a password of their own. */
export interface OneTimeCodeStore {
	/** Ends every earlier code. */
	replaceClaimCode(code: { codeHash: string; createdAtMs: number }): void;
	/** The code that may still be used. */
	openClaimCode(): { readonly codeHash: string; readonly createdAtMs: number } | undefined;
	/** Joins the transaction around it. @returns false: it was used or replaced before. */
	useClaimCode(codeHash: string, atMs: number): boolean;

	/** Ends the operator's earlier code. */
	setActivationCode(code: ActivationCodeRow): void;
	activationCode(codeHash: string): ActivationCodeRow | undefined;
	activationCodeOf(operatorId: string): ActivationCodeRow | undefined;
	/** @returns false: it was used or replaced before. */
	useActivationCode(codeHash: string): boolean;
	removeActivationCodeOf(operatorId: string): void;

	/** In place of an earlier one of that operator. */
	setAddressChange(change: AddressChangeRow): void;
	addressChangeOf(operatorId: string): AddressChangeRow | undefined;
	/** @returns false: there was none. */
	removeAddressChangeOf(operatorId: string): boolean;
}

/** Another e-mail address of an operator, until its code confirms it. */
export interface AddressChangeRow extends ActivationCodeRow {
	readonly email: string;
}

export interface ActivationCodeRow {
	readonly operatorId: string;
	readonly codeHash: string;
	readonly endsAtMs: number;
}

export function createOneTimeCodes(db: Sqlite, transactions: Transactions): OneTimeCodeStore {
	const endClaims = db.prepare('DELETE FROM claim_codes WHERE used_at_ms IS NULL');
	const addClaim = db.prepare<[string, number]>('INSERT INTO claim_codes (code_hash, created_at_ms) VALUES (?, ?)');
	const openClaim = db.prepare<[], { codeHash: string; createdAtMs: number }>(
		'SELECT code_hash AS codeHash, created_at_ms AS createdAtMs FROM claim_codes WHERE used_at_ms IS NULL',
	);
	const useClaim = db.prepare<[number, string]>(
		'UPDATE claim_codes SET used_at_ms = ? WHERE code_hash = ? AND used_at_ms IS NULL',
	);
	const columns = 'operator_id AS operatorId, code_hash AS codeHash, ends_at_ms AS endsAtMs';
	const set = db.prepare<[ActivationCodeRow]>(
		'INSERT OR REPLACE INTO activation_codes (operator_id, code_hash, ends_at_ms) VALUES (:operatorId, :codeHash, :endsAtMs)',
	);
	const byHash = db.prepare<[string], ActivationCodeRow>(`SELECT ${columns} FROM activation_codes WHERE code_hash = ?`);
	const ofOperator = db.prepare<[string], ActivationCodeRow>(
		`SELECT ${columns} FROM activation_codes WHERE operator_id = ?`,
	);
	const use = db.prepare<[string]>('DELETE FROM activation_codes WHERE code_hash = ?');
	const removeOf = db.prepare<[string]>('DELETE FROM activation_codes WHERE operator_id = ?');
	const setAddress = db.prepare<[AddressChangeRow]>(
		`INSERT OR REPLACE INTO address_changes (operator_id, email, code_hash, ends_at_ms)
		VALUES (:operatorId, :email, :codeHash, :endsAtMs)`,
	);
	const addressOf = db.prepare<[string], AddressChangeRow>(
		`SELECT ${columns}, email FROM address_changes WHERE operator_id = ?`,
	);
	const removeAddress = db.prepare<[string]>('DELETE FROM address_changes WHERE operator_id = ?');
	return {
		replaceClaimCode: (code) =>
			transactions.run(() => {
				endClaims.run();
				addClaim.run(code.codeHash, code.createdAtMs);
			}),
		openClaimCode: () => openClaim.get(),
		useClaimCode: (codeHash, atMs) => useClaim.run(atMs, codeHash).changes === 1,
		setActivationCode: (code) => void transactions.run(() => set.run(code)),
		activationCode: (codeHash) => byHash.get(codeHash),
		activationCodeOf: (operatorId) => ofOperator.get(operatorId),
		useActivationCode: (codeHash) => transactions.run(() => use.run(codeHash).changes === 1),
		removeActivationCodeOf: (operatorId) => void transactions.run(() => removeOf.run(operatorId)),
		setAddressChange: (change) => void transactions.run(() => setAddress.run(change)),
		addressChangeOf: (operatorId) => addressOf.get(operatorId),
		removeAddressChangeOf: (operatorId) => transactions.run(() => removeAddress.run(operatorId).changes === 1),
	};
}
