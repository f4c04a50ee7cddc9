import { DIRECTORY_TABLES, isDirectoryTable, type StreamName } from '../core/directory.ts';
import type { DirectoryOp, ParkedRow } from '../core/directory-change.ts';
import type { StreamState } from './directory-reader.ts';
import { createTableWriter } from './directory-table-writer.ts';
import { type AcceptedRow, STORED_TABLES } from './directory-tables.ts';
import type { Sqlite } from './open-database.ts';

/** Changes one directory file, in the caller's transaction. */
export interface DirectoryWriter {
	stream(name: StreamName): StreamState | undefined;
	setStream(state: StreamState): void;
	/** A row that fits no table, or not its own, is parked raw and whatever stood under its key is removed: denied until central mends it. */
	apply(stream: StreamName, rev: number, ops: readonly DirectoryOp[]): ParkedRow[];
	/** Makes the search words of every row anew. */
	indexWords(): void;
	/** After rows were written past this writer. */
	refresh(): void;
}

/** `staged`: the file has no indexes yet, and rows no search words until `indexWords`. */
export function createDirectoryWriter(db: Sqlite, { staged = false } = {}): DirectoryWriter {
	const tables = Object.fromEntries(
		Object.entries(STORED_TABLES).map(([name, table]) => [name, createTableWriter(db, table, staged)]),
	);
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
		target.forgetWords(key);
		const accepted = op === 'put' ? acceptedAs(key, target.accept(row)) : undefined;
		if (accepted === undefined || 'problem' in accepted) {
			target.remove(key);
			return accepted?.problem;
		}
		target.put(accepted.values);
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
		indexWords() {
			for (const table of Object.values(tables)) table.indexWords();
		},
		refresh() {
			anyParked = (countParked.get() ?? 0) > 0;
		},
	};
}

function acceptedAs(key: string, accepted: AcceptedRow): AcceptedRow {
	if ('problem' in accepted || accepted.values[0] === key) return accepted;
	return { problem: 'id: differs from the key of the change' };
}
