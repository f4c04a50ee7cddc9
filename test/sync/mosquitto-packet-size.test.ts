import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/gateway/core/limits.ts';
import type { Link, LinkAbilities } from '../../src/sync/link.ts';
import { createMqttLinks } from '../../src/sync/mqtt-link.ts';
import { siteTopic } from '../../src/sync/topics.ts';
import { plate, put } from '../support/directory-bench.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';
import { wallClock } from '../support/wall-clock.ts';

const MAX_PACKET_BYTES = 8_192;

describe('D: packets and what the broker takes', () => {
	let mosquitto: Mosquitto;
	let ends: (() => unknown)[];
	beforeEach(async () => {
		mosquitto = await startMosquitto({ settings: `max_packet_size ${MAX_PACKET_BYTES}` });
		ends = [() => mosquitto.stop()];
	});
	afterEach(async () => {
		for (const end of ends.toReversed()) await end();
	});

	async function connect() {
		const problems: string[] = [];
		const { promise, resolve } = Promise.withResolvers<LinkAbilities>();
		const link: Link = createMqttLinks(wallClock)(
			{
				...{ broker: { url: mosquitto.url }, clientId: randomUUID(), willDelayS: 0, sessionExpiryS: 0 },
				subscriptions: () => ['parkgate/1/acme/central/state'],
			},
			{ onUp: resolve, onDown: ({ text }) => problems.push(text), onMessage: () => undefined },
		);
		ends.push(() => link.close());
		return { link, problems, abilities: await promise };
	}

	it('what is larger is never sent: the link stays, and what fits still goes', async () => {
		const { link, problems, abilities } = await connect();
		expect(abilities.maximumPacketBytes).toBe(MAX_PACKET_BYTES);
		// The longest names that a topic can have, so that what is kept free for it is enough.
		const topic = siteTopic('t'.repeat(64), 's'.repeat(64), 'up/heartbeat');
		const publish = (bytes: number) =>
			link.publish({
				...{ topic, payload: Buffer.alloc(bytes, 'x'), qos: 1, retain: false, expiryS: 300 },
				contentType: 'application/json; encoding=deflate',
			});
		for (const bytes of [MAX_PACKET_BYTES * 4, MAX_PACKET_BYTES, MAX_PACKET_BYTES - 511])
			expect(await publish(bytes)).toBe('tooLarge');
		expect(await publish(MAX_PACKET_BYTES - 512)).toBe('unrouted');
		expect(problems).toEqual([]);
	});

	it('a snapshot in parts that do not fit ends no connection and asks for no new one, and decisions keep their old state', async () => {
		const central = createTestCentral({ broker: { url: mosquitto.url } });
		ends.push(() => central.end());
		const rows = Array.from({ length: LIMITS.snapshotChunkRows }, (_, n) =>
			put('credentials', plate(randomUUID(), `1${n}`)),
		);
		central.change('access', rows);
		central.start();
		const site = createSyncSite({ broker: { url: mosquitto.url } });
		ends.push(() => site.end());
		site.append(20);
		site.sync.start();
		await until('events go up all the same', () => site.sync.status().outboxDepth === 0);
		await until('people are in sync', () =>
			site.sync.status().streams.some(({ stream, syncedAtMs }) => stream === 'people' && syncedAtMs !== null),
		);
		const { messagesSent } = site.sync.statistics();
		await new Promise((resolve) => setTimeout(resolve, 5_000));
		const { connections, messagesSent: later } = site.sync.statistics();
		expect(connections).toBe(1);
		expect(later - messagesSent).toBeLessThan(20);
		expect(site.sync.status()).toMatchObject({ connected: true });
	}, 180_000);
});
