import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hikvisionConfigSchema } from '../../../src/drivers/hikvision-push/config.ts';
import { createHikvisionReceiver } from '../../../src/drivers/hikvision-push/receiver.ts';
import { createHikvisionSimulator } from '../../../src/drivers/hikvision-push/simulator.ts';
import { type IngestListener, type IngestPatience, openIngestListener } from '../../../src/drivers/ports/http-push.ts';
import type { PushAuth } from '../../../src/drivers/ports/http-push-auth.ts';
import { createPushClient } from '../../../src/drivers/ports/http-push-client.ts';
import { createIngestHandler, type IngestCamera } from '../../../src/drivers/ports/http-push-handler.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { createDriverBench } from '../../support/push-camera.ts';
import { openRawConnection, type RawConnection } from '../../support/raw-connection.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const run = promisify(execFile);
const password = 'Circle of Life';
const digest: PushAuth = { type: 'digest', username: 'cam', password };

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'parkgate-push-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface SiteOptions {
	readonly auth?: PushAuth;
	readonly allow?: string[];
	readonly cameraAllow?: string[];
	readonly patience?: Partial<IngestPatience>;
}

/** A real listener with two Hikvision cameras, `cam-1` as the test wants it. */
async function openSite({ auth = { type: 'none' }, allow = [], cameraAllow, patience = {} }: SiteOptions = {}) {
	const clock = createVirtualClock();
	const bench = createDriverBench(clock);
	const camera = (id: string, more: object): IngestCamera => {
		const config = hikvisionConfigSchema.parse({ id, driver: 'hikvision-push', path: id, ...more });
		return { ...config, deviceId: id, receiver: createHikvisionReceiver(bench.deps, config) };
	};
	const cameras = [camera('cam-1', { auth, ...(cameraAllow ? { allow: cameraAllow } : {}) }), camera('cam-2', {})];
	const listener = await openIngestListener(
		{ clock, log: bench.log, randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
		{ host: '127.0.0.1', port: 0, allow },
		cameras,
		{ headersMs: 5_000, requestMs: 10_000, silenceMs: 5_000, keepAliveMs: 5_000, ...patience },
	);
	closers.push(() => listener.close());
	const plates = () => bench.observations.map((read) => (read.kind === 'plate' ? read.plate : ''));
	return { ...bench, clock, listener, plates, url: `http://127.0.0.1:${listener.port}/ingest/cam-1` };
}

let events = 0;
function pushOf(plate: string, id = 'cam-1') {
	const simulator = createHikvisionSimulator(hikvisionConfigSchema.parse({ id, driver: 'hikvision-push', path: id }));
	const eventId = `5b1e72d4-3652-464a-aebd-${String(++events).padStart(12, '0')}`;
	return simulator.plate({ plate, confidence: 0.9, direction: 'approaching', at: new Date(events * 1_000), eventId });
}

/** curl as a camera: posts `plate` and prints status and size of the answer. */
async function curl(url: string, plate: string, ...more: string[]) {
	const push = pushOf(plate);
	const file = join(folder, `${plate}.bin`);
	writeFileSync(file, push.body);
	const { stdout, stderr } = await run('curl', [
		...[
			'--silent',
			'--show-error',
			'--verbose',
			'--max-time',
			'15',
			'--output',
			'/dev/null',
			'--write-out',
			'%{http_code} %{size_download}',
		],
		...['--header', `Content-Type: ${push.contentType}`, '--data-binary', `@${file}`, ...more, url],
	]);
	return { answer: stdout, trace: stderr };
}

async function connectTo(listener: IngestListener, from?: string): Promise<RawConnection> {
	const connection = await openRawConnection(listener.port, from);
	closers.push(() => connection.destroy());
	return connection;
}

function head(
	path: string,
	lengthBytes: number,
	contentType = 'multipart/form-data; boundary=boundary',
	more = '',
): string {
	return `POST ${path} HTTP/1.1\r\nHost: gateway\r\nContent-Type: ${contentType}\r\nContent-Length: ${lengthBytes}\r\n${more}\r\n`;
}

async function eventually(condition: () => boolean): Promise<void> {
	const deadlineMs = performance.now() + 10_000;
	while (!condition()) {
		if (performance.now() > deadlineMs) throw new Error('not within 10 s');
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}

const statusCount = (connection: RawConnection) => connection.received().match(/HTTP\/1\.1 \d+/g)?.length ?? 0;

describe('a camera posting by curl', () => {
	it('gets 200 with an empty body, and its plate is observed', async () => {
		const site = await openSite();
		expect((await curl(site.url, 'CURL1')).answer).toBe('200 0');
		expect(site.plates()).toEqual(['CURL1']);
	});

	it('may send chunked', async () => {
		const site = await openSite();
		expect((await curl(site.url, 'CHUNK1', '--header', 'Transfer-Encoding: chunked')).answer).toBe('200 0');
		expect(site.plates()).toEqual(['CHUNK1']);
	});

	it('may wait for 100 Continue', async () => {
		const site = await openSite();
		const { answer, trace } = await curl(
			site.url,
			'WAIT1',
			'--header',
			'Expect: 100-continue',
			'--expect100-timeout',
			'10',
		);
		expect(answer).toBe('200 0');
		expect(trace).toMatch(/HTTP\/1\.1 100 Continue/);
		expect(site.plates()).toEqual(['WAIT1']);
	});

	it('may use HTTP/1.0', async () => {
		const site = await openSite();
		expect((await curl(site.url, 'OLD1', '--http1.0')).answer).toBe('200 0');
	});

	it('signs by digest, with either hash, and a wrong password observes nothing', async () => {
		const site = await openSite({ auth: digest });
		expect((await curl(site.url, 'SIGN1', '--digest', '--user', `cam:${password}`)).answer).toBe('200 0');
		expect((await curl(site.url, 'SIGN2', '--digest', '--user', 'cam:wrong')).answer).toMatch(/^401 /);
		expect((await curl(site.url, 'SIGN3')).answer).toMatch(/^401 /);
		expect((await curl(site.url, 'SIGN4', '--basic', '--user', `cam:${password}`)).answer).toMatch(/^401 /);
		const old = await openSite({ auth: { ...digest, algorithms: ['MD5'] } });
		expect((await curl(old.url, 'SIGN5', '--digest', '--user', `cam:${password}`)).answer).toBe('200 0');
		expect([...site.plates(), ...old.plates()]).toEqual(['SIGN1', 'SIGN5']);
		expect(site.listener.statistics()).toMatchObject({ handled: 1, credentials: 2 });
	});

	it('signs by digest while waiting for 100 Continue, and is not asked for a body that is refused', async () => {
		const site = await openSite({ auth: digest });
		const waiting = ['--header', 'Expect: 100-continue', '--expect100-timeout', '10'];
		expect((await curl(site.url, 'BOTH1', ...waiting, '--digest', '--user', `cam:${password}`)).answer).toBe('200 0');
		const refused = await curl(site.url, 'BOTH2', ...waiting);
		expect(refused.answer).toMatch(/^401 /);
		expect(refused.trace).not.toMatch(/100 Continue/);
		expect(site.plates()).toEqual(['BOTH1']);
	});

	it('signs by basic or token', async () => {
		const token = 'a-long-enough-token';
		const basic = await openSite({ auth: { type: 'basic', username: 'cam', password } });
		expect((await curl(basic.url, 'BASIC1', '--user', `cam:${password}`)).answer).toBe('200 0');
		expect((await curl(basic.url, 'BASIC2', '--user', 'cam:wrong')).answer).toMatch(/^401 /);
		const site = await openSite({ auth: { type: 'token', token } });
		expect((await curl(`${site.url}?token=${token}`, 'TOKEN1')).answer).toBe('200 0');
		expect((await curl(site.url, 'TOKEN2', '--header', `Authorization: Bearer ${token}`)).answer).toBe('200 0');
		expect((await curl(`${site.url}?token=guess`, 'TOKEN3')).answer).toMatch(/^401 /);
	});

	it('is refused from another address than allowed, for the listener or for the one camera', async () => {
		const site = await openSite({ allow: ['127.0.0.2', '127.0.0.3'], cameraAllow: ['127.0.0.2/32'] });
		expect((await curl(site.url, 'FROM1')).answer).toBe('403 0');
		expect((await curl(site.url, 'FROM2', '--interface', '127.0.0.2')).answer).toBe('200 0');
		expect((await curl(site.url, 'FROM3', '--interface', '127.0.0.3')).answer).toBe('403 0');
		expect(site.plates()).toEqual(['FROM2']);
		expect(site.log.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields)).toMatchObject([
			{ reason: 'address', remoteAddress: '127.0.0.1' },
			{ reason: 'address', remoteAddress: '127.0.0.3', deviceId: 'cam-1' },
		]);
	});

	it('is told when it posts too much, before it has sent it', async () => {
		const site = await openSite();
		const file = join(folder, 'huge.bin');
		writeFileSync(file, '');
		await run('truncate', ['--size', '1G', file]);
		const { stdout } = await run('curl', [
			...['--silent', '--max-time', '15', '--output', '/dev/null', '--write-out', '%{http_code} %{size_upload}'],
			...['--header', 'Expect:', '--upload-file', file, '--request', 'POST', site.url],
		]);
		const [status, sentBytes] = stdout.split(' ').map(Number);
		expect(status).toBe(413);
		expect(sentBytes).toBeLessThan(64_000_000);
		rmSync(file);
		expect((await curl(site.url, 'AFTER1')).answer).toBe('200 0');
	});

	it('gets nothing decompressed', async () => {
		const site = await openSite();
		const file = join(folder, 'bomb.gz');
		writeFileSync(file, gzipSync(Buffer.alloc(50_000_000)));
		expect(
			(await curl(site.url, 'GZIP1', '--header', 'Content-Encoding: gzip', '--data-binary', `@${file}`)).answer,
		).toBe('415 0');
	});
});

describe('connections', () => {
	it('carries two events on one kept-alive connection, also when both come at once', async () => {
		const site = await openSite();
		const connection = await connectTo(site.listener);
		const [first, second] = [pushOf('KEEP1'), pushOf('KEEP2')];
		connection.send(Buffer.concat([Buffer.from(head('/ingest/cam-1', first.body.length)), first.body]));
		await connection.until((it) => statusCount(it) === 1);
		const both = [second, pushOf('KEEP3')].flatMap(({ body }) => [
			Buffer.from(head('/ingest/cam-2', body.length)),
			body,
		]);
		connection.send(Buffer.concat(both));
		await connection.until((it) => statusCount(it) === 3);
		expect(site.plates()).toEqual(['KEEP1', 'KEEP2', 'KEEP3']);
		expect(connection.isClosed()).toBe(false);
	});

	it('takes a body that comes byte by byte', async () => {
		const site = await openSite();
		const connection = await connectTo(site.listener);
		const body = Buffer.from(
			'<EventNotificationAlert><eventType>ANPR</eventType><ANPR><licensePlate>SLOW1</licensePlate></ANPR></EventNotificationAlert>',
		);
		connection.send(head('/ingest/cam-1', body.length, 'application/xml'));
		for (const byte of body) {
			connection.send(Buffer.of(byte));
			await new Promise((resolve) => setImmediate(resolve));
		}
		await connection.until((it) => statusCount(it) === 1);
		expect(site.plates()).toEqual(['SLOW1']);
	});

	it('drops a push that is cut in the middle and goes on', async () => {
		const site = await openSite();
		const { body } = pushOf('CUT1');
		for (const length of [10, 500, body.length - 1]) {
			const connection = await connectTo(site.listener);
			const { requests } = site.listener.statistics();
			connection.send(Buffer.concat([Buffer.from(head('/ingest/cam-1', body.length)), body.subarray(0, length)]));
			await eventually(() => site.listener.statistics().requests > requests);
			connection.destroy();
		}
		await eventually(() => site.listener.statistics().cut === 3);
		expect((await curl(site.url, 'WHOLE1')).answer).toBe('200 0');
		expect(site.plates()).toEqual(['WHOLE1']);
		expect(site.listener.statistics()).toMatchObject({ cut: 3, handled: 1 });
	});

	it('ends slow senders while others are served: in their head, in their body, and between requests', async () => {
		const site = await openSite({ patience: { headersMs: 300, requestMs: 600, keepAliveMs: 300 } });
		const slowHead = await connectTo(site.listener);
		slowHead.send('POST /ingest/cam-1 HTTP/1.1\r\nHost: a');
		const dripping = await connectTo(site.listener);
		dripping.send(head('/ingest/cam-1', 1_000));
		const drip = setInterval(() => dripping.send('x'), 50);
		closers.push(() => clearInterval(drip));
		const idle = await connectTo(site.listener);
		const { body } = pushOf('IDLE1');
		idle.send(Buffer.concat([Buffer.from(head('/ingest/cam-2', body.length)), body]));
		expect((await curl(site.url, 'QUICK1')).answer).toBe('200 0');
		for (const connection of [slowHead, dripping, idle]) await connection.until((it) => it.isClosed());
		expect(site.plates().sort()).toEqual(['IDLE1', 'QUICK1']);
		expect((await curl(site.url, 'QUICK2')).answer).toBe('200 0');
	});

	it('ends a sender that falls silent in its body, long before a whole request may last', async () => {
		const site = await openSite({ patience: { requestMs: 60_000, silenceMs: 300 } });
		const silent = await connectTo(site.listener);
		silent.send(`${head('/ingest/cam-1', 1_000)}--boundary`);
		await silent.until((it) => it.isClosed());
		await eventually(() => site.listener.statistics().cut === 1);
	});

	it('refuses bodies over the limit with 413, announced or not', async () => {
		const site = await openSite();
		const announced = await connectTo(site.listener);
		announced.send(head('/ingest/cam-1', LIMITS.ingestBodyBytes + 1));
		await announced.until((it) => it.received().startsWith('HTTP/1.1 413'));
		const chunked = await connectTo(site.listener);
		chunked.send('POST /ingest/cam-1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
		const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(1_048_576, 0x41), Buffer.from('\r\n')]);
		for (let times = 0; times < 5 && !chunked.isClosed(); times += 1) chunked.send(chunk);
		await chunked.until((it) => it.received().startsWith('HTTP/1.1 413'));
		expect(site.listener.statistics()).toMatchObject({ size: 2, handled: 0 });
	});

	it('shares connections among addresses, so that one cannot keep the cameras out', async () => {
		const site = await openSite();
		const greedy: RawConnection[] = [];
		for (let times = 0; times < LIMITS.ingestConnectionsPerAddress + 5; times += 1)
			greedy.push(await connectTo(site.listener));
		const dropped = () => greedy.filter((connection) => connection.isClosed()).length;
		await greedy.at(-1)?.until((it) => it.isClosed());
		expect(dropped()).toBeLessThanOrEqual(5);
		expect(site.listener.statistics().connections).toBe(LIMITS.ingestConnectionsPerAddress);
		expect((await curl(site.url, 'ROOM1', '--interface', '127.0.0.2')).answer).toBe('200 0');
	});

	it('gives a newcomer a place of whoever holds most, when all are taken', async () => {
		const site = await openSite();
		const crowd = ['127.0.0.11', '127.0.0.12', '127.0.0.13', '127.0.0.14'];
		const held: RawConnection[] = [];
		for (let n = 0; n < LIMITS.ingestConnections; n += 1)
			held.push(await connectTo(site.listener, crowd[n % crowd.length]));
		await eventually(() => site.listener.statistics().connections === LIMITS.ingestConnections);
		expect((await curl(site.url, 'CROWD1', '--interface', '127.0.0.2')).answer).toBe('200 0');
		expect(held.filter((connection) => connection.isClosed())).toHaveLength(1);
		expect(site.listener.statistics().dropped).toBe(1);
	});

	it('leaves addresses it does not know a small part of its connections', async () => {
		const site = await openSite({ allow: ['127.0.0.2'] });
		const strangers: RawConnection[] = [];
		for (let n = 0; n < 2 * LIMITS.ingestStrangerConnections; n += 1)
			strangers.push(await connectTo(site.listener, `127.0.0.${20 + n}`));
		await eventually(() => site.listener.statistics().dropped === LIMITS.ingestStrangerConnections);
		expect((await curl(site.url, 'KNOWN1', '--interface', '127.0.0.2')).answer).toBe('200 0');
	});

	it('holds a bounded number of bytes for all cameras together', async () => {
		const site = await openSite();
		const almost = Buffer.alloc(LIMITS.ingestBodyBytes - 1, 0x20);
		const fits = Math.floor(LIMITS.ingestBufferedBytes / almost.length);
		const connections: RawConnection[] = [];
		for (let index = 0; index <= fits; index += 1) {
			const connection = await connectTo(site.listener);
			connection.send(head('/ingest/cam-1', LIMITS.ingestBodyBytes));
			connection.send(almost);
			connections.push(connection);
		}
		const isBusy = () => connections.some((connection) => connection.received().startsWith('HTTP/1.1 503'));
		await Promise.race(connections.map((connection) => connection.until(isBusy)));
		for (const connection of connections) connection.destroy();
		expect((await curl(site.url, 'LATER1', '--retry', '5', '--retry-delay', '1')).answer).toMatch(/200 0$/);
	});
});

describe('requests that are no push', () => {
	it.each([
		['/', 404],
		['/ingest', 404],
		['/ingest/', 404],
		['/ingest/cam-3', 404],
		['/ingest/cam-1/', 404],
		['/ingest//cam-1', 404],
		['//ingest/cam-1', 404],
		['/ingest/../ingest/cam-1', 404],
		['/ingest/./cam-1', 404],
		['/ingest/%63am-1', 404],
		['/ingest/cam-1%00', 404],
		['/ingest/cam-1;a=b', 404],
		['/ingest\\cam-1', 404],
		['/INGEST/cam-1', 404],
		['/ingest/__proto__', 404],
		['http://gateway/ingest/cam-1', 404],
		['/../../etc/passwd', 404],
		['/ingest/cam-1?a=b', 200],
	])('%s is answered %i', async (target, status) => {
		const site = await openSite();
		const connection = await connectTo(site.listener);
		connection.send(`${head(target, 1, 'text/plain')}x`);
		await connection.until((it) => it.received().startsWith(`HTTP/1.1 ${status}`));
	});

	it('answers other methods with 405, and bytes that are no HTTP with an end', async () => {
		const site = await openSite();
		for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
			const connection = await connectTo(site.listener);
			connection.send(`${method} /ingest/cam-1 HTTP/1.1\r\nHost: a\r\n\r\n`);
			await connection.until((it) => /^HTTP\/1\.1 405 .*\r\nallow: POST\r\n/is.test(it.received()));
		}
		const odd = [
			Buffer.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc),
			'CONNECT example.org:443 HTTP/1.1\r\nHost: a\r\n\r\n',
			`POST /ingest/cam-1 HTTP/1.1\r\nX: ${'y'.repeat(2 * LIMITS.ingestHeaderBytes)}\r\n\r\n`,
			'POST /ingest/cam-1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
			'POST /ingest/cam-1 HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
			'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
		];
		for (const bytes of odd) {
			const connection = await connectTo(site.listener);
			connection.send(bytes);
			await connection.until((it) => it.isClosed());
			expect(connection.received()).not.toMatch(/HTTP\/1\.1 2/);
		}
		expect((await curl(site.url, 'STILL1')).answer).toBe('200 0');
	});

	it('is not asked twice a second for passwords: after many failures an address waits a minute', async () => {
		const site = await openSite({ auth: { type: 'basic', username: 'cam', password } });
		const connection = await connectTo(site.listener);
		const guess = head('/ingest/cam-1', 0, 'text/plain', `Authorization: Basic ${btoa('cam:guess')}\r\n`);
		for (let times = 1; times <= LIMITS.ingestFailuresPerMinute; times += 1) {
			connection.send(guess);
			await connection.until((it) => statusCount(it) === times);
		}
		expect((await curl(site.url, 'BLOCK1', '--user', `cam:${password}`)).answer).toBe('429 0');
		expect((await curl(site.url, 'BLOCK2', '--user', `cam:${password}`, '--interface', '127.0.0.2')).answer).toBe(
			'200 0',
		);
		site.clock.advance(60_000);
		expect((await curl(site.url, 'BLOCK3', '--user', `cam:${password}`)).answer).toBe('200 0');
	});
});

describe('cameras that choose the path themselves', () => {
	const device = { id: 'cam-9', status: () => expect.unreachable() };
	const open = (cameras: readonly IngestCamera[]) =>
		openIngestListener(
			{ clock: createVirtualClock(), log: createMemoryLog(), randomBytes: (length) => new Uint8Array(length) },
			{ host: '127.0.0.1', port: 0, allow: [] },
			cameras,
		);
	const camera = (deviceId: string, heard: string[], allow?: readonly string[]): IngestCamera => ({
		...{ deviceId, path: deviceId, auth: { type: 'none' }, allow },
		receiver: {
			device,
			ownPath: { prefix: '/LAPI/', fromAddress: '127.0.0.9' },
			handle({ body }) {
				heard.push(Buffer.from(body).toString());
				return { status: 200 };
			},
		},
	});
	const from = async (address: string, url: string) => {
		const common = ['--silent', '--max-time', '15', '--output', '/dev/null', '--write-out', '%{http_code}'];
		return (await run('curl', [...common, '--interface', address, '--data', 'x', url])).stdout;
	};

	it('are known by the address of their connection, and only below their prefix', async () => {
		const heard: string[] = [];
		const listener = await open([camera('cam-9', heard)]);
		closers.push(() => listener.close());
		const at = (path: string) => `http://127.0.0.1:${listener.port}${path}`;
		expect(await from('127.0.0.9', at('/LAPI/V1.0/System/Event/Notification/Structure'))).toBe('200');
		expect(await from('127.0.0.8', at('/LAPI/V1.0/System/Event/Notification/Structure'))).toBe('404');
		expect(await from('127.0.0.9', at('/LAPIX'))).toBe('404');
		expect(await from('127.0.0.9', at('/healthz'))).toBe('404');
		expect(await from('127.0.0.8', at('/ingest/cam-9'))).toBe('200');
		expect(heard).toEqual(['x', 'x']);
	});

	it('cannot be two at one address', async () => {
		await expect(open([camera('cam-8', []), camera('cam-9', [])])).rejects.toMatchObject({
			code: 'CONFIG_INVALID',
			message: expect.stringContaining('127.0.0.9'),
		});
	});
});

describe('the simulated camera', () => {
	it.each<[string, PushAuth]>([
		['nothing', { type: 'none' }],
		['basic', { type: 'basic', username: 'cam', password }],
		['digest', digest],
		['digest by MD5', { ...digest, algorithms: ['MD5'] }],
		['a token', { type: 'token', token: 'a-long-enough-token' }],
	])('posts with %s over real HTTP', async (_, auth) => {
		const site = await openSite({ auth });
		const client = createPushClient(site.deps, { host: '127.0.0.1', port: site.listener.port, path: 'cam-1', auth });
		closers.push(() => client.close());
		for (const plate of ['SIM1', 'SIM2', 'SIM3']) expect(await client.post(pushOf(plate))).toBe(200);
		site.clock.advance(LIMITS.digestNonceMs + 1);
		expect(await client.post(pushOf('SIM4'))).toBe(200);
		expect(site.plates()).toEqual(['SIM1', 'SIM2', 'SIM3', 'SIM4']);
		expect(site.listener.statistics()).toMatchObject({ challenged: auth.type === 'digest' ? 2 : 0, connections: 1 });
	});

	it('posts again when the connection it kept was ended just then', async () => {
		let requests = 0;
		// Answers the first request of a connection; ends it when a second comes, as a listener does whose patience is over.
		const listener = createServer((socket) => {
			let answered = 0;
			socket.on('data', (data) => {
				if (!data.includes('POST ')) return;
				requests += 1;
				if (answered > 0) return void socket.resetAndDestroy();
				answered += 1;
				socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
			});
		});
		await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
		closers.push(() => new Promise<void>((resolve) => void listener.close(() => resolve())));
		const address = listener.address();
		const port = typeof address === 'object' && address !== null ? address.port : 0;
		const deps = { randomBytes: (length: number) => new Uint8Array(length) };
		const client = createPushClient(deps, { host: '127.0.0.1', port, path: 'cam-1', auth: { type: 'none' } });
		closers.push(() => client.close());
		expect(await client.post(pushOf('ONE'))).toBe(200);
		expect(await client.post(pushOf('TWO'))).toBe(200);
		expect(requests).toBe(3);
	});

	it('is told when its password is wrong, and fails in words when nobody listens', async () => {
		const site = await openSite({ auth: digest });
		const target = {
			host: '127.0.0.1',
			port: site.listener.port,
			path: 'cam-1',
			auth: { ...digest, password: 'another one' },
		};
		const client = createPushClient(site.deps, target);
		closers.push(() => client.close());
		expect(await client.post(pushOf('WRONG1'))).toBe(401);
		await site.listener.close();
		await expect(client.post(pushOf('WRONG2'))).rejects.toMatchObject({ code: 'PORT_LOST' });
	});
});

describe('the listener itself', () => {
	const deps = {
		clock: createVirtualClock(),
		log: createMemoryLog(),
		randomBytes: (length: number) => new Uint8Array(length),
	};

	it('says which address is in use and how to find by whom', async () => {
		const other = createServer();
		await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
		closers.push(() => new Promise<void>((resolve) => void other.close(() => resolve())));
		const address = other.address();
		const port = typeof address === 'object' && address !== null ? address.port : 0;
		await expect(openIngestListener(deps, { host: '127.0.0.1', port, allow: [] }, [])).rejects.toMatchObject({
			code: 'ADDRESS_IN_USE',
			message: expect.stringMatching(new RegExp(`127\\.0\\.0\\.1:${port} .*ss -ltnp`)),
		});
	});

	it('says when the machine has no such address', async () => {
		const options = { host: '203.0.113.77', port: 0, allow: ['203.0.113.0/24'] };
		await expect(openIngestListener(deps, options, [])).rejects.toMatchObject({
			code: 'PORT_UNAVAILABLE',
			message: expect.stringContaining('no address 203.0.113.77'),
		});
	});

	it('refuses to let anyone open a lane', async () => {
		const site = await openSite();
		const camera = {
			deviceId: 'cam-1',
			path: 'cam-1',
			auth: { type: 'none' } as const,
			receiver: createHikvisionReceiver(
				site.deps,
				hikvisionConfigSchema.parse({ id: 'cam-1', driver: 'hikvision-push', path: 'cam-1' }),
			),
		};
		await expect(openIngestListener(deps, { host: '0.0.0.0', port: 0, allow: [] }, [camera])).rejects.toMatchObject({
			code: 'CONFIG_INVALID',
			message: expect.stringContaining('ingest.allow'),
		});
	});

	it('answers requests made up without a socket as it answers real ones', async () => {
		const bench = createDriverBench(createVirtualClock());
		const config = hikvisionConfigSchema.parse({ id: 'cam-1', driver: 'hikvision-push', path: 'cam-1' });
		const receiver = createHikvisionReceiver(bench.deps, config);
		const handler = createIngestHandler(bench.deps, { allow: ['10.0.0.0/24'] }, [
			{ ...config, deviceId: 'cam-1', receiver },
		]);
		const push = pushOf('MADE1');
		const statusFrom = async (address: string) => {
			const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: address });
			const request = Object.assign(new IncomingMessage(socket), { method: 'POST', url: '/ingest/cam-1' });
			request.rawHeaders = ['Content-Type', push.contentType, 'Content-Length', String(push.body.length)];
			const response = new ServerResponse(request);
			handler.onRequest(request, response);
			request.push(push.body);
			request.push(null);
			await eventually(() => response.writableEnded);
			return response.statusCode;
		};
		expect(await statusFrom('10.0.0.21')).toBe(200);
		expect(await statusFrom('10.0.1.21')).toBe(403);
		expect(bench.observations).toMatchObject([{ plate: 'MADE1' }]);
	});

	it('survives a driver that throws', async () => {
		const log = createMemoryLog();
		const device = { id: 'cam-1', status: () => expect.unreachable() };
		let isBroken = true;
		const receiver = {
			device,
			handle: () => {
				if (isBroken) throw new Error('bug');
				return { status: 200, contentType: 'application/json', body: '{"ok":true}' };
			},
		};
		const camera = { deviceId: 'cam-1', path: 'cam-1', auth: { type: 'none' } as const, receiver };
		const listener = await openIngestListener({ ...deps, log }, { host: '127.0.0.1', port: 0, allow: [] }, [camera]);
		closers.push(() => listener.close());
		const post = () => fetch(`http://127.0.0.1:${listener.port}/ingest/cam-1`, { method: 'POST', body: 'x' });
		expect((await post()).status).toBe(500);
		expect(log.lines.map(({ message }) => message)).toContain('camera driver threw on a push');
		isBroken = false;
		expect(await (await post()).json()).toEqual({ ok: true });
	});

	it('closes at once although connections are kept alive, and frees its port', async () => {
		const site = await openSite();
		const connection = await connectTo(site.listener);
		const { body } = pushOf('LAST1');
		connection.send(Buffer.concat([Buffer.from(head('/ingest/cam-1', body.length)), body]));
		await connection.until((it) => statusCount(it) === 1);
		const silent = await connectTo(site.listener);
		await eventually(() => site.listener.statistics().connections === 2);
		await site.listener.close();
		for (const each of [connection, silent]) await each.until((it) => it.isClosed());
		const again = await openIngestListener(deps, { host: '127.0.0.1', port: site.listener.port, allow: [] }, []);
		await again.close();
	});
});
