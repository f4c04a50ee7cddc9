import { describe, expect, it } from 'vitest';
import { dahuaPush } from '../../../src/drivers/dahua-push/index.ts';
import { createPushBench, jsonFixture } from '../../support/push-camera.ts';

function tollgate(change: (picture: Record<string, Record<string, unknown>>) => void): string {
	const push = JSON.parse(jsonFixture('dahua-tollgate'));
	change(push.Picture);
	return JSON.stringify(push);
}

describe('D samples of Dahua cameras', () => {
	it('reads a vehicle: 204 on the scale to 255, Obverse is toward the camera', () => {
		const camera = createPushBench(dahuaPush);
		expect(camera.post(jsonFixture('dahua-tollgate'))).toEqual({
			...{ status: 200, contentType: 'application/json' },
			body: '{"Result":true,"result":true,"Message":"Success"}',
		});
		expect(camera.observations).toMatchObject([
			{ plate: 'TEST00001', confidence: 0.8, direction: 'approaching', historical: false },
		]);
		// Its time tells no offset: without a zone it is no moment.
		expect(camera.observations[0]).not.toHaveProperty('cameraTimeMs');
		expect(camera.status().identity).toMatchObject({ vendor: 'Dahua', serial: 'TEST_CAMERA' });
	});

	it('reads its time in the zone it is configured to have', () => {
		const camera = createPushBench(dahuaPush, { timeZone: 'Asia/Bangkok' });
		camera.post(jsonFixture('dahua-tollgate'));
		expect(camera.observations).toMatchObject([
			{ cameraTimeMs: Date.parse('2024-01-30T07:34:05.120Z'), cameraTimeTrust: 'assumed' },
		]);
	});

	it.each([
		[90, undefined, 0.9],
		[90, 255, 90 / 255],
		[204, 255, 0.8],
		[204, 100, 0],
		[300, undefined, 0],
		['', undefined, 0],
	])('reads the confidence %s on the scale %s as %s', (value, confidenceScale, confidence) => {
		const camera = createPushBench(dahuaPush, confidenceScale === undefined ? {} : { confidenceScale });
		camera.post(tollgate((picture) => Object.assign(picture['Plate'] ?? {}, { Confidence: value })));
		expect(camera.observations).toMatchObject([{ confidence }]);
	});

	it('tells one vehicle once, whether its loop, the video or a hand triggered the camera', () => {
		const camera = createPushBench(dahuaPush);
		for (const second of ['05', '06', '07']) {
			const AccurateTime = `2024-01-30 14:34:${second}.000`;
			camera.post(tollgate((picture) => Object.assign(picture['SnapInfo'] ?? {}, { AccurateTime })));
			camera.clock.advance(1_000);
		}
		expect(camera.observations).toHaveLength(1);
		expect(camera.status().statistics).toMatchObject({ duplicates: 2 });
	});

	it.each([
		['--', { Plate: { PlateNumber: '--' } }],
		['unlicensed', { Plate: { PlateNumber: 'unlicensed' } }],
		['no plate at all', { Plate: { PlateNumber: 'TEST00001', IsExist: false } }],
	])('takes %s for a vehicle without a plate', (_, change) => {
		const camera = createPushBench(dahuaPush);
		camera.post(tollgate((picture) => Object.assign(picture, change)));
		expect(camera.observations).toEqual([]);
		expect(camera.status().statistics).toMatchObject({ noPlate: 1 });
	});

	it('leaves out what is no motor vehicle', () => {
		const camera = createPushBench(dahuaPush);
		camera.post(tollgate((picture) => Object.assign(picture, { Vehicle: { Category: 'NonMotor' } })));
		expect(camera.status().statistics).toMatchObject({ other: 1, noPlate: 0, plates: 0 });
	});

	it('is found by its address where it posts to a path of its own', () => {
		expect(createPushBench(dahuaPush).receiver.ownPath).toBeUndefined();
		expect(createPushBench(dahuaPush, { address: '10.0.0.21' }).receiver.ownPath).toEqual({
			...{ prefix: '/NotificationInfo/', fromAddress: '10.0.0.21' },
		});
	});

	it('takes KeepAlive and DeviceInfo for signs of life', () => {
		const camera = createPushBench(dahuaPush);
		camera.post(jsonFixture('dahua-keepalive'));
		camera.post(jsonFixture('dahua-deviceinfo'));
		expect(camera.status()).toMatchObject({
			...{ state: 'online', statistics: { heartbeats: 2 } },
			identity: { model: 'VIP-7250-LPR-IA-FT-G2', manufacturer: 'Intelbras' },
		});
	});
});
