import { afterEach, describe, expect, test } from 'vitest';
import { createStayDurations } from '../../../../src/gateway/services/stays/stay-durations.ts';
import { createStaysBench, person, type StaysBench, specification } from '../../../support/stays-bench.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
let site: StaysBench;
afterEach(() => site.end());

async function inside(limits: object, strategy = 'onTheFly') {
	site = await createStaysBench();
	await site.give([...person('anna', 'spec'), specification('spec', strategy, limits)]);
	expect(await site.pass('ANNA')).toBe('in');
}

const durations = () =>
	createStayDurations({
		...{ store: site.store, directory: site.directory.reader, nowMs: site.clock.nowMs },
		...{ newId: () => crypto.randomUUID(), journalGrew: () => undefined },
	});
const stay = () => {
	const [open] = site.store.parkingSessions.openFor('anna');
	if (open === undefined) throw new Error('nobody is inside');
	return open;
};
const choose = (untilMs: number) => durations().choose({ stayId: stay().id, untilMs, operatorId: 'op-1' });
const charges = () => site.store.consumption.charges(0, Number.MAX_SAFE_INTEGER, 100);
const audits = () => site.journal().flatMap((entry) => (entry.type === 'audit' ? [entry] : []));

describe('X2: how long an on-the-fly stay lasts', () => {
	test('is the usual length of its kind of right until somebody chooses another, and overdue then', async () => {
		await inside({ defaultStayMin: 60, maxStayMin: 8 * 60 });
		const { openedAtMs } = stay();
		expect(durations().begunBy({ id: stay().decisionId ?? '', holderId: 'anna' })).toMatchObject({
			...{ stayId: stay().id, sinceMs: openedAtMs, latestMs: openedAtMs + 8 * HOUR },
		});
		expect(choose(openedAtMs + 3 * HOUR)).toMatchObject({
			...{ result: 'found', duration: { untilMs: openedAtMs + 3 * HOUR } },
		});
		site.clock.advance(2 * HOUR);
		expect(site.stayEvents()).toEqual([]);
		site.clock.advance(HOUR + MINUTE);
		expect(site.stayEvents()).toEqual(['overdue']);
		expect(audits()).toMatchObject([
			{ operatorId: 'op-1', action: 'stayDurationChosen', detail: { until: openedAtMs + 3 * HOUR } },
		]);
	});

	test('is chosen where its kind of right has no length at all, and outlives a restart', async () => {
		await inside({});
		expect(durations().of(stay().id)).toMatchObject({ duration: { untilMs: null } });
		expect(choose(site.clock.nowMs() + HOUR).result).toBe('found');
		site = await site.reopen(2 * HOUR);
		site.clock.advance(2 * MINUTE);
		expect(site.stayEvents()).toEqual(['overdue']);
	});

	test('is never in the past, nor longer than its kind of right lets anybody stay', async () => {
		await inside({ maxStayMin: 120 });
		expect(choose(site.clock.nowMs())).toEqual({ result: 'refused', because: 'past' });
		expect(choose(stay().openedAtMs + 2 * HOUR + 1)).toEqual({ result: 'refused', because: 'tooLong' });
		expect(choose(stay().openedAtMs + 2 * HOUR).result).toBe('found');
	});

	test('is a month at most where its kind of right names no end', async () => {
		await inside({});
		expect(choose(site.clock.nowMs() + 32 * DAY)).toEqual({ result: 'refused', because: 'tooLong' });
	});

	test('is no choice for other rights, nor for who has left', async () => {
		await inside({ maxStayMin: 60 }, 'firstCome');
		expect(choose(site.clock.nowMs() + HOUR / 2)).toEqual({ result: 'refused', because: 'notOnTheFly' });
		const { id } = stay();
		await site.pass('ANNA', 2);
		expect(durations().of(id)).toEqual({ result: 'refused', because: 'noSuchStay' });
	});

	test('X5: prolonged while it is paid by parts, each part is charged once, the next after the length that was chosen', async () => {
		await inside({ defaultStayMin: 60, onOverstay: 'segment', priceMinor: 500, currency: 'EUR' });
		const { openedAtMs } = stay();
		site.clock.advance(HOUR + MINUTE);
		expect(charges().map(({ segment }) => segment)).toEqual([0, 1]);
		expect(choose(openedAtMs + 4 * HOUR).result).toBe('found');
		site.clock.advance(2 * HOUR);
		expect(charges().map(({ segment }) => segment)).toEqual([0, 1]);
		site.clock.advance(HOUR + MINUTE);
		expect(charges().map(({ segment, price }) => [segment, price?.minor])).toEqual([
			[0, 500],
			[1, 500],
			[2, 500],
		]);
	});
});
