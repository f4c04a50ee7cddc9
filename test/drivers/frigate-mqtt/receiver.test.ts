import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frigateConfigSchema } from '../../../src/drivers/frigate-mqtt/config.ts';
import { frigateMqtt } from '../../../src/drivers/frigate-mqtt/index.ts';
import { createFrigateReceiver } from '../../../src/drivers/frigate-mqtt/receiver.ts';
import { createFrigateSimulator } from '../../../src/drivers/frigate-mqtt/simulator.ts';
import { createDriverBench, jsonFixture } from '../../support/push-camera.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

/** The moment of `frigate-lpr.json`. */
const SEEN_MS = 1_701_194_718_125;

function createCamera(entry: object = {}) {
	const clock = createVirtualClock(SEEN_MS + 400);
	const bench = createDriverBench(clock);
	const config = frigateConfigSchema.parse({
		...{ id: 'cam-1', driver: 'frigate-mqtt', url: 'mqtt://10.0.0.5', camera: 'gate' },
		...entry,
	});
	const { device, events } = createFrigateReceiver(bench.deps, config);
	return {
		...{ ...bench, clock, events, simulator: createFrigateSimulator(config) },
		status: () => device.status(),
		hear: (topic: string, payload: string, retained = false) =>
			events.onMessage({ topic: `frigate/${topic}`, payload: Buffer.from(payload), retained }),
	};
}

const lpr = (more: object = {}) => JSON.stringify({ ...JSON.parse(jsonFixture('frigate-lpr')), ...more });
const object = (more: object = {}, type = 'update') => {
	const event = JSON.parse(jsonFixture('frigate-event-update'));
	return JSON.stringify({ ...event, type, after: { ...event.after, ...more } });
};

describe('D samples of Frigate', () => {
	it('reads a plate update', () => {
		const camera = createCamera();
		camera.hear('tracked_object_update', jsonFixture('frigate-lpr'));
		expect(camera.observations).toMatchObject([
			{
				...{ deviceId: 'cam-1', plate: '123ABC', confidence: 0.95, direction: 'unknown', historical: false },
				...{ cameraTimeMs: SEEN_MS, cameraTimeTrust: 'zoned', dedupeKey: '1701194717.030211-sszk97' },
			},
		]);
		expect(camera.status()).toMatchObject({ state: 'online', statistics: { plateWidthPx: 112, plateHeightPx: 42 } });
	});

	it('reads an event, whose plate is a text or text and score by version', () => {
		for (const plate of [
			{ recognized_license_plate: ['123ABC', 0.95] },
			{ recognized_license_plate: '123ABC', recognized_license_plate_score: 0.95 },
		]) {
			const camera = createCamera({ approachZones: ['street', 'gate'] });
			camera.hear('events', object(plate));
			expect(camera.observations).toMatchObject([{ plate: '123ABC', confidence: 0.95, direction: 'approaching' }]);
		}
	});

	it('tells one vehicle once, in however many messages, and again when it knows the way it goes', () => {
		const camera = createCamera({ approachZones: ['gate', 'street'] });
		for (let times = 0; times < 10; times += 1) {
			camera.hear('tracked_object_update', lpr());
			camera.hear('events', object());
			camera.clock.advance(100);
		}
		expect(camera.observations).toMatchObject([{ direction: 'unknown' }, { direction: 'leaving' }]);
	});
});

describe('D what opens nothing', () => {
	it.each([
		['a message the broker kept', 'tracked_object_update', lpr(), true],
		['a vehicle that has gone', 'events', object({}, 'end'), false],
		['what was seen long ago', 'tracked_object_update', lpr({ timestamp: SEEN_MS / 1_000 - 31 }), false],
	])('is kept as history: %s', (_, topic, payload, retained) => {
		const camera = createCamera();
		camera.hear(topic, payload, retained);
		expect(camera.observations).toMatchObject([{ plate: '123ABC', historical: true }]);
	});

	it.each([
		['another camera', 'tracked_object_update', lpr({ camera: 'street' })],
		['another camera of an event', 'events', object({ camera: 'street' })],
		['another kind of update', 'tracked_object_update', '{"type":"description","id":"x","description":"a car"}'],
		['a vehicle not yet read', 'events', object({ recognized_license_plate: null })],
		['a known name without a plate', 'events', object({ recognized_license_plate: null, sub_label: ['Anna', 0.9] })],
	])('is left out: %s', (_, topic, payload) => {
		const camera = createCamera();
		camera.hear(topic, payload);
		expect(camera.observations).toEqual([]);
		expect(camera.status().statistics).toMatchObject({ pushes: 0 });
	});

	it('is a vehicle outside its zone, and an update that does not tell the zone', () => {
		const camera = createCamera({ zone: 'gate' });
		camera.hear('tracked_object_update', lpr());
		camera.hear('events', object({ current_zones: ['street'] }));
		expect(camera.observations).toEqual([]);
		camera.hear('events', object({ current_zones: ['gate'] }));
		expect(camera.observations).toHaveLength(1);
	});

	it.each(['unknown', '', '-'])('is the plate "%s"', (plate) => {
		const camera = createCamera();
		camera.hear('tracked_object_update', lpr({ plate }));
		expect(camera.observations).toEqual([]);
		expect(camera.status().statistics).toMatchObject({ noPlate: 1 });
	});

	it('is a vehicle that was never read: a misread', () => {
		const camera = createCamera();
		camera.hear('events', object({ recognized_license_plate: null }, 'end'));
		expect(camera.status().statistics).toMatchObject({ noPlate: 1, historical: 0 });
	});
});

describe('D its state', () => {
	it('follows the broker and what Frigate says of itself', () => {
		const camera = createCamera();
		expect(camera.status()).toMatchObject({ state: 'starting', address: 'mqtt://10.0.0.5 frigate gate' });
		camera.events.onUp();
		camera.hear('available', 'online', true);
		camera.hear('available', 'stopped');
		camera.events.onDown('nothing listens there');
		camera.events.onUp();
		expect(camera.statuses.map(({ state, problem }) => [state, problem])).toEqual([
			['starting', expect.stringContaining('below frigate')],
			['online', undefined],
			['offline', 'Frigate says that it is stopped'],
			['offline', 'nothing listens there'],
			['starting', expect.stringContaining('below frigate')],
		]);
	});
});

describe('N9 its messages', () => {
	it('are made by its simulator and understood', () => {
		const camera = createCamera({ zone: 'gate', approachDegrees: 90 });
		const at = new Date(SEEN_MS);
		const read = { plate: 'AB123', confidence: 0.9, direction: 'leaving', at, eventId: 'e1' } as const;
		for (const { topic, payload, retain } of camera.simulator.plate(read))
			camera.events.onMessage({ topic, payload: Buffer.from(payload), retained: retain });
		expect(camera.observations).toMatchObject([{ plate: 'AB123', direction: 'leaving', historical: false }]);
	});

	it('may be anything', () => {
		const camera = createCamera();
		const payload = fc.oneof(
			fc.json(),
			fc.string(),
			fc
				.dictionary(fc.constantFrom('type', 'after', 'camera', 'plate', 'score'), fc.jsonValue())
				.map((given) => lpr(given)),
			fc
				.dictionary(fc.constantFrom('camera', 'recognized_license_plate', 'entered_zones', 'label'), fc.jsonValue())
				.map((given) => object(given)),
		);
		fc.assert(
			fc.property(fc.constantFrom('events', 'tracked_object_update', 'available', 'other'), payload, (topic, text) => {
				camera.hear(topic, text);
				for (const line of frigateMqtt.decode(Buffer.from(text))) expect(line.offset).toBeGreaterThanOrEqual(0);
			}),
		);
		for (const read of camera.observations)
			expect(read.kind === 'plate' && read.confidence >= 0 && read.confidence <= 1).toBe(true);
	});

	it('are printed by decode, whatever camera they name', () => {
		expect([...frigateMqtt.decode(Buffer.from(lpr({ camera: 'any other' })))]).toMatchObject([
			{ kind: 'frame', event: 'plate' },
			{ kind: 'observation', plate: '123ABC' },
		]);
	});
});

describe('configuration', () => {
	const base = { id: 'cam-1', driver: 'frigate-mqtt', url: 'mqtt://10.0.0.5:1883', camera: 'gate' };
	it.each([
		{ url: 'http://10.0.0.5' },
		{ url: 'mqtt://user:secret@10.0.0.5' },
		{ topicPrefix: '#' },
		{ topicPrefix: 'frigate/+' },
		{ camera: undefined },
		{ approachZones: ['one'] },
	])('refuses %j', (wrong) => {
		expect(frigateConfigSchema.safeParse(base).success).toBe(true);
		expect(frigateConfigSchema.safeParse({ ...base, ...wrong }).success).toBe(false);
	});
});
