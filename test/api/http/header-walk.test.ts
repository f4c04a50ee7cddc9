import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAssets } from '../../../src/api/http/assets.ts';
import { type HttpServer, type HttpServerOptions, startHttpServer } from '../../../src/api/http/http-server.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createWalkedConsole } from '../../support/console-walked.ts';
import { createHttpSite, type HttpSite } from '../../support/http-site.ts';
import { type MadeLogin, makeLogin } from '../../support/logins-without-passwords.ts';
import { openRawConnection } from '../../support/raw-connection.ts';
import { wallClock } from '../../support/wall-clock.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'parkgate-assets-'));
writeFileSync(path.join(dir, 'base.css'), 'body { color: red }');
const assets = createAssets({ dirs: [dir] });

let site: HttpSite;
let admin: MadeLogin;
const servers: HttpServer[] = [];
beforeAll(async () => {
	site = createHttpSite({ assets }, createWalkedConsole);
	const list = () => {
		throw new Error('broken inside');
	};
	Object.assign(site.enrolments, { list });
	site.decide({ id: 'd-1' });
	admin = makeLogin(site.bench, { role: 'administrator' });
	servers.push(await start({ mode: 'plain' }), await start({ mode: 'own' }));
});
afterAll(async () => {
	await Promise.all(servers.map((server) => server.stop()));
	site.close();
	rmSync(dir, { recursive: true });
});

function start(tls: HttpServerOptions['listen']['tls']): Promise<HttpServer> {
	const { dir, log } = site.bench;
	return startHttpServer({
		http: site.http,
		listen: { host: '127.0.0.1', port: 0, tls },
		dir,
		clock: wallClock,
		log,
	});
}

const PAGES = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
const BARE = "default-src 'none'; frame-ancestors 'none'";

type Head = { readonly status: number; readonly headers: Headers };

/** The head of what comes back for these bytes. */
async function exchange(text: string): Promise<Head> {
	const connection = await openRawConnection(servers[0]?.port ?? 0);
	connection.send(text);
	await connection.until((one) => one.received().includes('\r\n\r\n') || one.isClosed(), 30_000);
	connection.destroy();
	return headOf(connection.received());
}

function headOf(received: string): Head {
	const [head = ''] = received.split('\r\n\r\n');
	const [line = '', ...fields] = head.split('\r\n');
	const pairs = fields.map((field): [string, string] => [
		field.slice(0, field.indexOf(':')),
		field.slice(field.indexOf(':') + 1).trim(),
	]);
	return { status: Number(line.split(' ')[1]), headers: new Headers(pairs) };
}

const get = (target: string, ...more: readonly string[]) => ask('GET', target, ...more);
const ask = (method: string, target: string, ...more: readonly string[]) =>
	[`${method} ${target} HTTP/1.1`, 'Host: gate.example', `Cookie: ${admin.cookie}`, ...more, '', ''].join('\r\n');
const post = (target: string, type: string, body: string) =>
	ask('POST', target, `Content-Type: ${type}`, `X-CSRF-Token: ${admin.csrf}`, `Content-Length: ${body.length}`) + body;

/** Every way of being answered: what is sent, the status, and what the answer is. */
const WAYS: readonly (readonly [string, () => string, number, 'page' | 'bare'])[] = [
	['a page', () => get('/'), 200, 'page'],
	['an answer of the API', () => get('/api/v1/me'), 200, 'page'],
	['the OpenAPI document', () => get('/api/openapi.json'), 200, 'page'],
	['the page of the API', () => get('/api/docs'), 200, 'page'],
	['the health', () => get('/healthz'), 200, 'page'],
	['the metrics', () => get('/metrics'), 200, 'page'],
	['a SCIM document', () => get('/scim/v2/ServiceProviderConfig'), 200, 'page'],
	['a stream of events', () => get('/api/v1/events'), 200, 'page'],
	['a download', () => get('/api/v1/holders/export?format=csv'), 200, 'page'],
	['an asset', () => get(assets.url('base.css')), 200, 'page'],
	['an asset that is known', () => get(assets.url('base.css'), 'If-None-Match: *'), 200, 'page'],
	['an asset that is not there', () => get('/assets/x/none.css'), 404, 'page'],
	['a head alone', () => ask('HEAD', '/'), 200, 'page'],
	['a way to the sign-in', () => ask('GET', '/').replace(/Cookie: .*\r\n/, ''), 303, 'page'],
	['no login', () => get('/api/v1/me').replace(/Cookie: .*\r\n/, ''), 401, 'page'],
	['no proof', () => ask('POST', '/api/v1/logout', 'Content-Length: 0'), 403, 'page'],
	['no such page', () => get('/nothing'), 404, 'page'],
	['no such route', () => get('/api/v1/nothing'), 404, 'page'],
	['another method', () => ask('DELETE', '/api/v1/lanes', `X-CSRF-Token: ${admin.csrf}`), 405, 'page'],
	['a method that nobody has', () => ask('PROPFIND', '/api/v1/lanes'), 405, 'page'],
	['a question for methods', () => ask('OPTIONS', '/api/v1/lanes'), 405, 'page'],
	['no JSON', () => post('/api/v1/roles', 'application/json', '{"name":'), 400, 'page'],
	['another type', () => post('/api/v1/roles', 'text/plain', 'x'), 415, 'page'],
	['too large a body', () => large(LIMITS.requestBodyBytes + 1), 413, 'page'],
	['what breaks inside', () => get('/api/v1/enrolments'), 500, 'page'],
	['a path that is no text', () => get('/api/v1/lanes/%ff%fe'), 404, 'page'],
	['bytes that are no HTTP', () => '\u0001\u0002garbage\r\n\r\n', 400, 'bare'],
	['a broken line', () => 'GET /\r\n\r\n', 400, 'bare'],
	['two lengths', () => ask('POST', '/api/v1/login', 'Content-Length: 1', 'Content-Length: 2'), 400, 'bare'],
	['a length and chunks', () => ask('POST', '/', 'Content-Length: 1', 'Transfer-Encoding: chunked'), 400, 'bare'],
	['no Host', () => 'GET / HTTP/1.1\r\n\r\n', 400, 'bare'],
	['a Host that is no name', () => 'GET / HTTP/1.1\r\nHost: a b/c\r\n\r\n', 400, 'bare'],
	['too long an address', () => get(`/${'a'.repeat(20_000)}`), 431, 'bare'],
	['too many headers', () => get('/', `X-Long: ${'a'.repeat(20_000)}`), 431, 'bare'],
	['what is expected and not there', () => get('/', 'Expect: 200-maybe'), 417, 'bare'],
];

const large = (bytes: number) =>
	ask('POST', '/api/v1/roles', 'Content-Type: application/json', `Content-Length: ${bytes}`);

describe('A9 the headers of every way of being answered, as they go over the wire', () => {
	test.each(WAYS)('%s', async (_what, text, status, kind) => {
		const answer = await exchange(text());
		expect(answer.status).toBe(status);
		const { headers } = answer;
		expect(headers.get('content-security-policy')).toBe(kind === 'page' ? PAGES : BARE);
		expect(headers.get('x-content-type-options')).toBe('nosniff');
		expect(headers.get('x-frame-options')).toBe('DENY');
		expect(headers.get('referrer-policy')).toBe(kind === 'page' ? 'same-origin' : 'no-referrer');
		expect(headers.get('cache-control')).toMatch(status === 200 && /asset/.test(_what) ? /immutable/ : /^no-store$/);
		expect(headers.has('server')).toBe(false);
		expect(headers.has('x-powered-by')).toBe(false);
		expect(headers.has('access-control-allow-origin')).toBe(false);
	});

	test('over TLS also asks for TLS from then on, and pins the cookie that it clears', async () => {
		const port = servers[1]?.port ?? 0;
		const received = await new Promise<string>((resolve, reject) => {
			let text = '';
			const socket = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () =>
				socket.write(
					post('/logout', 'application/x-www-form-urlencoded', `_csrf=${admin.csrf}`)
						.replace('Cookie: parkgate=', 'Cookie: __Host-parkgate=')
						.replace('Host:', 'Connection: close\r\nHost:'),
				),
			);
			socket.setEncoding('latin1').on('data', (chunk: string) => {
				text += chunk;
			});
			socket.on('close', () => resolve(text)).on('error', reject);
		});
		const { status, headers } = headOf(received);
		expect(status).toBe(303);
		expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
		expect(headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-parkgate=; .*Path=\/; Secure/)]);
	});

	test('plain HTTP to the TLS port is told nothing', async () => {
		const connection = await openRawConnection(servers[1]?.port ?? 0);
		connection.send('GET / HTTP/1.1\r\nHost: gate.example\r\n\r\n');
		await connection.until((one) => one.isClosed(), 30_000);
		expect(connection.received()).not.toContain('HTTP/');
	});
});
