import { describe, expect, it } from 'vitest';
import { type HikvisionConfig, hikvisionConfigSchema } from '../../../src/drivers/hikvision-push/config.ts';
import { createHikvisionReceiver } from '../../../src/drivers/hikvision-push/receiver.ts';
import { encodeSolidJpeg } from '../../../src/drivers/push-camera/solid-jpeg.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import {
	createDriverBench,
	formBody,
	hikvisionFixture,
	picturePart,
	pushOf,
	xmlPart,
} from '../../support/push-camera.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const START_MS = Date.parse('2026-07-05T19:44:41Z');

function createCamera(more: Partial<HikvisionConfig> = {}) {
	const clock = createVirtualClock(START_MS);
	const bench = createDriverBench(clock);
	const config = hikvisionConfigSchema.parse({ id: 'cam-1', driver: 'hikvision-push', path: 'cam-1', ...more });
	const receiver = createHikvisionReceiver(bench.deps, config);
	const post = (body: string | Uint8Array, contentType = 'application/xml') =>
		receiver.handle(pushOf(body, contentType));
	return { ...bench, clock, receiver, post, status: () => receiver.device.status() };
}

function anpr(fields: { plate?: string; uuid?: string; dateTime?: string; mac?: string } = {}): string {
	const { plate = 'AB123CD', uuid, dateTime, mac } = fields;
	const tag = (name: string, value: string | undefined) => (value === undefined ? '' : `<${name}>${value}</${name}>`);
	return (
		`<EventNotificationAlert>${tag('macAddress', mac)}${tag('dateTime', dateTime)}<eventType>ANPR</eventType>` +
		`<ANPR><licensePlate>${plate}</licensePlate><confidenceLevel>90</confidenceLevel></ANPR>${tag('UUID', uuid)}</EventNotificationAlert>`
	);
}

function io(port: number, state: string): string {
	return `<EventNotificationAlert><eventType>IO</eventType><eventState>${state}</eventState><inputIOPortID>${port}</inputIOPortID></EventNotificationAlert>`;
}

describe('plates', () => {
	it('makes an observation of a plate with its evidence, on the gateway clock, and answers 200 without a body', () => {
		const camera = createCamera();
		camera.clock.advance(1_000);
		const jpeg = encodeSolidJpeg(64, 32, 99, '');
		const body = formBody([
			xmlPart(hikvisionFixture('deepinview-v5.8.xml')),
			picturePart('licensePlatePicture.jpg', jpeg),
		]);
		expect(camera.post(body, 'multipart/form-data; boundary=boundary')).toEqual({ status: 200 });
		expect(camera.observations).toEqual([
			expect.objectContaining({
				...{ kind: 'plate', id: 'read-1', deviceId: 'cam-1', plate: 'WX1234A', confidence: 0.92, direction: 'leaving' },
				...{ atMs: START_MS + 1_000, monotonicMs: 1_000, cameraTimeMs: START_MS - 1_000, historical: false },
				evidence: [{ role: 'plate', contentType: 'image/jpeg', bytes: expect.anything() }],
			}),
		]);
		expect(camera.status().statistics).toMatchObject({ pushes: 1, events: 1, plates: 1, clockOffsetMs: -2_000 });
	});

	it('answers 200 to anything, so that no camera gives up or sends it again', () => {
		const camera = createCamera();
		for (const body of ['', 'x', '<a>', '\u0000\u0001', anpr({ plate: 'X'.repeat(50) })])
			expect(camera.post(body)).toEqual({ status: 200 });
		expect(camera.observations).toEqual([]);
		expect(camera.status().statistics).toMatchObject({ pushes: 5, malformed: 5 });
	});

	it('marks buffered events as historical and keeps them out of the clock offset', () => {
		const camera = createCamera();
		camera.post(hikvisionFixture('retransmitted.xml'));
		expect(camera.observations).toMatchObject([{ plate: '1E5', historical: true }]);
		expect(camera.status().statistics).toMatchObject({ historical: 1, plates: 1 });
		expect(camera.status().statistics).not.toHaveProperty('clockOffsetMs');
	});

	it('counts a vehicle without a plate and observes nothing', () => {
		const camera = createCamera();
		camera.post(hikvisionFixture('no-plate.xml'));
		expect(camera.observations).toEqual([]);
		expect(camera.status()).toMatchObject({ state: 'online', statistics: { noPlate: 1, plates: 0 } });
	});

	it('writes no plate and no markup of a body into a log line', () => {
		const camera = createCamera();
		camera.post(anpr({ plate: 'SECRET1' }));
		camera.post('<script>alert(1)</script>');
		expect(JSON.stringify(camera.log.lines)).not.toMatch(/SECRET1|script/);
		expect(camera.log.lines).toHaveLength(1);
		for (let times = 0; times < 50; times += 1) camera.post('<script>');
		expect(camera.log.lines).toHaveLength(1);
		camera.clock.advance(60_000);
		camera.post('<script>');
		expect(camera.log.lines.at(-1)?.fields).toMatchObject({ reason: 'noAlert', times: 51 });
	});
});

describe('camera time', () => {
	it.each([
		['2026-07-05T20:44:40+01:00', undefined, '2026-07-05T19:44:40.000Z'],
		['2024-05-07T17:48:03.847+07:00', undefined, '2024-05-07T10:48:03.847Z'],
		['2026-07-05T20:44:40Z', undefined, '2026-07-05T20:44:40.000Z'],
		['2026-07-05T20:44:40-0330', undefined, '2026-07-06T00:14:40.000Z'],
		['2026-07-05T20:44:40', 'Europe/Brussels', '2026-07-05T18:44:40.000Z'],
		['2026-01-05T20:44:40', 'Europe/Brussels', '2026-01-05T19:44:40.000Z'],
		['2026-07-05T20:44:40', undefined, undefined],
		['2026-02-30T20:44:40Z', undefined, undefined],
		['2026-07-05T25:44:40Z', undefined, undefined],
		['yesterday', 'Europe/Brussels', undefined],
	])('takes %s in the zone %s as %s', (dateTime, timeZone, expected) => {
		const camera = createCamera(timeZone === undefined ? {} : { timeZone });
		camera.post(anpr({ dateTime }));
		const [observation] = camera.observations;
		const told = observation?.kind === 'plate' ? observation.cameraTimeMs : undefined;
		expect(told === undefined ? undefined : new Date(told).toISOString()).toBe(expected);
	});
});

describe('the same event sent again', () => {
	const uuid = '5b1e72d4-3652-464a-aebd-3f9190010236';

	it('is recognised by its UUID', () => {
		const camera = createCamera();
		camera.post(anpr({ uuid }));
		camera.post(anpr({ uuid }));
		expect(camera.observations).toMatchObject([{ dedupeKey: uuid }]);
		expect(camera.status().statistics).toMatchObject({ plates: 1, duplicates: 1 });
	});

	it('is recognised by MAC, time and plate where there is no UUID worth the name', () => {
		const camera = createCamera();
		const once = { mac: '44-A6-42-00-00-17', dateTime: '2026-07-05T20:44:40+01:00', uuid: 'x' };
		camera.post(anpr(once));
		camera.post(anpr(once));
		camera.post(anpr({ ...once, uuid: '00000000-0000-0000-0000-000000000000' }));
		camera.post(anpr({ ...once, plate: 'AB123CE' }));
		camera.post(anpr({ ...once, dateTime: '2026-07-05T20:44:41+01:00' }));
		expect(camera.observations.map((read) => read.kind === 'plate' && read.dedupeKey)).toEqual([
			'44a642000017|2026-07-05T20:44:40+01:00|AB123CD',
			'44a642000017|2026-07-05T20:44:40+01:00|AB123CE',
			'44a642000017|2026-07-05T20:44:41+01:00|AB123CD',
		]);
	});

	it('is not assumed where nothing tells two passages apart, nor for two plates under one UUID', () => {
		const camera = createCamera();
		camera.post(anpr());
		camera.post(anpr());
		camera.post(anpr({ uuid, plate: 'AA1' }));
		camera.post(anpr({ uuid, plate: 'BB2' }));
		expect(camera.observations).toHaveLength(4);
		expect(new Set(camera.observations.map((read) => read.kind === 'plate' && read.dedupeKey)).size).toBe(3);
	});

	it('is remembered for a bounded number of events', () => {
		const camera = createCamera();
		const key = (index: number) => `5b1e72d4-3652-464a-aebd-${String(index).padStart(12, '0')}`;
		for (let index = 0; index <= LIMITS.pushDedupeKeys; index += 1) camera.post(anpr({ uuid: key(index) }));
		camera.post(anpr({ uuid: key(LIMITS.pushDedupeKeys) }));
		expect(camera.status().statistics['duplicates']).toBe(1);
		camera.post(anpr({ uuid: key(0) }));
		expect(camera.status().statistics['duplicates']).toBe(1);
	});
});

describe('which camera it is', () => {
	it('refuses events of another MAC address, or of none, once one is configured', () => {
		const camera = createCamera({ mac: '44:A6:42:00:00:17' });
		camera.post(anpr({ mac: '44:a6:42:00:00:18' }));
		expect(camera.status()).toMatchObject({ state: 'faulted', problem: expect.stringContaining('44a642000018') });
		camera.post(anpr());
		expect(camera.observations).toEqual([]);
		expect(camera.status().statistics).toMatchObject({ wrongCamera: 2 });
		camera.post(anpr({ mac: '44a6.4200.0017' }));
		expect(camera.observations).toHaveLength(1);
		expect(camera.status()).toMatchObject({ state: 'online', identity: { vendor: 'Hikvision', mac: '44a642000017' } });
	});

	it('takes its device id from the configuration, never from the body', () => {
		const camera = createCamera();
		camera.post(hikvisionFixture('access-unit.xml'));
		expect(camera.observations).toMatchObject([{ deviceId: 'cam-1' }]);
		expect(camera.status().identity).toMatchObject({ deviceID: '88', channelName: 'IP CAPTURE CAMERA' });
	});
});

describe('digital inputs', () => {
	it('reports each change of a configured input once', () => {
		const camera = createCamera({ inputs: { arming: 2, button: 1 } });
		expect(camera.status()).toMatchObject({ capabilities: ['reads plates', 'reads inputs'], inputs: {} });
		camera.post(hikvisionFixture('input-active.xml'));
		camera.post(io(2, 'active'));
		camera.post(io(2, 'inactive'));
		camera.post(io(7, 'active'));
		expect(camera.inputs).toMatchObject([
			{ deviceId: 'cam-1', input: 'arming', active: true, atMs: START_MS },
			{ deviceId: 'cam-1', input: 'arming', active: false },
		]);
		expect(camera.status()).toMatchObject({ inputs: { arming: false }, statistics: { inputs: 3, unknownInputs: 1 } });
	});

	it('ends an input after the configured silence, for cameras that never say so', () => {
		const camera = createCamera({ inputs: { arming: 2 }, inputReleaseMs: 5_000 });
		camera.post(io(2, 'active'));
		camera.clock.advance(4_000);
		camera.post(io(2, 'active'));
		camera.clock.advance(4_999);
		expect(camera.status().inputs).toEqual({ arming: true });
		camera.clock.advance(1);
		expect(camera.status().inputs).toEqual({ arming: false });
		expect(camera.inputs).toHaveLength(2);
	});

	it('does not act on an input event that was buffered', () => {
		const camera = createCamera({ inputs: { arming: 2 } });
		camera.post(io(2, 'active').replace('<eventType>', '<isDataRetransmission>true</isDataRetransmission><eventType>'));
		expect(camera.inputs).toEqual([]);
	});
});

describe('status', () => {
	it('is starting until the first event, with what to do, then online', () => {
		const camera = createCamera();
		expect(camera.status()).toMatchObject({ state: 'starting', problem: expect.stringContaining('/ingest/cam-1') });
		camera.post('garbage');
		expect(camera.status()).toMatchObject({ state: 'starting', lastSeenMs: START_MS });
		camera.post(hikvisionFixture('videoloss-inactive.xml'));
		expect(camera.status()).toMatchObject({ state: 'online', statistics: { heartbeats: 1 } });
		expect(camera.status()).not.toHaveProperty('problem');
		expect(camera.statuses).toHaveLength(1);
		camera.clock.advance(24 * 3_600_000);
		expect(camera.status().state).toBe('online');
	});

	it('goes offline after the configured silence and comes back with the next heartbeat', () => {
		const camera = createCamera({ offlineAfterMinutes: 5 });
		camera.post(hikvisionFixture('heartbeat.xml'));
		camera.clock.advance(4 * 60_000);
		camera.post(hikvisionFixture('heartbeat.xml'));
		camera.clock.advance(5 * 60_000 - 1);
		expect(camera.status().state).toBe('online');
		camera.clock.advance(1);
		expect(camera.status()).toMatchObject({ state: 'offline', problem: expect.stringContaining('5 min') });
		camera.post(hikvisionFixture('heartbeat.xml'));
		expect(camera.statuses.map(({ state }) => state)).toEqual(['online', 'offline', 'online']);
	});

	it('plans one timer for its silence and one for each input, however much comes', () => {
		const camera = createCamera({ offlineAfterMinutes: 5, inputs: { arming: 2 }, inputReleaseMs: 5_000 });
		for (let times = 0; times < 100; times += 1) camera.post(io(2, 'active'));
		expect(camera.clock.pendingTimers()).toBe(2);
	});
});

describe('configuration', () => {
	const base = { id: 'cam-1', driver: 'hikvision-push', path: 'cam-1' };

	it('needs a path and nothing more', () => {
		expect(hikvisionConfigSchema.parse(base)).toEqual({ ...base, auth: { type: 'none' } });
	});

	it.each([
		{ path: '../admin' },
		{ path: 'a/b' },
		{ path: '' },
		{ path: '%2e' },
		{ mac: '44:a6' },
		{ timeZone: 'Mars/Olympus' },
		{ allow: ['10.0.0.0/33'] },
		{ allow: [] },
		{ inputs: { arming: 1, safety: 1 } },
		{ inputs: { 'arming loop': 1 } },
		{ auth: { type: 'basic', username: 'cam', password: 'short' } },
		{ auth: { type: 'digest', username: 'ca"m', password: 'long enough' } },
		{ auth: { type: 'token', token: 'too short' } },
		{ colour: 'red' },
	])('refuses %j', (wrong) => {
		expect(hikvisionConfigSchema.safeParse({ ...base, ...wrong }).success).toBe(false);
	});
});
