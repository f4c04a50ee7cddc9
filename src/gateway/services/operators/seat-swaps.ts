import type { OperatorsParts } from './operators-deps.ts';

interface Named {
	readonly id: string;
	/** null: they were removed since. */
	readonly name: string | null;
}

/** A seat of the licence that somebody gave to somebody else, by hand. */
export interface SeatSwap {
	readonly atMs: number;
	readonly from: Named;
	readonly to: Named;
	/** null: somebody at the machine's own command line. */
	readonly by: Named | null;
}

/** The last ones, the newest first, with the names that people have now. */
export function listSeatSwaps({ store: { operators } }: Pick<OperatorsParts, 'store'>, limit: number): SeatSwap[] {
	const named = (id: string): Named => ({ id, name: operators.operatorById(id)?.name ?? null });
	return operators.seatSwaps(limit).map(({ atMs, fromId, toId, byId }) => ({
		...{ atMs, from: named(fromId), to: named(toId) },
		by: byId === null ? null : named(byId),
	}));
}
