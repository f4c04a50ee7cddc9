import type { Sqlite } from './open-database.ts';
import { storeFailure } from './store-failure.ts';

export interface Transactions {
	/**
	 * Runs `work` in one BEGIN IMMEDIATE … COMMIT, synced to the disk when it returns; a throw rolls
	 * all of it back. Inside another transaction it joins that one. Throws STORE_FULL, STORE_READ_ONLY,
	 * STORE_UNAVAILABLE or STORE_CORRUPT when the disk fails, and what `work` throws.
	 */
	run<T>(work: () => T): T;
	/** As `run`; inside another transaction a throw undoes this part of it only. */
	attempt<T>(work: () => T): T;
	/** Several reads by themselves; what fails is told as in `run`. */
	read<T>(work: () => T): T;
	/** `forget` is called when what was kept in memory may differ from the file: after a rollback, or when another program wrote. */
	onForget(forget: () => void): void;
}

export interface CommitTimer {
	monotonicMs(): number;
	/** How long one COMMIT took, ms. */
	onCommit(durationMs: number): void;
}

export function createTransactions(db: Sqlite, path: string, timer?: CommitTimer): Transactions {
	const begin = db.prepare('BEGIN IMMEDIATE');
	const commit = db.prepare('COMMIT');
	const rollback = db.prepare('ROLLBACK');
	const savepoint = db.prepare('SAVEPOINT part');
	const rollbackPart = db.prepare('ROLLBACK TO part');
	const release = db.prepare('RELEASE part');
	const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
	const forgets: (() => void)[] = [];
	let seenVersion = dataVersion.get();

	function forgetAll(): void {
		for (const forget of forgets) forget();
	}

	function start(): void {
		begin.run();
		const version = dataVersion.get();
		if (version === seenVersion) return;
		seenVersion = version;
		forgetAll();
	}

	function finish(): void {
		if (timer === undefined) {
			commit.run();
			return;
		}
		const startedMs = timer.monotonicMs();
		commit.run();
		timer.onCommit(timer.monotonicMs() - startedMs);
	}

	function run<T>(work: () => T): T {
		if (db.inTransaction) return work();
		try {
			start();
			const result = work();
			finish();
			return result;
		} catch (error) {
			if (db.inTransaction) rollback.run();
			forgetAll();
			throw storeFailure(error, path);
		}
	}

	return {
		run,
		attempt(work) {
			if (!db.inTransaction) return run(work);
			savepoint.run();
			try {
				const result = work();
				release.run();
				return result;
			} catch (error) {
				// A disk that failed has ended the whole transaction.
				if (db.inTransaction) {
					rollbackPart.run();
					release.run();
				}
				forgetAll();
				throw error;
			}
		},
		read(work) {
			try {
				return work();
			} catch (error) {
				throw storeFailure(error, path);
			}
		},
		onForget(forget) {
			forgets.push(forget);
		},
	};
}
