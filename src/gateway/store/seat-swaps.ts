import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** A seat of the licence changed hands. */
export interface SeatSwapRow {
	readonly atMs: number;
	/** Who gave it up, and who took it. */
	readonly fromId: string;
	readonly toId: string;
	/** null: somebody at the machine's own command line. */
	readonly byId: string | null;
}

export interface SeatSwapStore {
	/** The oldest beyond `keep` go. */
	addSeatSwap(swap: SeatSwapRow, keep: number): void;
	/** The last one first. */
	seatSwaps(limit: number): readonly SeatSwapRow[];
}

export function createSeatSwapStore(db: Sqlite, transactions: Transactions): SeatSwapStore {
	const insert = db.prepare<[SeatSwapRow]>(
		'INSERT INTO seat_swaps (at_ms, from_id, to_id, by_id) VALUES (:atMs, :fromId, :toId, :byId)',
	);
	const drop = db.prepare<[number]>('DELETE FROM seat_swaps WHERE id <= (SELECT max(id) FROM seat_swaps) - ?');
	const list = db.prepare<[number], SeatSwapRow>(
		'SELECT at_ms AS atMs, from_id AS fromId, to_id AS toId, by_id AS byId FROM seat_swaps ORDER BY id DESC LIMIT ?',
	);
	return {
		addSeatSwap: (swap, keep) =>
			transactions.run(() => {
				insert.run(swap);
				drop.run(keep);
			}),
		seatSwaps: (limit) => list.all(limit),
	};
}
