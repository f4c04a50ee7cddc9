import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, claimAndSignIn, createSiteFiles, type Daemon, startDaemon } from '../support/daemon.ts';
import { aPerson, STAFF, seedDirectory } from '../support/directory-seed.ts';
import { until } from '../support/program.ts';
import { createPtyPair, type PtyPair } from '../support/pty-pair.ts';
import { type SimulatedDevice, startSimulatedDevice } from '../support/simulated-device.ts';

const KEY = '00112233445566778899aabbccddeeff';
const ANNAS_CARD = '26:9ADDDF00';
const ANNAS_PIN = '482915';

/** One reader on a real tty that does everything: it reads, is pressed, opens the barrier and sees the vehicle. */
describe('a site on one OSDP reader', () => {
	const files = createSiteFiles({}, 'osdp');
	let pty: PtyPair;
	let reader: SimulatedDevice;
	let daemon: Daemon;
	let api: ApiClient;

	beforeAll(async () => {
		pty = await createPtyPair();
		const contacts = { outputs: { open: 0 }, inputs: { arming: 0 } };
		files.configure({
			devices: [{ id: 'reader-1', driver: 'osdp', port: pty.near, address: 5, key: KEY, ...contacts }],
			lanes: [
				{
					...{ id: 'L1', kind: 'entry', from: 'outside', to: 'A1', identify: 'tagOnly', pins: 'withTag' },
					...{ readers: ['reader-1'], barrier: 'reader-1', retryAfterMs: 500 },
				},
			],
		});
		await seedDirectory(files.storeDir, [
			STAFF,
			...aPerson({ id: 'anna', name: 'Anna Peeters', tag: ANNAS_CARD }),
			{
				...{ table: 'credentials', id: 'anna-pin', holderId: 'anna', kind: 'pin', value: ANNAS_PIN, label: null },
				...{ state: 'active', validFromMs: null, validToMs: null },
			},
		]);
		reader = await startSimulatedDevice('osdp', pty.far, {
			...{ address: 5, key: KEY },
			...{ outputs: JSON.stringify(contacts.outputs), inputs: JSON.stringify(contacts.inputs) },
		});
		await reader.stimulate('reset');
		daemon = await startDaemon({ configFile: files.configFile });
		api = await claimAndSignIn(daemon);
	});

	afterAll(async () => {
		await daemon?.kill();
		await reader?.program.kill();
		await pty?.close();
		files[Symbol.dispose]();
	});

	const device = () => api.get<Readonly<Record<string, unknown>>>('devices/reader-1');

	it('D3 takes its key only once somebody opens a window for it, which ends with that', async () => {
		await until(async () => expect(await device()).toMatchObject({ state: 'faulted', alarm: 'downgrade' }));
		const opened = await api.send('POST', 'devices/reader-1/key-window', { minutes: 1 });
		expect(opened.status).toBe(200);
		await until(async () => expect(await device()).toMatchObject({ state: 'online' }));
		expect(await device()).not.toHaveProperty('keyWindowEnd');
		await until(() => {
			const ends = daemon.log().filter(({ msg }) => msg === 'key window ended');
			expect(ends).toMatchObject([{ deviceId: 'reader-1', how: 'given' }]);
		});
	});

	it('D4 opens by its own relay for a tag and its holder’s PIN, with the vehicle on its own input', async () => {
		await until(async () => expect(await device()).toMatchObject({ inputs: { arming: false } }));
		await reader.stimulate('input arming on');
		await until(async () => expect(await device()).toMatchObject({ inputs: { arming: true } }));
		await reader.stimulate(`card ${ANNAS_CARD}`);
		await reader.stimulate('keys 4829');
		await reader.stimulate('keys 15#');
		await until(() => expect(reader.pulses('open')).toBe(1));
		const { items } = await api.get<{ items: readonly unknown[] }>('decisions');
		expect(items).toMatchObject([
			{ outcome: 'granted', holderName: 'Anna Peeters', subject: 'H10301 FC 53 CN 48062 + PIN •••' },
		]);
		expect(JSON.stringify(daemon.log())).not.toContain(ANNAS_PIN);
	});
});
