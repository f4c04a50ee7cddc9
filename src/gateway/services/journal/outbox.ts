import type { JournalEntry } from '../../core/journal.ts';
import type { SiteStore } from '../../store/site-store.ts';

/** The journal as central is sent it; hashes are lower-case hex. Rows stay after their ack: only the cursor moves. */
export interface Outbox {
	gatewayEpoch(): string;
	/** 0: nothing was journalled in this epoch. */
	lastSeq(): number;
	ackedSeq(): number;
	/** Rows after `seq` in order. */
	after(seq: number, limit: number): readonly OutboxEvent[];
	/** The journal's hash after `seq` (0: its start); undefined: no such row. */
	chainAt(seq: number): string | undefined;
	/** Also backwards (a central restored from a backup asks again). Throws CONFLICT beyond the last row: it was never written here. */
	setAcked(seq: number): void;
	/** Another history than central's: seq starts again at 1. @returns the new gatewayEpoch. */
	startEpoch(): string;
}

export interface OutboxEvent {
	readonly seq: number;
	/** null: erased since; its hashes stay. */
	readonly entry: JournalEntry | null;
	readonly commitment: string;
	/** The journal's hash after this row; see `core/journal-chain.ts`. */
	readonly chain: string;
}

export function createOutbox(deps: { readonly store: SiteStore; readonly nowMs: () => number }): Outbox {
	const { journal } = deps.store;
	return {
		gatewayEpoch: journal.gatewayEpoch,
		lastSeq: journal.lastSeq,
		ackedSeq: journal.ackedSeq,
		after: (seq, limit) =>
			journal.after(seq, limit).map(({ commitment, chain, ...row }) => ({
				...row,
				commitment: commitment.toHex(),
				chain: chain.toHex(),
			})),
		chainAt: (seq) => journal.chainAt(seq)?.toHex(),
		setAcked: journal.setAcked,
		startEpoch: () => journal.startEpoch(deps.nowMs()),
	};
}
