import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** Open stays of each right. Kept in memory, filled from the open stays and forgotten when they may differ. */
export function createOpenByRight(db: Sqlite, transactions: Transactions) {
	const select = db
		.prepare<[], string>('SELECT right_ids FROM parking_sessions WHERE closed_at_ms IS NULL AND right_ids IS NOT NULL')
		.pluck();
	let known: Map<string, number> | undefined;
	transactions.onForget(() => {
		known = undefined;
	});

	function counts(): Map<string, number> {
		if (known !== undefined) return known;
		known = new Map();
		for (const rightIds of select.all()) count(known, JSON.parse(rightIds) as string[], 1);
		return known;
	}

	return {
		/** Before the table changes: read afterwards, the change would count twice. */
		load() {
			counts();
		},
		counts: (): ReadonlyMap<string, number> => counts(),
		add: (rightIds: readonly string[], by: number) => count(counts(), rightIds, by),
	};
}

function count(map: Map<string, number>, rightIds: readonly string[], by: number): void {
	for (const rightId of rightIds) {
		const now = (map.get(rightId) ?? 0) + by;
		if (now > 0) map.set(rightId, now);
		else map.delete(rightId);
	}
}
