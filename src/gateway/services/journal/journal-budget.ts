import type { Cancel, Clock } from '../../core/clock.ts';
import type { EventName, GapEntry, JournalEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { DiskRoom } from '../sync-status.ts';

/**
 * The journal's disk by class: telemetry is told by the hour, then dropped oldest first, then not written at all; edits of the
 * directory wait; decisions and the rest of the audit have what is left. What was dropped is counted in the journal.
 */
export interface JournalBudget {
	/** `all`: each change of a device is written; `hourly`: one row an hour; `none`: only counted, by `skipped`. */
	telemetry(): 'all' | 'hourly' | 'none';
	/** Telemetry that was not written. */
	skipped(count: number): void;
	status(): DiskStatus;
	stop(): Promise<void>;
}

export interface DiskStatus {
	readonly room: DiskRoom;
	/** null: the system does not say. */
	readonly freeBytes: number | null;
}

export interface JournalBudgetDeps {
	readonly store: Pick<SiteStore, 'journal' | 'journalErasure' | 'transaction'>;
	readonly clock: Clock;
	readonly log: Log;
	readonly newId: () => string;
	readonly journalGrew: () => void;
	/** Throws where the system does not say. */
	readonly freeBytes: () => number;
	/** Kept for an incident. */
	readonly isHeld: () => (entry: JournalEntry) => boolean;
}

const LOOK_EVERY_MS = 60_000;
/** While the disk stays nearly full, what is not written is told this often. */
const TELL_EVERY_MS = 3_600_000;
const REST_MS = 15;
/** Room is back only where it will stay for a while. */
const ENOUGH_AGAIN = 1.25;

export function startJournalBudget(deps: JournalBudgetDeps): JournalBudget {
	const { store, clock, log } = deps;
	const { journal, journalErasure } = store;
	let status: DiskStatus = { room: 'ample', freeBytes: null };
	let skipped: { count: number; readonly fromMs: number; toMs: number; readonly sinceMs: number } | undefined;
	let dropping: Promise<void> = Promise.resolve();
	let isDropping = false;
	let stopped = false;
	let cancel: Cancel = () => undefined;

	function note(gap: Pick<GapEntry, 'count' | 'rows' | 'fromMs' | 'toMs' | 'because'>): void {
		journal.append({ type: 'gap', class: 'audit', id: deps.newId(), atMs: clock.nowMs(), of: 'telemetry', ...gap });
	}

	/** What was skipped so far stands in the journal. */
	function tellSkipped(): void {
		if (skipped === undefined) return;
		const { count, fromMs, toMs } = skipped;
		try {
			note({ count, rows: null, fromMs, toMs, because: 'disk' });
			skipped = undefined;
			deps.journalGrew();
		} catch (error) {
			log.error({ err: error, count }, 'telemetry that was not written could not be told');
		}
	}

	/** The oldest rows that no incident needs. @returns whether there may be more to drop. */
	function dropSome(after: { position: number }): boolean {
		const isHeld = deps.isHeld();
		const rows = journalErasure.telemetryAfter(after.position, LIMITS.telemetryDroppedTogether);
		const last = rows.at(-1);
		if (last === undefined) return false;
		after.position = last.position;
		const dropped = rows.map((row) => ({ row, entry: row.entry() })).filter(({ entry }) => !isHeld(entry));
		const times = dropped.map(({ entry }) => entry.atMs);
		const range = rangeOf(dropped.map(({ row }) => row.name));
		if (range === null) return true;
		store.transaction(() => {
			const count = journalErasure.erase(dropped.map(({ row }) => row));
			note({ count, rows: range, fromMs: Math.min(...times), toMs: Math.max(...times), because: 'budget' });
		});
		return journalErasure.telemetryBytes() > LIMITS.telemetryBytes;
	}

	async function drop(): Promise<void> {
		isDropping = true;
		const after = { position: 0 };
		try {
			while (!stopped && dropSome(after)) await new Promise<void>((resolve) => void clock.after(REST_MS, resolve));
			deps.journalGrew();
		} catch (error) {
			log.error({ err: error }, 'old telemetry could not be dropped; it is tried again');
		} finally {
			isDropping = false;
		}
	}

	function look(): void {
		cancel = clock.after(LOOK_EVERY_MS, look);
		const free = measure(deps);
		const room = roomOf(free, status.room);
		if (room !== status.room) {
			const level = room === 'ample' ? 'info' : 'error';
			log[level]({ freeBytes: free, room }, 'the room on the store’s disk changed');
		}
		status = { room, freeBytes: free };
		journal.setShort(room === 'short');
		const isTold = skipped !== undefined && clock.monotonicMs() - skipped.sinceMs >= TELL_EVERY_MS;
		if (room === 'ample' || isTold) tellSkipped();
		if (!isDropping && journalErasure.telemetryBytes() > LIMITS.telemetryBytes) dropping = drop();
	}

	look();
	return {
		telemetry() {
			if (status.room !== 'ample') return 'none';
			return journalErasure.telemetryBytes() > LIMITS.telemetryBytes / 2 ? 'hourly' : 'all';
		},
		skipped(count) {
			const atMs = clock.nowMs();
			skipped ??= { count: 0, fromMs: atMs, toMs: atMs, sinceMs: clock.monotonicMs() };
			skipped.count += count;
			skipped.toMs = Math.max(skipped.toMs, atMs);
		},
		status: () => status,
		async stop() {
			stopped = true;
			cancel();
			await dropping;
			tellSkipped();
		},
	};
}

function measure({ freeBytes, log }: JournalBudgetDeps): number | null {
	try {
		return freeBytes();
	} catch (error) {
		log.debug({ err: error }, 'the system does not say how much room the disk has');
		return null;
	}
}

function roomOf(freeBytes: number | null, before: DiskRoom): DiskRoom {
	if (freeBytes === null) return 'ample';
	const below = (bytes: number, wasBelow: boolean) => freeBytes < (wasBelow ? bytes * ENOUGH_AGAIN : bytes);
	if (below(LIMITS.diskForEditsBytes, before === 'short')) return 'short';
	return below(LIMITS.diskForTelemetryBytes, before !== 'ample') ? 'low' : 'ample';
}

function rangeOf(names: readonly EventName[]): GapEntry['rows'] {
	const [first] = names;
	const last = names.at(-1);
	return first === undefined || last === undefined ? null : { first, last };
}
