import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideAccess } from '../../../src/gateway/core/access/decide-access.ts';
import type { JournalEntry } from '../../../src/gateway/core/journal.ts';
import type { PassageQuery } from '../../../src/gateway/store/passages.ts';
import type { SiteStore } from '../../../src/gateway/store/site-store.ts';
import { facts, TUESDAY_10H } from '../../support/access-facts.ts';
import { openTempStore } from '../../support/temp-store.ts';

const decided = { facts: facts(), decision: decideAccess(facts()) };
const HOUR_MS = 3_600_000;

function aDecision(id: string, atMs: number): JournalEntry {
	const more = { vendId: null, subject: 'passage', holderName: '"passage"' };
	return { type: 'decision', class: 'decision', id, atMs, laneId: 'L1', ...decided, ...more };
}

function aPassage(id: string, atMs: number, change: { laneId?: string; holderId?: string | null } = {}): JournalEntry {
	const way = { vendId: null, decisionId: null, from: 'outside', to: 'A1', certainty: 'high' } as const;
	return { type: 'passage', class: 'decision', id, atMs, laneId: 'L1', holderId: null, ...way, ...change };
}

/** Every page until the end. */
function walk(store: SiteStore, query: Omit<PassageQuery, 'beforePosition'>): string[] {
	const ids: string[] = [];
	let before: number | null = Number.MAX_SAFE_INTEGER;
	while (before !== null) {
		const page = store.passages.page({ ...query, beforePosition: before });
		expect(page.rows.length).toBeLessThanOrEqual(query.limit);
		ids.push(...page.rows.map(({ entry }) => entry.id));
		before = page.nextBefore;
	}
	return ids;
}

describe('N4 passages of the journal', () => {
	test('are found among everything else, with their place', () => {
		const store = openTempStore();
		store.journal.append(aDecision('d1', TUESDAY_10H));
		store.journal.append(aPassage('p1', TUESDAY_10H + 1));
		store.journal.startEpoch(TUESDAY_10H + 2);
		store.journal.append(aPassage('p2', TUESDAY_10H + 3));
		expect(store.passages.page({ limit: 10 })).toMatchObject({
			rows: [
				{ seq: 1, entry: { id: 'p2' } },
				{ seq: 2, entry: { id: 'p1' } },
			],
			nextBefore: null,
		});
	});

	test('that were erased are not listed', () => {
		const store = openTempStore();
		store.journal.append(aPassage('p1', TUESDAY_10H));
		store.journal.append(aPassage('p2', TUESDAY_10H));
		store.journal.erase([1]);
		expect(walk(store, { limit: 10 })).toEqual(['p2']);
	});

	test('of a lane or holder whose name is part of another one are told apart', () => {
		const store = openTempStore();
		store.journal.append(aPassage('p1', TUESDAY_10H, { laneId: 'L1', holderId: 'L11' }));
		store.journal.append(aPassage('p2', TUESDAY_10H, { laneId: 'L11', holderId: 'L1' }));
		expect(walk(store, { limit: 10, laneId: 'L1' })).toEqual(['p1']);
		expect(walk(store, { limit: 10, holderId: 'L1' })).toEqual(['p2']);
	});

	test('far apart take several pages, each looking at a bounded piece of the journal', () => {
		const store = openTempStore();
		store.transaction(() => {
			store.journal.append(aPassage('old', TUESDAY_10H));
			const telemetry = { type: 'device', class: 'telemetry', deviceId: 'd', state: 'online', problem: null } as const;
			for (let n = 0; n < 7_000; n += 1) store.journal.append({ ...telemetry, id: `t${n}`, atMs: TUESDAY_10H });
		});
		const first = store.passages.page({ limit: 10 });
		expect(first.rows).toEqual([]);
		expect(first.nextBefore).not.toBeNull();
		expect(walk(store, { limit: 10 })).toEqual(['old']);
	});

	test('just before the first decision of their hour, and just after it, are of that hour', () => {
		const at = (time: string) => Date.parse(`2026-06-16T${time}:00+02:00`);
		const store = openTempStore();
		store.journal.append(aDecision('d1', at('09:30')));
		store.journal.append(aPassage('p1', at('10:05')));
		store.journal.append(aDecision('d2', at('10:10')));
		store.journal.append(aPassage('p2', at('10:15')));
		store.journal.append(aDecision('d3', at('11:10')));
		const hour = { fromMs: at('10:00'), toMs: at('10:30'), limit: 10 };
		expect(walk(store, hour)).toEqual(['p2', 'p1']);
		expect(walk(store, { ...hour, toMs: at('10:10') })).toEqual(['p1']);
		expect(walk(store, { ...hour, fromMs: at('10:10') })).toEqual(['p2']);
	});

	test('of any time, page by page, are exactly those of the journal, also when the clock went back and forth', () => {
		const step = fc.record({
			kind: fc.constantFrom('decision', 'passage', 'passage'),
			/** Mostly forward; sometimes the clock is set. */
			byMs: fc.oneof(
				{ weight: 8, arbitrary: fc.integer({ min: 0, max: HOUR_MS }) },
				fc.integer({ min: -20 * HOUR_MS, max: 20 * HOUR_MS }),
			),
		});
		const time = fc.option(fc.integer({ min: -10, max: 40 }), { nil: undefined });
		fc.assert(
			fc.property(
				fc.array(step, { maxLength: 40 }),
				time,
				time,
				fc.integer({ min: 1, max: 5 }),
				(steps, from, to, limit) => {
					const store = openTempStore();
					const span = {
						...(from !== undefined && { fromMs: TUESDAY_10H + from * HOUR_MS }),
						...(to !== undefined && { toMs: TUESDAY_10H + to * HOUR_MS }),
					};
					const { fromMs = Number.MIN_SAFE_INTEGER, toMs = Number.MAX_SAFE_INTEGER } = span;
					const expected: string[] = [];
					let atMs = TUESDAY_10H;
					store.transaction(() => {
						steps.forEach(({ kind, byMs }, n) => {
							atMs += byMs;
							const id = `${kind}-${n}`;
							store.journal.append(kind === 'passage' ? aPassage(id, atMs) : aDecision(id, atMs));
							if (kind === 'passage' && atMs >= fromMs && atMs < toMs) expected.unshift(id);
						});
					});
					expect(walk(store, { ...span, limit })).toEqual(expected);
					store.close();
				},
			),
			{ numRuns: 60 },
		);
	});
});
