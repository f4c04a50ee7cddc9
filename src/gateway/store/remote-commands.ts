import type { Migration } from './migrations.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** `restarting`: it asked for an end of the gateway, so that end is its success. `told`: central's broker has the result. */
export const REMOTE_COMMANDS_MIGRATION: Migration = {
	name: 'commands of central',
	sql: `
CREATE TABLE remote_commands (
	id TEXT PRIMARY KEY,
	at_ms INTEGER NOT NULL,
	op TEXT NOT NULL,
	target TEXT NOT NULL,
	restarting INTEGER NOT NULL DEFAULT 0,
	outcome TEXT,
	because TEXT,
	told INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX remote_commands_by_time ON remote_commands (at_ms);
CREATE INDEX remote_commands_untold ON remote_commands (at_ms) WHERE told = 0;
`,
};

/** A command that was begun and has no outcome: it is under way, or the gateway stopped between. */
export interface BegunCommand {
	readonly id: string;
	readonly op: string;
	readonly target: string;
	readonly restarting: boolean;
}

export interface CommandOutcomeRow {
	readonly outcome: string;
	readonly because: string | null;
}

/** Commands that were begun: none is begun twice, also after a restart, and central hears of each. */
export interface RemoteCommandStore {
	isUsed(id: string): boolean;
	/** Its intent; joins the running transaction. Older ones than the newest `keep` are forgotten. */
	begin(command: Omit<BegunCommand, 'restarting'>, atMs: number, keep: number): void;
	/** It is about to end the gateway. */
	restarting(id: string): void;
	finish(id: string, outcome: CommandOutcomeRow): void;
	/** Begun without an outcome, oldest first. */
	unfinished(): readonly BegunCommand[];
	/** Finished, and not known to have left, oldest first. */
	untold(limit: number): readonly (CommandOutcomeRow & { readonly id: string })[];
	told(id: string): void;
}

export function createRemoteCommands(db: Sqlite, { run, read }: Transactions): RemoteCommandStore {
	const select = db.prepare<[string], number>('SELECT 1 FROM remote_commands WHERE id = ?').pluck();
	const insert = db.prepare<[string, number, string, string]>(
		'INSERT INTO remote_commands (id, at_ms, op, target) VALUES (?, ?, ?, ?)',
	);
	const prune = db.prepare<[number]>(
		`DELETE FROM remote_commands WHERE at_ms < (SELECT at_ms FROM remote_commands ORDER BY at_ms DESC LIMIT 1 OFFSET ?)`,
	);
	const setRestarting = db.prepare<[string]>('UPDATE remote_commands SET restarting = 1 WHERE id = ?');
	const update = db.prepare<[string, string | null, string]>(
		'UPDATE remote_commands SET outcome = ?, because = ? WHERE id = ?',
	);
	const setTold = db.prepare<[string]>('UPDATE remote_commands SET told = 1 WHERE id = ?');
	const open = db.prepare<[], Omit<BegunCommand, 'restarting'> & { readonly restarting: number }>(
		'SELECT id, op, target, restarting FROM remote_commands WHERE told = 0 AND outcome IS NULL ORDER BY at_ms',
	);
	const waiting = db.prepare<[number], CommandOutcomeRow & { readonly id: string }>(
		'SELECT id, outcome, because FROM remote_commands WHERE told = 0 AND outcome IS NOT NULL ORDER BY at_ms LIMIT ?',
	);
	return {
		isUsed: (id) => read(() => select.get(id) !== undefined),
		begin: ({ id, op, target }, atMs, keep) =>
			run(() => {
				insert.run(id, atMs, op, target);
				prune.run(keep);
			}),
		restarting: (id) =>
			run(() => {
				setRestarting.run(id);
			}),
		finish: (id, { outcome, because }) =>
			run(() => {
				update.run(outcome, because, id);
			}),
		unfinished: () => read(() => open.all().map((row) => ({ ...row, restarting: row.restarting === 1 }))),
		untold: (limit) => read(() => waiting.all(limit)),
		told: (id) =>
			run(() => {
				setTold.run(id);
			}),
	};
}
