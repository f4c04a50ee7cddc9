import { describe, expect, it } from 'vitest';
import { vzenithPush } from '../../../src/drivers/vzenith-push/index.ts';
import { createPushBench, jsonFixture } from '../../support/push-camera.ts';

const DENIED = { Response_AlarmInfoPlate: { info: 'no', content: 'retransfer_stop' } };

describe('D samples of Vzenith cameras', () => {
	it('reads a plate: percent, the moment, the plate in pixels, the direction in the picture', () => {
		const camera = createPushBench(vzenithPush, { approachDirection: 'down' });
		const reply = camera.post(jsonFixture('vzenith-plate'));
		expect(camera.observations).toMatchObject([
			{
				...{ plate: '粤Z9065澳', confidence: 0.96, country: 'CN', direction: 'approaching', historical: false },
				...{ cameraTimeMs: 1_686_299_994_672, cameraTimeTrust: 'zoned' },
				dedupeKey: 'fe71e106-57263272|1187|1686299994',
			},
		]);
		expect(camera.status().statistics).toMatchObject({ plateWidthPx: 144, plateHeightPx: 36 });
		// Its answer would open: who is no barrier denies at once.
		expect(reply).toMatchObject({ status: 200, contentType: 'application/json' });
		expect(JSON.parse(reply.body ?? '')).toMatchObject(DENIED);
	});

	it('reads seconds that count local time', () => {
		const camera = createPushBench(vzenithPush, { clock: 'local', timeZone: 'Asia/Shanghai' });
		camera.post(jsonFixture('vzenith-plate'));
		expect(camera.observations).toMatchObject([
			{ cameraTimeMs: 1_686_299_994_672 - 8 * 3_600_000, cameraTimeTrust: 'assumed' },
		]);
	});

	it('reads an old firmware, which tells little', () => {
		const camera = createPushBench(vzenithPush);
		camera.post(jsonFixture('vzenith-old'));
		camera.post(jsonFixture('vzenith-old'));
		expect(camera.observations).toMatchObject([{ plate: '京A12345', confidence: 0, direction: 'unknown' }]);
	});

	it('keeps a buffered record, opens nothing for it and asks for the next', () => {
		const camera = createPushBench(vzenithPush);
		const reply = camera.post(jsonFixture('vzenith-offline'));
		expect(camera.observations).toMatchObject([{ plate: '粤Z9065澳', historical: true }]);
		expect(JSON.parse(reply.body ?? '')).toMatchObject({
			Response_AlarmInfoPlate: { info: 'no', ContinuePushOffline: { plateid: 123, continue: 1 } },
		});
		const noPlate = camera.post(jsonFixture('vzenith-offline').replace('粤Z9065澳', '_无_'));
		expect(noPlate.body).toContain('"plateid":123');
		expect(camera.status().statistics).toMatchObject({ noPlate: 1, historical: 1 });
	});

	it('opens nothing for a plate the camera takes for a fake', () => {
		const camera = createPushBench(vzenithPush);
		camera.post(jsonFixture('vzenith-plate').replace('"is_fake_plate":0', '"is_fake_plate":1'));
		expect(camera.observations).toMatchObject([{ historical: true }]);
	});

	it('tells its inputs', () => {
		const camera = createPushBench(vzenithPush, { inputs: { arming: 4 } });
		camera.post(jsonFixture('vzenith-input'));
		camera.post(jsonFixture('vzenith-input').replace('"value":1', '"value":0'));
		camera.post(jsonFixture('vzenith-input').replace('"source":3', '"source":0'));
		expect(camera.inputs).toMatchObject([
			{ input: 'arming', active: true },
			{ input: 'arming', active: false },
		]);
		expect(camera.status().statistics).toMatchObject({ inputs: 2, unknownInputs: 1 });
	});

	it('takes heartbeats and what came over its serial line for signs of life', () => {
		const camera = createPushBench(vzenithPush);
		expect(camera.post(jsonFixture('vzenith-serial'))).toEqual({ status: 200 });
		const alive = camera.simulator.heartbeat?.(new Date(0));
		expect(camera.post(alive?.body ?? '', alive?.contentType)).toEqual({ status: 200 });
		expect(camera.status()).toMatchObject({ state: 'online', statistics: { other: 1, heartbeats: 1 } });
	});
});
