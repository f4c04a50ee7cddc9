import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/gateway/core/gateway-error.ts';
import {
	CONNECTION_STEPS,
	type ConnectionStep,
	type ConnectionTest,
} from '../../src/gateway/services/connection-test.ts';
import { createEmbeddedBroker } from '../../src/sync/embedded-broker.ts';
import type { BrokerAccess } from '../../src/sync/link.ts';
import { createConnectionTester } from '../../src/sync/test-connection.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { type Mosquitto, type MosquittoOptions, startMosquitto } from '../support/mosquitto.ts';
import { type Access, type BrokerVariant, type ShippedBroker, startShippedBroker } from '../support/shipped-broker.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';
import { createThrowawayCa } from '../support/throwaway-ca.ts';
import { wallClock } from '../support/wall-clock.ts';

let ends: (() => unknown)[];
beforeEach(() => {
	ends = [];
});
afterEach(async () => {
	for (const end of ends.toReversed()) await end();
});

/** A site that has begun to sync, and its test. */
function startSite(access: BrokerAccess | (() => BrokerAccess), site = 'north') {
	const started = createSyncSite({ broker: access, site });
	ends.push(() => started.end());
	started.sync.start();
	const broker = () => (typeof access === 'function' ? access() : access);
	const tester = createConnectionTester({
		...{ clock: wallClock, tenant: 'acme', site, broker, links: started.links, newId: randomUUID },
		...{ connect: started.sync.connectNow, gatewayEpoch: started.outbox.gatewayEpoch },
	});
	return { ...started, tester };
}

function startCentral(broker: BrokerAccess) {
	const central = createTestCentral({ broker });
	ends.push(() => central.end());
	central.start();
	return central;
}

async function startOpenBroker(options: MosquittoOptions = {}): Promise<Mosquitto> {
	const mosquitto = await startMosquitto(options);
	ends.push(() => mosquitto.stop());
	return mosquitto;
}

async function startBroker(variant: BrokerVariant): Promise<ShippedBroker> {
	const broker = await startShippedBroker(variant, ['north', 'south', 'central']);
	ends.push(() => broker.stop());
	return broker;
}

function over(url: string, { ca, cert, key, username, password }: Access): BrokerAccess {
	const tls = { ca, ...(cert && { cert }), ...(key && { key }) };
	return { url, tls, ...(username && { username }), ...(password && { password }) };
}

const resultOf = (test: ConnectionTest, step: ConnectionStep) => test.steps.find((one) => one.step === step);

/** The steps before are ok or not needed, this one failed so, those behind were not tried. */
function expectFailure(test: ConnectionTest, step: ConnectionStep, text: string | RegExp): void {
	expect(test.result).toBe('failed');
	const at = CONNECTION_STEPS.indexOf(step);
	expect(test.steps.map(({ result }) => result === 'failed').indexOf(true), JSON.stringify(test.steps)).toBe(at);
	expect(resultOf(test, step)).toMatchObject({ result: 'failed', durationMs: expect.any(Number) });
	expect(resultOf(test, step)?.text).toMatch(text);
	for (const behind of test.steps.slice(at + 1)) expect(behind).toMatchObject({ result: 'skipped', text: null });
}

describe('D: the connection test', () => {
	it.each<BrokerVariant>(['password', 'certificate'])(
		'holds all the way on a broker as shipped, by %s',
		async (variant) => {
			const broker = await startBroker(variant);
			startCentral(over(broker.address, await broker.access('central')));
			const site = startSite(over(broker.address, await broker.access('north')));
			await until('connected', () => site.sync.status().connected);
			const test = await site.tester.run();
			expect(test).toMatchObject({ result: 'passed', atMs: expect.any(Number) });
			expect(test.steps.map(({ step, result }) => `${step} ${result}`)).toEqual(
				CONNECTION_STEPS.map((step) => `${step} ok`),
			);
			expect(test.steps.every(({ durationMs, text }) => durationMs !== null && text?.endsWith('.'))).toBe(true);
			expect(resultOf(test, 'tls')?.text).toMatch(/^TLSv1\.3; its certificate is valid until \d{4}-\d\d-\d\d/);
			// Over its own link, which nobody pushed off; nothing of the test reaches the session.
			expect(site.sync.statistics()).toMatchObject({ connections: 1, refused: {} });
			expect(site.sync.status()).toMatchObject({ connected: true, problem: null });
		},
	);

	it('names a file, a host, a port, TLS, a password, one by one', async () => {
		const broker = await startBroker('password');
		const access = over(broker.address, await broker.access('north'));
		const missing = startSite(() => {
			throw new GatewayError('CREDENTIAL_MISSING', 'mqtt.password: found no credential mqtt.');
		});
		expectFailure(await missing.tester.run(), 'settings', 'no credential mqtt');
		const testOf = (changed: Partial<BrokerAccess>) => startSite({ ...access, ...changed }).tester.run();
		expectFailure(await testOf({ url: 'mqtts://no-such-broker.invalid' }), 'dns', /name is not known|DNS server/);
		expectFailure(await testOf({ url: 'mqtts://127.0.0.1:1' }), 'tcp', 'nothing listens there');
		const other = await createThrowawayCa('Other CA');
		expectFailure(await testOf({ tls: { ca: other.pem } }), 'tls', 'into mqtt.ca');
		expectFailure(await testOf({ password: 'wrong' }), 'login', 'mqtt.password');
	}, 180_000);

	it('names a client certificate that the broker wants or does not take as TLS', async () => {
		const broker = await startBroker('certificate');
		const none = await startSite(over(broker.address, broker.nobody)).tester.run();
		expectFailure(none, 'tls', 'it wants a client certificate');
		const other = await createThrowawayCa('Other CA');
		const foreign = over(broker.address, { ...broker.nobody, ...(await other.issue('north')) });
		expectFailure(await startSite(foreign).tester.run(), 'tls', 'does not know the authority');
	});

	it('names rules that keep the site from writing, and from hearing though SUBACK grants it', async () => {
		const users = ['north', 'central'].map((username) => ({ username, password: 'p' }));
		const central = 'user central\ntopic readwrite parkgate/#\nuser north\n';
		const mute = await startOpenBroker({ users, acl: `${central}topic read parkgate/1/acme/site/north/down/#\n` });
		const test = await startSite({ url: mute.url, username: 'north', password: 'p' }).tester.run();
		expect(resultOf(test, 'write')).toMatchObject({ result: 'failed' });
		expect(resultOf(test, 'write')?.text).toContain(
			'does not let this site write site/north/up/#; check its access rules',
		);
		expect(resultOf(test, 'foreignWrite')).toMatchObject({ result: 'ok' });

		const rules = 'topic write parkgate/1/acme/site/north/up/#\ntopic read parkgate/1/acme/central/state\n';
		const deaf = await startOpenBroker({ users, acl: central + rules });
		startCentral({ url: deaf.url, username: 'central', password: 'p' });
		const site = startSite({ url: deaf.url, username: 'north', password: 'p' });
		await until('connected', () => site.sync.status().connected);
		const silent = await site.tester.run();
		expect(silent.steps.filter(({ result }) => result === 'failed').map(({ step }) => step)).toEqual(['read']);
		expect(resultOf(silent, 'read')?.text).toContain(
			'its answer does not arrive; let this site read site/north/down/#',
		);
	}, 180_000);

	it('names a broker without rules: this site could speak for others and hear them', async () => {
		const { url } = await startOpenBroker();
		startCentral({ url });
		const site = startSite({ url });
		const test = await site.tester.run();
		expect(test.steps.filter(({ result }) => result === 'failed').map(({ step }) => step)).toEqual([
			'foreignWrite',
			'foreignRead',
		]);
		expect(resultOf(test, 'tls')).toMatchObject({ result: 'skipped', text: expect.stringContaining('not encrypted') });
		// What it heard of others was no message for the session.
		expect(site.sync.statistics().refused).toEqual({});
	});

	it('tells a central that is offline from one that never was there', async () => {
		const { url } = await startOpenBroker();
		const never = await startSite({ url }).tester.run();
		expect(resultOf(never, 'read')).toMatchObject({
			result: 'failed',
			text: expect.stringContaining('No central has shown'),
		});
		const central = startCentral({ url });
		await until('central is there', central.connected);
		await central.stop();
		const gone = await startSite({ url }, 'south').tester.run();
		expect(resultOf(gone, 'read')).toMatchObject({
			result: 'failed',
			text: expect.stringContaining('central is offline'),
		});
	}, 180_000);

	it('runs once at a time, shows how far it is, and does not wait for the next attempt', async () => {
		const mosquitto = await startOpenBroker();
		await mosquitto.kill();
		const site = startSite({ url: mosquitto.url });
		expect(site.tester.last()).toBeNull();
		const [first, second] = [site.tester.run(), site.tester.run()];
		expect(site.tester.last()).toMatchObject({ result: 'running' });
		expect(await first).toBe(await second);
		expectFailure(await first, 'tcp', 'nothing listens there');
		expect(site.tester.last()).toBe(await first);
		await mosquitto.start();
		const again = site.tester.run();
		await until('past the login', () => resultOf(site.tester.last() ?? never(), 'login')?.result === 'ok');
		expect(site.tester.last()?.result).toBe('running');
		expect(await again).not.toBe(await first);
		expect(site.sync.status().connected).toBe(true);
	}, 180_000);

	it('holds on the demo’s embedded broker', async () => {
		const account = (username: string) => ({ username, password: 'p' });
		const broker = await createEmbeddedBroker({
			...{ tenant: 'acme', port: 0, log: createMemoryLog() },
			users: [
				{ ...account('north'), user: { role: 'site', site: 'north' } },
				{ ...account('central'), user: { role: 'central' } },
			],
		});
		ends.push(() => broker.close());
		startCentral({ url: broker.url, ...account('central') });
		const test = await startSite({ url: broker.url, ...account('north') }).tester.run();
		expect(test.steps.filter(({ result }) => result === 'failed')).toEqual([]);
		expect(test.result).toBe('passed');
	});
});

function never(): never {
	throw new Error('no test was started');
}
