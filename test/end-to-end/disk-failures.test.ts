import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, claimAndSignIn, createSiteFiles, type Daemon, startDaemon } from '../support/daemon.ts';
import { aPerson, STAFF, seedDirectory } from '../support/directory-seed.ts';
import { inMountNamespace, pathInNamespace } from '../support/mount-namespace.ts';
import { parkgate, until } from '../support/program.ts';
import { createPtyPair, type PtyPair } from '../support/pty-pair.ts';
import { type SimulatedDevice, startSimulatedDevice } from '../support/simulated-device.ts';

interface Explained {
	readonly summary: { readonly id: string; readonly outcome: string; readonly laneId: string; readonly sequel: string };
	readonly journalledLate: boolean;
}

const CARD = '26:9ADDDF00';
const BLOCK = Buffer.alloc(4_096);

/** An entry and an exit on real ttys; the store is a file system of its own that only the daemon sees. */
describe('a disk that fails under a running site', () => {
	const files = createSiteFiles({}, 'disk');
	const ptys: PtyPair[] = [];
	const booms: SimulatedDevice[] = [];
	const readers: SimulatedDevice[] = [];
	let daemon: Daemon;
	let api: ApiClient;

	beforeAll(async () => {
		for (let index = 0; index < 4; index++) ptys.push(await createPtyPair());
		const [entryReader, entryBoom, exitReader, exitBoom] = ptys;
		if (!entryReader || !entryBoom || !exitReader || !exitBoom) throw new Error('no ptys');
		files.configure(siteOn({ entryReader, entryBoom, exitReader, exitBoom }));
		const seedDir = path.join(files.dir, 'seed');
		mkdirSync(files.storeDir);
		await seedDirectory(seedDir, [STAFF, ...aPerson({ id: 'anna', name: 'Anna Peeters', tag: CARD })]);
		for (const pty of [entryReader, exitReader])
			readers.push(await startSimulatedDevice('osdp', pty.far, { address: 5 }));
		for (const pty of [entryBoom, exitBoom])
			booms.push(
				await startSimulatedDevice('modbus-relay', pty.far, { unit: 1, 'outputs.open': 1, 'inputs.arming': 1 }),
			);
		const ownDisk = `mount -t tmpfs -o size=3m none "${files.storeDir}"; cp "${seedDir}"/*.db "${files.storeDir}"`;
		daemon = await startDaemon({ configFile: files.configFile, under: inMountNamespace(ownDisk) });
		api = await claimInside();
		await until(async () => {
			const { items } = await api.get<{ items: readonly { state: string }[] }>('devices');
			expect(items.map(({ state }) => state)).toEqual(['online', 'online', 'online', 'online']);
		});
	});

	afterAll(async () => {
		await daemon?.kill();
		for (const { program } of [...readers, ...booms]) await program.kill();
		for (const pty of ptys) await pty.close();
		files[Symbol.dispose]();
	});

	/** The store is only to be seen from within. */
	async function claimInside(): Promise<ApiClient> {
		const inside = await parkgateInside('claim', '--json');
		return claimAndSignIn(daemon, (JSON.parse(inside.stdout) as { code: string }).code);
	}

	function parkgateInside(...args: readonly string[]) {
		return parkgate([...args, '--config', files.configFile], {
			under: ['nsenter', '--target', String(daemon.program.pid), '--mount'],
		});
	}

	const inStore = (name: string) => pathInNamespace(daemon.program.pid, path.join(files.storeDir, name));
	const readyz = async () => {
		const answer = await fetch(`${daemon.url}/readyz`);
		return { status: answer.status, body: await answer.json() };
	};
	const decisions = async () => {
		const { items } = await api.get<{ items: readonly { id: string }[] }>('decisions');
		return Promise.all(items.map(({ id }) => api.get<Explained>(`decisions/${id}`)));
	};

	/** A car comes to a lane (0: entry, 1: exit), shows its card, and reverses after `seen`. */
	async function visit(lane: 0 | 1, seen: () => Promise<void>): Promise<void> {
		const phase = async () => (await api.get<{ phase: string }>(`lanes/${['IN', 'OUT'][lane]}`)).phase;
		await until(() => expect(booms[lane]?.isOn('open')).toBe(false));
		await booms[lane]?.stimulate('input arming on');
		await until(async () => expect(await phase()).toBe('arrived'));
		await readers[lane]?.stimulate(`card ${CARD}`);
		await seen();
		await booms[lane]?.stimulate('input arming off');
		await until(async () => expect(await phase()).toBe('idle'), 20_000);
	}

	async function expectOnlyTheExitOpens(): Promise<void> {
		const [entryPulses, exitPulses] = [booms[0]?.pulses('open') ?? 0, booms[1]?.pulses('open') ?? 0];
		await visit(0, () => until(async () => expect(await api.get('lanes/IN')).toMatchObject({ phase: 'refused' })));
		await until(async () =>
			expect(await readyz()).toMatchObject({ status: 503, body: { causes: [{ part: 'store' }] } }),
		);
		await visit(1, () => until(() => expect(booms[1]?.pulses('open')).toBe(exitPulses + 1)));
		expect(booms[0]?.pulses('open')).toBe(entryPulses);
		expect(await api.send('POST', 'lanes/IN/vend', { reason: 'delivery' })).toMatchObject({ status: 409 });
		expect((await fetch(`${daemon.url}/healthz`)).status).toBe(200);
	}

	/** Within one retry of the late journal, without any further event. */
	async function expectLateJournal(decidedBefore: number): Promise<void> {
		await until(async () => expect(await readyz()).toMatchObject({ status: 200 }), 30_000);
		const all = await decisions();
		const late = all.slice(0, all.length - decidedBefore);
		expect(late.every(({ journalledLate }) => journalledLate)).toBe(true);
		// The rules let both pass; the entry's barrier stayed closed because the gateway failed.
		expect(late.map(({ summary: { laneId, outcome, sequel } }) => `${laneId} ${outcome} ${sequel}`)).toEqual([
			'OUT granted passed',
			'IN granted openFailed',
		]);
		expect(await parkgateInside('journal', 'verify')).toMatchObject({ code: 0 });
	}

	it('opens both lanes while it works', async () => {
		await visit(0, () => until(() => expect(booms[0]?.pulses('open')).toBe(1)));
		await visit(1, () => until(() => expect(booms[1]?.pulses('open')).toBe(1)));
		expect(await readyz()).toMatchObject({ status: 200 });
		expect(await decisions()).toHaveLength(2);
	});

	it('when full, lets out and keeps out, says so, and journals what happened once there is room', async () => {
		const before = (await decisions()).length;
		expect(() => {
			for (;;) appendFileSync(inStore('filler'), BLOCK);
		}).toThrow('ENOSPC');
		await expectOnlyTheExitOpens();
		expect(daemon.log()).toContainEqual(
			expect.objectContaining({
				level: 'error',
				msg: 'the store failed: the lane follows its onStoreFailure',
				err: expect.objectContaining({ message: expect.stringContaining('the disk is full') }),
			}),
		);
		rmSync(inStore('filler'));
		await expectLateJournal(before);
	}, 180_000);
});

function siteOn(ptys: Record<'entryReader' | 'entryBoom' | 'exitReader' | 'exitBoom', PtyPair>) {
	const reader = (id: string, { near }: PtyPair) => ({ id, driver: 'osdp', port: near, address: 5 });
	const boom = (id: string, { near }: PtyPair) => ({
		...{ id, driver: 'modbus-relay', port: near, unit: 1 },
		outputs: { open: 1 },
		inputs: { arming: 1 },
	});
	return {
		devices: [
			reader('reader-in', ptys.entryReader),
			boom('boom-in', ptys.entryBoom),
			reader('reader-out', ptys.exitReader),
			boom('boom-out', ptys.exitBoom),
		],
		lanes: [
			{
				id: 'IN',
				kind: 'entry',
				from: 'outside',
				to: 'A1',
				readers: ['reader-in'],
				barrier: 'boom-in',
				passageTimeoutMs: 5_000,
			},
			{
				id: 'OUT',
				kind: 'exit',
				from: 'A1',
				to: 'outside',
				readers: ['reader-out'],
				barrier: 'boom-out',
				passageTimeoutMs: 5_000,
			},
		],
	};
}
