import { parentPort, workerData } from 'node:worker_threads';
import { createDirectoryListReader, type DirectoryListReader } from './directory-list-reader.ts';
import type { ListCommands, ListWorkerData } from './directory-lists-messages.ts';
import { attachEdits } from './directory-overlay.ts';
import { DIRECTORY_SCHEMA, READER_OPTIONS } from './directory-schema.ts';
import { requireSchema } from './migrations.ts';
import { openDatabase } from './open-database.ts';
import { serveThread, type ThreadHandlers } from './thread-server.ts';

/** Indexes are looked through as a whole; given back when the thread rests. */
const CACHE_KIB = 16_384;

/**
 * Reads lists on a thread of its own. A reader of a WAL neither waits for its writers nor lets them wait; every answer
 * is a read transaction of its own, so that the WAL can be copied back between two.
 */
function createHandlers({ directoryFile, siteFile }: ListWorkerData): ThreadHandlers<ListCommands> {
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

	function current(): DirectoryListReader {
		reader ??= open();
		return reader;
	}

	function close(): null {
		reader?.close();
		reader = undefined;
		return null;
	}

	return {
		page: (ask) => current().page(ask),
		count: (ask) => current().count(ask),
		titles: (ask) => current().titles(ask),
		follow({ file }) {
			live = file;
			return close();
		},
		close,
	};
}

if (parentPort !== null) serveThread(parentPort, createHandlers(workerData as ListWorkerData));
