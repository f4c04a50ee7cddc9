import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createHttpExchange } from '../../../src/drivers/ports/http-exchange.ts';
import { createDigestCheck } from '../../../src/drivers/ports/http-push-digest.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { wallClock } from '../../support/wall-clock.ts';

const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const exchange = createHttpExchange(randomBytes);
const login = { username: 'admin', password: 'Circle of Life' };

const closers: (() => unknown)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0)) await close();
});

async function startDevice(answer: RequestListener): Promise<number> {
	const server = createServer(answer);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	closers.push(() => {
		server.closeAllConnections();
		return new Promise((resolve) => void server.close(resolve));
	});
	return (server.address() as AddressInfo).port;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
	return Buffer.concat(chunks).toString('utf8');
}

const question = { host: '127.0.0.1', method: 'POST', path: '/list?from=1', login } as const;

describe('a question to a device', () => {
	test.each([['SHA-256'], ['MD5']] as const)(
		'is signed by digest with %s once the device asks for it',
		async (hash) => {
			const account = { ...login, realm: 'camera "north"'.replaceAll('"', ''), algorithms: [hash] };
			const check = createDigestCheck({ clock: wallClock, randomBytes }, account);
			const heard: string[] = [];
			const port = await startDevice(async (request, response) => {
				const body = await bodyOf(request);
				const { method = '', url: target = '', headers } = request;
				const outcome = check({ method, target, authorization: headers.authorization });
				if (!outcome.ok) return void response.writeHead(401, { 'www-authenticate': [...outcome.challenges] }).end();
				heard.push(body);
				response.writeHead(200, { 'content-type': 'text/xml' }).end('<ok/>');
			});
			const answer = await exchange({ ...question, port, contentType: 'text/xml', body: '<a/>' });
			expect(answer).toMatchObject({ result: 'answered', status: 200, contentType: 'text/xml' });
			expect(answer.result === 'answered' && Buffer.from(answer.body).toString()).toBe('<ok/>');
			expect(heard).toEqual(['<a/>']);
			expect(await exchange({ ...question, port, login: { ...login, password: 'wrong one' } })).toMatchObject({
				result: 'failed',
				problem: expect.stringContaining('refuses the user name or password'),
			});
		},
	);

	test('is signed as old firmwares know it (RFC 2069), whose challenge has no qop', async () => {
		const md5 = (text: string) => createHash('md5').update(text).digest('hex');
		const port = await startDevice((request, response) => {
			const a1 = md5(`${login.username}:old:${login.password}`);
			const expected = md5(`${a1}:abc:${md5('POST:/list?from=1')}`);
			const isRight = request.headers.authorization?.includes(`response="${expected}"`) === true;
			if (isRight) response.end('right');
			else response.writeHead(401, { 'www-authenticate': 'Digest realm="old", nonce="abc", opaque="x"' }).end();
		});
		expect(await exchange({ ...question, port })).toMatchObject({ result: 'answered', status: 200 });
	});

	test('tells the password to nobody who asks for it readable', async () => {
		const seen: (string | undefined)[] = [];
		const port = await startDevice((request, response) => {
			seen.push(request.headers.authorization);
			response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
		});
		const answer = await exchange({ ...question, port });
		expect(answer).toMatchObject({ result: 'failed', problem: expect.stringContaining('digest') });
		expect(seen).toEqual([undefined]);
	});

	test('carries bytes and the token of a service, says which setting is wrong, and waits no longer than it is told', async () => {
		const heard: string[] = [];
		const port = await startDevice(async (request, response) => {
			heard.push(await bodyOf(request));
			if (request.headers.authorization === 'Token right') response.end('{}');
			else if (request.headers.authorization === undefined) response.writeHead(401).end();
			// A byte now and then, for ever.
			else response.write('{');
		});
		const { login: _, ...without } = question;
		const service = { ...without, port, credential: 'token', body: Uint8Array.of(65, 66) } as const;
		const right = await exchange({ ...service, authorization: 'Token right' });
		expect(right).toMatchObject({ result: 'answered', status: 200 });
		expect(await exchange(service)).toMatchObject({ problem: expect.stringContaining('set token') });
		const slow = await exchange({ ...service, authorization: 'Token slow', timeoutMs: 300 });
		expect(slow).toMatchObject({ result: 'failed', problem: expect.stringContaining('did not answer in time') });
		expect(heard).toEqual(['AB', 'AB', 'AB']);
	});

	test('fails in words when the device is not there, breaks off, or says too much', async () => {
		const closed = await startDevice(() => undefined);
		for (const close of closers.splice(0)) await close();
		expect(await exchange({ ...question, port: closed })).toMatchObject({
			problem: expect.stringContaining('nothing listens there'),
		});
		const cut = await startDevice((_request, response: ServerResponse) => {
			response.writeHead(200, { 'content-length': '100' });
			response.write('half');
			response.socket?.end();
		});
		expect(await exchange({ ...question, port: cut })).toMatchObject({ result: 'failed' });
		const flood = await startDevice((_request, response) => {
			const more = () => {
				while (!response.destroyed && response.write(Buffer.alloc(65_536)));
				if (!response.destroyed) response.once('drain', more);
			};
			response.on('error', () => undefined);
			more();
		});
		expect(await exchange({ ...question, port: flood })).toMatchObject({
			problem: expect.stringContaining('more than any device'),
		});
		expect(LIMITS.deviceAnswerBytes).toBeLessThan(5_000_000);
	});
});
