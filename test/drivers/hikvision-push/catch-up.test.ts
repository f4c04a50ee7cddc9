import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import type { CatchUpConfig } from '../../../src/drivers/hikvision-push/config.ts';
import { hikvisionPush } from '../../../src/drivers/hikvision-push/index.ts';
import { decodePlateList, encodePlateQuery } from '../../../src/drivers/hikvision-push/plate-query.ts';
import { createHttpExchange, type HttpAnswer, type HttpQuestion } from '../../../src/drivers/ports/http-exchange.ts';
import { createDigestCheck } from '../../../src/drivers/ports/http-push-digest.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createPushBench, hikvisionFixture } from '../../support/push-camera.ts';
import { wallClock } from '../../support/wall-clock.ts';

const LIST = hikvisionFixture('plate-list.xml');
const NAME = '2020042416162700001234566';
const listOf = (...entries: readonly (readonly [plate: string, time: string, name: string])[]) =>
	`<Plates>${entries
		.map(
			([plate, time, name]) =>
				`<Plate><captureTime>${time}</captureTime><plateNumber>${plate}</plateNumber><picName>${name}</picName></Plate>`,
		)
		.join('')}</Plates>`;

describe("the camera's own list of plates", () => {
	it('D is read oldest first; names of 25 digits stay text, vehicles without a plate are left out', () => {
		const list = decodePlateList(Buffer.from(LIST));
		expect(list).toEqual({
			plates: [
				{ plate: 'AB12CDE', time: '202004241616270000', name: NAME, direction: 'approaching', country: 'GB' },
				{
					...{ plate: '1E5', time: '202004241616290000', name: '2020042416162900001234567' },
					...{ direction: 'leaving', country: 'GB' },
				},
			],
			skipped: 1,
		});
	});

	it('is asked for from a moment on', () => {
		expect(encodePlateQuery('202004241616270000')).toContain('<picTime>202004241616270000</picTime>');
	});

	it.each([
		['<Plates/>', { plates: [], skipped: 0 }],
		['<ns1:Plates xmlns:ns1="x"></ns1:Plates>', { plates: [], skipped: 0 }],
		['<Plates><Plate><plateNumber>AB1</plateNumber></Plate></Plates>', { plates: [], skipped: 1 }],
		['<html><body>401</body></html>', { problem: 'noPlates' }],
		['<Plates><Plate><plateNumber>AB', { problem: 'noPlates' }],
		['', { problem: 'noPlates' }],
		['<!DOCTYPE a [<!ENTITY b "c">]><Plates></Plates>', { problem: 'doctype' }],
		[`<Plates>${'<Plate/>'.repeat(40_000)}</Plates>`, { problem: 'tags' }],
	])('%s', (text, expected) => {
		expect(decodePlateList(Buffer.from(text))).toEqual(expected);
	});

	it('may have hundreds of entries', () => {
		const entries = Array.from({ length: 500 }, (_, n) => [`AB${n}`, '20200424T1616270000', `name-${n}`] as const);
		expect(decodePlateList(Buffer.from(listOf(...entries)))).toMatchObject({ skipped: 0 });
	});
});

/** A camera that is asked; `answers` are what it says, the last one from then on. */
function createCamera(answers: readonly (string | HttpAnswer)[], more: Partial<CatchUpConfig> = {}, settings = {}) {
	const bench = createPushBench(hikvisionPush, {
		timeZone: 'Europe/Brussels',
		catchUp: { host: '10.0.0.21', login: { username: 'events', password: 'a long one' }, ...more },
		...settings,
	});
	const asked: HttpQuestion[] = [];
	const end = bench.receiver.begin?.((question) => {
		const answer = answers[Math.min(asked.length, answers.length - 1)] ?? '<Plates/>';
		asked.push(question);
		if (typeof answer !== 'string') return Promise.resolve(answer);
		return Promise.resolve({ result: 'answered', status: 200, contentType: 'text/xml', body: Buffer.from(answer) });
	});
	return { ...bench, asked, end };
}

describe('plates that were missed', () => {
	it('are asked for after a start, from an hour ago in the local time of the camera, then from the last one on', async () => {
		const camera = createCamera([LIST]);
		const startMs = camera.clock.nowMs();
		await camera.clock.advanceAsync(30_000);
		const local = Temporal.Instant.fromEpochMilliseconds(startMs + 30_000 - 3_600_000)
			.toZonedDateTimeISO('Europe/Brussels')
			.toPlainDateTime();
		expect(camera.asked).toMatchObject([
			{ host: '10.0.0.21', port: 80, method: 'POST', path: '/ISAPI/Traffic/channels/1/vehicleDetect/plates' },
		]);
		expect(camera.asked[0]?.body).toContain(`<picTime>${local.toString().slice(0, 19).replaceAll(/\D/g, '')}`);
		await camera.clock.advanceAsync(300_000);
		expect(camera.asked[1]?.body).toContain('<picTime>202004241616290000</picTime>');
		expect(camera.status().statistics).toMatchObject({ caughtUp: 2, catchUpFailures: 0 });
	});

	it('become historical observations, each once, with the name of the entry as their key', async () => {
		const camera = createCamera([LIST]);
		await camera.clock.advanceAsync(1_000_000);
		expect(camera.plates()).toMatchObject([
			{ plate: 'AB12CDE', historical: true, dedupeKey: NAME, direction: 'approaching', country: 'GB' },
			{ plate: '1E5', historical: true },
		]);
		const [first] = camera.plates();
		expect(first?.cameraTimeMs).toBe(Date.parse('2020-04-24T14:16:27Z'));
		expect(first?.cameraTimeTrust).toBe('assumed');
		expect(camera.status().statistics).not.toHaveProperty('clockOffsetMs');
	});

	it('are not those whose pushes came, also buffered ones', async () => {
		const camera = createCamera([LIST]);
		const push = hikvisionFixture('access-unit.xml').replace(/<UUID>.*<\/UUID>/, '');
		const of = (plate: string, time: string) =>
			push.replaceAll('1E5', plate).replace('2024-05-07T17:48:03.847+07:00', time);
		camera.post(of('AB12CDE', '2020-04-24T16:16:26+02:00'));
		camera.post(of('1E5', '2020-04-24T14:16:30Z').replace('<alarmDataType>0', '<alarmDataType>1'));
		await camera.clock.advanceAsync(30_000);
		expect(camera.plates().map(({ plate, historical }) => [plate, historical])).toEqual([
			['AB12CDE', false],
			['1E5', true],
		]);
		expect(camera.status().statistics).toMatchObject({ caughtUp: 0 });
	});

	it('are of this camera also where events must tell its MAC address', async () => {
		const camera = createCamera([LIST], {}, { mac: '44:a6:42:00:00:17' });
		await camera.clock.advanceAsync(30_000);
		expect(camera.plates()).toHaveLength(2);
		expect(camera.status().state).toBe('online');
	});

	it('are asked for again after any failure, which is counted, and nothing opens meanwhile', async () => {
		const failed: HttpAnswer = { result: 'failed', problem: '10.0.0.21:80: it did not answer in time' };
		const refused: HttpAnswer = { result: 'answered', status: 403, contentType: '', body: new Uint8Array() };
		const camera = createCamera([failed, refused, '<html>', LIST], { everyMinutes: 1 });
		await camera.clock.advanceAsync(30_000 + 3 * 60_000);
		expect(camera.status().statistics).toMatchObject({ caughtUp: 2, catchUpFailures: 3 });
		expect(camera.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(3);
	});

	it('are asked for no more once it is ended', async () => {
		const camera = createCamera([LIST]);
		camera.end?.();
		await camera.clock.advanceAsync(3_600_000);
		expect(camera.asked).toEqual([]);
		expect(camera.clock.pendingTimers()).toBe(0);
	});

	it('are remembered within bounds, however many there are', async () => {
		const many = (from: number) =>
			listOf(
				...Array.from({ length: 2 * LIMITS.pushDedupeKeys }, (_, n) => {
					return ['AB123', `20200424T${String(100_000 + from + n)}0000`, `name-${from + n}`] as const;
				}),
			);
		const camera = createCamera([many(0), many(LIMITS.pushDedupeKeys), '<Plates/>'], { everyMinutes: 1 });
		await camera.clock.advanceAsync(30_000);
		expect(camera.plates()).toHaveLength(LIMITS.pushDedupeKeys);
		await camera.clock.advanceAsync(60_000);
		expect(camera.plates()).toHaveLength(2 * LIMITS.pushDedupeKeys);
	});

	it('come over real HTTP, signed by digest', async () => {
		const login = { username: 'events', password: 'a long one' };
		const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length));
		const check = createDigestCheck(
			{ clock: wallClock, randomBytes },
			{ ...login, realm: 'DS-TCG405', algorithms: ['MD5'] },
		);
		const server = createServer((request, response: ServerResponse) => {
			const { method = '', url: target = '', headers } = request;
			request.resume();
			const outcome = check({ method, target, authorization: headers.authorization });
			if (!outcome.ok) response.writeHead(401, { 'www-authenticate': [...outcome.challenges] }).end();
			else response.end(LIST);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		const bench = createPushBench(hikvisionPush, {
			timeZone: 'Europe/Brussels',
			catchUp: { host: '127.0.0.1', port, login },
		});
		const end = bench.receiver.begin?.(createHttpExchange(randomBytes));
		bench.clock.advance(30_000);
		await vi.waitFor(() => expect(bench.plates()).toHaveLength(2), { timeout: 20_000, interval: 10 });
		end?.();
		server.closeAllConnections();
		await new Promise((resolve) => void server.close(resolve));
	});
});

describe('its configuration', () => {
	const base = { id: 'cam-1', driver: 'hikvision-push', path: 'cam-1' };
	const catchUp = { host: '10.0.0.21', login: { username: 'events', password: 'a long one' } };

	it('needs the zone of the clock', () => {
		expect(hikvisionPush.config.safeParse({ ...base, catchUp }).success).toBe(false);
		expect(hikvisionPush.config.safeParse({ ...base, catchUp, timeZone: 'Europe/Brussels' }).success).toBe(true);
	});

	it.each([{ host: 'http://10.0.0.21' }, { port: 0 }, { everyMinutes: 0 }, { login: { username: 'a' } }])(
		'refuses %j',
		(wrong) => {
			const entry = { ...base, timeZone: 'UTC', catchUp: { ...catchUp, ...wrong } };
			expect(hikvisionPush.config.safeParse(entry).success).toBe(false);
		},
	);
});
