import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../../../src/gateway/core/journal.ts';
import type { ReasonCode } from '../../../../src/gateway/core/reason.ts';
import { createAnalytics } from '../../../../src/gateway/services/analytics/analytics.ts';
import { startCounting } from '../../../../src/gateway/services/analytics/count-journal.ts';
import { createLocalSpans } from '../../../../src/gateway/services/analytics/local-spans.ts';
import { facts } from '../../../support/access-facts.ts';
import { SITE } from '../../../support/http-site.ts';
import { createOperatorsBench, type OperatorsBench } from '../../../support/operators.ts';

let bench: OperatorsBench;
beforeEach(() => {
	bench = createOperatorsBench();
});
afterEach(() => bench.close());

const HOUR_MS = 3_600_000;

/** Counting of this store, brought up to date and ended. */
async function countAll(): Promise<void> {
	const { store, clock, log } = bench;
	const counting = startCounting({ site: SITE, store, clock, log });
	let isDone = false;
	const done = counting.catchUp().then(() => {
		isDone = true;
	});
	for (let turn = 0; turn < 5_000 && !isDone; turn += 1) await clock.advanceAsync(1);
	await done;
	counting.stop();
}

const analytics = (query = {}) => createAnalytics({ site: SITE, store: bench.store, nowMs: bench.clock.nowMs })(query);

function append(entry: JournalEntry): void {
	bench.store.journal.append(entry);
}

function pass(from: string, to: string, atMs: number): void {
	const nobody = { vendId: null, decisionId: null, holderId: null, certainty: 'high' } as const;
	append({ type: 'passage', class: 'decision', id: randomUUID(), laneId: 'L1', atMs, from, to, ...nobody });
}

function refuse(headline: ReasonCode, atMs: number): void {
	const nobody = { holderId: null, credentialId: null, rightId: null, reserve: [], counted: true };
	const decision = { outcome: 'refused', headline, verdicts: [], ...nobody } as const;
	const told = { subject: '1ABC234', holderName: null, vendId: null, facts: facts() };
	append({ type: 'decision', class: 'decision', id: randomUUID(), laneId: 'L1', atMs, decision, ...told });
}

function stay(id: string, openedAtMs: number, closedAtMs: number, by: 'passage' | 'autoClose'): void {
	const { parkingSessions } = bench.store;
	const nobody = { holderId: null, credentialId: null, decisionId: null, laneInId: 'L1' };
	parkingSessions.open({ id, ...nobody, areaId: 'A1', counted: false, openedAtMs });
	parkingSessions.close(id, { atMs: closedAtMs, laneOutId: null, by });
}

describe('I15: analytics', () => {
	test('count entries, exits, refusals by reason, stays that ended by a passage, and how full areas were', async () => {
		const startMs = bench.clock.nowMs();
		const { hour } = createLocalSpans(SITE.timeZone).of(startMs);
		for (const at of [1, 2, 3]) pass('outside', 'A1', hour + at);
		pass('A1', 'outside', hour + HOUR_MS + 1);
		pass('A1', 'A1-vip', hour + 1);
		refuse('NO_RIGHT', hour + 2);
		refuse('NO_RIGHT', hour + HOUR_MS + 2);
		refuse('AREA_FULL', hour + 3);
		stay('s-1', hour - HOUR_MS, hour + 1, 'passage');
		stay('s-2', hour - 3 * HOUR_MS, hour + 2, 'passage');
		stay('s-3', hour - 900 * HOUR_MS, hour + 3, 'autoClose');
		bench.store.occupancySamples.add(hour, [{ areaId: 'A1', occupied: 10 }]);
		bench.store.occupancySamples.add(hour + HOUR_MS / 4, [{ areaId: 'A1', occupied: 50 }]);
		bench.clock.advance(2 * HOUR_MS);
		await countAll();
		const day = new Date(startMs).toISOString().slice(0, 10);
		const found = analytics({ fromDay: day, toDay: day });
		expect(found).toMatchObject({ span: 'hour', entries: 3, exits: 1, stays: 2, meanStayMs: 2 * HOUR_MS + 2 });
		expect(found.refusals).toEqual([
			{ reason: 'NO_RIGHT', count: 2 },
			{ reason: 'AREA_FULL', count: 1 },
		]);
		const place = found.steps.findIndex((step) => step.startMs === hour);
		expect(found.steps.slice(place, place + 2)).toMatchObject([
			{ entries: 3, exits: 0, refusals: 2 },
			{ entries: 0, exits: 1, refusals: 1, meanStayMs: null },
		]);
		const levels = found.areas.find(({ areaId }) => areaId === 'A1')?.levels ?? [];
		// A quarter of an hour with 10 and three with 50; afterwards as it was last.
		expect(levels.slice(place, place + 2)).toEqual([
			{ average: 40, most: 50 },
			{ average: 50, most: 50 },
		]);
		expect(levels[place - 1]).toEqual({ average: null, most: null });
		expect(analytics({ fromDay: day, toDay: day, span: 'day' }).steps).toMatchObject([{ entries: 3, exits: 1 }]);
	});

	test('nothing is counted twice nor left out, however often counting ends and begins again', async () => {
		const startMs = bench.clock.nowMs();
		for (let vehicle = 0; vehicle < 150; vehicle += 1) {
			pass('outside', 'A1', startMs + vehicle);
			stay(`s-${vehicle}`, startMs - HOUR_MS, startMs, 'passage');
		}
		bench.clock.advance(61_000);
		const { store, clock, log } = bench;
		const first = startCounting({ site: SITE, store, clock, log });
		void first.catchUp();
		await clock.advanceAsync(1);
		first.stop();
		const between = analytics().entries;
		expect(between).toBeGreaterThan(0);
		expect(between).toBeLessThan(150);
		await countAll();
		await countAll();
		expect(analytics()).toMatchObject({ entries: 150, stays: 150, meanStayMs: HOUR_MS });
		pass('outside', 'A1', clock.nowMs());
		await countAll();
		expect(analytics().entries).toBe(151);
	});

	test('a question costs as much after the journal ended: counts outlive what they count', async () => {
		pass('outside', 'A1', bench.clock.nowMs());
		refuse('NO_RIGHT', bench.clock.nowMs());
		await countAll();
		const { store } = bench;
		store.journal.erase(Array.from({ length: store.journal.lastSeq() }, (_, place) => place + 1));
		expect(analytics()).toMatchObject({ entries: 1, refusals: [{ reason: 'NO_RIGHT', count: 1 }] });
	});

	test('days of 23 and 25 hours have as many steps, and hours begin with the wall clock of half-hour zones', () => {
		bench.clock.advance(365 * 24 * HOUR_MS);
		for (const [day, hours] of [
			['2026-03-29', 23],
			['2026-10-25', 25],
			['2026-06-01', 24],
		] as const)
			expect(analytics({ fromDay: day, toDay: day }).steps).toHaveLength(hours);
		const kolkata = createLocalSpans('Asia/Kolkata');
		const at = Date.UTC(2026, 0, 5, 8, 45);
		expect(kolkata.of(at)).toMatchObject({ hour: Date.UTC(2026, 0, 5, 8, 30), day: Date.UTC(2026, 0, 4, 18, 30) });
		expect(kolkata.of(Date.UTC(2026, 0, 5, 9, 29)).hour).toBe(Date.UTC(2026, 0, 5, 8, 30));
	});

	test.each([
		[{ fromDay: '2026-01-05', toDay: '2026-01-01' }],
		[{ fromDay: '2020-01-01', toDay: '2026-01-01' }],
		[{ fromDay: '2025-10-01', toDay: '2026-01-01', span: 'hour' }],
	])('%o is refused', (query) => {
		expect(() => analytics(query)).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' }));
	});
});
