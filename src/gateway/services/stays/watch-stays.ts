import type { Cancel, Clock, ClockTrust } from '../../core/clock.ts';
import type { StayEvent } from '../../core/journal.ts';
import { refillDue } from '../../core/ledger.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { Site } from '../../core/site.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { OpenParkingSession } from '../../store/parking-sessions.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { StayDeadline } from '../../store/stay-deadlines.ts';
import { createUnseenExits } from '../unseen-exits.ts';
import { createNoShows } from './no-shows.ts';
import { type Stay, stayEntry } from './stay-costs.ts';

export interface WatchStaysDeps {
	readonly site: Site;
	readonly store: SiteStore;
	readonly directory: Pick<DirectoryReader, 'read' | 'row' | 'version' | 'plannedUsesIn' | 'specificationIdOf'>;
	readonly clock: Clock;
	readonly log: Log;
	readonly newId: () => string;
	readonly clockTrust: () => ClockTrust;
	/** Counters may have changed. */
	readonly changed: () => void;
	readonly journalGrew: () => void;
}

const LOOK_EVERY_MS = 60_000;
const ROUNDS = 10;
/** What may wait some minutes, or reads more, is done at each tenth look, the first among them. */
const SELDOM = 10;

/**
 * Sees to what is due: stays that last too long, free passes that dwell, exits that were forgotten, bookings nobody came
 * for. What is due stands in the store and goes in the transaction that tells it, so that a restart neither forgets nor
 * repeats it. A few at a time.
 */
export function startWatchingStays(deps: WatchStaysDeps): { look(): void; stop(): void } {
	const { site, store, clock, log } = deps;
	const closeUnseen = createUnseenExits(site, store);
	const noShows = createNoShows(deps);
	let looks = 0;
	let cancel: Cancel = clock.after(LOOK_EVERY_MS, look);

	function look(): void {
		cancel();
		cancel = clock.after(LOOK_EVERY_MS, look);
		// A clock that jumped makes every stay look old.
		if (deps.clockTrust() === 'untrusted') return;
		try {
			const isSeldom = looks % SELDOM === 0;
			looks += 1;
			const told = meetDeadlines() + (isSeldom ? closeForgotten() + noShows.tell(clock.nowMs()) : 0);
			if (told === 0) return;
			deps.changed();
			deps.journalGrew();
		} catch (error) {
			log.error({ err: error }, 'stays that are due could not be seen to');
		}
	}

	/** By the site's own rule: of stays whose right says nothing of it. */
	function closeForgotten(): number {
		const { autoCloseAfterMs, autoCloseFreesPlace: freesPlace } = site.forgottenExits;
		if (autoCloseAfterMs === null) return 0;
		const atMs = clock.nowMs();
		const overdue = store.parkingSessions.openedBefore(atMs - autoCloseAfterMs, LIMITS.autoCloses);
		if (overdue.length === 0) return 0;
		store.transaction(() => {
			for (const session of overdue) closeForgottenExit(session, atMs, freesPlace);
		});
		log.info({ stays: overdue.length }, 'stays whose exit was forgotten are closed');
		return overdue.length;
	}

	function closeForgottenExit(session: OpenParkingSession, atMs: number, freesPlace: boolean): void {
		closeUnseen(session, { atMs, laneId: session.laneInId ?? '', by: 'autoClose', freesPlace });
	}

	/** What is due again at once, after the gateway was off for long, is met in the next rounds. */
	function meetDeadlines(): number {
		const atMs = clock.nowMs();
		let met = 0;
		for (let round = 0; round < ROUNDS; round += 1) {
			const due = store.stayDeadlines.due(atMs, LIMITS.stayDeadlines);
			if (due.length === 0) break;
			store.transaction(() => {
				for (const deadline of due) meet(deadline, atMs);
			});
			met += due.length;
		}
		return met;
	}

	function meet(deadline: StayDeadline, atMs: number): void {
		const session = store.parkingSessions.openById(deadline.stayId);
		if (session === undefined) {
			store.stayDeadlines.clear(deadline.stayId);
			return;
		}
		const { id, holderId, decisionId, openedAtMs: sinceMs } = session;
		const stay: Stay = { id, holderId, rightId: deadline.rightId, decisionId, sinceMs };
		switch (deadline.kind) {
			case 'dwell':
				store.stayDeadlines.remove(deadline);
				tell(stay, 'dwellAlarm', atMs, { since: sinceMs, area: session.areaId });
				return;
			case 'forgotten':
				closeForgottenExit(session, atMs, deadline.detail.freesPlace);
				return;
			case 'overstay':
				meetOverstay(stay, deadline, atMs);
		}
	}

	/** Once told; a further segment or debit comes each time it lasts as long again, also those of a while the gateway was off. */
	function meetOverstay(stay: Stay, deadline: StayDeadline & { readonly kind: 'overstay' }, atMs: number): void {
		const { detail, dueAtMs, times } = deadline;
		const sinceMs = dueAtMs ?? atMs;
		if (times === 0) tell(stay, 'overdue', atMs, { due: detail.atMs, since: stay.sinceMs });
		const segment = times + 1;
		if (detail.does === 'segment') beginSegment(stay, detail, segment, sinceMs);
		if (detail.does === 'debit') debit(stay, detail, segment, sinceMs);
		if (detail.everyMs === null) {
			store.stayDeadlines.remove(deadline);
			return;
		}
		store.stayDeadlines.set({ ...deadline, times: segment, dueAtMs: sinceMs + detail.everyMs });
	}

	function beginSegment(stay: Stay, { price }: Overstay, segment: number, atMs: number): void {
		const { id: stayId, rightId, holderId } = stay;
		if (!store.consumption.charge({ stayId, rightId, segment, holderId, atMs, price: price ?? null, credits: 0 }))
			return;
		const charged = price === undefined ? {} : { price: price.minor, currency: price.currency };
		tell(stay, 'segment', atMs, { segment, ...charged });
	}

	function debit(stay: Stay, { credits }: Overstay, segment: number, atMs: number): void {
		if (credits === undefined) return;
		const { id: stayId, rightId, holderId } = stay;
		const refill = refillDue(store.wallets.state(rightId), credits, clock.nowMs(), site.timeZone);
		if (refill !== null) store.wallets.refill(rightId, refill, clock.nowMs());
		const key = `${stayId}.overstay.${segment}`;
		const line = { key, kind: 'debit', amount: -credits.amount, atMs, stayId } as const;
		const { result } = store.wallets.post(rightId, line, credits.mayOverdraw);
		if (result === 'repeated') return;
		if (result === 'tooLittle') {
			tell(stay, 'unpaid', atMs, { credits: credits.amount, segment });
			return;
		}
		store.consumption.charge({ stayId, rightId, segment, holderId, atMs, price: null, credits: credits.amount });
		tell(stay, 'debited', atMs, { credits: credits.amount, segment });
	}

	function tell(stay: Stay, event: StayEvent, atMs: number, detail: Parameters<typeof stayEntry>[4]): void {
		store.journal.append(stayEntry(deps.newId(), stay, event, atMs, detail));
	}

	return { look, stop: () => cancel() };
}

type Overstay = (StayDeadline & { readonly kind: 'overstay' })['detail'];
