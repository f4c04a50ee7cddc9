import { randomBytes } from 'node:crypto';
import { followBundles } from '../../src/gateway/services/directory/bundle-rights.ts';
import { createDirectoryEdits } from '../../src/gateway/services/directory/edit-directory.ts';
import { ROW_RULES, type RowRules } from '../../src/gateway/services/directory/row-rules.ts';
import type { VisitRequest } from '../../src/gateway/services/visitors/visit-request.ts';
import { createVisitors } from '../../src/gateway/services/visitors/visitors.ts';
import type { DirectoryReader } from '../../src/gateway/store/directory-reader.ts';
import type { SiteStore } from '../../src/gateway/store/site-store.ts';
import { createMemoryLists } from './memory-lists.ts';
import type { VirtualClock } from './virtual-clock.ts';

export const HOUR_MS = 3_600_000;

/** Visitors and edits on a store and a directory; edits stay in the overlay, as on a site whose central is away. */
export function createVisitorServices(site: {
	readonly store: SiteStore;
	readonly directory: DirectoryReader;
	readonly clock: VirtualClock;
	/** Those of every site, unless given. */
	readonly rules?: RowRules;
}) {
	const { store, directory, clock, rules = ROW_RULES } = site;
	let made = 0;
	// In the order they are made, as the ids of a running gateway are, over restarts too.
	const newId = () => `id-${String(store.journal.lastSeq()).padStart(6, '0')}-${String(made++).padStart(6, '0')}`;
	const edits = createDirectoryEdits({
		...{ store, directory, clock, newId },
		rules,
		follow: followBundles,
		isWired: () => true,
		hasCentral: true,
		edited: () => undefined,
	});
	const lists = createMemoryLists(directory);
	const visitors = createVisitors({
		...{ directory, lists, edits, clock, newId, randomBytes },
		site: { timeZone: 'Europe/Brussels' },
	});
	return { edits, lists, visitors };
}

/** A visit of the next two hours by plate. */
export function aVisit(nowMs: number, change: Partial<VisitRequest> = {}): VisitRequest {
	return {
		name: 'Jan Maes',
		credential: { kind: 'plate', value: '1-ABC-234' },
		validFromMs: nowMs,
		validToMs: nowMs + 2 * HOUR_MS,
		...change,
	};
}
