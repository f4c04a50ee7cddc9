import type { Migration } from './migrations.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/**
 * What became of central's rows of operators. `given`: JSON, the roles and groups that are central's to take back.
 * No reference to operators: one that was removed here is not made again.
 */
export const CENTRAL_ACCOUNTS_MIGRATION: Migration = {
	name: 'accounts from central',
	sql: `
CREATE TABLE central_accounts (
	account_id TEXT PRIMARY KEY,
	email TEXT NOT NULL,
	operator_id TEXT,
	standing TEXT NOT NULL CHECK (standing IN ('made', 'linked', 'pending', 'refused', 'ended')),
	reason TEXT,
	made INTEGER NOT NULL,
	given TEXT NOT NULL,
	digest TEXT NOT NULL,
	at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
};

export interface CentralAccountRow {
	/** Of central's row. */
	readonly accountId: string;
	readonly email: string;
	/** null: there is none here. */
	readonly operatorId: string | null;
	/**
	 * `made`: by central; `linked`: somebody here has the address, and stays as they are; `pending`: no seat is free;
	 * `refused`: it may not be; `ended`: central ended it.
	 */
	readonly standing: 'made' | 'linked' | 'pending' | 'refused' | 'ended';
	/** Why it waits or is refused. */
	readonly reason: string | null;
	/** The operator is central's to change and to end. */
	readonly made: boolean;
	readonly given: string;
	/** Of the row it was settled for. */
	readonly digest: string;
	readonly atMs: number;
}

/** Changed in the caller's transaction. */
export interface CentralAccountStore {
	/** By address. */
	list(): readonly CentralAccountRow[];
	byId(accountId: string): CentralAccountRow | undefined;
	ofOperator(operatorId: string): CentralAccountRow | undefined;
	put(row: CentralAccountRow): void;
	remove(accountId: string): void;
	/** Operators that central made, who did not come in yet and take a seat when they do. */
	invited(): number;
}

type Stored = Omit<CentralAccountRow, 'made'> & { readonly made: 0 | 1 };

const COLUMNS =
	'account_id AS accountId, email, operator_id AS operatorId, standing, reason, made, given, digest, at_ms AS atMs';

export function createCentralAccountStore(db: Sqlite, { run, read }: Transactions): CentralAccountStore {
	const list = db.prepare<[], Stored>(`SELECT ${COLUMNS} FROM central_accounts ORDER BY email, account_id`);
	const byId = db.prepare<[string], Stored>(`SELECT ${COLUMNS} FROM central_accounts WHERE account_id = ?`);
	const ofOperator = db.prepare<[string], Stored>(
		`SELECT ${COLUMNS} FROM central_accounts WHERE operator_id = ? ORDER BY made DESC LIMIT 1`,
	);
	const put = db.prepare<[Stored]>(
		`INSERT OR REPLACE INTO central_accounts (account_id, email, operator_id, standing, reason, made, given, digest, at_ms)
		VALUES (:accountId, :email, :operatorId, :standing, :reason, :made, :given, :digest, :atMs)`,
	);
	const remove = db.prepare<[string]>('DELETE FROM central_accounts WHERE account_id = ?');
	const invited = db
		.prepare<[], number>(
			`SELECT count(*) FROM central_accounts AS c JOIN operators AS o ON o.id = c.operator_id
			JOIN operator_seats AS s ON s.operator_id = o.id WHERE c.made = 1 AND o.state = 'invited'`,
		)
		.pluck();
	const toRow = (stored: Stored | undefined) => stored && { ...stored, made: stored.made === 1 };
	return {
		list: () => read(() => list.all().flatMap((stored) => toRow(stored) ?? [])),
		byId: (accountId) => read(() => toRow(byId.get(accountId))),
		ofOperator: (operatorId) => read(() => toRow(ofOperator.get(operatorId))),
		put: (row) => void run(() => put.run({ ...row, made: row.made ? 1 : 0 })),
		remove: (accountId) => void run(() => remove.run(accountId)),
		invited: () => read(() => invited.get() ?? 0),
	};
}
