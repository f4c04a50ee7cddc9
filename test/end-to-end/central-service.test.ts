import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCentralFiles, startCentralProgram } from '../support/central-program.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { freePort, parkgate, until } from '../support/program.ts';
import { createSyncSite } from '../support/sync-site.ts';

const MQTT = { username: 'central', password: `\${credential:mqtt}` };
const HOLDER = { id: 'h1', kind: 'person', name: 'Anna', email: null, status: 'active' };

/** The built program as a service, a Mosquitto with passwords, and a gateway's real store and sync. */
describe('N11: parkgate central as a service', () => {
	let mosquitto: Mosquitto;
	beforeAll(async () => {
		const users = ['central', 'north'].map((username) => ({ username, password: `of ${username}` }));
		mosquitto = await startMosquitto({ users });
	});
	afterAll(() => mosquitto.stop());

	it('shows a site that connects and what it tells, brings a pushed row to it, and keeps both over a restart', async () => {
		using files = createCentralFiles({ mqtt: { url: mosquitto.url, ...MQTT } }, { mqtt: 'of central' });
		const { central, token } = await startCentralProgram(files);
		await using _first = central;
		const broker = { url: mosquitto.url, username: 'north', password: 'of north' };
		const site = createSyncSite({ broker, site: 'north' });
		try {
			site.sync.start();
			site.append(300);
			await until(async () => {
				const { body } = await central.ask('GET', '/api/v1/sites/north');
				expect(body).toMatchObject({ online: true, storedTo: 300, queueDepth: 0, ahead: 0, rejected: 0 });
			}, 90_000);
			const put = await central.ask('PUT', '/api/v1/rows/holders/h1', HOLDER);
			expect(put).toMatchObject({ status: 200, body: { stream: 'people', rev: 1 } });
			await until(() => expect(site.directory.reader.holder('h1')?.name).toBe('Anna'), 30_000);
			const startedMs = performance.now();
			central.signal('SIGTERM');
			expect(await central.exited).toEqual({ code: 0, signal: null });
			expect(performance.now() - startedMs).toBeLessThan(15_000);
			expect(central.stdout()).toBe('');
			expect(central.stderr()).not.toContain(token);
			expect(central.stderr()).not.toContain('of central');

			const again = await startCentralProgram(files, token);
			await using second = again.central;
			await until(async () => {
				const { body } = await second.ask('GET', '/api/v1/sites/north');
				expect(body).toMatchObject({
					online: true,
					storedTo: 300,
					streams: [{ stream: 'people', rev: 1, behind: 0 }, {}, {}, {}],
				});
			}, 90_000);
			expect((await second.ask('GET', '/api/v1/rows/holders/h1')).body).toMatchObject({ name: 'Anna' });
			expect((await second.ask('GET', '/api/v1/sites/north/events?limit=1')).body).toMatchObject({
				items: [{ seq: 300 }],
			});
			const listed = await parkgate(['central', 'sites', '--config', files.configFile, '--json']);
			expect(JSON.parse(listed.stdout)).toMatchObject([{ site: 'north', online: true }]);
		} finally {
			await site.end();
		}
	}, 180_000);

	it('says where its configuration is wrong, what address is taken, and where no central ever ran', async () => {
		using wrong = createCentralFiles({ mqtt: { url: 'broker' } });
		const misread = await parkgate(['central', '--config', wrong.configFile]);
		expect(misread.code).toBe(1);
		expect(misread.stderr).toContain('mqtt.url: found "broker", expected a broker such as mqtts://broker.example:8883');
		using missing = createCentralFiles({ mqtt: { url: 'mqtt://127.0.0.1', ...MQTT } });
		const secretless = await parkgate(['central', '--config', missing.configFile]);
		expect(secretless.code).toBe(1);
		expect(secretless.stderr).toContain('mqtt.password: found no credential mqtt');
		using files = createCentralFiles({ http: { listen: `127.0.0.1:${await freePort()}` } });
		const { central } = await startCentralProgram(files);
		await using _running = central;
		const second = await parkgate(['central', '--config', files.configFile]);
		expect(second.code).toBe(1);
		expect(second.stderr).toContain('is used by another program');
		const nowhere = await parkgate(['central', 'token', 'list', '--store', `${files.dir}/nothing`]);
		expect(nowhere).toMatchObject({ code: 1, stdout: '' });
		expect(nowhere.stderr).toContain('no central has run here');
	}, 180_000);
});
