import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** Holders whose next passage is not held against them: anti-passback is neutral until then. */
export interface NeutralHolderStore {
	isNeutral(holderId: string): boolean;
	reset(holderIds: readonly string[], atMs: number): void;
	/** The passage happened. */
	clear(holderId: string): void;
}

export function createNeutralHolders(db: Sqlite, transactions: Transactions): NeutralHolderStore {
	const select = db.prepare<[string], number>('SELECT 1 FROM neutral_holders WHERE holder_id = ?').pluck();
	const insert = db.prepare<[string, number]>(
		'INSERT INTO neutral_holders (holder_id, at_ms) VALUES (?, ?) ON CONFLICT (holder_id) DO UPDATE SET at_ms = excluded.at_ms',
	);
	const remove = db.prepare<[string]>('DELETE FROM neutral_holders WHERE holder_id = ?');
	const all = db.prepare<[], string>('SELECT holder_id FROM neutral_holders').pluck();
	// Asked at every decision, and nearly nobody is: who was not is known without the table. Others may have been cleared.
	let known: Set<string> | undefined;
	transactions.onForget(() => {
		known = undefined;
	});
	const everReset = () => {
		known ??= new Set(all.all());
		return known;
	};

	return {
		isNeutral: (holderId) => everReset().size > 0 && everReset().has(holderId) && select.get(holderId) !== undefined,
		reset: (holderIds, atMs) =>
			transactions.run(() => {
				for (const holderId of holderIds) {
					everReset().add(holderId);
					insert.run(holderId, atMs);
				}
			}),
		clear: (holderId) =>
			transactions.run(() => {
				remove.run(holderId);
			}),
	};
}
