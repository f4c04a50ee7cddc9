import type { Sqlite } from './open-database.ts';
import { storeFailure } from './store-failure.ts';

/** Within `atOneState` all statements see one state; a call by itself is one of its own. */
export function createReadTransactions(db: Sqlite, path: string, refresh: () => void) {
	const begin = db.prepare('BEGIN');
	const end = db.prepare('COMMIT');
	let isTogether = false;

	function atOneState<T>(run: () => T): T {
		if (db.inTransaction) return run();
		try {
			begin.run();
			refresh();
			const result = run();
			if (!isTogether) end.run();
			return result;
		} catch (error) {
			if (db.inTransaction) end.run();
			throw storeFailure(error, path);
		}
	}

	function together<T>(run: () => T): T {
		if (isTogether) return run();
		isTogether = true;
		try {
			return run();
		} finally {
			isTogether = false;
			if (db.inTransaction) end.run();
		}
	}

	return { atOneState, together };
}
