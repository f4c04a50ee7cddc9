import { existsSync } from 'node:fs';
import { type DeltaAnswer, type DirectoryDelta, STANDALONE_EPOCH } from '../core/directory-change.ts';
import { noSums } from '../core/directory-digest.ts';
import { GatewayError } from '../core/gateway-error.ts';
import { WRITER_OPTIONS } from './directory-schema.ts';
import { createDirectoryWriter, type DirectoryWriter } from './directory-writer.ts';
import { openDatabase, type Sqlite } from './open-database.ts';
import { createTransactions } from './transactions.ts';

/** A directory file open for writing, every change durable. */
export interface DirectoryFile {
	readonly path: string;
	applyDelta(delta: DirectoryDelta, atMs: number): DeltaAnswer;
	/** Copies the WAL back and empties it: the next start has nothing to recover, and what was deleted is gone. */
	checkpoint(): void;
	close(): void;
}

/** Only one that is there: an empty file in its place would look like a directory of nobody. */
export function openDirectoryFile(path: string): DirectoryFile {
	if (!existsSync(path)) throw new GatewayError('STORE_UNAVAILABLE', `${path}: the directory’s file is gone`);
	return createDirectoryFile(openDatabase(path, WRITER_OPTIONS), path);
}

export function createDirectoryFile(db: Sqlite, path: string): DirectoryFile {
	const transactions = createTransactions(db, path);
	const writer = createDirectoryWriter(db);
	return {
		path,
		applyDelta: (delta, atMs) => transactions.run(() => applyDelta(writer, delta, atMs)),
		checkpoint: () => {
			db.pragma('wal_checkpoint(TRUNCATE)');
		},
		close: () => {
			db.close();
		},
	};
}

/** Ops and rev together, or an answer why not. A stream never synced takes central's history from its first change on. */
function applyDelta(writer: DirectoryWriter, delta: DirectoryDelta, atMs: number): DeltaAnswer {
	const { stream, centralEpoch, from, to, ops } = delta;
	const state = writer.stream(stream) ?? { stream, centralEpoch, rev: 0, syncedAtMs: 0 };
	if (state.centralEpoch !== centralEpoch && centralEpoch !== STANDALONE_EPOCH)
		return { result: 'otherEpoch', rev: state.rev };
	if (to <= state.rev) return { result: 'older', rev: state.rev };
	if (from !== state.rev) return { result: 'gap', rev: state.rev };
	const sums = writer.sums(stream);
	const parked = writer.apply(stream, to, ops, sums);
	const root = writer.setStream({ stream, centralEpoch, rev: to, syncedAtMs: atMs }, sums);
	return { result: 'applied', rev: to, root, parked };
}

/** Brings the rows of a staged file along with what the live one just took; its revs and digests are copied at the end. */
export function followDelta(writer: DirectoryWriter, { stream, to, ops }: DirectoryDelta): void {
	writer.apply(stream, to, ops, noSums());
}
