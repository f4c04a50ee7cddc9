import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSubscriptions } from '../../src/compose/device-subscriptions.ts';
import type { Subscription, TopicMessage } from '../../src/drivers/ports/subscription.ts';
import { createMqttLinks } from '../../src/sync/mqtt-link.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { publishTo } from '../support/mqtt-publish.ts';
import { until } from '../support/program.ts';
import { wallClock } from '../support/wall-clock.ts';

let broker: Mosquitto;
const open: Subscription[] = [];

beforeEach(async () => {
	broker = await startMosquitto({ users: [{ username: 'parkgate', password: 'a long one' }] });
});
afterEach(async () => {
	for (const subscription of open.splice(0)) await subscription.close();
	await broker.stop();
});

function subscribe(password = 'a long one') {
	const messages: TopicMessage[] = [];
	const told: string[] = [];
	const openSubscription = createSubscriptions(
		{ clock: wallClock, random: Math.random, site: 'site-1' },
		createMqttLinks(wallClock),
	);
	open.push(
		openSubscription(
			'cam-1',
			{ url: broker.url, username: 'parkgate', password, topics: ['frigate/events', 'frigate/available'] },
			{
				onUp: () => told.push('up'),
				onDown: (problem) => told.push(problem),
				onMessage: (message) => messages.push(message),
			},
		),
	);
	const texts = () => messages.map(({ payload, retained }) => [Buffer.from(payload).toString(), retained]);
	return { told, texts };
}

const publish = (topic: string, payload: string, retain = false) =>
	publishTo({ url: broker.url, username: 'parkgate', password: 'a long one' }, [{ topic, payload, retain }]);

describe('D devices that are heard on a broker', () => {
	it('hear their topics and nothing else, and know what the broker kept', async () => {
		await publish('frigate/available', 'online', true);
		const { told, texts } = subscribe();
		await until(() => expect(told).toEqual(['up']));
		await publish('frigate/stats', 'x');
		await publish('frigate/events', 'a');
		await until(() =>
			expect(texts()).toEqual([
				['online', true],
				['a', false],
			]),
		);
	});

	it('come back after the broker', async () => {
		const { told, texts } = subscribe();
		await until(() => expect(told).toEqual(['up']));
		await broker.kill();
		await until(() => expect(told.length).toBeGreaterThan(1));
		await broker.start();
		await until(() => expect(told.at(-1)).toBe('up'));
		await publish('frigate/events', 'b');
		await until(() => expect(texts().at(-1)).toEqual(['b', false]));
	});

	it('hear nothing of what was said while they were away', async () => {
		const first = subscribe();
		await until(() => expect(first.told).toEqual(['up']));
		for (const subscription of open.splice(0)) await subscription.close();
		await publish('frigate/events', 'meanwhile');
		const second = subscribe();
		await until(() => expect(second.told).toEqual(['up']));
		await publish('frigate/events', 'b');
		await until(() => expect(second.texts()).toEqual([['b', false]]));
	});

	it('say what is wrong, in words that fit a device', async () => {
		const { told } = subscribe('wrong');
		await until(() => expect(told[0]).toMatch(/check (?:the )?username/));
		expect(told[0]).not.toMatch(/mqtt\.|wrong'/);
	});

	it('end at once', async () => {
		const { told } = subscribe();
		await until(() => expect(told).toEqual(['up']));
		for (const subscription of open.splice(0)) await subscription.close();
		await new Promise((resolve) => setTimeout(resolve, 50));
		expect(told).toEqual(['up']);
	});
});
