import { hash } from 'node:crypto';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import type { JournalEntry } from '../gateway/core/journal.ts';
import type { Outbox, OutboxEvent } from '../gateway/services/journal/outbox.ts';
import { chainStart, commitmentOf, nextChain } from '../gateway/store/journal-hashes.ts';

/** The journal of a simulated site: with the real one's hashes, and without what central has. */
export interface FleetJournal extends Outbox {
	append(entry: JournalEntry): void;
	/** Of the ids of all entries in their order: central's must come to the same. */
	ledger(): string;
}

const NO_SALT = new Uint8Array(16);

export function createFleetJournal(gatewayEpoch: string, startedAtMs: number): FleetJournal {
	/** After `acked`. */
	let rows: OutboxEvent[] = [];
	let acked = 0;
	let ackedChain = chainStart(gatewayEpoch).toHex();
	let chain = chainStart(gatewayEpoch);
	let lastSeq = 0;
	let ledger = '';
	return {
		gatewayEpoch: () => gatewayEpoch,
		epochs: () => [{ gatewayEpoch, reason: 'new', startedAtMs, lastSeq, ackedSeq: acked }],
		lastSeq: () => lastSeq,
		waiting: () => lastSeq - acked,
		after: (_, seq, limit) => rows.slice(Math.max(0, seq - acked), Math.max(0, seq - acked) + limit),
		chainAt: (_, seq) => (seq === acked ? ackedChain : rows[seq - acked - 1]?.chain),
		setAcked(_, seq) {
			const last = rows[seq - acked - 1];
			if (last === undefined) return;
			ackedChain = last.chain;
			rows = rows.slice(seq - acked);
			acked = seq;
		},
		reject() {},
		deadLetters: () => ({ count: 0, newest: [] }),
		startEpoch: () => Promise.reject(new GatewayError('CONFLICT', 'a simulated site has one history')),
		append(entry) {
			lastSeq += 1;
			const commitment = commitmentOf(NO_SALT, JSON.stringify(entry));
			chain = nextChain(chain, lastSeq, commitment);
			rows.push({ seq: lastSeq, entry, commitment: commitment.toHex(), chain: chain.toHex(), first: null });
			ledger = nextLedger(ledger, entry.id);
		},
		ledger: () => ledger,
	};
}

/** Of one more id. */
export function nextLedger(ledger: string, id: string): string {
	return hash('sha256', `${ledger}/${id}`, 'base64url');
}
