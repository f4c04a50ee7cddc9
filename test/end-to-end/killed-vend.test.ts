import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../src/gateway/core/seeded-random.ts';
import { claimAndSignIn, createSiteFiles, type Daemon, signIn, startDaemon } from '../support/daemon.ts';
import { until } from '../support/program.ts';
import { createPtyPair, type PtyPair } from '../support/pty-pair.ts';
import { type RelayOnTty, startRelayOnTty } from '../support/relay-on-tty.ts';

/** `npm run soak` sets more. Each kills four boards' vends at once. */
const KILLS = Number(process.env['PARKGATE_VEND_KILLS'] ?? 8);
const SEED = Number(process.env['PARKGATE_VEND_SEED'] ?? 1);
const PULSE_MS = 500;
/** From asking for the vend until after its end. */
const LATEST_KILL_MS = 750;
/** A bound for what hangs, not a measure: how long it took is told. */
const PATIENCE_MS = 20_000;

const BOARDS = [
	{ id: 'lcus', driver: 'serial-relay', board: 'lcus', outputs: { open: 1 } },
	{ id: 'kmtronic', driver: 'serial-relay', board: 'kmtronic', channels: 4, outputs: { open: 1 } },
	{ id: 'lc-tech', driver: 'modbus-relay', unit: 255, pulseMode: 'coil', outputs: { open: 1 } },
	{ id: 'waveshare', driver: 'modbus-relay', unit: 1, outputs: { open: 1 } },
] as const;

/** The built gateway on four real ttys; at their other ends boards that keep a relay on until they are told otherwise, but the last. */
describe('a gateway that is killed at any moment of a vend', () => {
	const files = createSiteFiles({}, 'killed-vend');
	const random = createSeededRandom(SEED);
	const ptys: PtyPair[] = [];
	const boards: RelayOnTty[] = [];
	const onForMs: Record<string, number[]> = {};
	let daemon: Daemon;

	beforeAll(async () => {
		for (const _ of BOARDS) ptys.push(await createPtyPair());
		for (const [index, board] of BOARDS.entries())
			boards.push(await startRelayOnTty({ ...board, port: ptys[index]?.far ?? '' }));
		files.configure({
			devices: BOARDS.map((board, index) => ({ ...board, port: ptys[index]?.near })),
			lanes: BOARDS.map(({ id }) => ({ id, kind: 'exit', from: 'A1', to: 'outside', barrier: id })),
		});
		daemon = await startDaemon({ configFile: files.configFile });
		await claimAndSignIn(daemon);
	});

	afterAll(async () => {
		await daemon?.kill();
		for (const board of boards) await board.stop();
		for (const pair of ptys) await pair.close();
		files[Symbol.dispose]();
	});

	async function allOnline() {
		const api = await signIn(daemon.url);
		for (const { id } of BOARDS)
			await until(async () => expect(await api.get(`devices/${id}`)).toMatchObject({ state: 'online' }), PATIENCE_MS);
		return api;
	}

	const isAnyOn = () => boards.some((board) => board.isOn('open'));

	it(
		`leaves no output on: ${KILLS} kills, board-timed or ended by the guard; and starts again on the same ports`,
		async () => {
			let killedWhileOn = 0;
			for (let kill = 0; kill < KILLS; kill++) {
				const api = await allOnline();
				expect(isAnyOn()).toBe(false);
				const before = boards.map(({ switchings }) => switchings.length);
				const vends = BOARDS.map(({ id }) =>
					api.send('POST', `lanes/${id}/vend`, { reason: 'test' }).catch(() => undefined),
				);
				await new Promise((resolve) => setTimeout(resolve, random.between(0, LATEST_KILL_MS)));
				const children = childrenOf(daemon.program.pid);
				await daemon.kill();
				killedWhileOn += isAnyOn() ? 1 : 0;
				await Promise.all(vends);
				// Nobody but the guards is there to end it: the daemon is started again only afterwards.
				await until(() => expect(children.filter(runs)).toEqual([]), PATIENCE_MS);
				await until(() => expect(isAnyOn()).toBe(false), PATIENCE_MS);
				for (const [index, { switchings }] of boards.entries()) {
					const own = switchings.slice(before[index]);
					const on = own.find(({ isOn }) => isOn);
					const off = own.find(({ isOn }) => !isOn);
					// Once on and once off at the most: nobody switched on a second time.
					expect(own.map(({ isOn }) => isOn)).toEqual(on === undefined ? [] : [true, false]);
					const { id = '' } = BOARDS[index] ?? {};
					if (on !== undefined && off !== undefined)
						onForMs[id] = [...(onForMs[id] ?? []), Math.round(off.atMs - on.atMs)];
				}
				daemon = await startDaemon({ configFile: files.configFile });
			}
			await allOnline();
			expect(killedWhileOn).toBeGreaterThan(0);
			process.stderr.write(`killed vends, on for ms (asked: ${PULSE_MS}): ${JSON.stringify(onForMs)}\n`);
		},
		60_000 + KILLS * 60_000,
	);

	it('ends a pulse in time when the gateway hangs instead of dying', async () => {
		const api = await allOnline();
		const vends = BOARDS.map(({ id }) =>
			api.send('POST', `lanes/${id}/vend`, { reason: 'test' }).catch(() => undefined),
		);
		await until(() => expect(boards.map((board) => board.isOn('open'))).toContain(true));
		daemon.program.signal('SIGSTOP');
		await until(() => expect(isAnyOn()).toBe(false), PATIENCE_MS);
		daemon.program.signal('SIGCONT');
		await Promise.all(vends);
		await allOnline();
		await until(() => expect(isAnyOn()).toBe(false), PATIENCE_MS);
	}, 180_000);
});

/** Processes that this one started and that still run. */
function childrenOf(pid: number): readonly number[] {
	const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
	return list.split(' ').filter(Boolean).map(Number);
}

function runs(pid: number): boolean {
	return existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readStatus(pid));
}

function readStatus(pid: number): string {
	try {
		return readFileSync(`/proc/${pid}/status`, 'utf8');
	} catch {
		return 'State:	Z';
	}
}
