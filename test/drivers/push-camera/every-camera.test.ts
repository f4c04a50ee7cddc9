import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDriverRegistry } from '../../../src/drivers/registry.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createPushBench, jsonFixture } from '../../support/push-camera.ts';

const AT = new Date('2026-07-05T19:44:40.250Z');
const READ = { plate: '1ABC234', confidence: 0.97, direction: 'approaching', at: AT, eventId: 'e1f0c2' } as const;

/** Settings a site would set for its camera to tell travel and time. */
const SETTINGS: Readonly<Record<string, object>> = {
	'dahua-push': { timeZone: 'UTC' },
	'milesight-push': { timeZone: 'UTC' },
	'platerecognizer-push': { approachDegrees: 200 },
	'openalpr-push': { approachDegrees: 200 },
	'vzenith-push': { approachDirection: 'down' },
	'tvt-push': { assumedConfidence: 0.97 },
	'uniview-push': { assumedConfidence: 0.97, timeZone: 'UTC' },
};
/** Cameras that tell no travel. */
const WITHOUT_TRAVEL = new Set(['tvt-push', 'uniview-push']);
const drivers = createDriverRegistry()
	.drivers.filter((driver) => driver.carrier === 'push')
	.map((driver) => ({ kind: driver.kind, driver, settings: SETTINGS[driver.kind] ?? {} }));
const FIXTURES = [
	...['axis-update', 'axis-publisher', 'dahua-tollgate', 'milesight', 'platerecognizer-stream', 'verkada', 'genetec'],
	...['openalpr-results', 'openalpr-group', 'vzenith-plate', 'vzenith-input'],
];

describe.each(drivers)('D $kind, as every camera', ({ driver, settings }) => {
	const bench = () => createPushBench(driver, settings);
	const travel = (told: string) => (WITHOUT_TRAVEL.has(driver.kind) ? 'unknown' : told);

	it('reads what its simulator sends: plate, confidence, direction, time, pictures; a heartbeat is a sign of life', () => {
		const camera = bench();
		const push = camera.simulator.plate(READ);
		expect(camera.post(push.body, push.contentType).status).toBe(200);
		expect(camera.observations).toMatchObject([
			{
				...{ kind: 'plate', deviceId: 'cam-1', plate: '1ABC234', direction: travel('approaching'), historical: false },
				...{ confidence: expect.closeTo(0.97, 5), cameraTimeMs: AT.getTime(), evidence: expect.anything() },
			},
		]);
		expect(camera.status()).toMatchObject({ state: 'online', statistics: { plates: 1, malformed: 0 } });
		const alive = camera.simulator.heartbeat?.(AT);
		if (alive !== undefined) camera.post(alive.body, alive.contentType);
		expect(camera.status().statistics).toMatchObject({ heartbeats: alive === undefined ? 0 : 1, malformed: 0 });
		expect(camera.observations).toHaveLength(1);
	});

	it('tells the same event once, and the next passage of the same vehicle again', () => {
		const camera = bench();
		const push = camera.simulator.plate(READ);
		for (let times = 0; times < 5; times += 1) camera.post(push.body, push.contentType);
		expect(camera.plates()).toHaveLength(1);
		camera.clock.advance(600_000);
		const at = new Date(AT.getTime() + 600_000);
		const next = camera.simulator.plate({ ...READ, at, eventId: 'e2aa' });
		camera.post(next.body, next.contentType);
		expect(camera.plates()).toHaveLength(2);
	});

	it.each(['unknown', '_无_', '-', 'unlicensed', ''])('takes the plate "%s" for none', (plate) => {
		const camera = bench();
		const push = camera.simulator.plate({ ...READ, plate });
		camera.post(push.body, push.contentType);
		expect(camera.observations).toEqual([]);
		expect(camera.status()).toMatchObject({ state: 'online', statistics: { noPlate: 1, misreadPercent: 100 } });
	});

	it('says which way a vehicle goes that leaves', () => {
		const camera = bench();
		const push = camera.simulator.plate({ ...READ, direction: 'leaving' });
		camera.post(push.body, push.contentType);
		expect(camera.observations).toMatchObject([{ direction: travel('leaving') }]);
	});

	it('answers 200 to what is none of its events, tells nothing and logs the reason', () => {
		const camera = bench();
		for (const body of ['', 'x', '{}', '[]', '{"a":1}', '\u0000', '{"plate', '[1]'])
			expect(camera.post(body).status).toBe(200);
		expect(camera.observations).toEqual([]);
		expect(camera.status()).toMatchObject({ state: 'starting', statistics: { malformed: 8 } });
		expect(camera.log.lines[0]?.fields).toMatchObject({ reason: expect.any(String) });
	});

	it('prints what a captured body means', () => {
		const push = bench().simulator.plate(READ);
		const lines = [...driver.decode(push.body, push.contentType)];
		expect(lines).toMatchObject([
			{ kind: 'frame', event: 'plate' },
			{ kind: 'observation', plate: '1ABC234', historical: false },
		]);
		expect([...driver.decode(Buffer.from('noise'))]).toMatchObject([{ kind: 'error', reason: expect.any(String) }]);
	});

	it('N9 survives any JSON, whole or damaged, and keeps its promises', () => {
		const camera = bench();
		const known = [...new Set(FIXTURES.flatMap((name) => namesIn(JSON.parse(jsonFixture(name)))))];
		const value = fc.oneof(fc.jsonValue(), fc.constantFrom('AB123', '0.5', -1, 1e308, 'x'.repeat(1_000)));
		const document = fc.letrec<{ node: unknown }>((tie) => ({
			node: fc.oneof({ depthSize: 'small' }, value, fc.dictionary(fc.constantFrom(...known), tie('node'))),
		})).node;
		const given = fc.oneof(
			document.map((json) => Buffer.from(JSON.stringify(json) ?? '')),
			fc
				.tuple(fc.constantFrom(...FIXTURES), fc.nat(), fc.nat())
				.map(([name, at, byte]) => damaged(jsonFixture(name), at, byte)),
			fc.uint8Array({ maxLength: 200 }),
		);
		fc.assert(
			fc.property(given, (body) => {
				expect(camera.post(body).status).toBe(200);
				for (const read of camera.plates()) {
					expect(read.plate.length).toBeLessThanOrEqual(LIMITS.plateLength);
					expect(read.confidence >= 0 && read.confidence <= 1).toBe(true);
					expect(read.raw?.length ?? 0).toBeLessThanOrEqual(2 * LIMITS.rawReadBytes);
					expect(read.country ?? 'XX').toMatch(/^[A-Z]{2}$/);
				}
				camera.observations.length = 0;
				for (const line of driver.decode(body)) expect(JSON.stringify(line).length).toBeLessThan(20_000);
			}),
			{ numRuns: 300 },
		);
	});
});

describe('D every camera', () => {
	it('refuses events of another serial number, once one is configured', () => {
		for (const { driver, settings } of drivers.filter(
			({ driver }) => !/hikvision|milesight|tvt|uniview/.test(driver.kind),
		)) {
			const camera = createPushBench(driver, { ...settings, serial: 'MINE' });
			const stranger = createPushBench(driver, { ...settings, serial: 'OTHER' }).simulator.plate(READ);
			camera.post(stranger.body, stranger.contentType);
			expect(camera.observations).toEqual([]);
			expect(camera.status()).toMatchObject({ state: 'faulted', statistics: { wrongCamera: 1 } });
			const own = camera.simulator.plate(READ);
			camera.post(own.body, own.contentType);
			expect(camera.plates()).toHaveLength(1);
		}
	});
});

function namesIn(value: unknown): readonly string[] {
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([name, inner]) => [name, ...namesIn(inner)]);
}

function damaged(text: string, at: number, byte: number): Buffer {
	const bytes = Buffer.from(text);
	bytes[at % bytes.length] = byte & 0xff;
	return bytes;
}
