import type { Clock } from '../../core/clock.ts';
import type { JournalEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import { RETAINED_KINDS, type RetainedKind, type RetentionSettings } from '../../core/retention.ts';
import type { ReadableRow } from '../../store/journal-erasure.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { type ConsumptionDirectory, createConsumptionRetention } from './end-consumption.ts';
import { createDepartedRetention, type OwnDirectory } from './end-departed.ts';
import { HOLDS_ENDED_KEY, type RetentionHolds } from './holds.ts';
import { retainedKind } from './retained-kind.ts';

/** Rows that ended in one night, by kind. */
export type RetentionCounts = Readonly<Record<RetainedKind | OtherKind, number>> & {
	/** Kept by a hold. */
	readonly held: number;
	/** Something old waits until central has it. */
	readonly waiting: boolean;
};

/** What is no row of the journal. `consumption`: uses, wallets' lines and what became of bookings. `imports`: files kept for undo. */
type OtherKind = 'stays' | 'consumption' | 'bookings' | 'visitors' | 'imports' | 'images';

export interface RetentionDeps {
	readonly store: SiteStore;
	readonly directory: ConsumptionDirectory;
	/** null: central's, which ends its rows by its own rules. */
	readonly own: OwnDirectory | null;
	/** Ends imports that are kept for longer than they may be. @returns how many. */
	readonly endImports: () => number;
	/** Ends pictures that are kept for longer than they may be. */
	readonly endImages: (signal: AbortSignal) => Promise<{ readonly erased: number; readonly held: number }>;
	/** Of the site. */
	readonly timeZone: string;
	readonly settings: RetentionSettings;
	readonly holds: RetentionHolds;
	readonly hasCentral: boolean;
	readonly clock: Clock;
	readonly log: Log;
	readonly newId: () => string;
	/** Lets the lanes go first; between two slices. */
	readonly rest: () => Promise<void>;
	readonly journalGrew: () => void;
}

const DAY_MS = 86_400_000;
const NOTHING = {
	...{
		telemetry: 0,
		unmatched: 0,
		decisions: 0,
		edits: 0,
		stays: 0,
		consumption: 0,
		bookings: 0,
		visitors: 0,
		imports: 0,
		images: 0,
	},
	...{ held: 0, waiting: false },
};

/**
 * Ends what has been kept long enough, in slices of one short transaction each. Each kind goes through the journal from
 * where it came to, so that a night costs what one day wrote; nights that were missed are made up for, and one that was
 * interrupted goes on. @returns the night's work.
 */
export function createRetention(deps: RetentionDeps): (signal: AbortSignal) => Promise<RetentionCounts> {
	const { store, settings, holds, clock, own } = deps;
	const { journalErasure, personalStays } = store;
	const nowMs = () => clock.nowMs();
	const endConsumption = createConsumptionRetention(deps, () => nowMs() - settings.staysDays * DAY_MS);
	const endDeparted = own && createDepartedRetention({ ...deps, own, nowMs });
	const days: Readonly<Record<RetainedKind, number>> = {
		telemetry: settings.telemetryDays,
		unmatched: settings.unmatchedDays,
		decisions: settings.decisionsDays,
		edits: settings.editsDays,
	};
	const cursorOf = (kind: string) => Number(store.settings.get(`retention.${kind}`) ?? 0);
	const setCursor = (kind: string, place: number) => store.settings.set(`retention.${kind}`, String(place));

	/** Holds that ended leave rows behind the cursors: every kind looks at all of it once more. */
	function lookAgain(): void {
		holds.endOver(clock.nowMs());
		if (store.settings.get(HOLDS_ENDED_KEY) !== 'yes') return;
		store.transaction(() => {
			for (const kind of [...RETAINED_KINDS, 'stays', 'uses', 'ledger']) setCursor(kind, 0);
			store.settings.set(HOLDS_ENDED_KEY, 'no');
		});
	}

	/** Where a kind may go to, and what it does there. */
	function kindWork(kind: RetainedKind) {
		const nowMs = clock.nowMs();
		const endMs = nowMs - days[kind] * DAY_MS;
		const { entry: isHeld } = holds.kept();
		// Telemetry may go before central has it (a gap it is told of); decisions and audit never do, and stay a while for a
		// central that is restored from a backup; no longer than they are kept at all.
		const askedAgainMs = Math.min(LIMITS.ackedRowsKeptMs, days[kind] * DAY_MS);
		const waits = deps.hasCentral && kind !== 'telemetry';
		const sentUpTo = waits ? journalErasure.acknowledged(nowMs - askedAgainMs) : Number.MAX_SAFE_INTEGER;
		// A row from when the clock ran ahead ends with those around it.
		const isYoung = ({ atMs }: JournalEntry) => atMs >= endMs && atMs <= nowMs;
		return { isHeld, isYoung, sentUpTo };
	}

	/** The next rows. `rest`: nothing more can be done tonight. */
	function slice(kind: RetainedKind, place: number) {
		const { isHeld, isYoung, sentUpTo } = kindWork(kind);
		const { rows, upTo } = journalErasure.after(place, LIMITS.retentionSlice);
		const over: ReadableRow[] = [];
		const decisions: number[] = [];
		let held = 0;
		for (const row of rows) {
			const entry = row.entry();
			const waiting = row.position > sentUpTo;
			if (waiting || isYoung(entry)) return { over, decisions, held, upTo: row.position - 1, waiting, isEnd: true };
			if (retainedKind(entry) !== kind) continue;
			if (isHeld(entry) || isPending(entry)) held += 1;
			else {
				over.push(row);
				if (entry.type === 'decision') decisions.push(row.position);
			}
		}
		return { over, decisions, held, upTo, waiting: false, isEnd: upTo === place };
	}

	/** An edit that central has not answered is sent from the journal. */
	function isPending(entry: JournalEntry): boolean {
		return entry.type === 'edit' && store.localEdits.get(entry.table, entry.key)?.mutationId === entry.id;
	}

	async function endKind(kind: RetainedKind, signal: AbortSignal) {
		const done = { erased: 0, held: 0, waiting: false, decisions: [] as number[] };
		for (let place = cursorOf(kind); !signal.aborted; ) {
			const part = slice(kind, place);
			store.transaction(() => {
				done.erased += journalErasure.erase(part.over);
				if (part.upTo > place) setCursor(kind, part.upTo);
			});
			done.held += part.held;
			done.decisions.push(...part.decisions);
			done.waiting ||= part.waiting;
			if (part.isEnd) break;
			place = part.upTo;
			await deps.rest();
		}
		return done;
	}

	async function endStays(signal: AbortSignal) {
		const endMs = clock.nowMs() - settings.staysDays * DAY_MS;
		const { stay: isHeld } = holds.kept();
		let [erased, held] = [0, 0];
		for (let fromMs = cursorOf('stays'); !signal.aborted; ) {
			const stays = personalStays.endedBetween(fromMs, endMs, LIMITS.retentionSlice);
			const over = stays.filter((stay) => !isHeld(stay));
			const lastMs = stays.at(-1)?.closedAtMs ?? fromMs;
			store.transaction(() => {
				for (const stay of over) erased += personalStays.anonymise(stay, deps.newId) ? 1 : 0;
				setCursor('stays', lastMs);
			});
			held += stays.length - over.length;
			if (stays.length < LIMITS.retentionSlice) break;
			// Only held ones are left of this moment: on to the next.
			fromMs = over.length === 0 && lastMs === fromMs ? lastMs + 1 : lastMs;
			await deps.rest();
		}
		return { erased, held };
	}

	async function clearTraces(positions: readonly number[]): Promise<void> {
		const sorted = positions.toSorted((a, b) => a - b);
		for (let place = 0; place < sorted.length; place += LIMITS.retentionSlice / 4) {
			await deps.rest();
			journalErasure.clearTraces(sorted.slice(place, place + LIMITS.retentionSlice / 4));
		}
	}

	return async (signal) => {
		lookAgain();
		const counts = { ...NOTHING };
		const decisions: number[] = [];
		for (const kind of RETAINED_KINDS) {
			const done = await endKind(kind, signal);
			counts[kind] = done.erased;
			counts.held += done.held;
			counts.waiting ||= done.waiting;
			decisions.push(...done.decisions);
		}
		const stays = await endStays(signal);
		counts.stays = stays.erased;
		const consumption = await endConsumption(signal);
		counts.consumption = consumption.erased;
		counts.held += stays.held + consumption.held;
		if (endDeparted !== null) Object.assign(counts, await endDeparted(signal));
		counts.imports = deps.endImports();
		const images = await deps.endImages(signal);
		counts.images = images.erased;
		counts.held += images.held;
		await clearTraces(decisions);
		return counts;
	};
}
