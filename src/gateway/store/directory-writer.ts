import { DIRECTORY_TABLES, type StreamName } from '../core/directory.ts';
import type { DirectoryOp, ParkedRow } from '../core/directory-change.ts';
import type { StreamState } from './directory-reader.ts';
import {
	type AcceptedRow,
	holderWords,
	isDirectoryTable,
	type SqlValue,
	STORED_TABLES,
	type StoredTable,
} from './directory-tables.ts';
import type { Sqlite } from './open-database.ts';

/** Changes one directory file, in the caller's transaction. */
export interface DirectoryWriter {
	stream(name: StreamName): StreamState | undefined;
	setStream(state: StreamState): void;
	/** A row that fits no table, or not its own, is parked raw and whatever stood under its key is removed: denied until central mends it. */
	apply(stream: StreamName, rev: number, ops: readonly DirectoryOp[]): ParkedRow[];
	/** Makes the search words of every holder anew. */
	indexHolders(): void;
	/** After rows were written past this writer. */
	refresh(): void;
}

/** `staged`: the file has no indexes yet, and holders no search words until `indexHolders`. */
export function createDirectoryWriter(db: Sqlite, { staged = false } = {}): DirectoryWriter {
	const tables = Object.fromEntries(
		Object.entries(STORED_TABLES).map(([name, table]) => [name, createTableWriter(db, table, staged)]),
	);
	const words = createHolderWords(db);
	const park = db.prepare<[string, string, string, number, string, string]>(
		'INSERT OR REPLACE INTO parked (stream, table_name, key, rev, raw, problem) VALUES (?, ?, ?, ?, ?, ?)',
	);
	const unpark = db.prepare<[string, string, string]>(
		'DELETE FROM parked WHERE stream = ? AND table_name = ? AND key = ?',
	);
	const countParked = db.prepare<[], number>('SELECT count(*) FROM parked').pluck();
	const selectStream = db.prepare<[string], StreamState>(
		'SELECT stream, central_epoch AS centralEpoch, rev, synced_at_ms AS syncedAtMs FROM streams WHERE stream = ?',
	);
	const putStream = db.prepare<[StreamState]>(
		'INSERT OR REPLACE INTO streams (stream, central_epoch, rev, synced_at_ms) VALUES (:stream, :centralEpoch, :rev, :syncedAtMs)',
	);
	// Rare: without this every op would look for a parked row that is not there.
	let anyParked = (countParked.get() ?? 0) > 0;

	/** Whatever stood under the key goes; @returns what is wrong with the op. */
	function applyOne(stream: StreamName, { op, table, key, row }: DirectoryOp): string | undefined {
		const target = tables[table];
		if (target === undefined || !isDirectoryTable(table)) return `table: ${table} is not known to this version`;
		const owner = DIRECTORY_TABLES[table].stream;
		if (owner !== stream) return `table: ${table} belongs to the stream ${owner}`;
		const wordsChange = !staged && table === 'holders';
		if (wordsChange) words.forget(key);
		const accepted = op === 'put' ? acceptedAs(key, target.accept(row)) : undefined;
		if (accepted === undefined || 'problem' in accepted) {
			target.remove(key);
			return accepted?.problem;
		}
		target.put(accepted.values);
		if (wordsChange) words.add(accepted.values);
		return undefined;
	}

	return {
		stream: (name) => selectStream.get(name),
		setStream(state) {
			putStream.run(state);
		},
		apply(stream, rev, ops) {
			const parked: ParkedRow[] = [];
			for (const op of ops) {
				const problem = applyOne(stream, op);
				if (problem !== undefined) {
					const raw = JSON.stringify(op.row ?? null);
					park.run(stream, op.table, op.key, rev, raw, problem);
					parked.push({ table: op.table, key: op.key, problem });
					anyParked = true;
				} else if (anyParked) {
					unpark.run(stream, op.table, op.key);
				}
			}
			return parked;
		},
		indexHolders: words.addAll,
		refresh() {
			anyParked = (countParked.get() ?? 0) > 0;
		},
	};
}

function acceptedAs(key: string, accepted: AcceptedRow): AcceptedRow {
	if ('problem' in accepted || accepted.values[0] === key) return accepted;
	return { problem: 'id: differs from the key of the change' };
}

function createTableWriter(db: Sqlite, { sqlName, columns, indexed, accept }: StoredTable, staged: boolean) {
	const names = columns.join(', ');
	const assign = (list: readonly string[]) => list.map((column) => `${column} = :${column}`).join(', ');
	const others = columns.filter((column) => column !== 'id');
	const plain = others.filter((column) => !indexed.includes(column));
	const places = columns.map((column) => `:${column}`).join(', ');
	const upsert = db.prepare<[Record<string, SqlValue>]>(
		`INSERT INTO ${sqlName} (${names}) VALUES (${places}) ON CONFLICT (id) DO UPDATE SET ${assign(others)}`,
	);
	// SQLite rewrites an index whenever its column is set, also to the same value; most changes leave those alone.
	const sameIndexes = indexed.map((column) => ` AND ${column} IS :${column}`).join('');
	const update = db.prepare<[Record<string, SqlValue>]>(
		`UPDATE ${sqlName} SET ${assign(plain)} WHERE id = :id${sameIndexes}`,
	);
	const remove = db.prepare<[string]>(`DELETE FROM ${sqlName} WHERE id = ?`);
	return {
		accept,
		put(values: readonly SqlValue[]) {
			const row = Object.fromEntries(columns.map((column, place) => [column, values[place] ?? null]));
			if (!staged && indexed.length > 0 && update.run(row).changes === 1) return;
			upsert.run(row);
		},
		remove(key: string) {
			remove.run(key);
		},
	};
}

function createHolderWords(db: Sqlite) {
	const known = db.prepare<[string], { name: string; email: string | null }>(
		'SELECT name, email FROM holders WHERE id = ?',
	);
	const insert = db.prepare<[string, string]>('INSERT OR IGNORE INTO holder_words (word, holder_id) VALUES (?, ?)');
	const remove = db.prepare<[string, string]>('DELETE FROM holder_words WHERE word = ? AND holder_id = ?');
	db.function('holder_words_of', { deterministic: true }, (name: unknown, email: unknown) =>
		JSON.stringify(holderWords(String(name), email === null ? null : String(email))),
	);
	return {
		/** Before the holder's row changes. */
		forget(holderId: string) {
			const holder = known.get(holderId);
			if (holder === undefined) return;
			for (const word of holderWords(holder.name, holder.email)) remove.run(word, holderId);
		},
		add([id, , name, email]: readonly SqlValue[]) {
			for (const word of holderWords(String(name), email === null ? null : String(email))) insert.run(word, String(id));
		},
		addAll() {
			db.exec(`DELETE FROM holder_words;
			INSERT INTO holder_words SELECT word.value, holders.id
			FROM holders, json_each(holder_words_of(name, email)) AS word ORDER BY 1, 2`);
		},
	};
}
