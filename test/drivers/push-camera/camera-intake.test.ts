import { describe, expect, it } from 'vitest';
import type { PlateEvent } from '../../../src/drivers/push-camera/camera-event.ts';
import { createCameraIntake } from '../../../src/drivers/push-camera/camera-intake.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createDriverBench } from '../../support/push-camera.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const START_MS = Date.parse('2026-07-05T19:44:41Z');

function createCamera() {
	const clock = createVirtualClock(START_MS);
	const bench = createDriverBench(clock);
	const config = { id: 'cam-1', driver: 'axis-push', path: 'cam-1', auth: { type: 'none' } } as const;
	const intake = createCameraIntake(bench.deps, config, { vendor: 'Any' });
	return {
		...{ ...bench, clock },
		told: () => bench.observations.map((read) => (read.kind === 'plate' ? read.plate : '')),
		statistics: () => intake.status().statistics,
		see: (more: Partial<PlateEvent> = {}) =>
			intake.take([
				{
					...{ offset: 0, eventType: '', names: {}, historical: false, kind: 'plate', plate: 'AB123', confidence: 0.9 },
					...{ direction: 'approaching', pictures: [], raw: '' },
					...more,
				},
			]),
		miss: () => intake.take([{ offset: 0, eventType: '', names: {}, historical: false, kind: 'noPlate' }]),
	};
}

describe('D the same vehicle told again', () => {
	it('is one observation by its key, also long after', () => {
		const camera = createCamera();
		camera.see({ key: 'e1' });
		camera.clock.advance(86_400_000);
		camera.see({ key: 'e1' });
		expect(camera.told()).toEqual(['AB123']);
		expect(camera.statistics()).toMatchObject({ plates: 1, duplicates: 1 });
	});

	it('is another one once a key has lost its meaning', () => {
		const camera = createCamera();
		camera.see({ key: 'track 1', keyLifeMs: 60_000 });
		camera.clock.advance(60_000);
		camera.see({ key: 'track 1', keyLifeMs: 60_000 });
		expect(camera.told()).toHaveLength(2);
	});

	it('is one by its plate for a while, where each event has a key of its own', () => {
		const camera = createCamera();
		camera.see({ key: 'video', sameWithinMs: 8_000 });
		camera.clock.advance(4_000);
		camera.see({ key: 'loop', sameWithinMs: 8_000 });
		camera.see({ key: 'other car', sameWithinMs: 8_000, plate: 'CD456' });
		camera.clock.advance(4_000);
		camera.see({ key: 'again', sameWithinMs: 8_000 });
		expect(camera.told()).toEqual(['AB123', 'CD456', 'AB123']);
	});

	it('is heard once more when the camera, still following it, is surer or knows its way', () => {
		const camera = createCamera();
		camera.see({ key: 't', confidence: 0.5, direction: 'unknown' });
		camera.see({ key: 't', confidence: 0.5, direction: 'unknown' });
		camera.see({ key: 't', confidence: 0.8, direction: 'unknown' });
		camera.see({ key: 't', confidence: 0.7, direction: 'unknown' });
		camera.see({ key: 't', confidence: 0.8, direction: 'approaching' });
		expect(camera.observations).toMatchObject([
			{ confidence: 0.5 },
			{ confidence: 0.8 },
			{ confidence: 0.8, direction: 'approaching' },
		]);
		camera.clock.advance(3_001);
		camera.see({ key: 't', confidence: 1 });
		expect(camera.observations).toHaveLength(3);
	});

	it('does not hide behind what a camera kept while the network was away', () => {
		const camera = createCamera();
		camera.see({ key: 'kept', historical: true, sameWithinMs: 8_000 });
		camera.see({ key: 'live', sameWithinMs: 8_000 });
		expect(camera.observations).toMatchObject([{ historical: true }, { historical: false }]);
	});

	it('is remembered for a bounded number of events', () => {
		const camera = createCamera();
		for (let n = 0; n <= LIMITS.pushDedupeKeys; n += 1) camera.see({ key: `e${n}` });
		camera.see({ key: 'e0' });
		expect(camera.told()).toHaveLength(LIMITS.pushDedupeKeys + 2);
	});
});

describe('D the health of a camera', () => {
	it('tells how many vehicles it could not read, how large plates are and how its clock stands', () => {
		const camera = createCamera();
		expect(camera.statistics()).not.toHaveProperty('misreadPercent');
		for (const widthPx of [100, 140, 120]) camera.see({ size: { widthPx, heightPx: widthPx / 4 } });
		camera.miss();
		camera.see({ time: { kind: 'instant', ms: START_MS - 2_500 }, historical: true });
		expect(camera.statistics()).not.toHaveProperty('clockOffsetMs');
		camera.see({ time: { kind: 'instant', ms: START_MS - 2_500 }, plate: 'B' });
		expect(camera.statistics()).toMatchObject({
			...{ misreadPercent: 20, plateWidthPx: 120, plateHeightPx: 30, clockOffsetMs: -2_500, noPlate: 1 },
		});
	});

	it('speaks of the last hundred vehicles only', () => {
		const camera = createCamera();
		for (let n = 0; n < 100; n += 1) camera.miss();
		expect(camera.statistics()['misreadPercent']).toBe(100);
		for (let n = 0; n < 100; n += 1) camera.see();
		expect(camera.statistics()['misreadPercent']).toBe(0);
	});

	it('says how much the time is worth', () => {
		const camera = createCamera();
		camera.see({ time: { kind: 'instant', ms: START_MS } });
		camera.see({ time: { kind: 'local', asUtcMs: START_MS }, plate: 'B' });
		expect(camera.observations).toMatchObject([{ cameraTimeMs: START_MS, cameraTimeTrust: 'zoned' }, {}]);
		expect(camera.observations[1]).not.toHaveProperty('cameraTimeMs');
	});
});
