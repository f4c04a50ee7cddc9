import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StayTerms } from '../../../src/gateway/core/stay-terms.ts';
import { openTempStore, tempDir } from '../../support/temp-store.ts';

const stay = (id: string, change: object = {}) => ({
	...{ id, holderId: 'anna', credentialId: 'c1', decisionId: null, areaId: 'A1', counted: true, laneInId: 'L1' },
	openedAtMs: 1,
	...change,
});

describe('X5: what rights were used for', () => {
	test('uses are counted in a period, once a stay', () => {
		const { consumption } = openTempStore();
		for (const atMs of [10, 20, 20, 30]) consumption.use('r1', `s${atMs}`, atMs);
		consumption.use('r2', 's1', 20);
		expect(consumption.uses('r1', null, null)).toBe(3);
		expect(consumption.uses('r1', 20, 30)).toBe(1);
		expect(consumption.uses('r1', 20, null)).toBe(2);
	});

	test('N5: a booking is used once, or not come for, and never both', () => {
		const dir = tempDir();
		const store = openTempStore(dir);
		expect(store.consumption.booking('b1')).toBeUndefined();
		expect(store.consumption.useBooking({ bookingId: 'b1', state: 'used', stayId: 's1', atMs: 5 })).toBe(true);
		expect(store.consumption.useBooking({ bookingId: 'b1', state: 'noShow', stayId: null, atMs: 6 })).toBe(false);
		store.close();
		expect(openTempStore(dir).consumption.booking('b1')).toEqual({
			bookingId: 'b1',
			state: 'used',
			stayId: 's1',
			atMs: 5,
		});
	});

	test('a booking used in a transaction that failed was not used', () => {
		const store = openTempStore();
		expect(() =>
			store.transaction(() => {
				store.consumption.useBooking({ bookingId: 'b1', state: 'used', stayId: 's1', atMs: 5 });
				expect(store.consumption.booking('b1')?.state).toBe('used');
				throw new Error('no');
			}),
		).toThrow();
		expect(store.consumption.booking('b1')).toBeUndefined();
	});

	test('each segment of a stay is charged once, in integer minor units', () => {
		const { consumption } = openTempStore();
		const charge = {
			stayId: 's1',
			rightId: 'r1',
			holderId: 'anna',
			credits: 0,
			price: { minor: 250, currency: 'EUR' },
		};
		expect(consumption.charge({ ...charge, segment: 0, atMs: 1 })).toBe(true);
		expect(consumption.charge({ ...charge, segment: 1, atMs: 5 })).toBe(true);
		expect(consumption.charge({ ...charge, segment: 1, atMs: 9 })).toBe(false);
		expect(consumption.chargesOf('s1').map(({ segment, atMs, price }) => [segment, atMs, price?.minor])).toEqual([
			[0, 1, 250],
			[1, 5, 250],
		]);
		expect(consumption.charges(2, 9, 10)).toMatchObject([{ segment: 1, price: { currency: 'EUR' } }]);
	});
});

describe('X2: what a stay holds', () => {
	const terms: StayTerms = { useAtMs: 5, credits: { amount: 2, mayOverdraw: false }, shared: [{ counter: 'pool:p' }] };
	const reservation = {
		...{ id: 'd1', laneId: 'L1', holderId: 'anna', areaIds: ['A1', 'pool:p'], atMs: 5 },
		...{ rightId: 'r1', credentialId: 'c1', terms },
	};

	test('an opening under way is known with its terms after a restart', () => {
		const dir = tempDir();
		const first = openTempStore(dir);
		first.occupancy.reserve(reservation);
		first.close();
		const { occupancy } = openTempStore(dir);
		expect(occupancy.underWay()).toEqual([reservation]);
		expect(occupancy.counter('pool:p')).toMatchObject({ occupied: 0, reserved: 1 });
		expect(occupancy.capture('d1')).toBeDefined();
		expect(occupancy.underWay()).toEqual([]);
		expect(occupancy.counter('pool:p')).toMatchObject({ occupied: 1, reserved: 0 });
	});

	test('what a failed transaction reserved is not under way', () => {
		const store = openTempStore();
		expect(() =>
			store.transaction(() => {
				store.occupancy.reserve(reservation);
				throw new Error('no');
			}),
		).toThrow();
		expect(store.occupancy.underWay()).toEqual([]);
	});

	test('openings under way are found by their right, whatever was reserved, ended, captured or rolled back', () => {
		const step = fc.record({
			does: fc.constantFrom('reserve' as const, 'reserve' as const, 'release' as const, 'capture' as const),
			right: fc.constantFrom('r1', 'r2', undefined),
			which: fc.nat(9),
			fails: fc.boolean(),
		});
		fc.assert(
			fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
				const store = openTempStore();
				for (const [n, { does, right, which, fails }] of steps.entries()) {
					const open = store.occupancy.reservations();
					const id = open[which % Math.max(1, open.length)]?.id ?? 'none';
					const work = () => {
						if (does === 'reserve') store.occupancy.reserve(opening(`d${n}`, right));
						else store.occupancy[does](id);
						if (fails) throw new Error('rolled back');
					};
					if (fails) expect(() => store.transaction(work)).toThrow('rolled back');
					else store.transaction(work);
					for (const rightId of ['r1', 'r2']) {
						const own = store.occupancy.reservations().filter((one) => one.rightId === rightId);
						expect(idsOf(store.occupancy.underWayOf(rightId))).toEqual(idsOf(own));
					}
				}
				store.close();
			}),
			{ numRuns: 60 },
		);

		function opening(id: string, rightId: string | undefined) {
			const { rightId: _, ...anybodys } = { ...reservation, id };
			return rightId === undefined ? anybodys : { ...anybodys, rightId };
		}

		function idsOf(reservations: readonly { readonly id: string }[]): readonly string[] {
			return reservations.map(({ id }) => id).toSorted();
		}
	});

	test('open stays are counted by their rights, also after a restart and when they go on by another', () => {
		const dir = tempDir();
		const first = openTempStore(dir);
		first.parkingSessions.open(stay('s1', { rightIds: ['r1'], shared: [{ counter: 'pool:p' }] }));
		first.parkingSessions.open(stay('s2', { rightIds: ['r1'] }));
		first.parkingSessions.open(stay('s3'));
		first.parkingSessions.setHolding('s2', { rightIds: ['r1', 'r2'], shared: [] });
		first.parkingSessions.close('s1', { atMs: 9, laneOutId: null, by: 'passage' });
		expect(Object.fromEntries(first.parkingSessions.openByRight())).toEqual({ r1: 1, r2: 1 });
		first.close();
		const { parkingSessions } = openTempStore(dir);
		expect(Object.fromEntries(parkingSessions.openByRight())).toEqual({ r1: 1, r2: 1 });
		expect(parkingSessions.openById('s2')?.rightIds).toEqual(['r1', 'r2']);
		expect(parkingSessions.openById('s1')).toBeUndefined();
	});

	test('what is due comes in order, survives a restart and goes with the stay', () => {
		const dir = tempDir();
		const first = openTempStore(dir);
		const dwell = { kind: 'dwell', rightId: 'r1', times: 0, detail: { sinceMs: 1 } } as const;
		first.stayDeadlines.set({ ...dwell, stayId: 's2', dueAtMs: 20 });
		first.stayDeadlines.set({ ...dwell, stayId: 's1', dueAtMs: 10 });
		first.stayDeadlines.set({ ...dwell, stayId: 's3', dueAtMs: null });
		first.close();
		const { stayDeadlines } = openTempStore(dir);
		expect(stayDeadlines.due(9, 10)).toEqual([]);
		expect(stayDeadlines.due(20, 10).map(({ stayId }) => stayId)).toEqual(['s1', 's2']);
		expect(stayDeadlines.due(20, 1)).toEqual([{ ...dwell, stayId: 's1', dueAtMs: 10 }]);
		stayDeadlines.clear('s1');
		expect(stayDeadlines.of('s1')).toEqual([]);
	});

	test('the site’s rule for forgotten exits leaves stays alone whose right has its own', () => {
		const { parkingSessions, stayDeadlines } = openTempStore();
		for (const id of ['s1', 's2']) parkingSessions.open(stay(id));
		const detail = { atMs: null, freesPlace: true };
		stayDeadlines.set({ stayId: 's1', kind: 'forgotten', rightId: 'r1', times: 0, dueAtMs: null, detail });
		expect(parkingSessions.openedBefore(100, 10).map(({ id }) => id)).toEqual(['s2']);
	});
});
