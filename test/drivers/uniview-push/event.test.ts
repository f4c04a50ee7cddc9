import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeSolidJpeg } from '../../../src/drivers/push-camera/solid-jpeg.ts';
import { univiewPush } from '../../../src/drivers/uniview-push/index.ts';
import { createPushBench } from '../../support/push-camera.ts';

const PICTURE = Buffer.from(encodeSolidJpeg(64, 32, 150, 'evidence')).toString('base64');
function fixture(name: string): string {
	const text = readFileSync(new URL(`../../fixtures/uniview/${name}.json`, import.meta.url), 'utf8');
	return text.replaceAll('PICTURE', PICTURE);
}
const STRUCTURE = fixture('structure');

const createCamera = (entry: object = {}) =>
	createPushBench(univiewPush, { timeZone: 'Europe/Brussels', assumedConfidence: 0.9, ...entry });

describe('notifications of LAPI', () => {
	it.each(['application/json', 'multipart/form-data', 'multipart/form-data; boundary=x', 'text/plain'])(
		'D are read whatever they say they are: %s',
		(contentType) => {
			const camera = createCamera();
			expect(camera.post(STRUCTURE, contentType).status).toBe(200);
			expect(camera.plates()).toMatchObject([
				{
					...{ plate: '1ABC234', confidence: 0.9, direction: 'unknown', historical: false },
					...{ cameraTimeMs: Date.parse('2026-07-05T18:44:40.250Z'), cameraTimeTrust: 'assumed' },
					...{ dedupeKey: '1|20260705204440250|1ABC234', evidence: [{ role: 'scene' }, { role: 'plate' }] },
				},
			]);
			expect(camera.status().identity).toMatchObject({ vendor: 'Uniview', name: 'Gate north' });
		},
	);

	it('D of GA/T 1400 are read too, and a vehicle without a plate is told as such', () => {
		const camera = createCamera();
		camera.post(fixture('motor-vehicles'));
		expect(camera.plates()).toMatchObject([{ plate: '皖A12345' }]);
		expect(camera.status().statistics).toMatchObject({ noPlate: 1, malformed: 0 });
	});

	it.each(['Unknown', '', '-', 'unlicensed'])('with the plate "%s" open nothing', (plate) => {
		const camera = createCamera();
		camera.post(STRUCTURE.replace('1ABC234', plate));
		expect(camera.plates()).toEqual([]);
		expect(camera.status().statistics).toMatchObject({ noPlate: 1 });
	});

	it('sent again are told once', () => {
		const camera = createCamera();
		camera.post(STRUCTURE);
		camera.post(STRUCTURE);
		expect(camera.plates()).toHaveLength(1);
		expect(camera.status().statistics).toMatchObject({ duplicates: 1 });
	});

	it('of other kinds are a sign of life; without a vehicle they say nothing', () => {
		const camera = createCamera();
		camera.post('{"Reference":"10.0.0.2:8081/Subscription/Subscribers/1","AlarmInfo":{"AlarmType":"MotionAlarmOn"}}');
		camera.post(STRUCTURE.replace(/"VehicleInfoList": \[[\s\S]*?\n {6}\]/, '"VehicleInfoList": []'));
		expect(camera.status()).toMatchObject({ state: 'online', statistics: { other: 2, malformed: 0 } });
		expect(camera.plates()).toEqual([]);
	});

	it('without a configured confidence wait for a second read', () => {
		const camera = createCamera({ assumedConfidence: undefined });
		camera.post(STRUCTURE);
		expect(camera.plates()).toMatchObject([{ confidence: 0 }]);
	});
});
