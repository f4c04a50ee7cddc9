import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** Whose roles, groups or permissions changed; null: anybody's. */
export type ChangedAccess = { readonly operatorId: string } | { readonly groupId: string } | null;

/** Tells whether what was read of roles, groups and permissions still is so. */
export interface AccessVersion {
	/** Another number once anything was changed: here, by a rollback, or by another program, which listeners hear of first. */
	get(): number;
	changed(what: ChangedAccess): void;
	/** Called within the change, and once more when it is undone. */
	onChange(listener: (what: ChangedAccess) => void): void;
}

export function createAccessVersion(db: Sqlite, transactions: Transactions): AccessVersion {
	// Of this connection: another number once another one wrote anything to the file.
	const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
	const listeners: ((what: ChangedAccess) => void)[] = [];
	let seen = dataVersion.get();
	let version = 0;
	const changed = (what: ChangedAccess) => {
		version += 1;
		for (const listener of listeners) listener(what);
	};
	transactions.onForget(() => changed(null));
	return {
		changed,
		onChange: (listener) => void listeners.push(listener),
		get() {
			const now = dataVersion.get();
			if (now !== seen) {
				seen = now;
				changed(null);
			}
			return version;
		},
	};
}
