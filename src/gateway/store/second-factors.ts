import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** For whom no factor is left. */
export const DROP_CODES_OF_NOBODY = `DELETE FROM recovery_codes WHERE operator_id = :operatorId
	AND NOT EXISTS (SELECT 1 FROM second_factors WHERE operator_id = :operatorId) AND NOT EXISTS (SELECT 1 FROM passkeys WHERE operator_id = :operatorId)`;

/** A time-based one-time password (RFC 6238) that an operator signs in with besides the password. */
export interface SecondFactorRow {
	readonly operatorId: string;
	/** The shared key, sealed. */
	readonly sealedKey: string;
	readonly sinceMs: number;
	/** Time step of the last code that was taken: no code of it or before is. */
	readonly lastStep: number;
}

export interface SecondFactorStore {
	secondFactorOf(operatorId: string): SecondFactorRow | undefined;
	/** In place of the one they had, with its recovery codes. */
	setSecondFactor(row: SecondFactorRow, recoveryCodeHashes: readonly string[]): void;
	/** Joins the transaction around it. @returns false: a code of that step or a later one was taken before. */
	takeTimeStep(operatorId: string, step: number): boolean;
	/** The recovery codes go with the last factor. @returns false: there was none. */
	removeSecondFactor(operatorId: string): boolean;
	/** Passkeys and recovery codes too. @returns false: there were none. */
	removeFactors(operatorId: string): boolean;
	setRecoveryCodes(operatorId: string, codeHashes: readonly string[]): void;
	/** Joins the transaction around it. @returns false: it is not one of theirs, or was used before. */
	takeRecoveryCode(operatorId: string, codeHash: string): boolean;
	recoveryCodesLeft(operatorId: string): number;
}

export function createSecondFactorStore(db: Sqlite, transactions: Transactions): SecondFactorStore {
	const find = db.prepare<[string], SecondFactorRow>(
		'SELECT operator_id AS operatorId, sealed_key AS sealedKey, since_ms AS sinceMs, last_step AS lastStep FROM second_factors WHERE operator_id = ?',
	);
	const insert = db.prepare<[SecondFactorRow]>(
		'INSERT INTO second_factors (operator_id, sealed_key, since_ms, last_step) VALUES (:operatorId, :sealedKey, :sinceMs, :lastStep)',
	);
	const step = db.prepare<[number, string, number]>(
		'UPDATE second_factors SET last_step = ? WHERE operator_id = ? AND last_step < ?',
	);
	const remove = db.prepare<[string]>('DELETE FROM second_factors WHERE operator_id = ?');
	const removePasskeys = db.prepare<[string]>('DELETE FROM passkeys WHERE operator_id = ?');
	const dropCodes = db.prepare<[{ readonly operatorId: string }]>(DROP_CODES_OF_NOBODY);
	const addCode = db.prepare<[string, string]>('INSERT INTO recovery_codes (operator_id, code_hash) VALUES (?, ?)');
	const noCodes = db.prepare<[string]>('DELETE FROM recovery_codes WHERE operator_id = ?');
	const takeCode = db.prepare<[string, string]>('DELETE FROM recovery_codes WHERE operator_id = ? AND code_hash = ?');
	const codes = db.prepare<[string], number>('SELECT count(*) FROM recovery_codes WHERE operator_id = ?').pluck();

	const setRecoveryCodes = (operatorId: string, codeHashes: readonly string[]) =>
		transactions.run(() => {
			noCodes.run(operatorId);
			for (const codeHash of codeHashes) addCode.run(operatorId, codeHash);
		});

	return {
		secondFactorOf: (operatorId) => find.get(operatorId),
		setSecondFactor: (row, codeHashes) =>
			transactions.run(() => {
				remove.run(row.operatorId);
				insert.run(row);
				setRecoveryCodes(row.operatorId, codeHashes);
			}),
		takeTimeStep: (operatorId, at) => step.run(at, operatorId, at).changes === 1,
		removeSecondFactor: (operatorId) =>
			transactions.run(() => {
				const isRemoved = remove.run(operatorId).changes === 1;
				dropCodes.run({ operatorId });
				return isRemoved;
			}),
		removeFactors: (operatorId) =>
			transactions.run(() => {
				const removed = remove.run(operatorId).changes + removePasskeys.run(operatorId).changes;
				dropCodes.run({ operatorId });
				return removed > 0;
			}),
		setRecoveryCodes,
		takeRecoveryCode: (operatorId, codeHash) => takeCode.run(operatorId, codeHash).changes === 1,
		recoveryCodesLeft: (operatorId) => codes.get(operatorId) ?? 0,
	};
}
