import type { JournalEntry } from '../../src/gateway/core/journal.ts';
import { chainStart, commitmentOf, nextChain } from '../../src/gateway/store/journal-hashes.ts';
import type { OutboxSource } from '../../src/sync/outbox.ts';

/** A journal in memory with the real one's chain, of one history; it outlives the sync that reads it, as a disk does. */
export interface MemoryOutbox extends OutboxSource {
	append(entry: JournalEntry): void;
	readonly ids: readonly string[];
}

export function createMemoryOutbox(
	gatewayEpoch: string,
	onAcked: (seq: number) => void = () => undefined,
): MemoryOutbox {
	const rows: { entry: JournalEntry; commitment: Uint8Array; chain: Uint8Array }[] = [];
	const start = chainStart(gatewayEpoch);
	let acked = 0;
	return {
		gatewayEpoch: () => gatewayEpoch,
		epochs: () => [{ gatewayEpoch, reason: 'new', startedAtMs: 0, lastSeq: rows.length, ackedSeq: acked }],
		lastSeq: () => rows.length,
		waiting: () => rows.length - acked,
		setAcked(_, seq) {
			onAcked(seq);
			acked = seq;
		},
		after: (_, seq, limit) =>
			rows.slice(seq, seq + limit).map(({ entry, commitment, chain }, place) => ({
				seq: seq + place + 1,
				entry,
				commitment: commitment.toHex(),
				chain: chain.toHex(),
				first: null,
			})),
		chainAt: (_, seq) => (seq === 0 ? start : rows[seq - 1]?.chain)?.toHex(),
		reject() {},
		deadLetters: () => ({ count: 0, newest: [] }),
		startEpoch: () => Promise.reject(new Error('one history')),
		append(entry) {
			const commitment = commitmentOf(new Uint8Array(16), JSON.stringify(entry));
			const chain = nextChain(rows.at(-1)?.chain ?? start, rows.length + 1, commitment);
			rows.push({ entry, commitment, chain });
		},
		get ids() {
			return rows.map(({ entry }) => entry.id);
		},
	};
}
