import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { STANDALONE_EPOCH } from '../../../../src/gateway/core/directory-change.ts';
import { usePeriodAt } from '../../../../src/gateway/core/use-period.ts';
import { createEditFolding } from '../../../../src/gateway/services/directory/fold-edits.ts';
import { DAY_MS, TUESDAY_10H } from '../../../support/access-facts.ts';
import { openTempDirectory, put } from '../../../support/directory-bench.ts';
import { createMemoryLists } from '../../../support/memory-lists.ts';
import { bytesOf, startRetention } from '../../../support/privacy-bench.ts';
import { placesOf } from '../../../support/store-texts.ts';
import { createVisitorServices } from '../../../support/visitors-bench.ts';

const ZONE = 'Europe/Brussels';
const BY = { operatorId: 'op-1' };

/** A site that owns its directory, in which rights with limits are used. */
async function standalone(settings: { staysDays?: number; visitorsDays?: number } = {}) {
	const bench = openTempDirectory();
	const { store, reader, updates, clock, log } = bench;
	clock.advance(TUESDAY_10H - clock.nowMs());
	const folding = createEditFolding({ store, directory: updates, log });
	onTestFinished(() => folding.settled());
	const specification = (id: string, change: object) =>
		put('rightSpecifications', {
			...{ id, name: id, strategy: 'firstCome', areaIds: [], scheduleId: null, useLimit: 100, ...change },
		});
	const right = (id: string, specificationId: string, change: object = {}) =>
		put('assignedRights', {
			...{ id, holderId: 'anna', specificationId, state: 'active', validFromMs: null, validToMs: null, ...change },
		});
	await updates.applyDelta({
		...{ stream: 'access', centralEpoch: STANDALONE_EPOCH, from: 0, to: 1 },
		ops: [
			...(['day', 'month', 'year', 'validity'] as const).flatMap((usePeriod) => [
				specification(usePeriod, { usePeriod }),
				right(`r-${usePeriod}`, usePeriod),
			]),
			right('r-since', 'validity', { validFromMs: TUESDAY_10H - DAY_MS }),
		],
	});
	const own = { directory: reader, lists: createMemoryLists(reader), takeAway: folding.takeAway };
	const retention = startRetention(store, clock, { settings: { staysDays: 30, visitorsDays: 20, ...settings }, own });
	return { ...bench, folding, retention };
}

const usesIn = ({ store }: { store: Awaited<ReturnType<typeof standalone>>['store'] }, right: string) =>
	store.consumption.uses(right, null, null);

test('uses stop telling when they were after their days, and go on counting as long as their period does', async () => {
	const site = await standalone();
	const { store, clock, retention } = site;
	for (const period of ['day', 'month', 'year', 'validity', 'since']) {
		for (const n of [0, 1, 2]) store.consumption.use(`r-${period}`, `stay-${period}-${n}`, clock.nowMs() + n * DAY_MS);
	}
	await retention.days(29);
	expect(placesOf(site.dir, /stay-\w+-\d/)).toEqual(['site.db right_uses.stay_id']);
	expect(usesIn(site, 'r-day')).toBe(3);

	await retention.days(5);
	expect(placesOf(site.dir, /stay-\w+-\d/)).toEqual([]);
	expect(['day', 'month', 'year', 'validity', 'since'].map((period) => usesIn(site, `r-${period}`))).toEqual([
		0, 0, 3, 3, 3,
	]);
	// As a decision asks: in the period of now, or the right's validity.
	const validity = { validFromMs: TUESDAY_10H - DAY_MS, validToMs: null };
	const year = usePeriodAt('year', clock.nowMs(), ZONE, validity);
	expect(store.consumption.uses('r-year', year.startMs, year.endMs)).toBe(3);
	expect(store.consumption.uses('r-since', validity.validFromMs, null)).toBe(3);
	expect(retention.nightly.last()).toMatchObject({ counts: { consumption: expect.any(Number), held: 0 } });
});

test('lines of wallets become their sum, what became of bookings goes, and a hold keeps what it names', async () => {
	const site = await standalone();
	const { store, clock, retention } = site;
	const post = (key: string, amount: number, stayId: string | null) =>
		store.wallets.post(
			'r-day',
			{ key, kind: amount < 0 ? 'hold' : 'adjust', amount, atMs: clock.nowMs(), stayId },
			false,
		);
	post('paid', 10, null);
	post('one', -3, 'stay-one');
	store.consumption.useBooking({ bookingId: 'b-1', state: 'used', stayId: 'stay-one', atMs: clock.nowMs() });
	clock.advance(2 * DAY_MS);
	post('two', -1, 'stay-two');
	const held = { kind: 'period', fromMs: clock.nowMs() - 1_000, toMs: clock.nowMs() + 1_000 } as const;
	const hold = retention.holds.hold({
		...{ of: held, reason: 'damage', operatorId: 'op-1', untilMs: clock.nowMs() + 300 * DAY_MS },
	});
	await retention.days(40);
	const told = () =>
		store.wallets.lines('r-day', 10).map(({ kind, amount, balance, stayId }) => [kind, amount, balance, stayId]);
	expect(told()).toEqual([
		['hold', -1, 6, 'stay-two'],
		['carried', 7, 7, null],
	]);
	expect(store.consumption.booking('b-1')).toBeUndefined();
	expect(retention.nightly.last()).toMatchObject({ counts: { held: 1 } });

	retention.holds.release(hold.id, 'op-1');
	await retention.days(2);
	expect(told()).toEqual([['carried', 6, 6, null]]);
	expect(post('three', -6, 'stay-three')).toEqual({ result: 'posted', balance: 0 });
	expect(bytesOf(site.dir)).not.toMatch(/stay-(one|two)/);
});

test('whatever is posted, used and ended by nights, a wallet is the sum of its lines and no use is lost in its period', async () => {
	const step = fc.record({ days: fc.integer({ min: 0, max: 12 }), amount: fc.integer({ min: -5, max: 9 }) });
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
			const site = await standalone({ staysDays: 9 });
			const { store, clock, retention } = site;
			let used = 0;
			for (const [n, { days, amount }] of steps.entries()) {
				await retention.days(days);
				const line = { key: `k${n}`, kind: 'debit', amount, atMs: clock.nowMs(), stayId: `s${n}` } as const;
				store.wallets.post('r-validity', line, false);
				store.consumption.use('r-validity', `s${n}`, clock.nowMs());
				used += 1;
				const lines = store.wallets.lines('r-validity', 100).toReversed();
				expect(lines.reduce((sum, one) => sum + one.amount, 0)).toBe(store.wallets.state('r-validity').balance);
				expect(lines.at(-1)?.balance ?? 0).toBe(store.wallets.state('r-validity').balance);
				expect(usesIn(site, 'r-validity')).toBe(used);
			}
		}),
		{ numRuns: 5 },
	);
});

test('visitors end some time after their last visit, with what was journalled of them; whoever comes again stays', async () => {
	const site = await standalone();
	const { store, reader, clock, retention, folding } = site;
	const { edits, visitors } = createVisitorServices({ ...site, directory: reader });
	visitors.addSpecification({ name: 'Visitors', areaIds: [], useLimit: null }, BY);
	const visit = (name: string, plate: string, hours: number) => {
		const answer = visitors.create(
			{
				...{ name, credential: { kind: 'plate', value: plate }, note: `${name} came by train` },
				...{ validFromMs: clock.nowMs(), validToMs: clock.nowMs() + hours * 3_600_000 },
			},
			BY,
		);
		if (answer.result !== 'done') throw new Error(JSON.stringify(answer.problems));
		folding.fold();
		return answer.visit;
	};
	const gone = visit('Zwaantje Wit', '1ZWA001', 2);
	visit('Rik Regel', '1RIK002', 2);
	const inside = visit('Bea Binnen', '1BEA003', 2);
	store.parkingSessions.open({
		...{ id: 'stay-b', holderId: inside.holderId, credentialId: null, decisionId: null, areaId: 'A1', counted: true },
		...{ laneInId: 'L1', openedAtMs: clock.nowMs() },
	});
	store.consumption.use(gone.id, 'stay-z', clock.nowMs());
	await retention.days(10);
	visit('Rik Regel', '1RIK002', 48);
	await retention.days(12);
	expect(retention.nightly.last()).toMatchObject({ counts: { visitors: 0 } });
	expect(reader.holder(gone.holderId)).toBeUndefined();
	expect(reader.credential('plate', '1RIK002')).toBeDefined();
	expect(reader.holder(inside.holderId)?.name).toBe('Bea Binnen');
	expect(edits.history('holders', gone.holderId)).toEqual([]);
	await site.directory.worker.ask('checkpoint', null);
	store.checkpoint();
	expect(placesOf(site.dir, /zwaantje|1zwa001/i)).toEqual([]);
	expect(placesOf(site.dir, new RegExp(gone.id))).toEqual([]);
	expect(bytesOf(site.dir)).not.toMatch(/zwaantje|1zwa001/i);
	expect(store.journal.verify(0, 10_000)).toMatchObject({ result: 'holds', finished: true });
});

test('bookings end with the stays that were made of them; those to come stay', async () => {
	const site = await standalone();
	const { reader, updates, clock, retention } = site;
	const booking = (id: string, startMs: number) =>
		put('plannedUses', {
			...{ id, holderId: 'anna', rightId: 'r-day', note: `${id} noted` },
			startMs,
			endMs: startMs + 1,
		});
	const nowMs = clock.nowMs();
	const { rev } = reader.stream('access') ?? { rev: 0 };
	const ops = [booking('old', nowMs - 31 * DAY_MS), booking('late', nowMs), booking('next', nowMs + 99 * DAY_MS)];
	await updates.applyDelta({ stream: 'access', centralEpoch: STANDALONE_EPOCH, from: rev, to: rev + 1, ops });
	await retention.days(2);
	expect(['old', 'late', 'next'].filter((id) => reader.row('plannedUses', id) !== undefined)).toEqual(['late', 'next']);
	expect(retention.nightly.last()).toMatchObject({ counts: { bookings: expect.any(Number) } });
	await retention.days(31);
	expect(['old', 'late', 'next'].filter((id) => reader.row('plannedUses', id) !== undefined)).toEqual(['next']);
});
