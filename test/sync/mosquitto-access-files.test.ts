import type { MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { centralSubscriptions, gatewaySubscriptions } from '../../src/sync/topics.ts';
import { type BrokerVariant, type ShippedBroker, startShippedBroker } from '../support/shipped-broker.ts';
import { until } from '../support/sync-site.ts';

const at = (tail: string) => `parkgate/1/acme/${tail}`;
const NOT_AUTHORIZED = 135;

describe.each<BrokerVariant>(['password', 'certificate'])('D: config/mosquitto with a %s', (variant) => {
	let broker: ShippedBroker;
	let ends: (() => unknown)[];
	beforeEach(async () => {
		broker = await startShippedBroker(variant, ['north', 'south', 'central']);
		ends = [() => broker.stop()];
	});
	afterEach(async () => {
		for (const end of ends.toReversed()) await end();
	});

	async function come(name: string, clientId = name) {
		const client = await broker.connect(await broker.access(name), clientId);
		ends.push(() => client.endAsync(true));
		const heard: string[] = [];
		client.on('message', (topic, payload) => heard.push(`${topic} ${payload}`));
		return { client, heard };
	}

	it('a site and central reach all that they need', async () => {
		const central = await come('central');
		await central.client.subscribeAsync([...centralSubscriptions('acme', true)], { qos: 1 });
		const north = await come('north');
		await north.client.subscribeAsync([...gatewaySubscriptions('acme', 'north', ['people', 'access'])], { qos: 1 });
		const up = ['birth', 'will', 'heartbeat', 'events', 'request', 'challenge', 'result'];
		for (const channel of up) expect(await tell(north.client, at(`site/north/up/${channel}`))).toBe('taken');
		await until('central heard all', () => central.heard.length === up.length);
		const down = ['ack', 'data', 'command', 'confirm'].map((channel) => at(`site/north/down/${channel}`));
		const shared = [at('stream/people/head'), at('stream/access/delta'), at('central/state')];
		for (const topic of [...down, ...shared]) expect(await tell(central.client, topic)).toBe('taken');
		await until('the site heard all', () => north.heard.length === down.length + shared.length);
	});

	it('a site writes nothing of another site, of central, of another tenant', async () => {
		const { client } = await come('north');
		for (const topic of [
			at('site/south/up/events'),
			at('site/south/up/birth'),
			at('site/south/down/command'),
			at('site/north/down/command'),
			at('site/north/down/ack'),
			at('stream/people/delta'),
			at('stream/people/head'),
			at('central/state'),
			at('site/central/up/events'),
			'parkgate/1/other/site/north/up/events',
			'$SYS/broker/log',
		])
			expect(await tell(client, topic), topic).toBe('denied');
	});

	it('a site hears nothing of another, whatever it subscribes to and SUBACK says', async () => {
		const central = await come('central');
		const south = await come('south');
		await tell(south.client, at('site/south/up/birth'), 'kept', true);
		const north = await come('north');
		// Granted or not: what counts is what comes.
		for (const filter of [
			...['#', '+/#', 'parkgate/#', at('#'), at('site/+/down/#'), at('site/+/up/#'), at('+/+/up/birth')],
			...[at('site/south/down/data'), at('site/south/down/command'), at('site/south/up/birth')],
			...[at('site/north/up/events'), '$share/mine/parkgate/1/acme/site/+/up/events', 'parkgate/1/other/#'],
			at('site/north/down/data'),
		])
			await north.client.subscribeAsync(filter, { qos: 1 }).catch(() => undefined);
		for (const channel of ['birth', 'events', 'request', 'result'])
			expect(await tell(south.client, at(`site/south/up/${channel}`), 'south’s')).toBe('taken');
		for (const channel of ['data', 'ack', 'command', 'confirm'])
			expect(await tell(central.client, at(`site/south/down/${channel}`), 'south’s')).toBe('taken');
		await tell(north.client, at('site/north/up/events'), 'its own');
		await tell(central.client, at('site/north/down/data'), 'the last');
		await until('the last', () => north.heard.some((message) => message.endsWith('the last')));
		// Once for each filter that reaches it.
		expect(new Set(north.heard)).toEqual(new Set([`${at('site/north/down/data')} the last`]));
	});

	it('central writes nothing that a site says, and hears no other tenant', async () => {
		const { client } = await come('central');
		for (const topic of [at('site/north/up/events'), 'parkgate/1/other/site/north/down/command', '$SYS/broker/log'])
			expect(await tell(client, topic), topic).toBe('denied');
	});

	it('a client id of another takes nothing from it', async () => {
		const central = await come('central');
		const south = await come('south', 'parkgate-acme-south');
		let isLost = false;
		south.client.on('close', () => {
			isLost = true;
		});
		await south.client.subscribeAsync(at('site/south/down/data'), { qos: 1 });
		for (const clientId of ['parkgate-acme-south', 'south', 'parkgate-central-acme-1', 'central']) {
			const thief = await come('north', clientId);
			await thief.client.subscribeAsync(at('site/south/down/data'), { qos: 1 }).catch(() => undefined);
			await tell(central.client, at('site/south/down/data'), clientId);
			await until('south has it', () => south.heard.some((message) => message.endsWith(` ${clientId}`)));
			expect(thief.heard).toEqual([]);
			await thief.client.endAsync();
		}
		expect(isLost).toBe(false);
	});

	it('nobody else gets in', async () => {
		await expect(broker.connect(broker.nobody, 'north')).rejects.toThrow();
		if (variant === 'certificate') return;
		const wrong = { ...broker.nobody, username: 'north', password: 'wrong' };
		await expect(broker.connect(wrong, 'north')).rejects.toThrow(/Not authorized/);
		await expect(broker.connect({ ...wrong, username: 'unknown' }, 'north')).rejects.toThrow(/Not authorized/);
	});
});

/** At QoS 1, so that the broker says whether it took it. */
async function tell(client: MqttClient, topic: string, text = 'hello', retain = false): Promise<'taken' | 'denied'> {
	try {
		await client.publishAsync(topic, text, { qos: 1, retain });
		return 'taken';
	} catch (error) {
		expect(error).toMatchObject({ code: NOT_AUTHORIZED });
		return 'denied';
	}
}
