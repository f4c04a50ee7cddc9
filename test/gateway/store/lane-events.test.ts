import { describe, expect, test } from 'vitest';
import type { LaneEvent, LaneEventEntry } from '../../../src/gateway/core/journal.ts';
import type { SiteStore } from '../../../src/gateway/store/site-store.ts';
import { TUESDAY_10H } from '../../support/access-facts.ts';
import { openTempStore } from '../../support/temp-store.ts';

const HOUR_MS = 3_600_000;

function anEvent(id: string, event: LaneEvent, change: Partial<LaneEventEntry> = {}): LaneEventEntry {
	const about = { laneId: 'L1', decisionId: null, detail: { lane: 'L9' } };
	return { type: 'lane', class: 'decision', id, atMs: TUESDAY_10H, event, ...about, ...change };
}

const ids = (store: SiteStore, query: Omit<Parameters<SiteStore['laneEvents']['page']>[0], 'limit'> = {}) =>
	store.laneEvents.page({ ...query, limit: 10 }).rows.map(({ entry }) => entry.id);

describe('N4 what happened at lanes', () => {
	test('is found by lane and kind, newest first', () => {
		const store = openTempStore();
		store.journal.append(anEvent('e1', 'tailgate'));
		store.journal.append(anEvent('e2', 'backedOut', { laneId: 'L2' }));
		store.journal.append(anEvent('e3', 'missedExit'));
		expect(ids(store)).toEqual(['e3', 'e2', 'e1']);
		expect(ids(store, { laneId: 'L2' })).toEqual(['e2']);
		expect(ids(store, { laneId: 'L9' }), 'a lane that is only told of').toEqual([]);
		expect(ids(store, { events: new Set(['tailgate']) })).toEqual(['e1']);
		expect(ids(store, { events: new Set(['tailgate', 'missedExit']) })).toEqual(['e3', 'e1']);
	});

	test('is found by its time also in an hour in which nobody came', () => {
		const store = openTempStore();
		store.journal.append(anEvent('day', 'tailgate'));
		store.journal.append(anEvent('night', 'forcedOpen', { atMs: TUESDAY_10H + 14 * HOUR_MS }));
		expect(ids(store, { fromMs: TUESDAY_10H + 13 * HOUR_MS })).toEqual(['night']);
		expect(ids(store, { toMs: TUESDAY_10H + HOUR_MS })).toEqual(['day']);
	});

	test('that was erased is not listed', () => {
		const store = openTempStore();
		store.journal.append(anEvent('e1', 'mismatch'));
		store.journal.erase([1]);
		expect(ids(store)).toEqual([]);
	});
});
