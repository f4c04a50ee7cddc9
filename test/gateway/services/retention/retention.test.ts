import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../../../src/gateway/core/journal.ts';
import { lastNight } from '../../../../src/gateway/core/retention.ts';
import { createReplay } from '../../../../src/gateway/services/decisions/replay.ts';
import { DAY_MS, TUESDAY_10H } from '../../../support/access-facts.ts';
import { bytesOf, decisionAbout, entryAt, readable, startRetention } from '../../../support/privacy-bench.ts';
import { openTempStore, tempDir } from '../../../support/temp-store.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

const stranger = (n: number) => ({ holderId: null, value: `9XYZ${String(n).padStart(3, '0')}` });
const anna = { holderId: 'anna', value: '1ABC234' };

function open(dir = tempDir()) {
	const clock = createVirtualClock(TUESDAY_10H);
	const store = openTempStore(dir, clock.nowMs);
	return { dir, store, clock };
}

const editOf = (atMs: number) =>
	entryAt(atMs, {
		...{ type: 'edit', class: 'audit', operatorId: null, batchId: 'b1', table: 'holders', key: 'anna', baseRev: 0 },
		...{ before: null, after: { id: 'anna', name: 'Anna' } },
	});
const deviceAt = (atMs: number) =>
	entryAt(atMs, { type: 'device', class: 'telemetry', deviceId: 'cam-1', state: 'online', problem: null });
const signInAt = (atMs: number) =>
	entryAt(atMs, { type: 'audit', class: 'audit', operatorId: 'op-1', action: 'login', target: null, detail: {} });

function counted(entries: readonly JournalEntry[]) {
	const of = (fits: (entry: JournalEntry) => boolean) => entries.filter(fits).length;
	return {
		strangers: of((entry) => entry.type === 'decision' && entry.holderName === null),
		known: of((entry) => entry.type === 'decision' && entry.holderName !== null),
		edits: of(({ type }) => type === 'edit'),
		devices: of(({ type }) => type === 'device'),
		signIns: of((entry) => entry.type === 'audit' && entry.action === 'login'),
	};
}

describe('retention', () => {
	test('over virtual months each kind ends after its days, sign-ins stay, and the chain holds', async () => {
		const { store, clock } = open();
		const site = startRetention(store, clock, { settings: { decisionsDays: 60, editsDays: 100 } });
		const now = clock.nowMs();
		for (const entry of [decisionAbout(stranger(1), now), decisionAbout(anna, now), editOf(now), deviceAt(now)]) {
			store.journal.append(entry);
		}
		store.journal.append(signInAt(now));
		const seen: Record<number, ReturnType<typeof counted>> = {};
		let day = 0;
		for (const until of [6, 8, 29, 31, 59, 61, 99, 102]) {
			await site.days(until - day);
			day = until;
			seen[until] = counted(readable(store));
		}
		const all = { strangers: 1, known: 1, edits: 1, devices: 1, signIns: 1 };
		expect(seen).toEqual({
			6: all,
			8: { ...all, strangers: 0 },
			29: { ...all, strangers: 0 },
			31: { ...all, strangers: 0, devices: 0 },
			59: { ...all, strangers: 0, devices: 0 },
			61: { ...all, strangers: 0, devices: 0, known: 0 },
			99: { ...all, strangers: 0, devices: 0, known: 0 },
			102: { ...all, strangers: 0, devices: 0, known: 0, edits: 0 },
		});
		expect(store.journal.verify(0, 10_000)).toMatchObject({ result: 'holds', erased: 4, finished: true });
	});

	test('an ended decision is in no list and no file, and its replay answers redacted', async () => {
		const { dir, store, clock } = open();
		const site = startRetention(store, clock);
		const entry = decisionAbout(stranger(7), clock.nowMs());
		store.journal.append(entry);
		store.journal.append(decisionAbout(anna, clock.nowMs()));
		expect(bytesOf(dir)).toContain('9XYZ007');
		await site.days(9);
		expect(bytesOf(dir)).not.toMatch(/9XYZ007/i);
		expect(store.decisions.page({ words: ['9xyz007'], limit: 10 }).lines).toEqual([]);
		expect(store.decisions.byId(entry.id)).toBeUndefined();
		expect(createReplay(store).one(entry.id)).toEqual({ result: 'redacted', decisionId: entry.id });
	});

	test('each night is journalled with what it ended', async () => {
		const { store, clock } = open();
		const site = startRetention(store, clock);
		for (let n = 0; n < 250; n += 1) store.journal.append(decisionAbout(stranger(n), clock.nowMs()));
		await site.days(9);
		const nights = readable(store).filter((entry) => entry.type === 'audit' && entry.action === 'retention');
		expect(nights).toHaveLength(10);
		expect(nights.map((entry) => entry.type === 'audit' && entry.detail['unmatched'])).toContain(250);
		expect(site.nightly.last()).toMatchObject({ counts: { unmatched: 0, held: 0, waiting: false } });
	});

	test('nights that were slept through are made up for after the start', async () => {
		const { store, clock } = open();
		store.journal.append(decisionAbout(stranger(1), clock.nowMs()));
		clock.advance(40 * DAY_MS);
		const site = startRetention(store, clock);
		clock.advance(15 * 60_000);
		await site.nightly.settled();
		expect(counted(readable(store)).strangers).toBe(0);
	});

	test('an untrusted clock ends nothing', async () => {
		const { store, clock } = open();
		const site = startRetention(store, clock);
		store.journal.append(decisionAbout(stranger(1), clock.nowMs()));
		site.setTrust('untrusted');
		await site.days(20);
		expect(counted(readable(store)).strangers).toBe(1);
		site.setTrust('synced');
		await site.days(1);
		expect(counted(readable(store)).strangers).toBe(0);
	});

	test('what central has not acknowledged waits, but for telemetry', async () => {
		const { store, clock } = open();
		const site = startRetention(store, clock, { hasCentral: true });
		const now = clock.nowMs();
		for (const entry of [decisionAbout(stranger(1), now), deviceAt(now), decisionAbout(stranger(2), now)]) {
			store.journal.append(entry);
		}
		await site.days(40);
		expect(counted(readable(store))).toMatchObject({ strangers: 2, devices: 0 });
		expect(site.nightly.last()?.counts).toMatchObject({ waiting: true });
		store.journal.setAcked(1);
		await site.days(8);
		expect(counted(readable(store)).strangers).toBe(1);
		store.journal.setAcked(store.journal.lastSeq());
		await site.days(8);
		expect(counted(readable(store)).strangers).toBe(0);
	});

	test.each([
		[7, 7],
		[90, 7],
		[3, 3],
	])(
		'N11: kept for %i days, a row stays %i days after central has it, for one that is restored from a backup',
		async (unmatchedDays, stays) => {
			const { store, clock } = open();
			const site = startRetention(store, clock, { hasCentral: true, settings: { unmatchedDays } });
			store.journal.append(decisionAbout(stranger(1), clock.nowMs()));
			await site.days(120);
			store.journal.setAcked(1);
			// The nights in between move the cursor on; what they acknowledge says nothing about the first row.
			for (let day = 1; day < stays; day += 1) {
				await site.days(1);
				store.journal.setAcked(store.journal.lastSeq());
				expect(counted(readable(store)).strangers).toBe(1);
			}
			await site.days(2);
			expect(counted(readable(store)).strangers).toBe(0);
		},
	);

	test('N11: a cursor that central moved back keeps what it asks for again', async () => {
		const { store, clock } = open();
		const site = startRetention(store, clock, { hasCentral: true });
		store.journal.append(decisionAbout(stranger(1), clock.nowMs()));
		store.journal.setAcked(1);
		await site.days(6);
		store.journal.setAcked(0);
		await site.days(20);
		expect(counted(readable(store)).strangers).toBe(1);
	});

	test('a hold on a decision or a period keeps what it needs until it ends or is released', async () => {
		const { store, clock } = open();
		const site = startRetention(store, clock);
		const [first, second, third] = [1, 2, 3].map((n) => decisionAbout(stranger(n), clock.nowMs() + n * 3_600_000));
		for (const entry of [first, second, third]) entry && store.journal.append(entry);
		const by = { reason: 'barrier damaged', operatorId: 'op-1' };
		const hold = site.holds.hold({
			...{ ...by, of: { kind: 'decision', decisionId: first?.id ?? '' } },
			untilMs: clock.nowMs() + 300 * DAY_MS,
		});
		const fromMs = (second?.atMs ?? 0) - 1;
		site.holds.hold({
			...{ ...by, of: { kind: 'period', fromMs, toMs: fromMs + 2 } },
			untilMs: clock.nowMs() + 20 * DAY_MS,
		});
		await site.days(15);
		const subjects = () => readable(store).flatMap((entry) => (entry.type === 'decision' ? [entry.subject] : []));
		expect(subjects()).toEqual(['9XYZ001', '9XYZ002']);
		await site.days(7);
		expect(subjects()).toEqual(['9XYZ001']);
		expect(site.holds.list()).toHaveLength(1);
		site.holds.release(hold.id, 'op-2');
		await site.days(2);
		expect(subjects()).toEqual([]);
		const told = readable(store).flatMap((entry) => (entry.type === 'audit' ? [entry.action] : []));
		expect(told.filter((action) => action.startsWith('retentionH'))).toEqual([
			'retentionHeld',
			'retentionHeld',
			'retentionHoldEnded',
			'retentionHoldEnded',
		]);
	});

	test('holds need a reason to exist: a decision that is here, an end ahead, and not for ever', () => {
		const { store, clock } = open();
		const { holds } = startRetention(store, clock);
		const by = { reason: 'x', operatorId: 'op-1', untilMs: clock.nowMs() + DAY_MS };
		expect(() => holds.hold({ ...by, of: { kind: 'decision', decisionId: 'none' } })).toThrow(/no decision/);
		const period = { kind: 'period', fromMs: 1, toMs: 2 } as const;
		expect(() => holds.hold({ ...by, of: period, untilMs: clock.nowMs() })).toThrow(/past/);
		expect(() => holds.hold({ ...by, of: period, untilMs: clock.nowMs() + 400 * DAY_MS })).toThrow(/year/);
		expect(() => holds.hold({ ...by, of: { ...period, toMs: 1 } })).toThrow(/before it begins/);
		expect(() => holds.release('none', 'op-1')).toThrow(/no hold/);
	});

	test('after its days nobody can tell whose a stay was; that it was, and how long, stays', async () => {
		const { dir, store, clock } = open();
		const site = startRetention(store, clock, { settings: { staysDays: 30 } });
		const openedAtMs = clock.nowMs();
		for (const id of ['s1', 's2']) {
			store.parkingSessions.open({
				...{ id, holderId: 'anna-holder', credentialId: 'anna-plate', decisionId: 'd1', areaId: 'A1', counted: true },
				...{ laneInId: 'L1', openedAtMs, rightIds: ['anna-right'] },
			});
		}
		store.consumption.charge({
			...{ stayId: 's1', rightId: 'anna-right', segment: 0, holderId: 'anna-holder', atMs: openedAtMs },
			...{ price: null, credits: 1 },
		});
		store.parkingSessions.close('s1', { atMs: openedAtMs + 3_600_000, laneOutId: 'L2', by: 'passage' });
		await site.days(29);
		expect(store.parkingSessions.page({ state: 'closed', limit: 5 }).sessions[0]?.holderId).toBe('anna-holder');
		await site.days(3);
		const [closed] = store.parkingSessions.page({ state: 'closed', limit: 5 }).sessions;
		expect(closed).toMatchObject({ id: 's1', holderId: null, credentialId: null, decisionId: null, openedAtMs });
		expect(closed).not.toHaveProperty('rightIds');
		expect(store.consumption.chargesOf('s1')).toMatchObject([{ holderId: null, credits: 1 }]);
		// The other one has not ended.
		expect(store.parkingSessions.openFor('anna-holder')).toMatchObject([{ id: 's2', rightIds: ['anna-right'] }]);
		expect(bytesOf(dir).match(/anna-plate/g)).toHaveLength(1);
	});

	test('rows from when the clock ran ahead end with those around them', async () => {
		const { store, clock } = open();
		const site = startRetention(store, clock);
		store.journal.append(decisionAbout(stranger(1), clock.nowMs() + 5_000 * DAY_MS));
		store.journal.append(decisionAbout(stranger(2), clock.nowMs()));
		await site.days(9);
		expect(counted(readable(store)).strangers).toBe(0);
	});

	test('whatever happened in whatever order, only what is due has ended and the chain holds', async () => {
		const kinds = fc.constantFrom('stranger', 'known', 'device', 'signIn');
		const happening = fc.record({ kind: kinds, afterMs: fc.integer({ min: 0, max: 6 * DAY_MS }) });
		await fc.assert(
			fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 25 }), async (happenings) => {
				const { store, clock } = open();
				const site = startRetention(store, clock);
				for (const [n, { kind, afterMs }] of happenings.entries()) {
					clock.advance(afterMs);
					await site.nightly.settled();
					const now = clock.nowMs();
					if (kind === 'stranger') store.journal.append(decisionAbout(stranger(n), now));
					if (kind === 'known') store.journal.append(decisionAbout(anna, now));
					if (kind === 'device') store.journal.append(deviceAt(now));
					if (kind === 'signIn') store.journal.append(signInAt(now));
				}
				await site.days(1);
				const left = readable(store).filter((entry) => entry.type !== 'audit' || entry.action === 'login');
				const ageDays = (entry: JournalEntry) => (clock.nowMs() - entry.atMs) / DAY_MS;
				const limit = (entry: JournalEntry) => {
					if (entry.type === 'audit') return Number.POSITIVE_INFINITY;
					if (entry.type === 'device') return 30;
					return entry.type === 'decision' && entry.holderName === null ? 7 : 90;
				};
				expect(left.filter((entry) => ageDays(entry) > limit(entry) + 2)).toEqual([]);
				expect(left.filter(({ type }) => type === 'audit')).toHaveLength(
					happenings.filter(({ kind }) => kind === 'signIn').length,
				);
				expect(store.journal.verify(0, 100_000)).toMatchObject({ result: 'holds', finished: true });
			}),
			{ numRuns: 6 },
		);
	});
});

describe('the night', () => {
	test('begins at the site’s wall clock, once a day, also when the clocks change', () => {
		const zone = 'Europe/Brussels';
		const night = (text: string) => new Date(lastNight(Date.parse(text), 150, zone)).toISOString();
		expect(night('2026-06-16T02:29:59+02:00')).toBe('2026-06-15T00:30:00.000Z');
		expect(night('2026-06-16T02:30:00+02:00')).toBe('2026-06-16T00:30:00.000Z');
		// 02:30 does not exist on 29 March, and is there twice on 25 October.
		expect(night('2026-03-29T12:00:00+02:00')).toBe('2026-03-29T01:30:00.000Z');
		expect(night('2026-10-25T12:00:00+01:00')).toBe('2026-10-25T00:30:00.000Z');
	});
});
