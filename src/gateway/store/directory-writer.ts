import { DIRECTORY_TABLES, type StreamName } from '../core/directory.ts';
import type { DirectoryOp, ParkedRow } from '../core/directory-change.ts';
import type { StreamState } from './directory-reader.ts';
import { type AcceptedRow, holderWords, isDirectoryTable, type SqlValue, STORED_TABLES } from './directory-tables.ts';
import type { Sqlite } from './open-database.ts';

/** Changes one directory file, in the caller's transaction. */
export interface DirectoryWriter {
	stream(name: StreamName): StreamState | undefined;
	setStream(state: StreamState): void;
	/** A row that fits no table, or not its own, is parked raw and whatever stood under its key is removed: denied until central mends it. */
	apply(stream: StreamName, rev: number, ops: readonly DirectoryOp[]): ParkedRow[];
	/** Makes the search words of every holder anew. */
	indexHolders(): void;
}

/** `indexWords` false: holders get no search words until `indexHolders`. */
export function createDirectoryWriter(db: Sqlite, { indexWords = true } = {}): DirectoryWriter {
	const tables = Object.fromEntries(
		Object.entries(STORED_TABLES).map(([table, { sqlName, columns, accept }]) => [
			table,
			{
				accept,
				put: db.prepare<SqlValue[]>(upsertSql(sqlName, columns)),
				remove: db.prepare<[string]>(`DELETE FROM ${sqlName} WHERE id = ?`),
			},
		]),
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
		const wordsChange = indexWords && table === 'holders';
		if (wordsChange) words.forget(key);
		const accepted = op === 'put' ? acceptedAs(key, target.accept(row)) : undefined;
		if (accepted === undefined || 'problem' in accepted) {
			target.remove.run(key);
			return accepted?.problem;
		}
		target.put.run(...accepted.values);
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
	};
}

function acceptedAs(key: string, accepted: AcceptedRow): AcceptedRow {
	if ('problem' in accepted || accepted.values[0] === key) return accepted;
	return { problem: 'id: differs from the key of the change' };
}

function upsertSql(sqlName: string, columns: readonly string[]): string {
	const places = columns.map(() => '?').join(', ');
	const changes = columns.filter((column) => column !== 'id').map((column) => `${column} = excluded.${column}`);
	return `INSERT INTO ${sqlName} (${columns.join(', ')}) VALUES (${places}) ON CONFLICT (id) DO UPDATE SET ${changes.join(', ')}`;
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
