import { createPlaces } from '../../../../src/gateway/core/permission/scope.ts';
import { aLane } from '../../../support/access-facts.ts';

/** P1 with A1 (in it A1-vip and A1-staff) and A2; P2 with B1; lanes between all of them. */
export const TWO_PARKS = {
	parks: [
		{ id: 'P1', name: 'North' },
		{ id: 'P2', name: 'South' },
	],
	areas: [
		{ id: 'A1', name: 'Deck', parkId: 'P1' },
		{ id: 'A1-vip', name: 'Guests', parkId: 'P1', parentId: 'A1' },
		{ id: 'A1-staff', name: 'Staff', parkId: 'P1', parentId: 'A1' },
		{ id: 'A2', name: 'Roof', parkId: 'P1' },
		{ id: 'B1', name: 'Field', parkId: 'P2' },
	],
	lanes: [
		aLane({ id: 'in', from: 'outside', to: 'A1' }),
		aLane({ id: 'out', kind: 'exit', from: 'A1', to: 'outside' }),
		aLane({ id: 'vip', from: 'A1', to: 'A1-vip' }),
		aLane({ id: 'ramp', from: 'A1', to: 'A2' }),
		aLane({ id: 'bridge', from: 'A2', to: 'B1' }),
		aLane({ id: 'B-in', from: 'outside', to: 'B1' }),
	],
};

export const PLACES = createPlaces(TWO_PARKS);
