import { textHash } from '../core/text-hash.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** Whose a stay is, and by which rights. */
interface Stay {
	readonly holderId: string | null;
	readonly rightIds: readonly string[];
}

/**
 * Open stays of each right, and of each holder at least; asked at every decision. Kept in memory, filled from the open
 * stays and forgotten when they may differ. A stay that was made nobody's still counts for its holder: who has none is
 * certain, who has some is looked up.
 */
export function createOpenStays(db: Sqlite, transactions: Transactions) {
	const select = db.prepare<[], { readonly holderId: string | null; readonly rightIds: string | null }>(
		'SELECT holder_id AS holderId, right_ids AS rightIds FROM parking_sessions WHERE closed_at_ms IS NULL',
	);
	/** `byHolder` by the hash of the id: who shares it with somebody inside is looked up, too. */
	let known: { readonly byRight: Map<string, number>; readonly byHolder: Map<number, number> } | undefined;
	transactions.onForget(() => {
		known = undefined;
	});

	function counts() {
		if (known !== undefined) return known;
		known = { byRight: new Map(), byHolder: new Map() };
		for (const { holderId, rightIds } of select.all()) {
			add({ holderId, rightIds: rightIds === null ? [] : (JSON.parse(rightIds) as string[]) }, 1);
		}
		return known;
	}

	function add({ holderId, rightIds }: Stay, by: number): void {
		const { byRight, byHolder } = counts();
		for (const rightId of rightIds) count(byRight, rightId, by);
		if (holderId !== null) count(byHolder, textHash(holderId), by);
	}

	return {
		/** Before the table changes: read afterwards, the change would count twice. */
		load() {
			counts();
		},
		byRight: (): ReadonlyMap<string, number> => counts().byRight,
		/** false: none is open. */
		mayHave: (holderId: string) => counts().byHolder.has(textHash(holderId)),
		add,
	};
}

function count<Key>(map: Map<Key, number>, key: Key, by: number): void {
	const now = (map.get(key) ?? 0) + by;
	if (now > 0) map.set(key, now);
	else map.delete(key);
}
