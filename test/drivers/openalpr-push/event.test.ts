import { describe, expect, it } from 'vitest';
import { openalprPush } from '../../../src/drivers/openalpr-push/index.ts';
import { createPushBench, jsonFixture } from '../../support/push-camera.ts';

describe('D samples of OpenALPR agents', () => {
	it('reads the result of a frame', () => {
		const camera = createPushBench(openalprPush);
		camera.post(jsonFixture('openalpr-results'));
		expect(camera.observations).toMatchObject([
			{
				...{ plate: 'D2651BF', confidence: 0.9294, country: 'US', direction: 'unknown', historical: false },
				...{ cameraTimeMs: 1_432_825_195_234, cameraTimeTrust: 'zoned' },
			},
		]);
		expect(camera.status().statistics).toMatchObject({ plateWidthPx: 121, plateHeightPx: 42 });
	});

	it('keeps the group of the same car, which comes seconds later, and opens nothing for it', () => {
		const camera = createPushBench(openalprPush);
		camera.post(jsonFixture('openalpr-results'));
		camera.clock.advance(20_000);
		camera.post(jsonFixture('openalpr-group'));
		expect(camera.observations).toMatchObject([{ historical: false }, { plate: 'D2651BF', historical: true }]);
	});

	it('opens by groups where the site says so, and then by nothing else', () => {
		const camera = createPushBench(openalprPush, { opensBy: 'groups' });
		camera.post(jsonFixture('openalpr-results'));
		camera.post(jsonFixture('openalpr-group'));
		camera.post(jsonFixture('openalpr-group'));
		expect(camera.observations).toMatchObject([{ historical: true }, { historical: false, confidence: 0.9294 }]);
	});

	it('tells one car once, in however many frames it is read', () => {
		const camera = createPushBench(openalprPush);
		for (let frame = 0; frame < 20; frame += 1) {
			camera.post(jsonFixture('openalpr-results').replaceAll('-1432825195234', `-${frame}`));
			camera.clock.advance(200);
		}
		expect(camera.observations).toHaveLength(1);
		expect(camera.status().statistics).toMatchObject({ duplicates: 19 });
	});

	it('listens to its own camera of the agent', () => {
		const camera = createPushBench(openalprPush, { camera: '2' });
		camera.post(jsonFixture('openalpr-results'));
		expect(camera.observations).toEqual([]);
		camera.post(jsonFixture('openalpr-results').replace('"camera_id":1', '"camera_id":"2"'));
		expect(camera.observations).toHaveLength(1);
	});

	it('tells alerts and vehicles of no other kind, and a heartbeat as a sign of life', () => {
		const camera = createPushBench(openalprPush);
		for (const name of ['openalpr-alert', 'openalpr-heartbeat']) camera.post(jsonFixture(name));
		camera.post('{"data_type":"vehicle","agent_uid":"a"}');
		expect(camera.observations).toEqual([]);
		expect(camera.status()).toMatchObject({ state: 'online', statistics: { heartbeats: 1, other: 2, malformed: 0 } });
	});
});
