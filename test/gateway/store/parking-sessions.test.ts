import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type {
	OpenParkingSession,
	ParkingSessionQuery,
	PlaceInList,
} from '../../../src/gateway/store/parking-sessions.ts';
import { openTempStore, tempDir } from '../../support/temp-store.ts';

const stay = (id: string, change: Partial<OpenParkingSession> = {}): OpenParkingSession => ({
	id,
	holderId: 'anna',
	credentialId: 'anna-tag',
	decisionId: 'd1',
	areaId: 'A1',
	counted: true,
	laneInId: 'L1',
	openedAtMs: 100,
	...change,
});
const END = { atMs: 900, laneOutId: 'L2', by: 'passage' } as const;

describe('a parking session', () => {
	test('is open until it is closed, over a restart', () => {
		const dir = tempDir();
		const store = openTempStore(dir);
		store.parkingSessions.open(stay('s1'));
		store.close();
		const { parkingSessions } = openTempStore(dir);
		expect(parkingSessions.openFor('anna')).toEqual([stay('s1')]);
		expect(parkingSessions.close('s1', END)).toEqual(stay('s1'));
		expect(parkingSessions.close('s1', END)).toBeUndefined();
		expect(parkingSessions.openFor('anna')).toEqual([]);
		expect(parkingSessions.countOpen()).toBe(0);
	});

	test('is found by its holder whatever was opened, closed, rolled back or made nobody’s before', () => {
		const holders = fc.constantFrom('anna', 'bob', 'eve');
		const step = fc.oneof(
			{ weight: 4, arbitrary: fc.record({ does: fc.constant('open' as const), holder: holders, fails: fc.boolean() }) },
			{
				weight: 3,
				arbitrary: fc.record({ does: fc.constant('close' as const), which: fc.nat(9), fails: fc.boolean() }),
			},
			{ weight: 1, arbitrary: fc.record({ does: fc.constant('anonymise' as const), which: fc.nat(9) }) },
			{
				weight: 1,
				arbitrary: fc.record({ does: fc.constant('neutral' as const), holder: holders, fails: fc.boolean() }),
			},
			{ weight: 1, arbitrary: fc.record({ does: fc.constant('pass' as const), holder: holders }) },
		);
		fc.assert(
			fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
				const store = openTempStore();
				const open: { id: string; holder: string | null }[] = [];
				const neutral = new Set<string>();
				const failing = (fails: boolean, work: () => void) => {
					const run = () =>
						store.transaction(() => {
							work();
							if (fails) throw new Error('rolled back');
						});
					if (fails) expect(run).toThrow('rolled back');
					else run();
				};
				for (const [n, one] of steps.entries()) {
					const at = 'which' in one ? open[one.which % Math.max(1, open.length)] : undefined;
					if (one.does === 'open') {
						failing(one.fails, () =>
							store.parkingSessions.open(stay(`s${n}`, { holderId: one.holder, openedAtMs: n })),
						);
						if (!one.fails) open.push({ id: `s${n}`, holder: one.holder });
					} else if (one.does === 'close' && at !== undefined) {
						failing(one.fails, () => void store.parkingSessions.close(at.id, END));
						if (!one.fails) open.splice(open.indexOf(at), 1);
					} else if (one.does === 'anonymise' && at !== undefined) {
						const found = store.personalStays.after('', 100).find(({ id }) => id === at.id);
						if (found !== undefined) store.personalStays.anonymise(found, () => 'x');
						at.holder = null;
					} else if (one.does === 'neutral') {
						failing(one.fails, () => store.neutralHolders.reset([one.holder], 1));
						if (!one.fails) neutral.add(one.holder);
					} else if (one.does === 'pass') {
						store.neutralHolders.clear(one.holder);
						neutral.delete(one.holder);
					}
					for (const holder of ['anna', 'bob', 'eve']) {
						const own = open.filter((other) => other.holder === holder).map(({ id }) => id);
						expect(store.parkingSessions.openFor(holder).map(({ id }) => id)).toEqual(own);
						expect(store.neutralHolders.isNeutral(holder)).toBe(neutral.has(holder));
					}
				}
				store.close();
			}),
			{ numRuns: 60 },
		);
	});

	test('goes from area to area', () => {
		const { parkingSessions } = openTempStore();
		parkingSessions.open(stay('s1'));
		expect(parkingSessions.moveTo('s1', 'B1')).toBe(true);
		expect(parkingSessions.openFor('anna')).toMatchObject([{ areaId: 'B1' }]);
		parkingSessions.close('s1', END);
		expect(parkingSessions.moveTo('s1', 'A1')).toBe(false);
	});

	test('of somebody with several is listed oldest first', () => {
		const { parkingSessions } = openTempStore();
		parkingSessions.open(stay('late', { openedAtMs: 300 }));
		parkingSessions.open(stay('early', { openedAtMs: 200 }));
		expect(parkingSessions.openFor('anna').map(({ id }) => id)).toEqual(['early', 'late']);
	});

	test('may be of nobody: the one longest in the area leaves first', () => {
		const { parkingSessions } = openTempStore();
		parkingSessions.open(stay('x2', { holderId: null, openedAtMs: 20 }));
		parkingSessions.open(stay('x1', { holderId: null, openedAtMs: 10 }));
		parkingSessions.open(stay('elsewhere', { holderId: null, openedAtMs: 1, areaId: 'B1' }));
		expect(parkingSessions.oldestAnonymous('A1')).toMatchObject({ id: 'x1' });
		parkingSessions.close('x1', END);
		expect(parkingSessions.oldestAnonymous('A1')).toMatchObject({ id: 'x2' });
		expect(parkingSessions.oldestAnonymous('C1')).toBeUndefined();
	});

	test('that takes no place is not counted in its area', () => {
		const { parkingSessions } = openTempStore();
		parkingSessions.open(stay('s1'));
		parkingSessions.open(stay('s2', { counted: false }));
		parkingSessions.open(stay('s3', { areaId: 'B1' }));
		expect(parkingSessions.openFor('anna').map(({ counted }) => counted)).toEqual([true, false, true]);
		expect(parkingSessions.countedIn(['A1'])).toBe(1);
		expect(parkingSessions.countedIn(['A1', 'B1'])).toBe(2);
	});

	test('is listed page by page while open', () => {
		const { parkingSessions } = openTempStore();
		for (let n = 0; n < 5; n += 1) parkingSessions.open(stay(`s${n}`, { holderId: `h${n}`, openedAtMs: n }));
		parkingSessions.close('s2', END);
		expect(parkingSessions.listOpen({ limit: 3 }).map(({ id }) => id)).toEqual(['s0', 's1', 's3']);
		expect(parkingSessions.listOpen({ limit: 3, offset: 3 }).map(({ id }) => id)).toEqual(['s4']);
		expect(parkingSessions.countOpen()).toBe(4);
	});
});

describe('pages of parking sessions', () => {
	function filled() {
		const { parkingSessions } = openTempStore();
		for (let n = 0; n < 7; n += 1) {
			const holderId = n % 2 === 0 ? 'anna' : null;
			// Two begin in the same millisecond: the id decides.
			parkingSessions.open(
				stay(`s${n}`, { holderId, openedAtMs: 100 + Math.floor(n / 2), areaId: n < 4 ? 'A1' : 'B1' }),
			);
		}
		return parkingSessions;
	}

	/** Every page until the end. */
	function walk(store: ReturnType<typeof filled>, query: Omit<ParkingSessionQuery, 'limit' | 'after'>): string[] {
		const ids: string[] = [];
		let after: PlaceInList | null | undefined;
		do {
			const page = store.page({ ...query, limit: 2, ...(after && { after }) });
			expect(page.sessions.length).toBeLessThanOrEqual(2);
			ids.push(...page.sessions.map(({ id }) => id));
			after = page.next;
		} while (after !== null);
		return ids;
	}

	test('of open ones follow each other, newest first, without gap or repetition', () => {
		expect(walk(filled(), { state: 'open' })).toEqual(['s6', 's5', 's4', 's3', 's2', 's1', 's0']);
	});

	test('of one holder, of some areas, of a time', () => {
		const store = filled();
		expect(walk(store, { state: 'open', holderId: 'anna' })).toEqual(['s6', 's4', 's2', 's0']);
		expect(walk(store, { state: 'open', areaIds: ['B1'] })).toEqual(['s6', 's5', 's4']);
		expect(walk(store, { state: 'open', areaIds: [] })).toEqual([]);
		expect(walk(store, { state: 'open', fromMs: 101, toMs: 102 })).toEqual(['s3', 's2']);
	});

	test('of closed ones go by their end and tell how they ended', () => {
		const store = filled();
		store.close('s5', { atMs: 300, laneOutId: 'L2', by: 'passage' });
		store.close('s0', { atMs: 400, laneOutId: null, by: 'nextEntry' });
		expect(walk(store, { state: 'closed' })).toEqual(['s0', 's5']);
		expect(walk(store, { state: 'closed', toMs: 400 })).toEqual(['s5']);
		expect(walk(store, { state: 'open' })).toEqual(['s6', 's4', 's3', 's2', 's1']);
		expect(store.page({ state: 'closed', limit: 1 }).sessions).toEqual([
			{ ...stay('s0', { areaId: 'A1' }), end: { atMs: 400, laneOutId: null, by: 'nextEntry' } },
		]);
	});

	test('looks at a bounded number of rows for a rare one, and says that there is more', () => {
		const store = openTempStore();
		store.transaction(() => {
			store.parkingSessions.open(stay('rare', { holderId: 'rare', openedAtMs: 1 }));
			for (let n = 0; n < 2_500; n += 1) store.parkingSessions.open(stay(`many-${n}`, { openedAtMs: 10 + n }));
		});
		const first = store.parkingSessions.page({ state: 'open', holderId: 'rare', limit: 10 });
		expect(first.sessions).toEqual([]);
		expect(first.next).not.toBeNull();
		expect(walk(store.parkingSessions, { state: 'open', holderId: 'rare' })).toEqual(['rare']);
	});
});
