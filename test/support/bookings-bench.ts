import type { Site } from '../../src/gateway/core/site.ts';
import { createBookings } from '../../src/gateway/services/bookings/bookings.ts';
import { followBundles } from '../../src/gateway/services/directory/bundle-rights.ts';
import { createDirectoryEdits } from '../../src/gateway/services/directory/edit-directory.ts';
import { rowRules } from '../../src/gateway/services/directory/row-rules.ts';
import type { createStaysBench } from './stays-bench.ts';

/** Bookings and edits of a site as the gateway wires them, on its real store; edits stay in the overlay. */
export function createBookingsBench(
	{ store, clock, directory }: Pick<Awaited<ReturnType<typeof createStaysBench>>, 'store' | 'clock' | 'directory'>,
	site: Site,
) {
	let made = 0;
	const { reader } = directory;
	const wired = {
		area: [...site.areas, ...site.parks].map(({ id }) => id),
		space: site.areas.flatMap(({ spaces = [] }) => spaces.map(({ id }) => id)),
	};
	const edits = createDirectoryEdits({
		...{ store, clock, directory: reader, follow: followBundles, hasCentral: true, edited: () => undefined },
		newId: () => `made-${String(made++).padStart(6, '0')}`,
		rules: rowRules({ site, directory: reader, nowMs: clock.nowMs, bookingUse: store.consumption.booking }),
		isWired: (to, id) => wired[to].includes(id),
	});
	return { edits, bookings: createBookings({ site, directory: reader, store, edits, clock }) };
}
