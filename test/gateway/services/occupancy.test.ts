import { expect, test } from 'vitest';
import { createOccupancy } from '../../../src/gateway/services/occupancy.ts';
import { openTempStore } from '../../support/temp-store.ts';

test('X3: shows every park and its areas with what is inside and held, empty ones too', () => {
	const store = openTempStore();
	const site = {
		parks: [
			{ id: 'P1', name: 'Park', capacity: 20 },
			{ id: 'P2', name: 'Annex' },
		],
		areas: [
			{ id: 'A1', name: 'Deck', parkId: 'P1', capacity: 10 },
			{ id: 'A1-vip', name: 'VIP', parkId: 'P1', parentId: 'A1', capacity: 2 },
		],
	};
	store.occupancy.move({ leave: [], enter: ['A1', 'P1'] });
	store.occupancy.reserve({ id: 'd1', laneId: 'L1', holderId: null, areaIds: ['A1-vip', 'A1', 'P1'], atMs: 1 });
	expect(createOccupancy({ store, site }).list()).toEqual([
		{ areaId: 'P1', level: 'park', name: 'Park', parkId: 'P1', parentId: null, capacity: 20, occupied: 1, reserved: 1 },
		{ areaId: 'A1', level: 'area', name: 'Deck', parkId: 'P1', parentId: null, capacity: 10, occupied: 1, reserved: 1 },
		{
			areaId: 'A1-vip',
			level: 'area',
			name: 'VIP',
			parkId: 'P1',
			parentId: 'A1',
			capacity: 2,
			occupied: 0,
			reserved: 1,
		},
		{
			areaId: 'P2',
			level: 'park',
			name: 'Annex',
			parkId: 'P2',
			parentId: null,
			capacity: null,
			occupied: 0,
			reserved: 0,
		},
	]);
});
