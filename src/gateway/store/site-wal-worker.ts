import { parentPort, workerData } from 'node:worker_threads';
import { copyWalBack, openBeside } from './open-database.ts';
import type { WalCommands, WalWorkerData } from './site-wal-messages.ts';
import { serveThread } from './thread-server.ts';

/** Commits go on meanwhile: each pass has less to copy than the one before, and the WAL begins anew after one that left nothing. */
const PASSES = 4;

if (parentPort !== null) {
	const { siteFile } = workerData as WalWorkerData;
	const db = openBeside(siteFile);
	serveThread<WalCommands>(parentPort, {
		copyBack() {
			let pages = copyWalBack(db);
			for (let pass = 1; pass < PASSES && pages.copied < pages.written; pass += 1) pages = copyWalBack(db);
			return pages;
		},
		close() {
			db.close();
			return null;
		},
	});
}
