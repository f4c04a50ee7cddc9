import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { createHttpExchange, type HttpAnswer, type HttpQuestion } from '../../../src/drivers/ports/http-exchange.ts';
import { openIngestListener } from '../../../src/drivers/ports/http-push.ts';
import { createDigestCheck } from '../../../src/drivers/ports/http-push-digest.ts';
import { univiewPush } from '../../../src/drivers/uniview-push/index.ts';
import { createPushBench } from '../../support/push-camera.ts';
import { wallClock } from '../../support/wall-clock.ts';

const login = { username: 'admin', password: 'a long one' };
const receiver = { address: '10.0.0.2', port: 8081 };
const answered = (body: object, status = 200): HttpAnswer => ({
	...{ result: 'answered', status, contentType: 'application/json' },
	body: Buffer.from(JSON.stringify(body)),
});
const SUBSCRIBED = answered({ Response: { ResponseCode: 0, Data: { ID: 1003 } } });

/** A camera that answers with `answers` in turn, the last one from then on. */
function createCamera(answers: readonly HttpAnswer[]) {
	const bench = createPushBench(univiewPush, { subscribe: { host: '10.0.0.21', login, receiver } });
	const asked: HttpQuestion[] = [];
	const end = bench.receiver.begin?.((question) => {
		asked.push(question);
		return Promise.resolve(answers[Math.min(asked.length, answers.length) - 1] ?? SUBSCRIBED);
	});
	return { ...bench, asked, end, settle: () => bench.clock.advanceAsync(0) };
}

describe('a subscription', () => {
	it('is asked for at the start, and renewed after half its life', async () => {
		const camera = createCamera([SUBSCRIBED]);
		await camera.settle();
		expect(camera.asked).toMatchObject([
			{ host: '10.0.0.21', port: 80, method: 'POST', path: '/LAPI/V1.0/System/Event/Subscription', login },
		]);
		expect(JSON.parse(String(camera.asked[0]?.body))).toEqual({
			...{ AddressType: 0, IPAddress: '10.0.0.2', Port: 8081, Duration: 300 },
		});
		await camera.clock.advanceAsync(150_000);
		expect(camera.asked[1]).toMatchObject({ method: 'PUT', path: '/LAPI/V1.0/System/Event/Subscription/1003' });
		expect(JSON.parse(String(camera.asked[1]?.body))).toEqual({ Duration: 300 });
		expect(camera.status().statistics).toMatchObject({ subscriptions: 1, subscriptionFailures: 0 });
	});

	it('begins anew when the camera has forgotten it', async () => {
		const camera = createCamera([SUBSCRIBED, answered({}, 404), SUBSCRIBED]);
		await camera.clock.advanceAsync(150_000);
		expect(camera.asked.map(({ method }) => method)).toEqual(['POST', 'PUT', 'POST']);
		expect(camera.status().statistics).toMatchObject({ subscriptions: 2 });
	});

	it('that fails shows the camera offline with the reason, and is asked for again until it stands', async () => {
		const failed: HttpAnswer = { result: 'failed', problem: '10.0.0.21:80: nothing listens there' };
		const camera = createCamera([failed, answered({ Response: {} }), SUBSCRIBED]);
		await camera.settle();
		expect(camera.status()).toMatchObject({ state: 'offline', problem: expect.stringContaining('nothing listens') });
		await camera.clock.advanceAsync(15_000);
		expect(camera.status()).toMatchObject({ state: 'offline', problem: expect.stringContaining('subscription') });
		await camera.clock.advanceAsync(15_000);
		expect(camera.status().state).not.toBe('offline');
		expect(camera.statuses.map(({ state }) => state)).toEqual(['offline', 'offline', 'starting']);
		camera.end?.();
		expect(camera.clock.pendingTimers()).toBe(0);
	});

	it('makes a camera post to LAPI’s own path, and by its address it is known there', async () => {
		const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length));
		const check = createDigestCheck(
			{ clock: wallClock, randomBytes },
			{ ...login, realm: 'uniview', algorithms: ['MD5'] },
		);
		const device = createServer((request, response) => {
			request.resume();
			const { method = '', url: target = '', headers } = request;
			const outcome = check({ method, target, authorization: headers.authorization });
			if (!outcome.ok) response.writeHead(401, { 'www-authenticate': [...outcome.challenges] }).end();
			else response.end(JSON.stringify({ Response: { Data: { ID: 7 } } }));
		});
		await new Promise<void>((resolve) => device.listen(0, '127.0.0.1', resolve));
		const { port } = device.address() as AddressInfo;
		const subscribe = { host: '127.0.0.1', port, login, receiver: { address: '127.0.0.1', port: 1 } };
		const bench = createPushBench(univiewPush, { subscribe, assumedConfidence: 0.9 });
		const listener = await openIngestListener(
			{ clock: wallClock, log: bench.log, randomBytes },
			{ host: '127.0.0.1', port: 0, allow: [] },
			[{ deviceId: 'cam-1', path: 'cam-1', auth: { type: 'none' }, receiver: bench.receiver }],
		);
		const end = bench.receiver.begin?.(createHttpExchange(randomBytes));
		await vi.waitFor(
			() => expect(bench.status().statistics).toMatchObject({ subscriptions: 1, subscriptionFailures: 0 }),
			{ timeout: 20_000, interval: 10 },
		);
		const push = bench.simulator.plate({
			...{ plate: '1ABC234', confidence: 1, direction: 'approaching', at: new Date(0), eventId: 'e' },
		});
		const posted = await fetch(`http://127.0.0.1:${listener.port}/LAPI/V1.0/System/Event/Notification/Structure`, {
			method: 'POST',
			headers: { 'content-type': push.contentType },
			body: Buffer.from(push.body),
		});
		expect(posted.status).toBe(200);
		expect(bench.plates()).toMatchObject([{ plate: '1ABC234', confidence: 0.9 }]);
		end?.();
		await listener.close();
		device.closeAllConnections();
		await new Promise((resolve) => void device.close(resolve));
	});
});

describe('its configuration', () => {
	const base = { id: 'cam-1', driver: 'uniview-push', path: 'cam-1' };
	it.each([{ host: 'camera-1' }, { login: undefined }, { durationS: 5 }, { receiver: { address: '10.0.0.2' } }])(
		'refuses %j',
		(wrong) => {
			const entry = { ...base, subscribe: { host: '10.0.0.21', login, receiver, ...wrong } };
			expect(univiewPush.config.safeParse(entry).success).toBe(false);
		},
	);
});
