import { describe, expect, it } from 'vitest';
import { platerecognizerPush } from '../../../src/drivers/platerecognizer-push/index.ts';
import { encodeSolidJpeg } from '../../../src/drivers/push-camera/solid-jpeg.ts';
import { createPushBench, formBody, jsonFixture, picturePart } from '../../support/push-camera.ts';

const AT_MS = Date.parse('2020-09-30T22:11:06.651Z');

describe('D samples of recognition engines', () => {
	it('reads the webhook of Stream', () => {
		const camera = createPushBench(platerecognizerPush, { approachDegrees: 180 });
		camera.post(jsonFixture('platerecognizer-stream'));
		expect(camera.observations).toMatchObject([
			{
				...{ plate: 'PL8REC', confidence: 0.897, country: 'US', direction: 'approaching', historical: false },
				...{ cameraTimeMs: AT_MS, cameraTimeTrust: 'zoned' },
			},
		]);
		expect(camera.status()).toMatchObject({
			...{ identity: { serial: 'camera-1' }, statistics: { plateWidthPx: 149, plateHeightPx: 34 } },
		});
	});

	it('reads it as a form, with the picture in a part of its own, and url-encoded', () => {
		const json = jsonFixture('platerecognizer-stream');
		const parts = [
			{ headers: 'Content-Disposition: form-data; name="json"', body: json },
			picturePart('upload.jpg', encodeSolidJpeg(64, 32, 99, 'x')),
		];
		const multipart = createPushBench(platerecognizerPush);
		multipart.post(formBody(parts), 'multipart/form-data; boundary=boundary');
		expect(multipart.observations).toMatchObject([{ plate: 'PL8REC', evidence: [{ role: 'scene' }] }]);
		const encoded = createPushBench(platerecognizerPush);
		encoded.post(`json=${encodeURIComponent(json)}`, 'application/x-www-form-urlencoded');
		expect(encoded.observations).toMatchObject([{ plate: 'PL8REC' }]);
	});

	it('reads the answer of Snapshot: UTC without saying so, no camera', () => {
		const camera = createPushBench(platerecognizerPush);
		camera.post(jsonFixture('platerecognizer-snapshot'));
		expect(camera.observations).toMatchObject([{ plate: 'PL8REC', cameraTimeMs: AT_MS, direction: 'unknown' }]);
	});

	it('counts vehicles without a plate, and leaves an empty picture out', () => {
		const camera = createPushBench(platerecognizerPush);
		camera.post('{"data":{"camera_id":"a","timestamp":"2020-09-30T22:11:06Z","results":[{"plate":"","score":0}]}}');
		camera.post('{"data":{"camera_id":"a","timestamp":"2020-09-30T22:11:06Z","results":[]}}');
		expect(camera.status().statistics).toMatchObject({ noPlate: 1, other: 1, plates: 0 });
	});

	it('reads several vehicles of one picture', () => {
		const camera = createPushBench(platerecognizerPush);
		camera.post('{"results":[{"plate":"aa111","score":0.9},{"plate":"bb222","score":0.8},{"plate":"","score":0}]}');
		expect(camera.plates().map(({ plate }) => plate)).toEqual(['AA111', 'BB222']);
		expect(camera.status().statistics).toMatchObject({ noPlate: 1 });
	});

	it('reads the webhooks of Verkada and Genetec', () => {
		const camera = createPushBench(platerecognizerPush);
		camera.post(jsonFixture('verkada'));
		camera.post(jsonFixture('genetec'));
		expect(camera.observations).toMatchObject([
			{ plate: '7ABC123', confidence: 0.93, cameraTimeMs: 1_700_000_000_000 },
			{ plate: 'ABC123', confidence: 0.87, cameraTimeMs: Date.parse('2025-12-31T23:59:58Z') },
		]);
	});
});
