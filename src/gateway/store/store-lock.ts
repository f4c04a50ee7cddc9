import path from 'node:path';
import Database, { SqliteError } from 'better-sqlite3';
import { GatewayError } from '../core/gateway-error.ts';
import { createPrivateFile, makeStoreDir } from './open-database.ts';
import { storeFailure } from './store-failure.ts';

export const LOCK_FILE = 'gateway.lock';

/**
 * Held as long as a gateway runs on the store, and let go by the system when it dies: a second one would
 * end openings and give back places that the first has under way. Throws STORE_UNAVAILABLE when it is held.
 */
export function lockStore(dir: string): Disposable {
	makeStoreDir(dir);
	const file = path.join(dir, LOCK_FILE);
	let db: Database.Database | undefined;
	try {
		createPrivateFile(file);
		db = new Database(file, { timeout: 0 });
		db.exec('BEGIN EXCLUSIVE');
		const held = db;
		return { [Symbol.dispose]: () => void held.close() };
	} catch (error) {
		db?.close();
		if (error instanceof SqliteError && error.code.startsWith('SQLITE_BUSY')) {
			throw new GatewayError(
				'STORE_UNAVAILABLE',
				`${dir}: another gateway runs on this store; stop it (\`fuser ${file}\` names it), or give this one a store.dir of its own`,
				{ cause: error },
			);
		}
		throw storeFailure(error, file);
	}
}
