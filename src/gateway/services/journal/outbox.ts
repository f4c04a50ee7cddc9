import type { EpochReason, JournalEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import type { ToldEpoch } from '../../store/journal.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { DeadLetters } from '../sync-status.ts';

/** The journal as central is sent it; hashes are lower-case hex. Rows stay after their ack: only the cursors move. */
export interface Outbox {
	/** The one that rows are written in. */
	gatewayEpoch(): string;
	/** Histories that have rows for central, oldest first, each with its cursor; the last is `gatewayEpoch`. */
	epochs(): readonly ToldEpoch[];
	/** 0: nothing was journalled in this epoch. */
	lastSeq(): number;
	/** Rows of all epochs that central has not acknowledged. */
	waiting(): number;
	/** Rows of the epoch after `seq` in order. Throws NOT_FOUND for an unknown epoch. */
	after(gatewayEpoch: string, seq: number, limit: number): readonly OutboxEvent[];
	/** The journal's hash after `seq` (0: its start); undefined: no such row. */
	chainAt(gatewayEpoch: string, seq: number): string | undefined;
	/** Also backwards (a central restored from a backup asks again). Throws CONFLICT beyond the last row: it was never written here. */
	setAcked(gatewayEpoch: string, seq: number): void;
	/** Central stored these events without being able to use them, or they could not be sent: each goes to the dead letters, once. */
	reject(gatewayEpoch: string, rejected: readonly { readonly seq: number; readonly code: string }[]): void;
	deadLetters(): DeadLetters;
	/**
	 * Another history than central's: seq starts again at 1. Rows of the epoch after `from` are told again in the new one, each
	 * with the name it was first written under; hashing many of them takes slices between which the lanes write.
	 *
	 * @returns the new gatewayEpoch; the change is journalled in it.
	 */
	startEpoch(reason: EpochReason, from: { readonly gatewayEpoch: string; readonly seq: number }): Promise<string>;
}

export interface OutboxEvent {
	readonly seq: number;
	/** null: erased since; its hashes stay. */
	readonly entry: JournalEntry | null;
	readonly commitment: string;
	/** The epoch's hash after this row; see `core/journal-chain.ts`. */
	readonly chain: string;
	/** Written in an earlier epoch, under this name; null: in this one. */
	readonly first: { readonly gatewayEpoch: string; readonly seq: number } | null;
}

export interface OutboxDeps {
	readonly store: Pick<SiteStore, 'journal' | 'deadLetters' | 'transaction'>;
	readonly nowMs: () => number;
	readonly newId: () => string;
	/** Lets the lanes go first; between two slices. */
	readonly rest: () => Promise<void>;
}

export function createOutbox({ store, nowMs, newId, rest }: OutboxDeps): Outbox {
	const { journal } = store;

	async function startEpoch(
		reason: EpochReason,
		from: { readonly gatewayEpoch: string; readonly seq: number },
	): Promise<string> {
		const draft = journal.draftEpoch(from);
		const { gatewayEpoch } = draft;
		while (draft.left() > LIMITS.rowsHashedTogether) {
			draft.advance(LIMITS.rowsHashedTogether);
			await rest();
		}
		store.transaction(() => {
			const before = journal.gatewayEpoch();
			const atMs = nowMs();
			draft.start(reason, atMs);
			const detail = { reason, before, toldAgain: journal.lastSeq() };
			journal.append({
				...{ type: 'audit', class: 'audit', id: newId(), atMs },
				...{ operatorId: null, action: 'gatewayEpoch', target: gatewayEpoch, detail },
			});
		});
		return gatewayEpoch;
	}

	return {
		gatewayEpoch: journal.gatewayEpoch,
		epochs: () => listTold(journal.epochs()),
		lastSeq: journal.lastSeq,
		waiting: () => journal.lastPosition() - journal.acknowledgedPosition(),
		after: (gatewayEpoch, seq, limit) =>
			journal.after(seq, limit, gatewayEpoch).map(({ commitment, chain, ...row }) => ({
				...row,
				commitment: commitment.toHex(),
				chain: chain.toHex(),
			})),
		chainAt: (gatewayEpoch, seq) => journal.chainAt(seq, gatewayEpoch)?.toHex(),
		setAcked: (gatewayEpoch, seq) => journal.setAcked(seq, gatewayEpoch),
		reject: (gatewayEpoch, rejected) => store.deadLetters.add(gatewayEpoch, rejected, nowMs()),
		deadLetters: () => ({
			count: store.deadLetters.count(),
			newest: store.deadLetters.list(LIMITS.deadLettersShown),
		}),
		startEpoch,
	};
}

/** Old histories matter while something of them is unsent, or a central restored from a backup may ask for them again. */
function listTold(epochs: readonly ToldEpoch[]): readonly ToldEpoch[] {
	const isOpen = ({ lastSeq, ackedSeq }: ToldEpoch) => ackedSeq < lastSeq;
	const earlier = epochs.slice(0, -1).filter(({ lastSeq }) => lastSeq > 0);
	const forgotten = earlier.slice(0, -LIMITS.epochsAsked).filter(isOpen);
	return [...forgotten, ...earlier.slice(-LIMITS.epochsAsked), ...epochs.slice(-1)];
}
