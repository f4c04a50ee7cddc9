import fc from 'fast-check';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/gateway/core/limits.ts';
import type { ConnectionTest } from '../../src/gateway/services/connection-test.ts';
import type { Central } from '../../src/sync/central/central.ts';
import { siteTopic } from '../../src/sync/topics.ts';
import { type ApiClient, claimAndSignIn, createSiteFiles, type Daemon, startDaemon } from '../support/daemon.ts';
import { holder, put } from '../support/directory-bench.ts';
import { anything, type HostileMessage, refusable } from '../support/hostile-messages.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { until } from '../support/program.ts';
import { createTestCentral } from '../support/sync-site.ts';

interface SyncNow {
	readonly connected: boolean;
	readonly outboxDepth: number;
	readonly refused: Readonly<Record<string, number>>;
}

const SITE = ['acme', 'site-1'] as const;
const REASONS = ['contentType', 'empty', 'malformed', 'oversized', 'site', 'type', 'version'];

/** A broker without access rules, on which somebody sends what they like. */
describe('D: the gateway beside a stranger on the broker', () => {
	const files = createSiteFiles({}, 'hostile');
	let mosquitto: Mosquitto;
	let central: ReturnType<typeof createTestCentral>;
	let daemon: Daemon;
	let api: ApiClient;
	let stranger: MqttClient;

	beforeAll(async () => {
		mosquitto = await startMosquitto();
		files.configure({ mqtt: { url: mosquitto.url } });
		central = createTestCentral({ broker: { url: mosquitto.url } });
		central.change('people', [put('holders', holder('anna'))]);
		central.start();
		daemon = await startDaemon({ configFile: files.configFile });
		api = await claimAndSignIn(daemon);
		await until(
			async () => expect(await api.get<SyncNow>('sync')).toMatchObject({ connected: true, outboxDepth: 0 }),
			90_000,
		);
		stranger = await mqtt.connectAsync(mosquitto.url, { protocolVersion: 5 });
	}, 180_000);
	afterAll(async () => {
		await stranger?.endAsync(true);
		await daemon?.kill();
		await central?.end();
		await mosquitto?.stop();
		files[Symbol.dispose]();
	});

	const send = ({ topic, payload, contentType }: HostileMessage) =>
		stranger.publishAsync(topic, Buffer.from(payload), { qos: 1, ...(contentType && { properties: { contentType } }) });

	/** A change of central arrives, an event goes up, and the page of the gateway answers. */
	async function worksOn(name: string): Promise<void> {
		expect((await fetch(`${daemon.url}/healthz`)).status).toBe(200);
		central.change('people', [put('holders', holder('anna', { name }))]);
		await until(async () => expect(await api.get('holders/anna')).toMatchObject({ name }), 30_000);
		await api.send('POST', 'sync/test');
		await until(
			async () => expect(await api.get<SyncNow>('sync')).toMatchObject({ connected: true, outboxDepth: 0 }),
			90_000,
		);
		expect(lost(central)).toEqual([]);
	}

	it('refuses what can not be meant, each with its reason counted, at both ends', async () => {
		for (const message of fc.sample(refusable(...SITE), { numRuns: 400, seed: 1 })) await send(message);
		await until(async () => {
			const here = (await api.get<SyncNow>('sync')).refused;
			for (const refused of [here, central.refused()])
				expect(Object.keys(refused).sort()).toEqual(expect.arrayContaining(REASONS));
		}, 90_000);
		await worksOn('Anna after lies');
	}, 180_000);

	it('goes on after anything at all', async () => {
		for (const message of fc.sample(anything(...SITE, 'no epoch of its own'), { numRuns: 400, seed: 2 })) {
			// A broker itself refuses some topics, and with them the connection.
			if (!message.topic.startsWith('$')) await send(message);
		}
		await worksOn('Anna after noise');
	}, 180_000);

	it('never sees a packet that is larger than it said it takes, and stays connected', async () => {
		const payload = Buffer.alloc(LIMITS.syncMessageBytes * 2, ' ');
		await send({ topic: siteTopic(...SITE, 'down/data'), payload, contentType: 'application/json' });
		await worksOn('Anna after the flood');
	}, 180_000);

	it('tells that this broker has no rules', async () => {
		const { body } = await api.send('POST', 'sync/test');
		const { result, steps } = body as unknown as ConnectionTest;
		expect(result).toBe('failed');
		expect(steps.filter((step) => step.result === 'failed').map(({ step }) => step)).toEqual([
			'foreignWrite',
			'foreignRead',
		]);
	}, 180_000);
});

/** Seqs of the site that central should have and does not. */
function lost(central: Central): readonly number[] {
	const [site] = central.sites().filter((known) => known.site === 'site-1' && known.gatewayEpoch !== null);
	const epoch = site?.gatewayEpoch ?? '';
	const seqs = central.events('site-1', epoch, 0, 10_000).map(({ seq }) => seq);
	return seqs.filter((seq, index) => seq !== index + 1);
}
