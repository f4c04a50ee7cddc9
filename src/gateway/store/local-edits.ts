import { createHash } from 'node:crypto';
import type { DirectoryTable } from '../core/directory.ts';
import { GatewayError } from '../core/gateway-error.ts';
import { indexesSql, tableSql } from './directory-schema.ts';
import { createTableWriter } from './directory-table-writer.ts';
import { STORED_TABLES } from './directory-tables.ts';
import type { Sqlite } from './open-database.ts';
import type { SiteSettings } from './site-settings.ts';
import type { Transactions } from './transactions.ts';

/** One row of the directory as it was changed on site, until central (or the site itself, standalone) has taken it over. */
export interface LocalEdit {
	readonly table: DirectoryTable;
	readonly key: string;
	/** Names the change towards central. */
	readonly mutationId: string;
	/** null: deleted. */
	readonly row: Readonly<Record<string, unknown>> | null;
	/** Rev of the table's stream that the change was made on. */
	readonly baseRev: number;
	/** What central's row was then; null: there was none. Another one now means that central changed it too. */
	readonly baseEtag: string | null;
	/** Of its journal entry, over all epochs. */
	readonly position: number;
	readonly atMs: number;
	/** Central has taken it over at this rev of the stream, which is not here yet. */
	readonly acceptedRev: number | null;
}

/** The overlay over central's rows (SYNC.md, local edits). Reads of the directory see it at once. */
export interface LocalEditStore {
	/** Joins the running transaction. A later edit of the same row takes the place of an earlier one. */
	put(edit: LocalEdit): void;
	get(table: DirectoryTable, key: string): LocalEdit | undefined;
	/** In the order they were made, at most `limit`. */
	list(limit: number, afterMutationId?: string): readonly LocalEdit[];
	/** undefined: a later edit took its place, or it is settled. */
	byMutation(mutationId: string): LocalEdit | undefined;
	/** The row goes as soon as the stream's rev is here. */
	accept(mutationId: string, rev: number): void;
	/** Central's row moved under the edit: this is what is read until the edit is settled; null: nothing. */
	show(edit: Pick<LocalEdit, 'table' | 'key'>, row: LocalEdit['row']): void;
	/** The overlay of this row goes, unless it was changed again since. @returns whether it went. */
	settle(edit: Pick<LocalEdit, 'table' | 'key' | 'mutationId'>): boolean;
	count(): number;
	/** Whether there is any; costs nothing. */
	any(): boolean;
	/** Another number after every change of the overlay, a rolled back one included. */
	version(): number;
}

interface StoredEdit extends Omit<LocalEdit, 'row'> {
	readonly row: string | null;
}

const COLUMNS = `table_name AS "table", key, mutation_id AS mutationId, row, base_rev AS baseRev, base_etag AS baseEtag, seq AS position,
	at_ms AS atMs, accepted_rev AS acceptedRev`;
export const EDITED = 'edited_';

export function createLocalEdits(
	db: Sqlite,
	{ run, read, onForget }: Transactions,
	settings: Pick<SiteSettings, 'get' | 'set'>,
): LocalEditStore {
	makeEditedTables(db, run, settings);
	const writers = Object.fromEntries(
		Object.entries(STORED_TABLES).map(([name, table]) => [
			name,
			createTableWriter(db, { ...table, sqlName: EDITED + table.sqlName }),
		]),
	);
	const insert = db.prepare<[StoredEdit]>(
		`INSERT OR REPLACE INTO local_edits (table_name, key, mutation_id, row, base_rev, base_etag, seq, at_ms, accepted_rev)
		VALUES (:table, :key, :mutationId, :row, :baseRev, :baseEtag, :position, :atMs, :acceptedRev)`,
	);
	const select = db.prepare<[string, string], StoredEdit>(
		`SELECT ${COLUMNS} FROM local_edits WHERE table_name = ? AND key = ?`,
	);
	const selectAll = db.prepare<[string, number], StoredEdit>(
		`SELECT ${COLUMNS} FROM local_edits WHERE mutation_id > ? ORDER BY mutation_id LIMIT ?`,
	);
	const selectMutation = db.prepare<[string], StoredEdit>(`SELECT ${COLUMNS} FROM local_edits WHERE mutation_id = ?`);
	const setAccepted = db.prepare<[number, string]>('UPDATE local_edits SET accepted_rev = ? WHERE mutation_id = ?');
	const setShown = db.prepare<[string, string, string]>(
		'UPDATE local_edits SET shown = ? WHERE table_name = ? AND key = ?',
	);
	const remove = db.prepare<[string, string, string]>(
		'DELETE FROM local_edits WHERE table_name = ? AND key = ? AND mutation_id = ?',
	);
	const countAll = db.prepare<[], number>('SELECT count(*) FROM local_edits').pluck();
	let version = 0;
	const anyEdit = db.prepare<[], number>('SELECT EXISTS (SELECT 1 FROM local_edits)').pluck();
	let known: number | undefined;
	let isAny: boolean | undefined;
	const changed = () => {
		version += 1;
		known = undefined;
		isAny = undefined;
	};
	onForget(changed);
	const count = () => {
		known ??= read(() => countAll.get() ?? 0);
		return known;
	};

	function writerOf(table: string) {
		const writer = writers[table];
		if (writer === undefined) throw new GatewayError('INTERNAL', `no table ${table} in the directory`);
		return writer;
	}

	function write(table: DirectoryTable, key: string, row: LocalEdit['row']): void {
		const writer = writerOf(table);
		const accepted = row === null ? undefined : writer.accept(row);
		if (accepted !== undefined && 'problem' in accepted) {
			throw new GatewayError('INVALID_REQUEST', `${table} ${key}: ${accepted.problem}`);
		}
		if (accepted === undefined) writer.remove(key, writer.read(key));
		else writer.put(accepted.values, undefined, writer.read(key));
		changed();
	}

	return {
		put: (edit) =>
			run(() => {
				insert.run({ ...edit, row: textOf(edit.row) });
				write(edit.table, edit.key, edit.row);
			}),
		get: (table, key) => read(() => toEdit(select.get(table, key))),
		list: (limit, after = '') => read(() => selectAll.all(after, limit).flatMap((edit) => toEdit(edit) ?? [])),
		byMutation: (mutationId) => read(() => toEdit(selectMutation.get(mutationId))),
		accept: (mutationId, rev) =>
			run(() => {
				setAccepted.run(rev, mutationId);
			}),
		show: ({ table, key }, row) =>
			run(() => {
				setShown.run(textOf(row) ?? 'null', table, key);
				write(table, key, row);
			}),
		settle: ({ table, key, mutationId }) =>
			run(() => {
				if (remove.run(table, key, mutationId).changes === 0) return false;
				const writer = writerOf(table);
				writer.remove(key, writer.read(key));
				changed();
				return true;
			}),
		count,
		any() {
			// An import leaves many: they are not counted for every look-up.
			isAny ??= read(() => anyEdit.get() === 1);
			return isAny;
		},
		version: () => version,
	};
}

function textOf(row: LocalEdit['row']): string | null {
	return row === null ? null : JSON.stringify(row);
}

function toEdit(edit: StoredEdit | undefined): LocalEdit | undefined {
	return edit === undefined
		? undefined
		: { ...edit, row: edit.row === null ? null : (JSON.parse(edit.row) as Record<string, unknown>) };
}

const FINGERPRINT = 'editedTables';

/**
 * The edited rows in tables of the directory's shape, for reading only: made from `local_edits` again whenever the
 * declarations have changed, so that they need no migrations of their own.
 */
function makeEditedTables(db: Sqlite, run: Transactions['run'], settings: Pick<SiteSettings, 'get' | 'set'>): void {
	const tables = Object.values(STORED_TABLES);
	const sql = tables.flatMap((table) => [tableSql(table, EDITED), ...indexesSql(table.table, EDITED)]).join('\n');
	const fingerprint = createHash('sha256').update(sql).digest('hex');
	if (settings.get(FINGERPRINT) === fingerprint) return;
	if (db.readonly) {
		throw new GatewayError('STORE_UNAVAILABLE', 'the store is of an earlier version; start the gateway once');
	}
	run(() => {
		const old = db
			.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB '${EDITED}*'`)
			.pluck();
		for (const name of old.all()) db.exec(`DROP TABLE ${name}`);
		db.exec(sql);
		for (const table of tables) refill(db, table.table);
		settings.set(FINGERPRINT, fingerprint);
	});
}

/** A row that a later version refuses stays in `local_edits` and is not seen. */
function refill(db: Sqlite, name: DirectoryTable): void {
	const table = STORED_TABLES[name];
	const writer = createTableWriter(db, { ...table, sqlName: EDITED + table.sqlName });
	const rows = db.prepare<[string], string>(
		'SELECT coalesce(shown, row) FROM local_edits WHERE table_name = ? AND row IS NOT NULL',
	);
	for (const row of rows.pluck().all(name)) {
		const accepted = writer.accept(JSON.parse(row));
		if ('values' in accepted) writer.put(accepted.values, undefined, undefined);
	}
}
