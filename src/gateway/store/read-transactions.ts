import type { Sqlite } from './open-database.ts';
import { storeFailure } from './store-failure.ts';

/** Within `atOneState` all statements see one state; a call by itself is one of its own. */
export function createReadTransactions(db: Sqlite, path: string, refresh: () => void) {
	const begin = db.prepare('BEGIN');
	const end = db.prepare('COMMIT');
	let isTogether = false;
	// Every look-up of a decision asks; nothing else begins transactions on a connection that reads.
	let isOpen = false;

	function atOneState<T>(run: () => T): T {
		if (isOpen) return run();
		try {
			begin.run();
			isOpen = true;
			refresh();
			const result = run();
			if (isTogether) return result;
			isOpen = false;
			end.run();
			return result;
		} catch (error) {
			close();
			throw storeFailure(error, path);
		}
	}

	/** A failure may have ended it already. */
	function close(): void {
		isOpen = false;
		if (db.inTransaction) end.run();
	}

	function together<T>(run: () => T): T {
		if (isTogether) return run();
		isTogether = true;
		try {
			return run();
		} finally {
			isTogether = false;
			close();
		}
	}

	return { atOneState, together };
}
