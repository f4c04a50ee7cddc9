import { randomUUID } from 'node:crypto';
import path from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCentral } from '../../src/sync/central/central.ts';
import type { CommandAnswer } from '../../src/sync/central/central-commands.ts';
import { createMqttLinks } from '../../src/sync/mqtt-link.ts';
import {
	claimAndSignIn,
	createSiteFiles,
	type Daemon,
	launchDaemon,
	logLines,
	startDaemon,
} from '../support/daemon.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { freePort, PARKGATE, type Program, parkgate, startProgram, until } from '../support/program.ts';
import { wallClock } from '../support/wall-clock.ts';

const WHO = { reason: 'the second lane', by: 'Anna at central' } as const;
const SECRET = 'hunter2-hunter2';

/** The built gateway, a real Mosquitto, and central here. */
describe('N10, N11: the configuration of a running site', () => {
	let mosquitto: Mosquitto;
	let files: ReturnType<typeof createSiteFiles>;
	let central: ReturnType<typeof createCentral>;
	let ends: (() => unknown)[];

	beforeEach(async () => {
		mosquitto = await startMosquitto();
		files = createSiteFiles({}, 'configuration');
		ends = [() => files[Symbol.dispose](), () => mosquitto.stop()];
		files.configure(yaml());
		central = createCentral({
			dir: path.join(files.dir, 'central'),
			tenant: 'acme',
			broker: () => ({ url: mosquitto.url }),
			openLink: createMqttLinks(wallClock),
			clock: wallClock,
			log: createMemoryLog(),
			newId: randomUUID,
			random: () => 0,
		});
		ends.push(() => central.stop());
		central.start();
	}, 180_000);
	afterEach(async () => {
		for (const end of ends.toReversed()) await end();
	}, 180_000);

	/** As a technician writes it; a plain password for a broker on loopback is no mistake. */
	function yaml({ capacity = 50, url = mosquitto.url, more = '' } = {}): string {
		return `# The site of the technician
site: { id: site-1, tenant: acme, name: North car park, timeZone: Europe/Brussels }
store: { dir: store }
http: { listen: "127.0.0.1:0" }
mqtt: { url: "${url}", username: north, password: ${SECRET} }
parks: [{ id: P1, name: North, areas: [{ id: A1, name: Deck, capacity: ${capacity} }] }]
${more}`;
	}

	async function start(): Promise<Daemon> {
		const beforeMs = Date.now();
		const daemon = await startDaemon({ configFile: files.configFile });
		ends.push(() => daemon.kill());
		// One that was killed counts as online until its will, by the connection it had.
		await until(() => expect(runs()?.toldAtMs).toBeGreaterThanOrEqual(beforeMs), 30_000);
		return daemon;
	}

	const online = () => until(() => expect(central.sites()).toMatchObject([{ online: true }]), 30_000);
	const runs = () => central.commands.configuration('site-1');
	const toldOf = (commandId: string) => central.commands.get(commandId);

	async function propose(text: string): Promise<string> {
		const { commandId, outcome, because } = await central.command('site-1', { op: 'configPropose', text, ...WHO });
		expect({ outcome, because }).toMatchObject({ outcome: 'done' });
		return toldOf(commandId)?.target ?? '';
	}

	function apply(target: string, change: { withinS?: number; keep?: 'byHand' } = {}): Promise<CommandAnswer> {
		return central.command('site-1', { op: 'configApply', target, withinS: 60, ...change, ...WHO });
	}

	/** Of the area, as the parts of the gateway run it. */
	async function capacity(daemon: Daemon): Promise<unknown> {
		const url = String(daemon.log().findLast(({ msg }) => msg === 'gateway running')?.['url']);
		const api = await claimAndSignIn({ url, configFile: files.configFile });
		const { items } = await api.get<{ items: { id: string; capacity: number }[] }>('areas');
		return items.find(({ id }) => id === 'A1')?.capacity;
	}

	it('is proposed by central, refused with its place, or tried, kept, and still there after a power cut', async () => {
		const first = await start();
		expect(runs()).toMatchObject({ source: 'file', trial: null });
		const wrong = yaml({ more: 'lanes: [{ id: L1, kind: entry, from: outside, to: A9 }]\n' });
		const refused = await central.command('site-1', { op: 'configPropose', text: wrong, ...WHO });
		expect(refused).toMatchObject({
			outcome: 'refused',
			because: expect.stringMatching(
				/^gateway\.yaml:7:\d+: lanes\[0\]: found a lane without readers .* \(and 1 more\)$/,
			),
		});
		expect(JSON.parse(refused.report ?? '')).toMatchObject({
			problems: [
				{ line: 7, path: 'lanes[0]' },
				{ line: 7, path: 'lanes[0].to' },
			],
		});

		const version = await propose(yaml({ capacity: 60 }));
		const [proposal] = central.commands.proposals('site-1', 5);
		expect(proposal).toMatchObject({ outcome: 'done', because: 'area A1 changed (capacity)' });
		expect(await apply(version)).toMatchObject({ outcome: 'done', because: null });
		await until(() => expect(runs()).toMatchObject({ version, source: 'version' }));
		expect(await capacity(first)).toBe(60);
		await first.kill();
		const second = await start();
		await until(() => expect(runs()).toMatchObject({ version, source: 'version', trial: null }));
		const { stdout } = await parkgate(['check-config', files.configFile]);
		expect(stdout).toContain('is valid');
		const config = (...words: string[]) => parkgate(['config', ...words, '--config', files.configFile]);
		expect((await config('diff')).stdout).toMatch(/^-parks: .*capacity: 50 .*\n\+parks: .*capacity: 60 /m);
		expect((await config('show')).stdout).not.toContain(SECRET);
		expect(JSON.parse((await config('history', '--json')).stdout)).toMatchObject({
			runs: version,
			history: [{ what: 'kept', by: WHO.by }, { what: 'tried' }, { what: 'proposed' }],
		});
		const { stdout: doctor } = await parkgate(['doctor', '--config', files.configFile]);
		expect(doctor).toContain(`from version ${version} applied in its place`);

		files.configure(yaml({ capacity: 70 }));
		second.program.signal('SIGHUP');
		await until(() => expect(runs()).toMatchObject({ source: 'file' }), 30_000);
		expect(second.log()).toContainEqual(
			expect.objectContaining({ msg: expect.stringContaining('the file counts now') }),
		);
		const audit = () =>
			central
				.events('site-1', central.sites()[0]?.gatewayEpoch ?? '', 0, 500)
				.flatMap(({ type, data }) => (type === 'parkgate.audit' ? [Object(data).action] : []));
		await until(() => expect(audit()).toContain('configurationFileTookOver'));
		expect(audit().filter((action) => String(action).startsWith('configuration'))).toEqual([
			...['configurationProposed', 'configurationTried', 'configurationKept', 'configurationFileTookOver'],
		]);
	}, 180_000);

	it('is reverted by itself when it cuts the link to central, and central hears of it', async () => {
		const daemon = await start();
		const nowhere = `mqtt://127.0.0.1:${await freePort()}`;
		const version = await propose(yaml({ url: nowhere, capacity: 61 }));
		const answer = await apply(version, { withinS: 30 });
		expect(answer).toMatchObject({
			outcome: 'failed',
			because: 'reverted: within the time given central was not reached',
		});
		expect(runs()).toMatchObject({ source: 'file', trial: null });
		expect(daemon.program.hasExited()).toBe(false);
		expect(await capacity(daemon)).toBe(50);
	}, 180_000);

	it('is left by a power cut during its trial, and by a start that fails', async () => {
		const daemon = await start();
		const version = await propose(yaml({ capacity: 62 }));
		const asked = apply(version, { keep: 'byHand' });
		await until(() => expect(runs()).toMatchObject({ version, trial: { target: version } }), 30_000);
		await daemon.kill();
		const again = await start();
		expect(await asked).toMatchObject({
			outcome: 'failed',
			because: 'reverted: the gateway stopped before it was kept',
		});
		expect(runs()).toMatchObject({ source: 'file', trial: null });
		expect(await capacity(again)).toBe(50);

		const taken = new URL(mosquitto.url).port;
		const text = yaml({ capacity: 63 }).replace('127.0.0.1:0', `127.0.0.1:${taken}`);
		expect(await apply(await propose(text))).toMatchObject({
			outcome: 'failed',
			because: expect.stringMatching(/^reverted: the gateway did not start with it: .*is used by another program/),
		});
		await until(() => expect(runs()).toMatchObject({ source: 'file', trial: null }));
	}, 180_000);

	it('killed at any moment of being applied, runs what central is told of it', async () => {
		let daemon = await start();
		for (const [round, delayMs] of [0, 150, 500, 900, 1_400, 2_200].entries()) {
			const version = await propose(yaml({ capacity: 100 + round }));
			const before = runs()?.version;
			void apply(version, { withinS: 30 });
			await new Promise((resolve) => setTimeout(resolve, delayMs));
			await daemon.kill();
			daemon = await start();
			await until(() => expect(runs()).toMatchObject({ trial: null }));
			await until(() => {
				const { items } = central.view.commands('site-1', { limit: 50 });
				const { outcome = null } = items.find(({ op }) => op === 'configApply') ?? {};
				// Killed before it was begun it has none; one that waited at the broker is for another connection.
				expect([null, 'refused', 'failed', 'done']).toContain(outcome);
				expect({ delayMs, version: runs()?.version }).toEqual({
					delayMs,
					version: outcome === 'done' ? version : before,
				});
			});
		}
	}, 180_000);

	it('N11: a restart is told as done after it, once, whether a supervisor starts the process again or nobody does', async () => {
		const config = ['--config', files.configFile];
		const supervised = startProgram([process.execPath, PARKGATE, 'run', '--supervised', ...config]);
		ends.push(() => supervised.kill());
		await online();
		const asked = central.command('site-1', { op: 'restart', ...WHO });
		expect(await supervised.exited).toMatchObject({ code: 75, signal: null });
		const alone = launchDaemon({ configFile: files.configFile });
		ends.push(() => alone.kill());
		expect(await asked).toMatchObject({ outcome: 'done', because: null });
		// What became of the command is told before the birth of the new connection.
		await online();
		const running = (program: Program) => logLines(program).filter(({ msg }) => msg === 'gateway running').length;
		expect(await central.command('site-1', { op: 'restart', ...WHO })).toMatchObject({ outcome: 'done' });
		expect(running(alone)).toBe(2);
		expect(alone.hasExited()).toBe(false);
	}, 180_000);

	it('N11: diagnostics bring what a person far away needs, and no secret', async () => {
		await start();
		const { outcome, report } = await central.command('site-1', { op: 'diagnostics', ...WHO });
		expect(outcome).toBe('done');
		expect(report).not.toContain(SECRET);
		expect(JSON.parse(report ?? '')).toMatchObject({
			clock: expect.any(String),
			sync: { connected: true },
			store: {
				freeBytes: expect.any(Number),
				files: expect.arrayContaining([{ name: 'site.db', bytes: expect.any(Number) }]),
			},
			checks: expect.arrayContaining([expect.objectContaining({ name: 'node', result: 'ok' })]),
			configuration: { source: 'file', text: expect.stringContaining('# The site of the technician') },
		});
	}, 180_000);
});
