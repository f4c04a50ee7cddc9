import type { SnapshotStart } from '../core/directory-change.ts';
import { type BucketSums, decodeSums, encodeSums, noSums } from '../core/directory-digest.ts';
import type { Sqlite } from './open-database.ts';

/** How far a snapshot is staged, in the staged file itself: committed with the rows it speaks of. */
export interface StagingState {
	/** Calls of `push`, and their rows. */
	readonly chunks: number;
	readonly rows: number;
	readonly sums: BucketSums;
	/** The other streams' rows and the indexes are being made. */
	readonly isCompleting: boolean;
}

export const NOTHING_STAGED: Omit<StagingState, 'sums'> = { chunks: 0, rows: 0, isCompleting: false };

const STAGING_TABLE = `
CREATE TABLE IF NOT EXISTS staging (
	start TEXT PRIMARY KEY,
	chunks INTEGER NOT NULL,
	rows INTEGER NOT NULL,
	sums BLOB NOT NULL,
	is_completing INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

/** `start`: another snapshot's state is none. */
export function createStagingState(db: Sqlite, start: SnapshotStart) {
	db.exec(STAGING_TABLE);
	const name = JSON.stringify(start);
	const select = db.prepare<[string], { chunks: number; rows: number; sums: Uint8Array; isCompleting: number }>(
		'SELECT chunks, rows, sums, is_completing AS isCompleting FROM staging WHERE start = ?',
	);
	const write = db.prepare<[string, number, number, Uint8Array, number]>(
		'INSERT OR REPLACE INTO staging (start, chunks, rows, sums, is_completing) VALUES (?, ?, ?, ?, ?)',
	);
	return {
		read(): StagingState | undefined {
			const found = select.get(name);
			return found && { ...found, sums: decodeSums(found.sums) ?? noSums(), isCompleting: found.isCompleting === 1 };
		},
		write({ chunks, rows, sums, isCompleting }: StagingState) {
			write.run(name, chunks, rows, encodeSums(sums), Number(isCompleting));
		},
		/** The file is about to be a directory like any other. */
		remove() {
			db.exec('DROP TABLE staging');
		},
	};
}
