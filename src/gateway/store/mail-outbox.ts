import type { Migration } from './migrations.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/**
 * Mails on their way, one of each purpose to an operator. `sealed`: what one says, by a key that is not in the store;
 * null as soon as it is settled. `next_at_ms`: not before this.
 */
export const MAIL_OUTBOX_MIGRATION: Migration = {
	name: 'mails on their way',
	sql: `
CREATE TABLE mail_outbox (
	operator_id TEXT NOT NULL REFERENCES operators ON DELETE CASCADE,
	purpose TEXT NOT NULL CHECK (purpose IN ('password', 'address', 'notice')),
	id TEXT NOT NULL UNIQUE,
	sealed TEXT,
	code_hash TEXT,
	ends_at_ms INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('waiting', 'handed', 'sent', 'failed')),
	tries INTEGER NOT NULL,
	next_at_ms INTEGER NOT NULL,
	at_ms INTEGER NOT NULL,
	problem TEXT,
	code INTEGER,
	PRIMARY KEY (operator_id, purpose),
	CHECK ((sealed IS NULL) = (state IN ('sent', 'failed')))
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_outbox_open ON mail_outbox (next_at_ms) WHERE sealed IS NOT NULL;
CREATE INDEX mail_outbox_settled ON mail_outbox (at_ms) WHERE sealed IS NULL;
`,
};

/** `password`: a code to choose one with; `address`: one that confirms an address; `notice`: no code. */
export type MailPurpose = 'password' | 'address' | 'notice';

export interface MailRow {
	readonly operatorId: string;
	readonly purpose: MailPurpose;
	readonly id: string;
	/** null: it is settled. */
	readonly sealed: string | null;
	/** Of the code it brings; null: none. */
	readonly codeHash: string | null;
	/** Nobody wants it after this. */
	readonly endsAtMs: number;
	/** `handed`: on its way, and not known to have arrived. */
	readonly state: 'waiting' | 'handed' | 'sent' | 'failed';
	readonly tries: number;
	readonly nextAtMs: number;
	/** When it came to this. */
	readonly atMs: number;
	readonly problem: string | null;
	/** Of the mail server. */
	readonly code: number | null;
}

export interface MailOutboxStore {
	/** In place of an earlier one of that purpose. Joins the transaction around it, as all of these. */
	put(row: MailRow): void;
	of(operatorId: string, purpose: MailPurpose): MailRow | undefined;
	byId(id: string): MailRow | undefined;
	/** Not settled, those that may leave first in front. */
	open(): readonly MailRow[];
	openCount(): number;
	remove(id: string): void;
	/** Forgets settled ones but the newest. */
	prune(keep: number): void;
}

const COLUMNS = `operator_id AS operatorId, purpose, id, sealed, code_hash AS codeHash, ends_at_ms AS endsAtMs, state,
	tries, next_at_ms AS nextAtMs, at_ms AS atMs, problem, code`;

export function createMailOutboxStore(db: Sqlite, { run, read }: Transactions): MailOutboxStore {
	const insert = db.prepare<[MailRow]>(
		`INSERT OR REPLACE INTO mail_outbox
			(operator_id, purpose, id, sealed, code_hash, ends_at_ms, state, tries, next_at_ms, at_ms, problem, code)
		VALUES (:operatorId, :purpose, :id, :sealed, :codeHash, :endsAtMs, :state, :tries, :nextAtMs, :atMs, :problem, :code)`,
	);
	const ofOperator = db.prepare<[string, string], MailRow>(
		`SELECT ${COLUMNS} FROM mail_outbox WHERE operator_id = ? AND purpose = ?`,
	);
	const byId = db.prepare<[string], MailRow>(`SELECT ${COLUMNS} FROM mail_outbox WHERE id = ?`);
	const open = db.prepare<[], MailRow>(
		`SELECT ${COLUMNS} FROM mail_outbox WHERE sealed IS NOT NULL ORDER BY next_at_ms, id`,
	);
	const openCount = db.prepare<[], number>('SELECT count(*) FROM mail_outbox WHERE sealed IS NOT NULL').pluck();
	const remove = db.prepare<[string]>('DELETE FROM mail_outbox WHERE id = ?');
	const prune = db.prepare<[number]>(
		`DELETE FROM mail_outbox WHERE sealed IS NULL AND at_ms <
			(SELECT at_ms FROM mail_outbox WHERE sealed IS NULL ORDER BY at_ms DESC LIMIT 1 OFFSET ?)`,
	);
	return {
		put: (row) => void run(() => insert.run(row)),
		of: (operatorId, purpose) => read(() => ofOperator.get(operatorId, purpose)),
		byId: (id) => read(() => byId.get(id)),
		open: () => read(() => open.all()),
		openCount: () => read(() => openCount.get() ?? 0),
		remove: (id) => void run(() => remove.run(id)),
		prune: (keep) => void run(() => prune.run(keep)),
	};
}
