import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, claimAndSignIn, createSiteFiles, logLines } from '../support/daemon.ts';
import { PARKGATE, type Program, startProgram, until } from '../support/program.ts';

interface Summary {
	readonly outcome: string;
	readonly headline: string | null;
	readonly sequel: string;
	readonly laneId: string;
}

/** `npm start` on other ports and with a vehicle more often; everything else as it comes along. */
describe('the demo site', () => {
	const files = createSiteFiles({}, 'demo');
	let demo: Program;
	let url: string;
	let api: ApiClient;

	beforeAll(() => {
		demo = startProgram(['npm', 'start'], {
			cwd: path.join(import.meta.dirname, '../..'),
			asTerminal: true,
			env: {
				PARKGATE_HTTP__LISTEN: '127.0.0.1:0',
				PARKGATE_INGEST__LISTEN: '127.0.0.1:0',
				PARKGATE_MQTT__URL: 'mqtt://127.0.0.1:0',
				PARKGATE_STORE__DIR: files.storeDir,
				PARKGATE_SIMULATION__TRAFFIC__EVERY_MS: '150',
			},
		});
	});

	afterAll(async () => {
		await demo?.kill();
		files[Symbol.dispose]();
	});

	it('tells where the console is, with a link that makes the first administrator, once', async () => {
		const claimUrl = await until(() => {
			const link = /Claim +(http\S+)/.exec(demo.stdout())?.[1];
			if (link === undefined) throw new Error(`no link: ${demo.stdout()}${demo.stderr()}`);
			return new URL(link);
		}, 90_000);
		url = claimUrl.origin;
		expect(demo.stdout()).toContain(`Console   ${url}\n`);
		expect(demo.stdout()).toMatch(/3 lanes, 1000 people/);
		expect(await (await fetch(claimUrl)).text()).toContain('Claim this gateway');
		const code = claimUrl.searchParams.get('code') ?? '';
		api = await claimAndSignIn({ url, configFile: '' }, code);
		await expect(claimAndSignIn({ url, configFile: '' }, code)).rejects.toThrow('claim answered 409');
	});

	it('lives: people from central, every device online, vehicles in all lanes, many outcomes', async () => {
		await until(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200));
		await until(async () => {
			const { items } = await api.get<{ items: readonly { driver: string; state: string }[] }>('devices');
			expect(items).toHaveLength(8);
			// The cameras too, before a plate came by: nothing is told as a problem at a first look.
			expect(items.filter(({ state }) => state !== 'online')).toEqual([]);
		}, 90_000);
		await until(async () => {
			const { items } = await api.get<{ items: readonly Summary[] }>('decisions?limit=200');
			const distinct = (of: (decision: Summary) => string | null) => new Set(items.map(of)).size;
			expect(distinct(({ laneId }) => laneId)).toBe(3);
			expect(distinct(({ outcome }) => outcome)).toBe(2);
			expect(distinct(({ headline }) => headline)).toBeGreaterThan(2);
			expect(items.some(({ sequel }) => sequel === 'passed')).toBe(true);
		}, 180_000);
		const { items: areas } = await api.get<{ items: readonly { occupied: number }[] }>('occupancy');
		expect(Math.max(...areas.map(({ occupied }) => occupied))).toBeGreaterThan(0);
		await until(async () => expect(await api.get('sync')).toMatchObject({ connected: true, problem: null }));
		expect(await (await fetch(`${url}/metrics`)).text()).toMatch(
			/parkgate_decisions_total\{[^}]*outcome="granted"[^}]*\} [1-9]/,
		);
	}, 180_000);

	it('stops soon after Ctrl-C, cleanly and without a complaint', async () => {
		const startedMs = performance.now();
		demo.signal('SIGINT');
		expect(await demo.exited).toEqual({ code: 0, signal: null });
		expect(performance.now() - startedMs).toBeLessThan(15_000);
		expect(demo.stderr()).toBe('');
	});
});

describe('a configuration read again at SIGHUP', () => {
	const files = createSiteFiles({}, 'reload');
	const reload = (change: (yaml: string) => string) => {
		const yaml = readFileSync(path.join(import.meta.dirname, '../../config/demo.yaml'), 'utf8')
			.replace('../var/demo', files.storeDir)
			.replace('127.0.0.1:8080', '127.0.0.1:0')
			.replace('127.0.0.1:8081', '127.0.0.1:0')
			.replace('127.0.0.1:18883', '127.0.0.1:0')
			.replace('everyMs: 4000', 'everyMs: 500');
		files.configure(change(yaml));
	};
	const messages = (program: Program, msg: string) => logLines(program).filter((line) => line.msg === msg);
	const urlOf = (program: Program) => String(messages(program, 'gateway running').at(-1)?.['url']);
	const starts = (program: Program) => messages(program, 'gateway running').length;
	const areas = async (program: Program) => {
		const page = await (await fetch(`${urlOf(program)}/metrics`)).text();
		return new Set([...page.matchAll(/^parkgate_occupancy\{area="([^"]+)"/gm)].map(([, area]) => area));
	};
	afterAll(() => files[Symbol.dispose]());

	it('is used when it is valid, keeps the old one when it is not or does not start, and SIGHUP never kills', async () => {
		reload((yaml) => yaml);
		const args = ['demo', '--config', files.configFile, '--log-level', 'info'];
		await using program = startProgram([process.execPath, PARKGATE, ...args]);
		await until(() => expect(starts(program)).toBe(1), 30_000);
		expect(await areas(program)).not.toContain('A1-new');
		const links = () => [...program.stdout().matchAll(/Claim +(http\S+)/g)].map(([, link]) => link ?? '');

		reload((yaml) =>
			yaml.replace('- { id: A1-staff', '- { id: A1-new, parent: A1, capacity: 3 }\n      - { id: A1-staff'),
		);
		program.signal('SIGHUP');
		await until(() => expect(starts(program)).toBe(2));
		expect(await areas(program)).toContain('A1-new');
		// Nobody has claimed it yet: the link that works now is shown.
		await until(() => expect(links()).toHaveLength(2));
		expect(await (await fetch(links()[1] ?? '')).text()).toContain('Claim this gateway');

		reload((yaml) => yaml.replace('driver: osdp', 'driver: osdq'));
		program.signal('SIGHUP');
		await until(() => {
			const refused = messages(program, 'the changed configuration is not valid; the running one stays');
			expect(refused).toMatchObject([
				{ level: 'error', problems: [expect.stringMatching(/gateway\.yaml:\d+:\d+: .*unknown driver "osdq"/)] },
			]);
		});
		expect((await fetch(`${urlOf(program)}/healthz`)).status).toBe(200);
		expect(starts(program)).toBe(2);

		const taken = createServer().listen(0, '127.0.0.1');
		await until(() => expect(taken.listening).toBe(true));
		const { port } = taken.address() as AddressInfo;
		reload((yaml) => yaml.replace('http: { listen: 127.0.0.1:0 }', `http: { listen: 127.0.0.1:${port} }`));
		program.signal('SIGHUP');
		await until(() => expect(starts(program)).toBe(3));
		taken.close();
		expect(
			messages(program, 'the gateway does not start anew with this configuration; it goes on with the one before'),
		).toHaveLength(1);
		expect(await areas(program)).toContain('A1-new');

		reload((yaml) => yaml);
		for (let times = 0; times < 5; times++) program.signal('SIGHUP');
		await until(() => expect(starts(program)).toBeGreaterThan(3));
		await new Promise((resolve) => setTimeout(resolve, 300));
		program.signal('SIGHUP');
		await until(async () => expect(await areas(program)).not.toContain('A1-new'));
		program.signal('SIGINT');
		expect(await program.exited).toEqual({ code: 0, signal: null });
	}, 180_000);
});
