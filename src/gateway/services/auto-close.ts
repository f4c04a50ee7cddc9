import type { Cancel, Clock, ClockTrust } from '../core/clock.ts';
import { LIMITS } from '../core/limits.ts';
import type { Log } from '../core/log.ts';
import type { Site } from '../core/site.ts';
import type { SiteStore } from '../store/site-store.ts';
import { createUnseenExits } from './unseen-exits.ts';

const LOOK_EVERY_MS = 600_000;

/** Closes stays that are open for longer than the site allows: their exit was forgotten. A few at a time. */
export function startAutoClose(deps: {
	readonly site: Site;
	readonly store: SiteStore;
	readonly clock: Clock;
	readonly log: Log;
	readonly clockTrust: () => ClockTrust;
	/** Counters may have changed. */
	readonly changed: () => void;
	readonly journalGrew: () => void;
}): { stop(): void } {
	const { site, store, clock, log } = deps;
	const { autoCloseAfterMs, autoCloseFreesPlace: freesPlace } = site.forgottenExits;
	if (autoCloseAfterMs === null) return { stop: () => undefined };
	const close = createUnseenExits(site, store);
	let cancel: Cancel = clock.after(LOOK_EVERY_MS, look);

	function look(): void {
		cancel = clock.after(LOOK_EVERY_MS, look);
		// A clock that jumped makes every stay look old.
		if (deps.clockTrust() === 'untrusted') return;
		const atMs = clock.nowMs();
		try {
			const overdue = store.parkingSessions.openedBefore(atMs - (autoCloseAfterMs ?? 0), LIMITS.autoCloses);
			if (overdue.length === 0) return;
			store.transaction(() => {
				for (const session of overdue) {
					close(session, { atMs, laneId: session.laneInId ?? '', by: 'autoClose', freesPlace });
				}
			});
			log.info({ stays: overdue.length }, 'stays whose exit was forgotten are closed');
			deps.changed();
			deps.journalGrew();
		} catch (error) {
			log.error({ err: error }, 'forgotten exits could not be closed');
		}
	}

	return { stop: () => cancel() };
}
