import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/gateway/core/gateway-error.ts';
import { createEmbeddedBroker } from '../../src/sync/embedded-broker.ts';
import type { BrokerAccess } from '../../src/sync/link.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { observeMqtt } from '../support/mqtt-observer.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';

const SITE = { username: 'site-1', password: 'correct horse' };
const CENTRAL = { username: 'central', password: 'battery staple' };

let ends: (() => unknown)[] = [];
beforeEach(() => {
	ends = [];
});
afterEach(async () => {
	for (const end of ends.toReversed()) await end();
});

function startSite(broker: BrokerAccess | (() => BrokerAccess)) {
	const site = createSyncSite({ broker });
	ends.push(() => site.end());
	site.append(12);
	site.sync.start();
	return site;
}

async function problemOf(broker: Parameters<typeof startSite>[0]): Promise<{ text: string; log: string }> {
	const site = startSite(broker);
	await until('a problem', () => site.sync.status().problem !== null);
	const { connected, problem, outboxDepth } = site.sync.status();
	expect({ connected, outboxDepth }).toEqual({ connected: false, outboxDepth: 12 });
	return { text: problem ?? '', log: JSON.stringify(site.log.lines) };
}

describe('why the link is down is said in words to act on, and events wait', () => {
	it('names a broker that nobody started', async () => {
		expect((await problemOf({ url: 'mqtt://127.0.0.1:1' })).text).toContain('nothing listens there');
	});

	it('names a host that does not exist', async () => {
		expect((await problemOf({ url: 'mqtt://no-such-broker.invalid' })).text).toMatch(/name is not known|DNS server/);
	});

	it('names an address that is none', async () => {
		expect((await problemOf({ url: 'broker.example' })).text).toContain('write mqtt://host:1883');
	});

	it('names a port without TLS', async () => {
		const mosquitto = await started({});
		const { text } = await problemOf({ url: mosquitto.url.replace('mqtt:', 'mqtts:') });
		expect(text).toContain('does it speak TLS on this port, or');
	});

	it('names a wrong password, and keeps it out of the log', async () => {
		const mosquitto = await started({ users: [SITE] });
		const { text, log } = await problemOf({ url: mosquitto.url, username: 'site-1', password: 'wrong secret' });
		expect(text).toContain('mqtt.password');
		expect(log).not.toContain('wrong secret');
	});

	it('names access rules that keep the site from publishing', async () => {
		const acl = 'user site-1\ntopic read parkgate/1/acme/#\n';
		const mosquitto = await started({ users: [SITE], acl });
		const site = startSite({ url: mosquitto.url, ...SITE });
		await until('denied', () => site.sync.status().problem?.includes('does not let this site publish') === true);
		expect(site.sync.status()).toMatchObject({ connected: true, outboxDepth: 12 });
	});

	it('names a missing credential', async () => {
		const { text } = await problemOf(() => {
			throw new GatewayError('CREDENTIAL_MISSING', 'credential mqtt is missing; put it in /etc/parkgate');
		});
		expect(text).toBe('credential mqtt is missing; put it in /etc/parkgate');
	});

	it('gives up on something that accepts and never answers', async () => {
		const silent = createServer().listen(0, '127.0.0.1');
		ends.push(() => silent.close());
		await until('listening', () => silent.listening);
		const address = silent.address();
		const port = typeof address === 'object' ? address?.port : undefined;
		expect((await problemOf({ url: `mqtt://127.0.0.1:${port}` })).text).toContain('is it an MQTT broker?');
	}, 180_000);

	it('connects by itself once the broker is there', async () => {
		const mosquitto = await started({});
		await mosquitto.kill();
		const site = startSite({ url: mosquitto.url });
		await until('a problem', () => site.sync.status().problem !== null);
		await mosquitto.start();
		await until('connected', () => site.sync.status().connected);
		expect(site.sync.status().problem).toBeNull();
	});
});

describe('the demo’s embedded broker', () => {
	async function startBroker() {
		const broker = await createEmbeddedBroker({
			tenant: 'acme',
			port: 0,
			log: createMemoryLog(),
			users: [
				{ ...SITE, user: { role: 'site', site: 'site-1' } },
				{ username: 'site-2', password: 'other', user: { role: 'site', site: 'site-2' } },
				{ ...CENTRAL, user: { role: 'central' } },
			],
		});
		ends.push(() => broker.close());
		return broker;
	}

	it('carries events up, acks and snapshots down without shared subscriptions', async () => {
		const { url } = await startBroker();
		const central = createTestCentral({ broker: { url, ...CENTRAL } });
		ends.push(() => central.end());
		central.change('people', [
			{
				op: 'put',
				table: 'holders',
				key: 'h1',
				row: { id: 'h1', kind: 'person', name: 'Anna', email: null, status: 'active' },
			},
		]);
		central.start();
		const site = startSite({ url, ...SITE });
		site.append(1_000);
		await until('all acknowledged', () => site.sync.status().outboxDepth === 0);
		await until('in sync', () => site.sync.status().streams.every(({ syncedAtMs }) => syncedAtMs !== null));
		expect(central.events('site-1', site.outbox.gatewayEpoch(), 0, 10_000)).toHaveLength(1_012);
		expect(site.directory.reader.holder('h1')?.name).toBe('Anna');
	});

	it('names a wrong password', async () => {
		const { url } = await startBroker();
		expect((await problemOf({ url, ...SITE, password: 'wrong' })).text).toContain('user name or password');
	});

	it('says who took the site’s place', async () => {
		const { url } = await startBroker();
		const first = startSite({ url, ...SITE });
		await until('connected', () => first.sync.status().connected);
		startSite({ url, ...SITE });
		await until(
			'named',
			() => first.sync.status().problem?.includes('Another gateway connected with the same site id') === true,
		);
	});

	it('refuses a client id, topics and wildcards that are another site’s', async () => {
		const { url } = await startBroker();
		const own = ['parkgate/1/acme/site/site-2/down/data'];
		await expect(
			observeMqtt({ url, username: 'site-2', password: 'other' }, own, 'parkgate-acme-site-1'),
		).rejects.toThrow('user name');
		for (const foreign of ['parkgate/1/acme/site/site-1/down/data', 'parkgate/1/acme/site/+/down/data', '#'])
			await expect(
				observeMqtt({ url, username: 'site-2', password: 'other' }, [foreign], 'parkgate-acme-site-2'),
			).rejects.toThrow('refused the subscription');
		const { link } = await observeMqtt({ url, username: 'site-2', password: 'other' }, own, 'parkgate-acme-site-2');
		const publish = (topic: string) =>
			link.publish({ topic, payload: Buffer.from('{}'), contentType: 'application/json', qos: 1, retain: false });
		expect(await publish('parkgate/1/acme/site/site-1/up/events')).toBe('denied');
		expect(await publish('parkgate/1/acme/site/site-2/down/data')).toBe('denied');
		expect(await publish('parkgate/1/acme/stream/people/head')).toBe('denied');
		expect(await publish('parkgate/1/acme/central/state')).toBe('denied');
		expect(await publish('parkgate/1/acme/site/site-2/up/events')).toBe('delivered');
		await link.close();
	});

	it('names a port that is in use', async () => {
		const { port } = await startBroker();
		await expect(
			createEmbeddedBroker({ tenant: 'acme', port, log: createMemoryLog(), users: [] }),
		).rejects.toMatchObject({
			code: 'ADDRESS_IN_USE',
		});
	});
});

async function started(options: Parameters<typeof startMosquitto>[0]): Promise<Mosquitto> {
	const mosquitto = await startMosquitto(options);
	ends.push(() => mosquitto.stop());
	return mosquitto;
}
