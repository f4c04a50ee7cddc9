import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frigateConfigSchema } from '../../src/drivers/frigate-mqtt/config.ts';
import { createFrigateSimulator } from '../../src/drivers/frigate-mqtt/simulator.ts';
import { type ApiClient, claimAndSignIn, createSiteFiles, type Daemon, startDaemon } from '../support/daemon.ts';
import { aPerson, STAFF, seedDirectory } from '../support/directory-seed.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { publishTo } from '../support/mqtt-publish.ts';
import { parkgate, until } from '../support/program.ts';

/** One lane whose camera is one of Frigate's; the site itself stands alone. */
describe('D a camera that is heard on its broker', () => {
	const files = createSiteFiles({}, 'frigate');
	let broker: Mosquitto;
	let daemon: Daemon;
	let api: ApiClient;
	const cameraOf = (url: string) => ({ id: 'cam-1', driver: 'frigate-mqtt', url, camera: 'gate', zone: 'barrier' });

	beforeAll(async () => {
		broker = await startMosquitto();
		files.configure({
			devices: [
				cameraOf(broker.url),
				{ id: 'boom-1', driver: 'modbus-relay', port: 'sim:boom-1', unit: 1, outputs: { open: 1 }, timeoutMs: 1_000 },
			],
			lanes: [
				{
					...{ id: 'L1', kind: 'entry', from: 'outside', to: 'A1', identify: 'plateOnly', cameras: ['cam-1'] },
					...{ barrier: 'boom-1', passageTimeoutMs: 5_000, retryAfterMs: 500 },
				},
			],
		});
		await seedDirectory(files.storeDir, [STAFF, ...aPerson({ id: 'walid', name: 'Walid Maes', plate: 'WX1234A' })]);
		// Kept by the broker from before the gateway hears it.
		await say(messages().map((message) => ({ ...message, retain: true })));
		daemon = await startDaemon({ configFile: files.configFile });
		api = await claimAndSignIn(daemon);
		await until(async () => expect(await api.get('devices/boom-1')).toMatchObject({ state: 'online' }));
	});
	afterAll(async () => {
		await daemon?.kill();
		await broker?.stop();
		files[Symbol.dispose]();
	});

	const device = (id: string) => api.get<{ statistics: Readonly<Record<string, number>> }>(`devices/${id}`);
	const messages = (at = new Date()) =>
		createFrigateSimulator(frigateConfigSchema.parse(cameraOf(broker.url))).plate({
			...{ plate: 'WX1234A', confidence: 0.95, direction: 'approaching', at, eventId: randomUUID() },
		});
	const say = (said: ReturnType<typeof messages>) => publishTo({ url: broker.url }, said);

	it('opens nothing for what the broker kept, nor for what was seen long ago', async () => {
		await until(async () =>
			expect((await device('cam-1')).statistics).toMatchObject({ plates: 1, historical: 1, noPlate: 0 }),
		);
		await say(messages(new Date(Date.now() - 60_000)));
		await until(async () => expect((await device('cam-1')).statistics).toMatchObject({ plates: 2, historical: 2 }));
		expect(await device('cam-1')).toMatchObject({ state: 'online' });
		expect((await device('boom-1')).statistics).toMatchObject({ pulses: 0 });
	});

	it('opens once for a vehicle, however often it is told', async () => {
		await until(async () => expect(await api.get('lanes/L1')).toMatchObject({ phase: 'idle' }), 20_000);
		const before = (await device('boom-1')).statistics['pulses'] ?? 0;
		const said = messages();
		for (let times = 0; times < 3; times += 1) await say(said);
		await until(async () => expect((await device('boom-1')).statistics).toMatchObject({ pulses: before + 1 }));
		await until(async () => expect((await device('cam-1')).statistics).toMatchObject({ duplicates: 2 }));
	});

	it('is played by simulate device', async () => {
		const before = (await device('cam-1')).statistics['plates'] ?? 0;
		const played = await parkgate(
			[
				...['simulate', 'device', '--driver', 'frigate-mqtt', '--port', broker.url],
				...['--set', 'camera=gate', '--set', 'zone=barrier'],
			],
			{ input: 'plate QQ1111Q\nheartbeat\n' },
		);
		expect(played.stderr).toMatch(/speaks at mqtt:.*said frigate\/available, .*this camera knows/s);
		await until(async () => expect((await device('cam-1')).statistics).toMatchObject({ plates: before + 1 }));
	});

	it('is offline while the broker is away, and opens nothing because it is back', async () => {
		const before = (await device('boom-1')).statistics['pulses'];
		await broker.kill();
		await until(async () => expect(await device('cam-1')).toMatchObject({ state: 'offline' }));
		await broker.start();
		await until(async () => expect(await device('cam-1')).toMatchObject({ state: 'starting' }));
		await say(messages().slice(0, 1));
		await until(async () => expect(await device('cam-1')).toMatchObject({ state: 'online' }));
		expect((await device('boom-1')).statistics['pulses']).toBe(before);
		expect(daemon.log().filter(({ level }) => level === 'error')).toEqual([]);
	});
});
