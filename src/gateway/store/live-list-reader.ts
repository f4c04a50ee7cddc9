import { createDirectoryListReader, type DirectoryListReader } from './directory-list-reader.ts';
import type { ListWorkerData } from './directory-lists-messages.ts';
import { attachEdits } from './directory-overlay.ts';
import { DIRECTORY_SCHEMA, READER_OPTIONS } from './directory-schema.ts';
import { requireSchema } from './migrations.ts';
import { openDatabase } from './open-database.ts';

/** Lists of the live file, by a connection of its own; for a thread. */
export interface LiveListReader {
	/** Opens the live file if need be. Throws GatewayError. */
	current(): DirectoryListReader;
	/** Another file is live: the one before is closed. */
	follow(file: string): void;
	close(): void;
}

/** Indexes are looked through as a whole; given back when the thread rests. */
const CACHE_KIB = 16_384;

/**
 * A reader of a WAL neither waits for its writers nor lets them wait; every answer is a read transaction of its own, so
 * that the WAL can be copied back between two.
 */
export function createLiveListReader({ directoryFile, siteFile }: ListWorkerData): LiveListReader {
	let live = directoryFile;
	let reader: DirectoryListReader | undefined;

	function open(): DirectoryListReader {
		const db = openDatabase(live, { ...READER_OPTIONS, cacheKib: CACHE_KIB });
		try {
			requireSchema(db, { path: live, ...DIRECTORY_SCHEMA });
			attachEdits(db, siteFile);
			return createDirectoryListReader(db, live);
		} catch (error) {
			db.close();
			throw error;
		}
	}

	function close(): void {
		reader?.close();
		reader = undefined;
	}

	return {
		current() {
			reader ??= open();
			return reader;
		},
		follow(file) {
			live = file;
			close();
		},
		close,
	};
}
