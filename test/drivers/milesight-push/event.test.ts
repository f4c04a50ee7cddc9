import { describe, expect, it } from 'vitest';
import { milesightPush } from '../../../src/drivers/milesight-push/index.ts';
import { createPushBench, formBody, jsonFixture } from '../../support/push-camera.ts';

const change = (more: object) => JSON.stringify({ ...JSON.parse(jsonFixture('milesight')), ...more });

describe('D samples of Milesight cameras', () => {
	it('reads a message: dashes stay, everything is text, the time is local', () => {
		const camera = createPushBench(milesightPush, { timeZone: 'Europe/Dublin' });
		camera.post(jsonFixture('milesight'));
		expect(camera.observations).toMatchObject([
			{
				...{ plate: '01-D-12345', confidence: 0.7, direction: 'approaching', country: 'IE', historical: false },
				...{ cameraTimeMs: Date.parse('2024-02-01T06:00:05.509Z'), cameraTimeTrust: 'assumed' },
			},
		]);
		expect(camera.status()).toMatchObject({
			...{ identity: { name: 'Gate 1' }, statistics: { plateWidthPx: 144, plateHeightPx: 36 } },
		});
	});

	it('reads the same from a form', () => {
		const fields: Readonly<Record<string, string>> = JSON.parse(jsonFixture('milesight'));
		const camera = createPushBench(milesightPush);
		camera.post(new URLSearchParams(fields).toString(), 'application/x-www-form-urlencoded');
		const parts = Object.entries(fields).map(([name, body]) => {
			return { headers: `Content-Disposition: form-data; name="${name}"`, body: name === 'plate' ? 'OTHER1' : body };
		});
		camera.post(formBody(parts), 'multipart/form-data; boundary=boundary');
		expect(camera.plates().map(({ plate }) => plate)).toEqual(['01-D-12345', 'OTHER1']);
	});

	it.each([
		['70', 0.7],
		['0.70', 0.7],
		['-', 0],
		['', 0],
	])('reads the confidence %s as %s', (confidence, expected) => {
		const camera = createPushBench(milesightPush);
		camera.post(change({ confidence }));
		expect(camera.observations).toMatchObject([{ confidence: expected }]);
	});

	it('assumes a confidence only where the camera tells none and the site says which', () => {
		const camera = createPushBench(milesightPush, { assumedConfidence: 0.85 });
		camera.post(change({ confidence: '-' }));
		camera.post(change({ confidence: '12', plate: 'OTHER1' }));
		expect(camera.observations).toMatchObject([{ confidence: 0.85 }, { confidence: 0.12 }]);
	});

	it('tells a vehicle once that is sent again with its list', () => {
		const camera = createPushBench(milesightPush);
		camera.post(jsonFixture('milesight'));
		camera.clock.advance(1_000);
		camera.post(change({ type: 'Visitor', time: '2024-02-01 06:00:06.509' }));
		expect(camera.observations).toHaveLength(1);
	});

	it.each([
		['Away', 'leaving'],
		['Out', 'leaving'],
		['In', 'approaching'],
		['-', 'unknown'],
	])('reads the direction %s as %s', (direction, expected) => {
		const camera = createPushBench(milesightPush);
		camera.post(change({ direction }));
		expect(camera.observations).toMatchObject([{ direction: expected }]);
	});
});
