import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PushReceiver } from '../../../src/drivers/driver.ts';
import { type IngestListener, openIngestListener } from '../../../src/drivers/ports/http-push.ts';
import type { PushAuth } from '../../../src/drivers/ports/http-push-auth.ts';
import type { IngestCamera } from '../../../src/drivers/ports/http-push-handler.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { openRawConnection } from '../../support/raw-connection.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const basic = (username: string, password: string) =>
	`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** One camera for each way of proving who it is, with what proves it. */
const CAMERAS: Readonly<
	Record<string, { readonly auth: PushAuth; readonly allow?: string[]; readonly proof: string }>
> = {
	basic: {
		auth: { type: 'basic', username: 'cam', password: 'Circle of Life' },
		proof: basic('cam', 'Circle of Life'),
	},
	token: { auth: { type: 'token', token: 'a-token-of-16-characters' }, proof: 'Bearer a-token-of-16-characters' },
	other: {
		auth: { type: 'basic', username: 'cam2', password: 'Another password' },
		proof: basic('cam2', 'Another password'),
	},
	digest: { auth: { type: 'digest', username: 'cam', password: 'Circle of Life' }, proof: '' },
	elsewhere: { auth: { type: 'none' }, allow: ['10.9.9.9'], proof: '' },
};

const clock = createVirtualClock();
const pushed: string[] = [];
let listener: IngestListener;
beforeAll(async () => {
	const cameras = Object.entries(CAMERAS).map(([path, { auth, allow }]): IngestCamera => {
		const status = () => {
			throw new Error('nobody asks');
		};
		const receiver: PushReceiver = {
			device: { id: path, status },
			handle() {
				pushed.push(path);
				return { status: 200, body: 'taken', contentType: 'text/plain' };
			},
		};
		return { deviceId: path, path, auth, receiver, ...(allow && { allow }) };
	});
	const randomBytes = (length: number) => new Uint8Array(length).fill(7);
	listener = await openIngestListener(
		{ clock, log: createMemoryLog(), randomBytes },
		{ host: '127.0.0.1', port: 0, allow: [] },
		cameras,
	);
});
afterAll(() => listener.close());

async function send(text: string): Promise<string> {
	// Failures of an address are forgotten, so that none of these answers comes from the one before.
	clock.advance(3_600_000);
	const connection = await openRawConnection(listener.port);
	connection.send(text);
	await connection.until((one) => one.received().includes('\r\n\r\n') || one.isClosed(), 30_000);
	connection.destroy();
	return connection.received();
}

const push = (path: string, authorization?: string, method = 'POST', more = '') =>
	[
		...[`${method} /ingest/${path} HTTP/1.1`, 'Content-Length: 1', ...(more === '' ? [] : [more])],
		...(authorization === undefined ? [] : [`Authorization: ${authorization}`]),
		...['', 'x'],
	].join('\r\n');

const HEADERS = [
	...["content-security-policy: default-src 'none'; frame-ancestors 'none'", 'x-content-type-options: nosniff'],
	...['x-frame-options: DENY', 'referrer-policy: no-referrer', 'cache-control: no-store'],
];

const statusOf = (answer: string) => Number(answer.split(' ')[1]);
const missingHeaders = (answer: string) => HEADERS.filter((line) => !answer.toLowerCase().includes(line.toLowerCase()));

/** What nobody is let in by; that of another camera is none. */
const WRONG: Readonly<Record<string, string | undefined>> = {
	...{ nothing: undefined, 'an empty proof': '', 'no scheme': 'cam', 'a wrong password': basic('cam', 'wrong') },
	...{ 'an unknown name': basic('nobody', 'Circle of Life'), 'a wrong token': 'Bearer wrong-wrong-wrong-wrong' },
	...{ 'a made-up digest': 'Digest username="cam", realm="parkgate", nonce="x", uri="/", response="y"' },
};

describe('A9 a walk over the cameras’ listener', () => {
	test('no camera is pushed to by who does not prove to be it', async () => {
		const found: string[] = [];
		for (const [path, camera] of Object.entries(CAMERAS)) {
			const others = Object.values(CAMERAS).filter(({ proof }) => proof !== '' && proof !== camera.proof);
			const tried = [...Object.values(WRONG), ...others.map(({ proof }) => proof)];
			for (const authorization of tried) {
				const answer = await send(push(path, authorization));
				const wanted = path === 'elsewhere' ? 403 : 401;
				if (statusOf(answer) !== wanted || missingHeaders(answer).length > 0)
					found.push(`${path} ${authorization}: ${answer}`);
			}
		}
		expect(found).toEqual([]);
		expect(pushed).toEqual([]);
	});

	test('a wrong name and a wrong password are told the same', async () => {
		const [name, password] = [
			await send(push('basic', basic('nobody', 'Circle of Life'))),
			await send(push('basic', basic('cam', 'wrong'))),
		];
		const told = (answer: string) => answer.replace(/date: .*/i, '');
		expect(told(name)).toBe(told(password));
	});

	test('every answer carries the headers, also those to what is no push', async () => {
		const { proof } = CAMERAS['basic'] ?? { proof: '' };
		const asked: readonly (readonly [string, number])[] = [
			[push('basic', proof), 200],
			[push('nowhere', proof), 404],
			[push('../basic', proof), 404],
			[push('basic', proof, 'GET'), 405],
			[push('basic', proof, 'POST', 'Content-Encoding: gzip'), 415],
			[push('basic', proof).replace('Length: 1', `Length: ${LIMITS.ingestBodyBytes + 1}`), 413],
			['GET / HTTP/1.1\r\n\r\n', 404],
			['\u0001garbage\r\n\r\n', 400],
			[push('basic', proof, 'POST', `X: ${'y'.repeat(2 * LIMITS.ingestHeaderBytes)}`), 431],
		];
		const found: string[] = [];
		for (const [text, status] of asked) {
			const answer = await send(text);
			if (statusOf(answer) !== status || missingHeaders(answer).length > 0)
				found.push(`${status}: ${answer.slice(0, 400)}`);
		}
		expect(found).toEqual([]);
		expect(pushed).toEqual(['basic']);
	});
});
