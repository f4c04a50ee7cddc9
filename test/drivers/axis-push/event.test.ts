import { describe, expect, it } from 'vitest';
import { axisPush } from '../../../src/drivers/axis-push/index.ts';
import { createPushBench, jsonFixture } from '../../support/push-camera.ts';

const post = (name: string, entry: object = {}) => {
	const camera = createPushBench(axisPush, entry);
	camera.post(jsonFixture(name));
	return camera;
};

describe('D samples of Axis cameras', () => {
	it('reads an update of License Plate Verifier: numbers as text, out is leaving, the plate in pixels', () => {
		const camera = post('axis-update');
		expect(camera.observations).toMatchObject([
			{
				...{ plate: 'HWR6677', confidence: 0.73721, country: 'DE', direction: 'leaving', historical: false },
				...{ cameraTimeMs: 1_702_297_625_507, cameraTimeTrust: 'zoned', dedupeKey: 'ACCC8E000001|54950' },
			},
		]);
		expect(camera.status()).toMatchObject({
			identity: { vendor: 'Axis', model: 'AXIS P1455-LE', serial: 'ACCC8E000001', mac: 'AC:CC:8E:00:00:01' },
			statistics: { plateWidthPx: 142, plateHeightPx: 36 },
		});
	});

	it('reads a new car that comes in', () => {
		expect(post('axis-new').observations).toMatchObject([
			{
				plate: '1AB1234',
				confidence: 0.8688,
				country: 'CZ',
				direction: 'approaching',
				cameraTimeMs: 1_718_373_876_372,
			},
		]);
	});

	it('opens nothing for a lost car, and tells none a second time', () => {
		expect(post('axis-lost').observations).toMatchObject([{ plate: '1AB1234', historical: true }]);
		const camera = post('axis-new');
		camera.post(jsonFixture('axis-lost'));
		expect(camera.observations).toHaveLength(1);
		expect(camera.status().statistics).toMatchObject({ plates: 1, duplicates: 1 });
	});

	it('tells the plate anew when the camera corrects it', () => {
		const camera = post('axis-new');
		camera.post(jsonFixture('axis-new').replaceAll('1AB1234', '1AB1235').replace('"new"', '"update"'));
		expect(camera.plates().map(({ plate }) => plate)).toEqual(['1AB1234', '1AB1235']);
	});

	it('reads letters that older versions escape', () => {
		const camera = createPushBench(axisPush);
		camera.post('{"carID":"1","plateText":"\\\\u0410123\\\\u0412\\\\u042177"}');
		expect(camera.observations).toMatchObject([{ plate: 'А123ВС77', direction: 'unknown', confidence: 0 }]);
	});

	it('reads the publisher application, which tells no confidence', () => {
		expect(post('axis-publisher').observations).toMatchObject([
			{ plate: 'ABC123', confidence: 0, cameraTimeMs: 1_586_794_095_057 },
		]);
		expect(post('axis-publisher', { assumedConfidence: 0.9 }).observations).toMatchObject([{ confidence: 0.9 }]);
	});

	it('takes an object that names only the camera for a heartbeat', () => {
		const camera = createPushBench(axisPush);
		camera.post('{"camera_info":{"SerialNumber":"ACCC8E000001"}}');
		expect(camera.status()).toMatchObject({ state: 'online', statistics: { heartbeats: 1 } });
	});
});
