import type { Migration } from './migrations.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

export const REMOTE_COMMANDS_MIGRATION: Migration = {
	name: 'commands of central',
	sql: `
CREATE TABLE remote_commands (
	id TEXT PRIMARY KEY,
	at_ms INTEGER NOT NULL,
	outcome TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX remote_commands_by_time ON remote_commands (at_ms);
`,
};

/** Ids of commands that were begun: none is begun twice, also after a restart. */
export interface RemoteCommandStore {
	isUsed(id: string): boolean;
	/** Its intent; joins the running transaction. Older ones than the newest `keep` are forgotten. */
	begin(id: string, atMs: number, keep: number): void;
	finish(id: string, outcome: string): void;
	/** Begun without an outcome: the gateway stopped between. */
	unfinished(): readonly string[];
}

export function createRemoteCommands(db: Sqlite, { run, read }: Transactions): RemoteCommandStore {
	const select = db.prepare<[string], number>('SELECT 1 FROM remote_commands WHERE id = ?').pluck();
	const insert = db.prepare<[string, number]>('INSERT INTO remote_commands (id, at_ms) VALUES (?, ?)');
	const prune = db.prepare<[number]>(
		`DELETE FROM remote_commands WHERE at_ms < (SELECT at_ms FROM remote_commands ORDER BY at_ms DESC LIMIT 1 OFFSET ?)`,
	);
	const update = db.prepare<[string, string]>('UPDATE remote_commands SET outcome = ? WHERE id = ?');
	const open = db.prepare<[], string>('SELECT id FROM remote_commands WHERE outcome IS NULL ORDER BY at_ms').pluck();
	return {
		isUsed: (id) => read(() => select.get(id) !== undefined),
		begin: (id, atMs, keep) =>
			run(() => {
				insert.run(id, atMs);
				prune.run(keep);
			}),
		finish: (id, outcome) =>
			run(() => {
				update.run(outcome, id);
			}),
		unfinished: () => read(() => open.all()),
	};
}
