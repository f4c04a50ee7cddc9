import { describe, expect, it } from 'vitest';
import { hikvisionConfigSchema } from '../../../src/drivers/hikvision-push/config.ts';
import { hikvisionPush } from '../../../src/drivers/hikvision-push/index.ts';
import { createHikvisionReceiver } from '../../../src/drivers/hikvision-push/receiver.ts';
import { createHikvisionSimulator } from '../../../src/drivers/hikvision-push/simulator.ts';
import { encodeSolidJpeg } from '../../../src/drivers/push-camera/solid-jpeg.ts';
import { createDriverBench, hikvisionFixture, pushOf } from '../../support/push-camera.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const config = hikvisionConfigSchema.parse({
	...{ id: 'cam-1', driver: 'hikvision-push', path: 'cam-1', mac: '02:00:00:00:00:01', inputs: { arming: 3 } },
});
const at = new Date('2026-07-05T19:44:40.250Z');
const eventId = '5b1e72d4-3652-464a-aebd-3f9190010236';

describe('N9 the simulated camera', () => {
	it('sends what its driver understands: plate, inputs, heartbeat', () => {
		const bench = createDriverBench(createVirtualClock(at.getTime()));
		const receiver = createHikvisionReceiver(bench.deps, config);
		const simulator = createHikvisionSimulator(config);
		const pushes = [
			simulator.plate({ plate: '1ABC234', confidence: 0.97, direction: 'approaching', at, eventId }),
			simulator.input('arming', true, at),
			simulator.input('arming', false, at),
			simulator.heartbeat(at),
		];
		for (const push of pushes) receiver.handle(pushOf(push.body, push.contentType));
		expect(bench.observations).toMatchObject([
			{
				...{
					plate: '1ABC234',
					confidence: 0.97,
					direction: 'approaching',
					cameraTimeMs: at.getTime(),
					dedupeKey: eventId,
				},
				evidence: [{ role: 'plate' }, { role: 'scene' }],
			},
		]);
		expect(bench.inputs).toMatchObject([
			{ input: 'arming', active: true },
			{ input: 'arming', active: false },
		]);
		expect(receiver.device.status().statistics).toMatchObject({ heartbeats: 1, malformed: 0, wrongCamera: 0 });
	});

	it('sends pictures of its own for each vehicle', () => {
		const simulator = createHikvisionSimulator(config);
		const read = { confidence: 0.9, direction: 'leaving', at, eventId } as const;
		const bodies = ['1ABC234', '1ABC235'].map((plate) => simulator.plate({ ...read, plate }).body);
		expect(bodies[0]?.length).toBeGreaterThan(2_000);
		expect(Buffer.from(bodies[0] ?? []).equals(Buffer.from(bodies[1] ?? []))).toBe(false);
	});
});

describe('a solid picture', () => {
	it('is a baseline JPEG whose segments add up and whose data ends with it', () => {
		for (const level of [1, 64, 127, 128, 129, 200, 255]) {
			const bytes = Buffer.from(encodeSolidJpeg(120, 40, level, 'plate'));
			expect(bytes.readUInt16BE(0)).toBe(0xffd8);
			const markers: number[] = [];
			let offset = 2;
			while (bytes.readUInt16BE(offset) !== 0xffda) {
				markers.push(bytes.readUInt16BE(offset));
				offset += 2 + bytes.readUInt16BE(offset + 2);
			}
			expect(markers).toEqual([0xffe0, 0xfffe, 0xffdb, 0xffc0, 0xffc4, 0xffc4]);
			const data = bytes.subarray(offset + 2 + bytes.readUInt16BE(offset + 2));
			expect(data.readUInt16BE(data.length - 2)).toBe(0xffd9);
			expect(data.subarray(0, -2).toString('latin1')).not.toMatch(/\xff[^\0]/);
		}
	});
});

describe('decode of a captured body', () => {
	it('gives a line for the frame and one for the observation', () => {
		const push = createHikvisionSimulator(config).plate({
			plate: 'B2',
			confidence: 1,
			direction: 'leaving',
			at,
			eventId,
		});
		const lines = [...hikvisionPush.decode(push.body)];
		expect(lines).toMatchObject([
			{
				kind: 'frame',
				event: 'plate',
				eventType: 'ANPR',
				uuid: eventId,
				pictures: [{ role: 'plate' }, { role: 'scene' }],
			},
			{ kind: 'observation', plate: 'B2', confidence: 1, direction: 'leaving', dedupeKey: eventId, historical: false },
		]);
		const { offset } = lines[0] ?? { offset: 0 };
		expect(Buffer.from(push.body).toString('latin1', offset, offset + 5)).toBe('<?xml');
		expect(JSON.parse(JSON.stringify(lines[1]))).toMatchObject({ plate: 'B2' });
	});

	it('gives a line for what is no event', () => {
		expect([...hikvisionPush.decode(Buffer.from('noise'))]).toEqual([{ offset: 0, kind: 'error', reason: 'noAlert' }]);
		expect([...hikvisionPush.decode(Buffer.from(hikvisionFixture('input-active.xml')))]).toMatchObject([
			{ kind: 'frame', event: 'input', port: 2, active: true },
		]);
	});
});
