import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCentral } from '../../src/sync/central/central.ts';
import { createMqttLinks } from '../../src/sync/mqtt-link.ts';
import { createCentralFiles, startCentralProgram } from '../support/central-program.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { until } from '../support/program.ts';
import { createSyncSite } from '../support/sync-site.ts';
import { wallClock } from '../support/wall-clock.ts';

const SITES = ['north', 'south', 'west'];
const holder = (id: string) => ({ id, kind: 'person', name: `Name ${id}`, email: null, status: 'active' });

/** Two processes of the built program on one database, a Mosquitto that shares the sites' events between them. */
describe('N11: several centrals side by side', () => {
	let mosquitto: Mosquitto;
	beforeAll(async () => {
		mosquitto = await startMosquitto();
	});
	afterAll(() => mosquitto.stop());

	it('lose and double nothing while one of them is killed by −9, and tell every change', async () => {
		using files = createCentralFiles({ mqtt: { url: mosquitto.url } });
		const first = await startCentralProgram(files);
		const second = await startCentralProgram(files, first.token);
		await using _a = first.central;
		await using _b = second.central;
		expect((await first.central.ask('GET', '/api/v1/status')).body).toMatchObject({ leads: true });
		expect((await second.central.ask('GET', '/api/v1/status')).body).toMatchObject({ leads: false });

		const sites = SITES.map((site) => createSyncSite({ broker: { url: mosquitto.url }, site }));
		const promised = sites.map((): string[] => []);
		const append = (count: number) => {
			for (const [place, site] of sites.entries()) promised[place]?.push(...site.append(count));
		};
		try {
			for (const site of sites) site.sync.start();
			await until(() => expect(sites.every((site) => site.sync.status().connected)).toBe(true), 30_000);
			// One change for all sites by the one that does not lead.
			const put = await second.central.ask('PUT', '/api/v1/rows/holders/h1', holder('h1'));
			expect(put).toMatchObject({ status: 200, body: { rev: 1 } });
			await until(() => {
				for (const site of sites) expect(site.directory.reader.holder('h1')?.name).toBe('Name h1');
			}, 90_000);

			// Busy, and in the middle of it the one that leads is gone.
			for (let round = 0; round < 40; round += 1) {
				append(90);
				if (round === 15) await first.central.kill();
				await new Promise((resolve) => setTimeout(resolve, 20));
			}
			await second.central.ask('PUT', '/api/v1/rows/holders/h2', holder('h2'));
			await until(() => {
				for (const site of sites) expect(site.directory.reader.holder('h2')?.name).toBe('Name h2');
			}, 90_000);
			expect((await second.central.ask('GET', '/api/v1/status')).body).toMatchObject({ leads: true });

			const third = await startCentralProgram(files, first.token);
			await using _c = third.central;
			append(500);
			await until(() => {
				for (const site of sites) expect(site.sync.status().outboxDepth).toBe(0);
			}, 180_000);
			const { body } = await third.central.ask('GET', '/api/v1/sites');
			const storedTo = promised[0]?.length;
			expect(body).toMatchObject({
				items: SITES.map((site) => ({ site, storedTo, ahead: 0, rejected: 0, queueDepth: 0 })),
			});
			for (const { central } of [second, third]) {
				central.signal('SIGTERM');
				expect(await central.exited).toEqual({ code: 0, signal: null });
			}

			const store = openStore(path.join(path.dirname(files.configFile), 'store'));
			for (const [place, site] of sites.entries()) {
				const stored = store.events(SITES[place] ?? '', site.outbox.gatewayEpoch(), 0, 100_000);
				expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, index) => index + 1));
				expect(stored.map(({ id }) => id)).toEqual(promised[place]);
			}
			await store.stop();
		} finally {
			for (const site of sites) await site.end();
		}
	}, 240_000);
});

/** Of centrals that do not run. */
function openStore(dir: string) {
	return createCentral({
		...{ dir, tenant: 'acme', clock: wallClock, log: createMemoryLog(), openLink: createMqttLinks(wallClock) },
		broker: () => ({ url: 'mqtt://127.0.0.1:1' }),
		newId: () => 'none',
		random: () => 0,
	});
}
