import type { JournalEntry } from '../../src/gateway/core/journal.ts';
import { createReplay } from '../../src/gateway/services/decisions/replay.ts';
import { openSiteStore } from '../../src/gateway/store/site-store.ts';
import { createMemoryLog } from '../support/memory-log.ts';

const PAGE = 500;

/** Reads what is committed, and nothing else, over a connection of its own to the gateway's file. */
export interface JournalTail {
	/** Rows committed since the last call, oldest first. */
	next(): readonly { readonly seq: number; readonly entry: JournalEntry }[];
	/** Whether the whole journal still follows hash by hash; a problem, or null. */
	verify(): string | null;
	/** Hash after the row, hex; null: there is no such row. */
	chainAt(seq: number): string | null;
	/** Decides a stored decision again on its stored facts. */
	replays(decisionId: string): string;
	reservations(): readonly { readonly id: string; readonly laneId: string }[];
	counters(): readonly { readonly areaId: string; readonly occupied: number; readonly reserved: number }[];
	openStays(): readonly { readonly holderId: string | null; readonly areaId: string }[];
	close(): void;
}

/** @param from rows up to this one are known. */
export function openJournalTail(dir: string, from: number): JournalTail {
	const store = openSiteStore({ dir, nowMs: () => 0, log: createMemoryLog(), readOnly: true });
	const replay = createReplay(store);
	let known = from;

	function verify(): string | null {
		for (let seq = 0; ; ) {
			const check = store.journal.verify(seq, PAGE);
			if (check.result === 'broken') return `row ${check.seq}: ${check.problem}`;
			if (check.finished) return null;
			seq = check.upTo;
		}
	}

	return {
		next() {
			const rows = store.journal.after(known, PAGE);
			known = rows.at(-1)?.seq ?? known;
			return rows.flatMap(({ seq, entry }) => (entry === null ? [] : [{ seq, entry }]));
		},
		verify,
		chainAt: (seq) => store.journal.chainAt(seq)?.toHex() ?? null,
		replays: (decisionId) => replay.one(decisionId)?.result ?? 'unknown',
		reservations: () => store.occupancy.reservations(),
		// A read-only connection keeps what it counted once: a fresh one reads what is stored.
		counters() {
			const fresh = openSiteStore({ dir, nowMs: () => 0, log: createMemoryLog(), readOnly: true });
			try {
				return fresh.occupancy.list();
			} finally {
				fresh.close();
			}
		},
		openStays: () => store.parkingSessions.listOpen({ limit: PAGE }),
		close: () => store.close(),
	};
}
