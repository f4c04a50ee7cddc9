import { describe, expect, test } from 'vitest';
import { openTempStore, tempDir } from '../../support/temp-store.ts';

const held = { id: 'd1', laneId: 'L1', holderId: 'anna', areaIds: ['A1', 'P1'], atMs: 5 };

describe('a place', () => {
	test('is held by a grant, occupied by the passage', () => {
		const { occupancy } = openTempStore();
		occupancy.reserve(held);
		expect(occupancy.counter('A1')).toEqual({ areaId: 'A1', occupied: 0, reserved: 1 });
		expect(occupancy.capture('d1')).toEqual({
			counters: [
				{ areaId: 'A1', occupied: 1, reserved: 0 },
				{ areaId: 'P1', occupied: 1, reserved: 0 },
			],
			corrections: [],
		});
		expect(occupancy.capture('d1')).toBeUndefined();
		expect(occupancy.counter('A1').occupied).toBe(1);
	});

	test('is given back by a release, once', () => {
		const { occupancy } = openTempStore();
		occupancy.reserve(held);
		expect(occupancy.release('d1')).toEqual(held);
		expect(occupancy.release('d1')).toBeUndefined();
		expect(occupancy.counter('P1')).toEqual({ areaId: 'P1', occupied: 0, reserved: 0 });
	});

	test('stays held over a restart, listed by lane', () => {
		const dir = tempDir();
		const store = openTempStore(dir);
		store.occupancy.reserve(held);
		store.occupancy.reserve({ ...held, id: 'd2', laneId: 'L2', atMs: 4 });
		store.close();
		const { occupancy } = openTempStore(dir);
		expect(occupancy.reservation('d1')).toEqual(held);
		expect(occupancy.reservations('L1')).toEqual([held]);
		expect(occupancy.reservations().map(({ id }) => id)).toEqual(['d2', 'd1']);
		expect(occupancy.counter('A1').reserved).toBe(2);
	});

	test('can’t be held twice under one id', () => {
		const { occupancy } = openTempStore();
		occupancy.reserve(held);
		expect(() => occupancy.reserve(held)).toThrow();
		expect(occupancy.counter('A1').reserved).toBe(1);
	});
});

describe('a counter', () => {
	test('N4: is never negative: leaving an empty area is reported as a correction', () => {
		const { occupancy } = openTempStore();
		occupancy.move({ leave: [], enter: ['P1'] });
		expect(occupancy.move({ leave: ['A1', 'P1'], enter: [] })).toEqual({
			counters: [
				{ areaId: 'A1', occupied: 0, reserved: 0 },
				{ areaId: 'P1', occupied: 0, reserved: 0 },
			],
			corrections: [{ areaId: 'A1', wouldBe: -1 }],
		});
	});

	test('of an enclosing area stays when a vehicle moves within it', () => {
		const { occupancy } = openTempStore();
		occupancy.move({ leave: [], enter: ['A1', 'P1'] });
		occupancy.move({ leave: ['A1', 'P1'], enter: ['B1', 'P1'] });
		expect(occupancy.list().map(({ areaId, occupied }) => [areaId, occupied])).toEqual([
			['A1', 0],
			['B1', 1],
			['P1', 1],
		]);
	});

	test('can be set by an operator', () => {
		const { occupancy } = openTempStore();
		expect(occupancy.adjust('A1', 7).counters).toEqual([{ areaId: 'A1', occupied: 7, reserved: 0 }]);
		expect(occupancy.adjust('A1', -3).counters).toEqual([{ areaId: 'A1', occupied: 0, reserved: 0 }]);
	});
});
