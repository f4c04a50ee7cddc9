import type { Clock } from '../core/clock.ts';
import type { SiteStore } from '../store/site-store.ts';
import type { ClockWatch } from './clock-trust.ts';

/** An administrator on site says that the time is right; journalled, then believed. Nothing happens while it is believed anyway. */
export function createClockConfirmation(deps: {
	readonly clockWatch: Pick<ClockWatch, 'trust' | 'confirm'>;
	readonly store: Pick<SiteStore, 'journal'>;
	readonly clock: Pick<Clock, 'nowMs'>;
	readonly newId: () => string;
	readonly journalGrew: () => void;
}): (operatorId: string) => void {
	const { clockWatch, store, clock, newId, journalGrew } = deps;
	return (operatorId) => {
		const trustBefore = clockWatch.trust();
		if (trustBefore !== 'untrusted') return;
		const [id, atMs] = [newId(), clock.nowMs()];
		store.journal.append({
			...{ type: 'audit', class: 'audit', id, atMs, operatorId },
			...{ action: 'clockConfirmed', target: null, detail: { trustBefore } },
		});
		clockWatch.confirm();
		journalGrew();
	};
}
