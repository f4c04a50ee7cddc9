import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HttpServer, type HttpServerOptions, startHttpServer } from '../../../src/api/http/http-server.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createHttpSite, type HttpSite, jsonPost, LANE } from '../../support/http-site.ts';
import { PASSWORD } from '../../support/operators.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import { wallClock } from '../../support/wall-clock.ts';

let site: HttpSite;
const servers: HttpServer[] = [];
beforeEach(() => {
	site = createHttpSite();
});
afterEach(async () => {
	await Promise.all(servers.splice(0).map((server) => server.stop()));
	site.close();
});

async function start(listen: Partial<HttpServerOptions['listen']> = {}, clock = wallClock): Promise<HttpServer> {
	const server = await startHttpServer({
		http: site.http,
		listen: { host: '127.0.0.1', port: 0, tls: { mode: 'plain' }, ...listen },
		dir: site.bench.dir,
		clock,
		log: site.bench.log,
	});
	servers.push(server);
	return server;
}

describe('plain on this machine', () => {
	test('answers over a socket: health, login by cookie, live events', async () => {
		const { url } = await start();
		expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
		expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'alive' });
		expect((await fetch(`${url}/metrics`)).status, 'asked from this machine').toBe(200);
		await site.bench.addOperator({ email: 'ada@example.org', role: 'administrator' });
		const login = await fetch(`${url}/api/v1/login`, jsonPost({ email: 'ada@example.org', password: PASSWORD }));
		const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
		const events = await fetch(`${url}/api/v1/events`, { headers: { cookie } });
		const reader = events.body?.getReader();
		await reader?.read();
		site.feed.publish({ type: 'occupancy', areas: [] });
		const { value } = (await reader?.read()) ?? {};
		expect(new TextDecoder().decode(value)).toContain('event: occupancy');
		await reader?.cancel();
	});

	test('an address in use is told with its mend', async () => {
		const { port } = await start();
		await expect(start({ port })).rejects.toMatchObject({
			code: 'ADDRESS_IN_USE',
			message: expect.stringMatching(
				new RegExp(`^127\\.0\\.0\\.1:${port} is used by another program; .*http\\.listen`),
			),
		});
	});

	test('an address of another machine is told with its mend', async () => {
		await expect(start({ host: '192.0.2.1' })).rejects.toMatchObject({
			code: 'CONFIG_INVALID',
			message: expect.stringContaining('192.0.2.1'),
		});
	});

	test('a refusal stays a refusal under an Idempotency-Key, the first time and again', async () => {
		const { url } = await start();
		const { cookie, csrf } = await site.signIn('administrator');
		site.lanes.answer = { result: 'refused', because: 'noVehicle' };
		const headers = { cookie, 'x-csrf-token': csrf };
		const vend = async (more: Record<string, string>) => {
			const answer = await fetch(
				`${url}/api/v1/lanes/${LANE.id}/vend`,
				jsonPost({ reason: 'test' }, { ...headers, ...more }),
			);
			const { code, because } = (await answer.json()) as { code?: string; because?: string };
			return { status: answer.status, code, because };
		};
		const plain = await vend({});
		expect(plain).toMatchObject({ status: 409, because: 'noVehicle' });
		expect(await vend({ 'idempotency-key': 'key-1' })).toEqual(plain);
		expect(await vend({ 'idempotency-key': 'key-1' })).toEqual(plain);
		expect(site.lanes.vends).toHaveLength(2);
	});

	test('a body sent in chunks is bounded too', async () => {
		const { url } = await start();
		let sent = 0;
		const body = new ReadableStream({
			pull(controller) {
				sent += 65_536;
				controller.enqueue(new Uint8Array(65_536).fill(0x20));
				if (sent > 4 * LIMITS.requestBodyBytes) controller.close();
			},
		});
		const answer = await fetch(`${url}/api/v1/login`, {
			method: 'POST',
			body,
			duplex: 'half',
			headers: { 'content-type': 'application/json' },
		} as RequestInit).catch((error: unknown) => error);
		if (answer instanceof Response) expect(answer.status).toBe(413);
		expect(sent).toBeLessThan(4 * LIMITS.requestBodyBytes);
	});

	test('bytes that are no HTTP and a Host that is no name end their own connection only', async () => {
		const { url, port } = await start();
		expect(await exchange(port, '\x00\x01\x02garbage\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
		expect(await exchange(port, 'GET / HTTP/1.1\r\nHost: a b/c\r\nConnection: close\r\n\r\n')).toMatch(
			/^HTTP\/1\.1 400 /,
		);
		expect((await fetch(`${url}/healthz`)).status).toBe(200);
	});
});

test('a page that stopped reading loses its connection, and the memory it held', async () => {
	const { port } = await start();
	const { cookie } = await site.signIn('administrator');
	const socket = net.connect(port, '127.0.0.1', () => {
		socket.pause();
		socket.write(`GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${cookie}\r\n\r\n`);
	});
	const closed = new Promise((resolve) => socket.once('close', resolve));
	// A cut connection is an error to who writes.
	socket.on('error', () => {});
	// More than the system's buffers and the queue can hold: 64 MB.
	const lane = { ...LANE, name: 'x'.repeat(65_536) };
	for (let n = 0; n < 1_000; n++) {
		site.feed.publish({ type: 'lane', lane });
		await new Promise((resolve) => setImmediate(resolve));
	}
	// It still does not read: only a write tells it that the other side has cut.
	const poke = setInterval(() => socket.write('\r\n'), 20);
	await closed;
	clearInterval(poke);
});

/** Sends text over TCP and gives everything that comes back. */
function exchange(port: number, text: string): Promise<string> {
	return new Promise((resolve, reject) => {
		let received = '';
		const socket = net.connect(port, '127.0.0.1', () => socket.write(text));
		socket.setEncoding('utf8');
		socket.on('data', (chunk) => {
			received += chunk;
		});
		socket.on('close', () => resolve(received));
		socket.on('error', reject);
	});
}

describe('who sends slowly', () => {
	const begun = 'POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Le';

	/** ms until the gateway ends a connection over which only this was sent. */
	function heldMs({ port }: HttpServer, text: string): Promise<number> {
		const startMs = performance.now();
		const socket = net.connect(port, '127.0.0.1', () => socket.write(text));
		socket.on('error', () => {});
		socket.resume();
		return new Promise((resolve) => socket.once('close', () => resolve(performance.now() - startMs)));
	}

	test('gives the connection back in seconds, over TLS too, also without a single byte', {
		timeout: 60_000,
	}, async () => {
		const plain = await start();
		const own = await start({ tls: { mode: 'own' } });
		const held = await Promise.all([heldMs(plain, begun), heldMs(plain, ''), heldMs(own, begun), heldMs(own, '')]);
		expect(Math.max(...held)).toBeLessThan(LIMITS.httpHeadersMs + 10_000);
	});
});

describe('a stop', () => {
	test('ends listeners, idle connections and requests that never finish, long before these would end by themselves', async () => {
		const server = await start();
		const login = await site.signIn('reception');
		const events = await fetch(`${server.url}/api/v1/events`, { headers: { cookie: login.cookie } });
		await fetch(`${server.url}/healthz`);
		const half = net.connect(server.port, '127.0.0.1', () =>
			half.write('POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Le'),
		);
		await new Promise((resolve) => half.once('connect', resolve));
		const ended = new Promise((resolve) => half.once('close', resolve));
		half.on('error', () => {});
		const startMs = performance.now();
		await server.stop();
		expect(performance.now() - startMs).toBeLessThan(LIMITS.httpHeadersMs / 2);
		await ended;
		expect(await events.text(), 'ended, not broken').toBe('retry: 2000\n\n');
		await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
	});
});

describe('an own certificate, where people come over the network', () => {
	const certificateFile = () => path.join(site.bench.dir, 'http-certificate.pem');

	test('is P-256, kept for this account only, told in the log, and the same after a restart', async () => {
		const first = await start({ host: '0.0.0.0', tls: { mode: 'own' } });
		expect(first.url).toMatch(/^https:/);
		const peer = await peerOf(first.port);
		expect(peer.fingerprint256).toBe(first.fingerprint);
		expect(peer.asn1Curve).toBe('prime256v1');
		expect(peer.subjectaltname).toContain('DNS:localhost');
		expect(peer.subjectaltname).toContain('IP Address:127.0.0.1');
		expect(statSync(certificateFile()).mode & 0o777).toBe(0o600);
		expect(site.bench.log.lines.map(({ fields }) => fields)).toContainEqual({ fingerprint: first.fingerprint });
		expect((await start({ host: '0.0.0.0', tls: { mode: 'own' } })).fingerprint).toBe(first.fingerprint);
	});

	test('verifies against itself, and the answer carries HSTS and takes the pinned cookie', async () => {
		const server = await start({ tls: { mode: 'own' } });
		const [, certificate] = readFileSync(certificateFile(), 'utf8').split(/(?=-----BEGIN CERTIFICATE)/);
		await site.bench.addOperator({ email: 'ada@example.org', role: 'administrator' });
		const answer = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
			const request = https.request(
				{
					host: '127.0.0.1',
					port: server.port,
					path: '/api/v1/login',
					method: 'POST',
					ca: certificate,
					headers: { 'content-type': 'application/json' },
				},
				resolve,
			);
			request.on('error', reject);
			request.end(JSON.stringify({ email: 'ada@example.org', password: PASSWORD }));
		});
		answer.resume();
		expect(answer.headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
		expect(answer.headers['set-cookie']?.[0]).toMatch(/^__Host-parkgate=/);
	});

	test('speaks no TLS older than 1.2', async () => {
		const { port } = await start({ tls: { mode: 'own' } });
		await expect(peerOf(port, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })).rejects.toThrow();
	});

	test('is renewed a month before it expires, without a restart', async () => {
		const clock = createVirtualClock(Date.now());
		const server = await start({ tls: { mode: 'own' } }, clock);
		const before = new X509Certificate(readFileSync(certificateFile())).validToDate.getTime();
		expect(before - clock.nowMs()).toBeLessThanOrEqual(397 * 86_400_000);
		clock.jumpWallClock(365 * 86_400_000);
		clock.advance(1);
		expect((await peerOf(server.port)).fingerprint256).toBe(server.fingerprint);
		clock.jumpWallClock(5 * 86_400_000);
		clock.advance(3_600_000);
		await expect.poll(async () => (await peerOf(server.port)).fingerprint256).not.toBe(server.fingerprint);
		const after = new X509Certificate(readFileSync(certificateFile())).validToDate.getTime();
		expect(after - before).toBeGreaterThan(300 * 86_400_000);
	});

	test.each(['', 'not a certificate', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'])(
		'takes the place of a damaged one (%j)',
		async (damaged) => {
			writeFileSync(certificateFile(), damaged);
			const server = await start({ tls: { mode: 'own' } });
			expect((await peerOf(server.port)).fingerprint256).toBe(server.fingerprint);
			expect(statSync(certificateFile()).mode & 0o777).toBe(0o600);
		},
	);

	test('is made anew when key and certificate are not a pair, and served though it can not be kept', async () => {
		const first = await start({ tls: { mode: 'own' } });
		const [, certificate] = readFileSync(certificateFile(), 'utf8').split(/(?=-----BEGIN CERTIFICATE)/);
		const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
		writeFileSync(certificateFile(), privateKey.export({ type: 'pkcs8', format: 'pem' }) + (certificate ?? ''));
		const second = await start({ tls: { mode: 'own' } });
		expect(second.fingerprint).not.toBe(first.fingerprint);

		rmSync(certificateFile());
		mkdirSync(`${certificateFile()}.part`);
		const third = await start({ tls: { mode: 'own' } });
		expect((await peerOf(third.port)).fingerprint256).toBe(third.fingerprint);
		expect(site.bench.log.lines.map(({ message }) => message)).toContainEqual(
			expect.stringContaining('could not be kept'),
		);
	});

	test('a given pair that does not fit is told', async () => {
		await expect(start({ tls: { mode: 'given', certificatePem: 'x', keyPem: 'y' } })).rejects.toMatchObject({
			code: 'CONFIG_INVALID',
		});
		rmSync(certificateFile(), { force: true });
	});
});

function peerOf(port: number, options: tls.ConnectionOptions = {}): Promise<tls.PeerCertificate> {
	return new Promise((resolve, reject) => {
		const socket = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
			resolve(socket.getPeerCertificate());
			socket.destroy();
		});
		socket.on('error', reject);
	});
}
