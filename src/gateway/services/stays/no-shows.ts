import { bookingTimes, expectedSpan } from '../../core/booking.ts';
import { LIMITS } from '../../core/limits.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { createLimitDirectory } from './limit-directory.ts';

const DAY_MS = 86_400_000;
const SEEN_KEY = 'noShowsSeenMs';

/**
 * Bookings whose vehicle did not come in time: told once, though their place went to others at that moment already.
 * Looked for from a day before where it was looked last, as central may send some late.
 */
export function createNoShows(deps: {
	readonly store: Pick<SiteStore, 'transaction' | 'journal' | 'consumption' | 'occupancy' | 'settings'>;
	readonly directory: Pick<DirectoryReader, 'read' | 'row' | 'version' | 'plannedUsesIn' | 'specificationIdOf'>;
	readonly newId: () => string;
}): { tell(atMs: number): number } {
	const { store, directory } = deps;
	const shared = createLimitDirectory(directory);

	function overdue(atMs: number) {
		const seenMs = Number(store.settings.get(SEEN_KEY) ?? atMs);
		const fromMs = Math.max(Math.min(seenMs, atMs) - DAY_MS, atMs - LIMITS.bookingMs);
		return directory.read(() =>
			directory.plannedUsesIn(fromMs, atMs, LIMITS.keptPlaces).filter((use) => {
				const { id, kind, state, rightId } = use;
				if (kind !== 'booking' || state !== 'planned' || store.consumption.booking(id) !== undefined) return false;
				const specificationId = directory.specificationIdOf(rightId);
				const specification = specificationId === null ? null : shared.row('rightSpecifications', specificationId);
				return specification !== null && expectedSpan(bookingTimes(use, specification)).toMs < atMs;
			}),
		);
	}

	return {
		tell(atMs) {
			const underWay = new Set(store.occupancy.underWay().flatMap(({ terms }) => terms?.bookingId ?? []));
			const all = overdue(atMs).filter(({ id }) => !underWay.has(id));
			const now = all.slice(0, LIMITS.stayDeadlines);
			const isDone = now.length === all.length;
			const seenMs = Number(store.settings.get(SEEN_KEY) ?? 0);
			// Every look would be a write to the disk; once an hour is enough to find the place again.
			if (now.length === 0 && Math.abs(atMs - seenMs) < DAY_MS / 24) return 0;
			store.transaction(() => {
				for (const { id: bookingId, rightId, holderId, startMs } of now) {
					store.consumption.useBooking({ bookingId, state: 'noShow', stayId: null, atMs });
					const about = { stayId: null, bookingId, decisionId: null, holderId, rightId, detail: { start: startMs } };
					store.journal.append({ type: 'stay', class: 'decision', id: deps.newId(), atMs, event: 'noShow', ...about });
				}
				if (isDone) store.settings.set(SEEN_KEY, String(atMs));
			});
			return now.length;
		},
	};
}
