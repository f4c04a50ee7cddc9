import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type {
	OpenParkingSession,
	ParkingSessionQuery,
	PlaceInList,
} from '../../../src/gateway/store/parking-sessions.ts';
import type { SiteStore } from '../../../src/gateway/store/site-store.ts';
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
		const holder = fc.constantFrom(...HOLDERS);
		const which = fc.nat(9);
		const fails = fc.boolean();
		const step: fc.Arbitrary<StayStep> = fc.oneof(
			{ weight: 4, arbitrary: fc.record({ does: fc.constant('open'), holder, fails }) },
			{ weight: 3, arbitrary: fc.record({ does: fc.constant('close'), which, fails }) },
			{ weight: 1, arbitrary: fc.record({ does: fc.constant('anonymise'), which }) },
			{ weight: 1, arbitrary: fc.record({ does: fc.constant('neutral'), holder, fails }) },
			{ weight: 1, arbitrary: fc.record({ does: fc.constant('pass'), holder }) },
		);
		fc.assert(
			fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
				const store = openTempStore();
				const model = createStayModel(store);
				for (const [n, one] of steps.entries()) {
					model.take(one, n);
					for (const name of HOLDERS) {
						expect(store.parkingSessions.openFor(name).map(({ id }) => id)).toEqual(model.openOf(name));
						expect(store.neutralHolders.isNeutral(name)).toBe(model.isNeutral(name));
					}
				}
				store.close();
			}),
			{ numRuns: 25 },
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

const HOLDERS = ['anna', 'bob', 'eve'] as const;

type StayStep =
	| { readonly does: 'open'; readonly holder: string; readonly fails: boolean }
	| { readonly does: 'close'; readonly which: number; readonly fails: boolean }
	| { readonly does: 'anonymise'; readonly which: number }
	| { readonly does: 'neutral'; readonly holder: string; readonly fails: boolean }
	| { readonly does: 'pass'; readonly holder: string };

/** Does each step to the store, and to a list of who has which stay open. */
function createStayModel(store: SiteStore) {
	const open: { id: string; holder: string | null }[] = [];
	const neutral = new Set<string>();

	/** A transaction that fails leaves the model as it was. */
	function commit(fails: boolean, work: () => void, follow: () => void): void {
		const run = () =>
			store.transaction(() => {
				work();
				if (fails) throw new Error('rolled back');
			});
		if (fails) {
			expect(run).toThrow('rolled back');
			return;
		}
		run();
		follow();
	}

	function change(at: { id: string; holder: string | null }, step: StayStep): void {
		if (step.does === 'close') {
			commit(
				step.fails,
				() => void store.parkingSessions.close(at.id, END),
				() => open.splice(open.indexOf(at), 1),
			);
			return;
		}
		const found = store.personalStays.after('', 100).find(({ id }) => id === at.id);
		if (found !== undefined) store.personalStays.anonymise(found, () => 'x');
		at.holder = null;
	}

	return {
		take(step: StayStep, n: number): void {
			if (step.does === 'open') {
				const opened = stay(`s${n}`, { holderId: step.holder, openedAtMs: n });
				commit(
					step.fails,
					() => store.parkingSessions.open(opened),
					() => open.push({ id: `s${n}`, holder: step.holder }),
				);
			} else if (step.does === 'neutral') {
				commit(
					step.fails,
					() => void store.neutralHolders.reset([step.holder], 1),
					() => neutral.add(step.holder),
				);
			} else if (step.does === 'pass') {
				store.neutralHolders.clear(step.holder);
				neutral.delete(step.holder);
			} else {
				const at = open[step.which % Math.max(1, open.length)];
				if (at !== undefined) change(at, step);
			}
		},
		openOf: (holder: string) => open.filter((other) => other.holder === holder).map(({ id }) => id),
		isNeutral: (holder: string) => neutral.has(holder),
	};
}
