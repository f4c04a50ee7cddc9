import type { JournalEntry } from '../../core/journal.ts';
import type { ChainHash } from '../../core/journal-chain.ts';
import type { SiteStore } from '../../store/site-store.ts';

/** The journal as central is sent it. Rows stay after their ack; `setAcked` only moves the cursor. */
export interface Outbox {
	gatewayEpoch(): string;
	lastSeq(): number;
	ackedSeq(): number;
	/** Rows after `seq` in order; `entry` null: erased since. */
	after(seq: number, limit: number): readonly OutboxEvent[];
	/** The journal's hash after `seq` (0: its start); undefined: no such row. */
	chainAt(seq: number): ChainHash | undefined;
	/** Throws CONFLICT when central acknowledges rows that were never written here. */
	setAcked(seq: number): void;
	/** Another history than central's: seq starts again at 1. @returns the new gatewayEpoch. */
	startEpoch(): string;
}

export interface OutboxEvent {
	readonly seq: number;
	readonly entry: JournalEntry | null;
	readonly commitment: ChainHash;
	readonly chain: ChainHash;
}

export function createOutbox(deps: { readonly store: SiteStore; readonly nowMs: () => number }): Outbox {
	const { journal } = deps.store;
	return {
		gatewayEpoch: journal.gatewayEpoch,
		lastSeq: journal.lastSeq,
		ackedSeq: journal.ackedSeq,
		after: journal.after,
		chainAt: journal.chainAt,
		setAcked: journal.setAcked,
		startEpoch: () => journal.startEpoch(deps.nowMs()),
	};
}
