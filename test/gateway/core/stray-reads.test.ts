import { describe, expect, test } from 'vitest';
import { chooseSighting, type Sighting } from '../../../src/gateway/core/lane/stray-reads.ts';

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
