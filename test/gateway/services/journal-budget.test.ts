import { describe, expect, onTestFinished, test } from 'vitest';
import type { DeviceEntry, EditEntry, GapEntry, JournalEntry } from '../../../src/gateway/core/journal.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { startJournalBudget } from '../../../src/gateway/services/journal/journal-budget.ts';
import type { SiteStore } from '../../../src/gateway/store/site-store.ts';
import { DAY_MS, TUESDAY_10H } from '../../support/access-facts.ts';
import { aDecision, anAudit } from '../../support/lane-entries.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { openTempStore, tempDir } from '../../support/temp-store.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const AMPLE = 10_000_000_000;
let ids = 0;
const newId = () => {
	ids += 1;
	return `id-${ids}`;
};

function device(atMs: number, change: Partial<DeviceEntry> = {}): DeviceEntry {
	const about = { deviceId: 'reader-1', state: 'offline', problem: 'unplugged', ...change };
	return { type: 'device', class: 'telemetry', id: newId(), atMs, ...about };
}

/** A change of a device with so much to say that some fill the budget. */
const wordy = (atMs: number) => device(atMs, { problem: 'x'.repeat(LIMITS.telemetryBytes / 200) });

function open(dir = tempDir(), isHeld: (entry: JournalEntry) => boolean = () => false) {
	const clock = createVirtualClock(TUESDAY_10H);
	const store = openTempStore(dir, clock.nowMs);
	let free = AMPLE;
	const budget = startJournalBudget({
		...{ store, clock, newId, log: createMemoryLog(), journalGrew() {} },
		freeBytes: () => free,
		isHeld: () => isHeld,
	});
	onTestFinished(() => budget.stop());
	return {
		...{ dir, clock, store, budget },
		setFree(bytes: number) {
			free = bytes;
			clock.advance(60_000);
		},
	};
}

const rowsOf = (store: SiteStore) => store.journal.after(0, 100_000);
const entriesOf = <T extends JournalEntry['type']>(store: SiteStore, type: T) =>
	rowsOf(store).flatMap(({ entry }) => (entry?.type === type ? [entry as Extract<JournalEntry, { type: T }>] : []));

describe('the journal’s disk by class', () => {
	test('telemetry over its budget is dropped oldest first, behind counted gaps; decisions and audit stay, the chain holds', async () => {
		const { store, clock } = open();
		store.journal.append(aDecision('d1'));
		for (let n = 0; n < 260; n += 1) {
			store.journal.append(wordy(clock.nowMs() + n));
			if (n % 10 === 0) store.journal.append(anAudit(newId()));
		}
		const before = entriesOf(store, 'device').map(({ id }) => id);
		await clock.advanceAsync(120_000);
		expect(store.journalErasure.telemetryBytes()).toBeLessThanOrEqual(LIMITS.telemetryBytes);
		const left = entriesOf(store, 'device').map(({ id }) => id);
		expect(left).toEqual(before.slice(before.length - left.length));
		const gaps = entriesOf(store, 'gap');
		expect(gaps.reduce((sum, { count }) => sum + count, 0)).toBe(before.length - left.length);
		expect([entriesOf(store, 'decision').length, entriesOf(store, 'audit').length]).toEqual([1, 26]);
		const [first] = gaps as [GapEntry, ...GapEntry[]];
		const gatewayEpoch = store.journal.gatewayEpoch();
		expect(first).toMatchObject({
			...{ of: 'telemetry', because: 'budget', count: LIMITS.telemetryDroppedTogether },
			rows: { first: { gatewayEpoch, seq: 2 }, last: { gatewayEpoch } },
			...{ fromMs: TUESDAY_10H, toMs: TUESDAY_10H + LIMITS.telemetryDroppedTogether - 1 },
		});
		const dropped = rowsOf(store).filter(({ entry }) => entry === null);
		expect(dropped.map(({ seq }) => seq).at(LIMITS.telemetryDroppedTogether - 1)).toBe(first.rows?.last.seq);
		expect(store.journal.verify(0, 100_000)).toMatchObject({ result: 'holds', erased: dropped.length });
	});

	test('what an incident needs is not dropped', async () => {
		const { store, clock } = open(tempDir(), (entry) => entry.atMs < TUESDAY_10H + 30);
		for (let n = 0; n < 260; n += 1) store.journal.append(wordy(clock.nowMs() + n));
		await clock.advanceAsync(120_000);
		const [kept] = entriesOf(store, 'device');
		expect(kept?.atMs).toBe(TUESDAY_10H);
		expect(entriesOf(store, 'gap')[0]?.fromMs).toBe(TUESDAY_10H + 30);
	});

	test('is counted over restarts, and less when retention has erased', async () => {
		const { store, dir } = open();
		for (let n = 0; n < 5; n += 1) store.journal.append(wordy(n));
		const bytes = store.journalErasure.telemetryBytes();
		store.journalErasure.erase(store.journalErasure.telemetryAfter(0, 2));
		expect(store.journalErasure.telemetryBytes()).toBe((bytes * 3) / 5);
		store.journal.erase([3]);
		store.close();
		expect(openTempStore(dir).journalErasure.telemetryBytes()).toBe((bytes * 2) / 5);
	});

	test('telemetry is told by the hour from half of its budget on, and only counted on a disk that is nearly full', () => {
		const { store, clock, budget, setFree } = open();
		expect(budget.telemetry()).toBe('all');
		for (let n = 0; n < 105; n += 1) store.journal.append(wordy(clock.nowMs() + n));
		expect(budget.telemetry()).toBe('hourly');
		setFree(LIMITS.diskForTelemetryBytes - 1);
		expect([budget.telemetry(), budget.status()]).toEqual([
			'none',
			{ room: 'low', freeBytes: LIMITS.diskForTelemetryBytes - 1 },
		]);
		setFree(LIMITS.diskForTelemetryBytes + 1);
		expect(budget.telemetry()).toBe('none');
		setFree(AMPLE);
		expect(budget.telemetry()).toBe('hourly');
	});

	test('what was not written is told every hour, when there is room again, and at the end', async () => {
		const { store, clock, budget, setFree } = open();
		setFree(1_000_000);
		budget.skipped(3);
		clock.advance(30 * 60_000);
		budget.skipped(4);
		expect(entriesOf(store, 'gap')).toEqual([]);
		clock.advance(31 * 60_000);
		expect(entriesOf(store, 'gap')).toMatchObject([
			{ count: 7, rows: null, because: 'disk', fromMs: TUESDAY_10H + 60_000 },
		]);
		budget.skipped(2);
		setFree(AMPLE);
		budget.skipped(1);
		await budget.stop();
		expect(entriesOf(store, 'gap').map(({ count }) => count)).toEqual([7, 2, 1]);
	});

	test('edits of the directory wait on a disk that is all but full; decisions and audit do not', () => {
		const { store, setFree } = open();
		const edit: EditEntry = {
			...{ type: 'edit', class: 'audit', id: 'e1', atMs: 1, operatorId: 'op', batchId: 'b' },
			...{ table: 'holders', key: 'h', baseRev: 0, before: null, after: { id: 'h' } },
		};
		setFree(LIMITS.diskForEditsBytes - 1);
		expect(() => store.journal.append(edit)).toThrow('the disk is nearly full');
		store.journal.append(aDecision('d1'));
		store.journal.append(anAudit('a1'));
		setFree(LIMITS.diskForEditsBytes * 2);
		store.journal.append(edit);
		expect(rowsOf(store).map(({ entry }) => entry?.id)).toEqual(['d1', 'a1', 'e1']);
	});

	test('a system that does not say how much room there is takes nothing away', () => {
		const clock = createVirtualClock(TUESDAY_10H);
		const store = openTempStore();
		const log = createMemoryLog();
		const freeBytes = () => {
			throw new Error('ENOSYS');
		};
		const budget = startJournalBudget({
			...{ store, clock, newId, log, freeBytes, journalGrew() {} },
			isHeld: () => () => false,
		});
		clock.advance(DAY_MS);
		expect([budget.telemetry(), budget.status()]).toEqual(['all', { room: 'ample', freeBytes: null }]);
		void budget.stop();
	});
});
