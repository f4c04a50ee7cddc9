import { describe, expect, it } from 'vitest';
import type { HttpAnswer, HttpQuestion } from '../../../src/drivers/ports/http-exchange.ts';
import type { Still } from '../../../src/drivers/ports/still-capture.ts';
import { createUsbCamera } from '../../../src/drivers/usb-camera/camera.ts';
import { usbCameraConfigSchema } from '../../../src/drivers/usb-camera/config.ts';
import { solidJpeg } from '../../support/images.ts';
import { createDriverBench } from '../../support/push-camera.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const ENGINE = { engine: 'codeproject-ai', url: 'http://10.0.0.5:32168' };

/** A camera whose stills take 800 ms, and an engine that takes 200 ms and answers what it is told, the last answer from then on. */
function createCamera(entry: object = {}, answers: readonly (object | HttpAnswer | undefined)[] = []) {
	const clock = createVirtualClock();
	const bench = createDriverBench(clock);
	const camera = { problem: undefined as string | undefined, stills: 0, atOnce: 0, mostAtOnce: 0 };
	const asked: HttpQuestion[] = [];
	const later = <Result>(ms: number, result: () => Result) =>
		new Promise<Result>((resolve) => void clock.after(ms, () => resolve(result())));
	const usb = createUsbCamera(
		{
			...bench.deps,
			takeStill() {
				camera.stills += 1;
				camera.atOnce += 1;
				camera.mostAtOnce = Math.max(camera.mostAtOnce, camera.atOnce);
				const still = camera.stills;
				return later<Still>(800, () => {
					camera.atOnce -= 1;
					if (camera.problem !== undefined) return { result: 'failed', problem: camera.problem };
					return { result: 'taken', bytes: solidJpeg(`still ${still}`) };
				});
			},
			exchange(question) {
				const answer = answers[Math.min(asked.length, answers.length - 1)] ?? { success: true, predictions: [] };
				asked.push(question);
				return later<HttpAnswer>(200, () =>
					'result' in answer
						? (answer as HttpAnswer)
						: { result: 'answered', status: 200, contentType: '', body: Buffer.from(JSON.stringify(answer)) },
				);
			},
		},
		usbCameraConfigSchema.parse({ id: 'cam-1', driver: 'usb-camera', port: 'sim:gate', ...entry }),
	);
	const end = usb.begin();
	const { takesStills } = usb.device;
	if (takesStills === undefined) throw new Error('it takes stills');
	const plates = () => bench.observations.filter((read) => read.kind === 'plate');
	return { ...bench, clock, camera, asked, end, takesStills, plates, status: usb.device.status };
}

const plate = (text: string, confidence: number) => ({
	success: true,
	predictions: [{ plate: text, confidence, x_min: 0, y_min: 0, x_max: 120, y_max: 30 }],
});

describe('D usb-camera: stills', () => {
	it('are asked for once at the start, so that a dead camera is known before it is needed', async () => {
		const { clock, camera, status } = createCamera();
		expect(status()).toMatchObject({ state: 'starting', address: 'sim:gate', capabilities: ['takes stills'] });
		await clock.advanceAsync(1_000);
		expect(status()).toMatchObject({ state: 'online', statistics: { stills: 1 } });
		await clock.advanceAsync(299_000 + 1_000);
		expect(camera.stills).toBe(2);
	});

	it('of several reads at once are one, and of reads a moment later, too', async () => {
		const { clock, camera, takesStills } = createCamera();
		await clock.advanceAsync(10_000);
		const [first, second] = [takesStills.still(), takesStills.still()];
		await clock.advanceAsync(800);
		const third = takesStills.still();
		expect(await first).toMatchObject({ role: 'still', contentType: 'image/jpeg' });
		expect([await second, await third]).toEqual([await first, await first]);
		expect(camera).toMatchObject({ stills: 2, mostAtOnce: 1 });
		await clock.advanceAsync(2_000);
		void takesStills.still();
		await clock.advanceAsync(1_000);
		expect(camera.stills).toBe(3);
	});

	it('that fail say so in words, are tried again less and less often, and work again when it is plugged in', async () => {
		const { clock, camera, takesStills, status } = createCamera();
		camera.problem = 'there is no camera at sim:gate; plug it in';
		await clock.advanceAsync(1_000);
		expect(status()).toMatchObject({ state: 'offline', problem: camera.problem });
		const none = takesStills.still();
		await clock.advanceAsync(1_000);
		expect(await none).toBeUndefined();
		await clock.advanceAsync(600_000);
		expect(camera.stills).toBeLessThan(40);
		camera.problem = undefined;
		await clock.advanceAsync(31_000);
		expect(status().state).toBe('online');
	});

	it('end with the gateway', async () => {
		const { clock, camera, end, takesStills } = createCamera();
		await clock.advanceAsync(5_000);
		end();
		expect(await takesStills.still()).toBeUndefined();
		await clock.advanceAsync(1_000_000);
		expect(camera.stills).toBe(1);
	});
});

describe('D usb-camera: plates of who stands on the loop', () => {
	it('are read by the engine in a still taken after the arrival, and told with that still', async () => {
		const { clock, camera, plates, takesStills, asked } = createCamera({ recognizer: ENGINE }, [
			plate('1abc234', 0.95),
		]);
		await clock.advanceAsync(100);
		// The still of the check is under way: the vehicle may not be in it.
		takesStills.vehicleCame?.();
		await clock.advanceAsync(5_000);
		expect(camera).toMatchObject({ stills: 2, mostAtOnce: 1 });
		expect(asked).toHaveLength(1);
		expect(plates()).toMatchObject([{ plate: '1ABC234', confidence: 0.95, historical: false, deviceId: 'cam-1' }]);
		expect(plates()[0]?.evidence).toMatchObject([{ role: 'still', bytes: solidJpeg('still 2') }]);
	});

	it('that are read with little confidence are read again: two stills that agree are two reads', async () => {
		const { clock, plates, takesStills } = createCamera({ recognizer: ENGINE }, [plate('1ABC234', 0.6)]);
		takesStills.vehicleCame?.();
		await clock.advanceAsync(20_000);
		expect(plates().map((read) => read.plate)).toEqual(['1ABC234', '1ABC234', '1ABC234']);
		expect(new Set(plates().map((read) => read.dedupeKey)).size).toBe(3);
	});

	it('that no still shows end after the stills of one vehicle, and count as not read', async () => {
		const { clock, asked, plates, takesStills, status } = createCamera({ recognizer: { ...ENGINE, stills: 2 } });
		takesStills.vehicleCame?.();
		await clock.advanceAsync(20_000);
		expect(asked).toHaveLength(2);
		expect(plates()).toEqual([]);
		expect(status().statistics).toMatchObject({ noPlate: 1, misreadPercent: 100, asked: 2 });
	});

	it('open nothing when the vehicle left meanwhile, and are not looked for any more', async () => {
		const { clock, asked, plates, takesStills } = createCamera({ recognizer: ENGINE }, [plate('1ABC234', 0.5)]);
		await clock.advanceAsync(2_000);
		const left = takesStills.vehicleCame?.();
		await clock.advanceAsync(900);
		expect(asked).toHaveLength(1);
		left?.();
		await clock.advanceAsync(20_000);
		expect(plates()).toMatchObject([{ plate: '1ABC234', historical: true }]);
		expect(asked).toHaveLength(1);
	});

	it('are looked for one after the other, however the loop flutters', async () => {
		const { clock, camera, asked, takesStills } = createCamera({ recognizer: ENGINE });
		for (let change = 0; change < 50; change += 1) {
			const left = takesStills.vehicleCame?.();
			await clock.advanceAsync(50);
			left?.();
		}
		await clock.advanceAsync(60_000);
		expect(camera.mostAtOnce).toBe(1);
		expect(asked.length).toBeLessThan(6);
	});

	it.each([
		[
			{ result: 'failed', problem: '10.0.0.5:32168: nothing listens there; check host and port' } as const,
			/nothing listens/,
		],
		[{ result: 'answered', status: 500, contentType: '', body: new Uint8Array() } as const, /answers 500/],
		[{ result: 'answered', status: 200, contentType: '', body: Buffer.from('<html>') } as const, /syntax/],
		[{ success: false, error: 'No model' }, /No model/],
	])('without an engine stills go on, lanes go by tag, and it says why', async (answer, problem) => {
		const { clock, plates, takesStills, status } = createCamera({ recognizer: ENGINE }, [answer]);
		takesStills.vehicleCame?.();
		await clock.advanceAsync(20_000);
		expect(status()).toMatchObject({ state: 'faulted', problem: expect.stringMatching(problem) });
		expect(status().capabilities).toEqual(['reads plates', 'takes stills']);
		expect(plates()).toEqual([]);
		const still = takesStills.still();
		await clock.advanceAsync(1_000);
		expect(await still).toBeDefined();
	});

	it('are read again once the engine is back', async () => {
		const lost = { result: 'failed', problem: 'lost' } as const;
		const { clock, plates, takesStills, status } = createCamera({ recognizer: ENGINE }, [lost, plate('1ABC234', 0.95)]);
		takesStills.vehicleCame?.();
		await clock.advanceAsync(20_000);
		expect(plates()).toHaveLength(1);
		expect(status().state).toBe('online');
	});
});
