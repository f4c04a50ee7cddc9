import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** Tells whether what was read of roles, groups and permissions still is so. */
export interface AccessVersion {
	/** Another number once anything was changed: here, by a rollback, or by another program. */
	get(): number;
	changed(): void;
}

export function createAccessVersion(db: Sqlite, transactions: Transactions): AccessVersion {
	// Of this connection: another number once another one wrote anything to the file.
	const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
	let seen = dataVersion.get();
	let version = 0;
	const changed = () => {
		version += 1;
	};
	transactions.onForget(changed);
	return {
		changed,
		get() {
			const now = dataVersion.get();
			if (now !== seen) {
				seen = now;
				changed();
			}
			return version;
		},
	};
}
