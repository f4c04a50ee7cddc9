import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { card26 } from '../../src/sync/central/demo-people.ts';
import { type ApiClient, claimAndSignIn, createSiteFiles, type Daemon, startDaemon } from '../support/daemon.ts';
import { aPerson, STAFF, seedDirectory } from '../support/directory-seed.ts';
import { until } from '../support/program.ts';
import { createPtyPair, type PtyPair } from '../support/pty-pair.ts';
import { type SimulatedDevice, startSimulatedDevice } from '../support/simulated-device.ts';

interface LaneNow {
	readonly phase: string;
	readonly vehiclePresent: boolean | null;
	readonly problems: readonly string[];
}
interface DeviceNow {
	readonly id: string;
	readonly state: string;
	readonly since: string;
	readonly problem?: string;
	readonly inputs: Readonly<Record<string, boolean>>;
}
interface Summary {
	readonly id: string;
	readonly outcome: string;
	readonly headline: string | null;
	readonly holderName: string | null;
	readonly sequel: string;
}
interface DecisionNow {
	readonly decision: { readonly verdicts: readonly { readonly rule: string; readonly verdict: { result: string } }[] };
	readonly facts: { readonly presented: readonly { readonly value: string }[] };
}

const ANNAS_CARD = '26:9ADDDF00';
const BENS_CARD = card26(53, 48_063).value;
const ALL_INPUTS = { arming: 1, safety: 2, closing: 3 };

/** Two lanes on real ttys: an OSDP reader and a relay board each behind socat, played by processes of their own. */
describe('a site on real serial ports', () => {
	const files = createSiteFiles({}, 'serial');
	const ptys = new Map<string, PtyPair>();
	const devices = new Map<string, SimulatedDevice>();
	let daemon: Daemon;
	let api: ApiClient;

	beforeAll(async () => {
		for (const id of ['reader-1', 'boom-1', 'reader-2', 'boom-2']) ptys.set(id, await createPtyPair());
		files.configure(siteOn((id) => pty(id).near));
		await seedDirectory(files.storeDir, [
			STAFF,
			...aPerson({ id: 'anna', name: 'Anna Peeters', tag: ANNAS_CARD }),
			...aPerson({ id: 'ben', name: 'Ben Claes', tag: BENS_CARD }),
		]);
		await Promise.all([...ptys.keys()].map(plugDevice));
		daemon = await startDaemon({ configFile: files.configFile });
		api = await claimAndSignIn(daemon);
		await until(async () => {
			for (const id of ptys.keys()) expect((await deviceNow(id)).state).toBe('online');
			expect((await deviceNow('boom-1')).inputs).toEqual({ arming: false, safety: false, closing: false });
		});
	});

	afterAll(async () => {
		await daemon?.kill();
		for (const device of devices.values()) await device.program.kill();
		for (const pair of ptys.values()) await pair.close();
		files[Symbol.dispose]();
	});

	/** Whatever a test left unplugged is plugged in again, and every lane is free. */
	beforeEach(async () => {
		for (const id of ptys.keys()) if (device(id).program.hasExited()) await replug(id);
		for (const number of [1, 2] as const) {
			for (const input of Object.keys(ALL_INPUTS)) await device(`boom-${number}`).stimulate(`input ${input} off`);
			await until(async () => expect((await laneNow(`L${number}`)).phase).toBe('idle'), 15_000);
		}
	}, 180_000);

	async function replug(id: string): Promise<void> {
		await device(id).program.exited;
		await pty(id).plugIn();
		await plugDevice(id);
		await until(async () => expect((await deviceNow(id)).state).toBe('online'));
	}

	function pty(id: string): PtyPair {
		const found = ptys.get(id);
		if (found === undefined) throw new Error(`no pty ${id}`);
		return found;
	}

	function device(id: string): SimulatedDevice {
		const found = devices.get(id);
		if (found === undefined) throw new Error(`no device ${id}`);
		return found;
	}

	async function plugDevice(id: string): Promise<void> {
		const { far } = pty(id);
		const started = id.startsWith('reader')
			? startSimulatedDevice('osdp', far, { address: 5, ...keyOf(id) })
			: startSimulatedDevice('modbus-relay', far, {
					unit: 1,
					'outputs.open': 1,
					...Object.fromEntries(Object.entries(ALL_INPUTS).map(([name, channel]) => [`inputs.${name}`, channel])),
				});
		devices.set(id, await started);
	}

	const deviceNow = (id: string) => api.get<DeviceNow>(`devices/${id}`);
	const laneNow = (id: string) => api.get<LaneNow>(`lanes/${id}`);
	const decisions = async (lane: string) =>
		(await api.get<{ items: readonly Summary[] }>(`decisions?lane=${lane}`)).items;

	async function arrive(number: 1 | 2): Promise<void> {
		await device(`boom-${number}`).stimulate('input arming on');
		await until(async () => expect((await laneNow(`L${number}`)).vehiclePresent).toBe(true));
	}

	async function driveThrough(number: 1 | 2): Promise<void> {
		const boom = device(`boom-${number}`);
		for (const change of ['safety on', 'arming off', 'closing on', 'safety off', 'closing off']) {
			await boom.stimulate(`input ${change}`);
			const [input = '', level] = change.split(' ');
			await until(async () => expect((await deviceNow(`boom-${number}`)).inputs[input]).toBe(level === 'on'));
		}
		await until(async () => expect((await laneNow(`L${number}`)).phase).toBe('idle'));
	}

	it('opens the barrier for a known card and tells why, with the verdict of every rule', async () => {
		await arrive(1);
		await device('reader-1').stimulate(`card ${ANNAS_CARD}`);
		const decision = await until(async () => {
			const [newest] = await decisions('L1');
			expect(newest).toMatchObject({
				outcome: 'granted',
				headline: null,
				holderName: 'Anna Peeters',
				sequel: 'opened',
			});
			return newest;
		});
		expect(device('boom-1').pulses('open')).toBe(1);
		const { decision: explained, facts } = await api.get<DecisionNow>(`decisions/${decision?.id}`);
		expect(facts.presented.map(({ value }) => value)).toEqual([ANNAS_CARD]);
		expect(explained.verdicts.length).toBeGreaterThan(20);
		expect(explained.verdicts.filter(({ verdict }) => verdict.result === 'fail')).toEqual([]);
		expect(explained.verdicts).toContainEqual({ rule: 'UNKNOWN_CREDENTIAL', verdict: { result: 'pass' } });
		await driveThrough(1);
		await until(async () => expect((await decisions('L1'))[0]?.sequel).toBe('passed'));
	});

	it('refuses a card it does not know and leaves the relay alone', async () => {
		const before = device('boom-1').pulses('open');
		await arrive(1);
		await device('reader-1').stimulate('card H10301 7 4711');
		await until(async () =>
			expect((await decisions('L1'))[0]).toMatchObject({ outcome: 'refused', headline: 'UNKNOWN_CREDENTIAL' }),
		);
		await device('boom-1').stimulate('input arming off');
		await until(async () => expect((await laneNow('L1')).phase).toBe('idle'));
		expect(device('boom-1').pulses('open')).toBe(before);
	});

	it('uses no card that is shown while nobody stands at the barrier', async () => {
		const before = await decisions('L1');
		await device('reader-1').stimulate(`card ${ANNAS_CARD}`);
		await until(async () => {
			const newest = (await decisions('L1'))[0];
			expect(newest?.id).not.toBe(before[0]?.id);
			expect(newest).toMatchObject({ outcome: 'refused', headline: 'NO_VEHICLE_PRESENT' });
		});
		expect(device('boom-1').pulses('open')).toBe(1);
	});

	it('notices an adapter that is pulled out, recovers by itself, and opens nothing then', async () => {
		await arrive(1);
		const other = device('boom-2').pulses('open');
		await pty('boom-1').unplug();
		await until(async () => {
			expect(await deviceNow('boom-1')).toMatchObject({
				state: 'offline',
				problem: expect.stringContaining('plugged'),
			});
			expect(await laneNow('L1')).toMatchObject({
				vehiclePresent: null,
				problems: [expect.stringContaining('boom-1')],
			});
		});

		await replug('boom-1');
		// It tells every level anew: the vehicle that stood there may be gone.
		await until(async () => expect((await laneNow('L1')).vehiclePresent).toBe(false));
		expect(device('boom-1').pulses('open')).toBe(0);
		expect(device('boom-2').pulses('open')).toBe(other);

		await arrive(1);
		await device('reader-1').stimulate(`card ${ANNAS_CARD}`);
		await until(() => expect(device('boom-1').pulses('open')).toBe(1));
		await driveThrough(1);
		expect(device('boom-1').pulses('open')).toBe(1);
	});

	it('never makes up later for an opening that a dead board missed', async () => {
		const before = device('boom-1').pulses('open');
		await arrive(1);
		await device('boom-1').stimulate('power off');
		await device('reader-1').stimulate(`card ${ANNAS_CARD}`);
		const missed = await until(async () => {
			const [newest] = await decisions('L1');
			expect(newest).toMatchObject({ outcome: 'granted', sequel: expect.stringMatching(/^open(Failed|Unknown)$/) });
			return newest;
		}, 90_000);
		await device('boom-1').stimulate('power on');
		await until(async () => expect((await deviceNow('boom-1')).state).toBe('online'));
		// Longer than the life of any opening.
		await new Promise((resolve) => setTimeout(resolve, 3_500));
		expect(device('boom-1').pulses('open')).toBe(before);
		expect((await decisions('L1')).find(({ id }) => id === missed?.id)?.sequel).toBe(missed?.sequel);
	});

	it('lets one dead line delay no other', async () => {
		await pty('reader-1').unplug();
		await pty('boom-1').unplug();
		await until(async () => {
			for (const id of ['reader-1', 'boom-1']) expect((await deviceNow(id)).state).toBe('offline');
		});
		const before = device('boom-2').pulses('open');
		await arrive(2);
		await device('reader-2').stimulate(`card ${BENS_CARD}`);
		await until(async () => expect((await decisions('L2'))[0]).toMatchObject({ outcome: 'granted', headline: null }));
		await until(() => expect(device('boom-2').pulses('open')).toBe(before + 1));
		await driveThrough(2);
		await until(async () => expect((await decisions('L2'))[0]).toMatchObject({ outcome: 'granted', sequel: 'passed' }));
	});

	it('stops cleanly and says nothing that looks like a fault of its own', async () => {
		expect(await daemon.stop()).toMatchObject({ code: 0, signal: null });
		expect(daemon.log().filter(({ level }) => level === 'error')).toEqual([]);
	});
});

/** The second reader insists on its secure channel. */
function keyOf(id: string): { readonly key?: string } {
	return id === 'reader-2' ? { key: '7C1E5D0943A8F26B90D4E3157A2C86BF' } : {};
}

function siteOn(portOf: (id: string) => string) {
	const lane = (number: number) => ({
		id: `L${number}`,
		kind: 'entry',
		from: 'outside',
		to: 'A1',
		identify: 'tagOnly',
		readers: [`reader-${number}`],
		barrier: `boom-${number}`,
	});
	const line = (number: number) => [
		{
			...{ id: `reader-${number}`, driver: 'osdp', port: portOf(`reader-${number}`), address: 5, cards: ['H10301'] },
			...keyOf(`reader-${number}`),
		},
		{
			id: `boom-${number}`,
			driver: 'modbus-relay',
			port: portOf(`boom-${number}`),
			unit: 1,
			outputs: { open: 1 },
			inputs: ALL_INPUTS,
		},
	];
	return { devices: [...line(1), ...line(2)], lanes: [lane(1), lane(2)] };
}
