import { describe, expect, test } from 'vitest';
import { chooseSighting, groupsBeside, type Sighting } from '../../../src/gateway/core/lane/stray-reads.ts';

function seen(laneId: string, vehiclePresent: boolean | null, rssiDbm?: number, atMs = 0): Sighting {
	const observation = { kind: 'tag', id: 'o', deviceId: laneId, tag: 'E280', atMs, monotonicMs: atMs } as const;
	return { laneId, vehiclePresent, observation: { ...observation, ...(rssiDbm !== undefined && { rssiDbm }) } };
}

describe('a tag that neighbouring lanes read', () => {
	test.each([
		['one lane read it', [seen('L1', false)], 'L1'],
		[
			'a vehicle stands at one lane only, however strong the other',
			[seen('L1', false, -40), seen('L2', true, -70)],
			'L2',
		],
		['a vehicle stands at one lane, and the other has no loop', [seen('L1', null, -40), seen('L2', true, -70)], 'L2'],
		['vehicles stand at both: the clearly stronger', [seen('L1', true, -66), seen('L2', true, -58)], 'L2'],
		['nobody stands anywhere: the clearly stronger', [seen('L1', false, -50), seen('L2', false, -65)], 'L1'],
		['both are about as strong: who read it first', [seen('L1', true, -58, 20), seen('L2', true, -59, 10)], 'L2'],
		[
			'no reader tells its strength: who read it first',
			[seen('L1', true, undefined, 20), seen('L2', true, undefined, 5)],
			'L2',
		],
		[
			'one lane read it twice: its better read counts',
			[seen('L1', true, -70), seen('L2', true, -60), seen('L1', true, -50)],
			'L1',
		],
	])('%s', (_, sightings, laneId) => {
		expect(chooseSighting(sightings)?.laneId).toBe(laneId);
	});

	test('is nobody’s when nobody read it', () => {
		expect(chooseSighting([])).toBeUndefined();
	});
});

describe('lanes beside one another', () => {
	const groupsOf = (lanes: Readonly<Record<string, readonly string[]>>) => {
		const named = groupsBeside(Object.entries(lanes).map(([id, beside]) => ({ id, beside })));
		const byGroup = Map.groupBy([...named.keys()].toSorted(), (lane) => named.get(lane) ?? '');
		return [...byGroup.values()].toSorted();
	};

	test.each([
		['none', { L1: [], L2: [] }, []],
		['two, said by one of them', { L1: ['L2'], L2: [] }, [['L1', 'L2']]],
		['three in a row', { L1: ['L2'], L2: ['L3'], L3: [] }, [['L1', 'L2', 'L3']]],
		['three in a row, said from the ends', { L1: ['L2'], L3: ['L2'], L2: [] }, [['L1', 'L2', 'L3']]],
		[
			'two pairs',
			{ L1: ['L2'], L2: ['L1'], L3: ['L4'], L4: [], L5: [] },
			[
				['L1', 'L2'],
				['L3', 'L4'],
			],
		],
		['two pairs that a third joins', { L1: ['L2'], L3: ['L4'], L5: ['L2', 'L4'] }, [['L1', 'L2', 'L3', 'L4', 'L5']]],
	])('are of one group: %s', (_, lanes, groups) => {
		expect(groupsOf(lanes)).toEqual(groups);
	});
});
