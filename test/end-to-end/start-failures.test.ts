import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { claimAndSignIn, createSiteFiles, type Daemon, launchDaemon, signIn, startDaemon } from '../support/daemon.ts';
import { aPerson, STAFF, seedDirectory } from '../support/directory-seed.ts';
import { inMountNamespace, pathInNamespace } from '../support/mount-namespace.ts';
import { type Finished, until } from '../support/program.ts';
import { hikvisionFixture } from '../support/push-camera.ts';

const files = createSiteFiles({}, 'start');
afterAll(() => files[Symbol.dispose]());

/** A start that must fail: what the program wrote, and its exit code. */
async function failedStart(): Promise<Finished> {
	await using program = launchDaemon({ configFile: files.configFile });
	const exit = await program.exited;
	return { ...exit, stdout: program.stdout(), stderr: program.stderr() };
}

/** Known failures are one line for people: no stack, no JSON. */
function expectPlainWords({ code, stdout, stderr }: Finished): void {
	expect(code).toBe(1);
	expect(stdout).toBe('');
	expect(stderr).not.toMatch(/\n\s+at |fault of parkgate|"level"/);
}

describe('a configuration with mistakes', () => {
	it('is refused with file, line and column where the YAML breaks', async () => {
		files.configure('site: { id: site-1, tenant: acme\nstore: [\n');
		const failed = await failedStart();
		expectPlainWords(failed);
		expect(failed.stderr).toMatch(new RegExp(`^${files.configFile}:2:1: .+ expected YAML\\. `, 'm'));
	});

	it('is refused for an unknown driver and an id used twice, all named at once with what to write', async () => {
		const head = 'site: { id: site-1, tenant: acme, name: North, timeZone: Europe/Brussels }\ndevices:\n';
		files.configure(
			`${head}  - { id: reader-1, driver: osdq, port: sim:a, address: 5 }\n  - { id: reader-1, driver: osdp, port: sim:b, address: 5 }\n`,
		);
		const failed = await failedStart();
		expectPlainWords(failed);
		const place = (at: string) => `${files.configFile}:${at}`;
		expect(failed.stderr).toContain(`${place('3:29')}: devices[0].driver: found the unknown driver "osdq"`);
		expect(failed.stderr).toContain('Write osdp.');
		expect(failed.stderr).toContain(`${place('4:11')}: devices[1].id: found the id reader-1 a second time`);
		expect(failed.stderr).toContain('Write another id, such as reader-2.');
	});

	it('is refused when the file is not there', async () => {
		const configFile = path.join(files.dir, 'nowhere.yaml');
		await using program = launchDaemon({ configFile });
		expect(await program.exited).toMatchObject({ code: 1 });
		expect(program.stderr()).toBe(
			`${configFile}: found no such file, expected a configuration file. Check the name.\n`,
		);
	});
});

describe('an address in use', () => {
	it.each([
		['of the console', { http: 'taken' }],
		['of the cameras', { ingest: 'taken' }],
	] as const)('%s ends the start and says how to find who has it', async (_, sections) => {
		const server = createServer().listen(0, '127.0.0.1');
		await until(() => expect(server.listening).toBe(true));
		const { port } = server.address() as AddressInfo;
		const listen = { listen: `127.0.0.1:${port}` };
		files.configure(Object.fromEntries(Object.keys(sections).map((name) => [name, listen])));
		const failed = await failedStart();
		server.close();
		expectPlainWords({ ...failed, stderr: withoutLog(failed.stderr) });
		expect(withoutLog(failed.stderr)).toMatch(
			new RegExp(`127\\.0\\.0\\.1:${port} is used by another program.*ss -ltnp`),
		);
	});
});

describe('a device that is not there', () => {
	it('keeps nothing from starting; the device is shown offline with what to look at', async () => {
		const port = path.join(files.dir, 'by-id-nothing');
		files.configure({ devices: [{ id: 'reader-1', driver: 'osdp', port, address: 5 }] });
		await using daemon = await startDaemon({ configFile: files.configFile });
		expect((await fetch(`${daemon.url}/readyz`)).status).toBe(200);
		const api = await claimAndSignIn(daemon);
		const device = { state: 'offline', problem: `nothing is plugged in at ${port}` };
		await until(async () => expect(await api.get('devices/reader-1')).toMatchObject(device));
		expect(daemon.log()).toContainEqual(expect.objectContaining({ level: 'warn', deviceId: 'reader-1', ...device }));
	});
});

describe('a broker that is not reachable', () => {
	it('keeps nothing from starting; the site goes on, says so and is not ready before it ever had people', async () => {
		files.configure({ mqtt: { url: 'mqtt://127.0.0.1:1' } });
		await using daemon = await startDaemon({ configFile: files.configFile });
		// Claimed in the test before, on the same store.
		const api = await signIn(daemon.url);
		await until(async () => {
			const sync = await api.get<{ connected: boolean; problem: string | null }>('sync');
			expect(sync).toMatchObject({ connected: false, problem: expect.stringContaining('127.0.0.1:1') });
		});
		const ready = await fetch(`${daemon.url}/readyz`);
		expect(ready.status).toBe(503);
		expect(await ready.json()).toMatchObject({ code: 'NOT_READY', causes: [{ part: 'directory' }] });
		expect(await daemon.stop()).toMatchObject({ code: 0 });
	});
});

describe('a store that cannot be used', () => {
	const refused = async (storeDir: string) => {
		files.configure({ store: { dir: storeDir } });
		const failed = await failedStart();
		expectPlainWords(failed);
		return failed.stderr;
	};
	const storeAt = (name: string) => path.join(files.dir, name);

	async function usedStore(name: string): Promise<string> {
		files.configure({ store: { dir: storeAt(name) } });
		await using daemon = await startDaemon({ configFile: files.configFile });
		await daemon.stop();
		return storeAt(name);
	}

	it('is refused while another gateway runs on it, before anything of that one is touched', async () => {
		files.configure({ store: { dir: storeAt('shared') } });
		await using daemon = await startDaemon({ configFile: files.configFile });
		const said = await refused(storeAt('shared'));
		expect(said).toMatch(/another gateway runs on this store; stop it .*, or give this one a store\.dir of its own/);
		expect((await fetch(`${daemon.url}/readyz`)).status).toBe(200);
		await daemon.kill();
		// The system lets go of a dead gateway's store.
		await using next = await startDaemon({ configFile: files.configFile });
		expect(await next.stop()).toMatchObject({ code: 0 });
	});

	it('is refused when a later version wrote it, naming both versions, and stays as it was', async () => {
		const storeDir = await usedStore('newer');
		const db = new Database(path.join(storeDir, 'site.db'));
		db.pragma('user_version = 99');
		db.close();
		expect(await refused(storeDir)).toMatch(
			/site\.db: its schema is version 99, this program knows up to \d+; install the version of Parkgate that wrote it/,
		);
	});

	it('is refused when it is damaged, keeping the file for salvage', async () => {
		mkdirSync(storeAt('damaged'));
		writeFileSync(path.join(storeAt('damaged'), 'site.db'), 'this was a database once'.repeat(400));
		expect(await refused(storeAt('damaged'))).toContain('this is no SQLite database; move it away');
		expect(existsSync(path.join(storeAt('damaged'), 'site.db'))).toBe(true);
	});

	it('is refused when a file stands where its directory should', async () => {
		writeFileSync(storeAt('file'), '');
		expect(await refused(storeAt('file'))).toContain('there is a file where a directory is needed; correct store.dir');
	});
});

describe('a store that cannot be written at the start', () => {
	const storeAt = (name: string) => path.join(files.dir, name);
	const FULL = 'the disk is full; free space or enlarge it';
	const READ_ONLY =
		/read-only: the store can not be written; give the gateway’s account write access .*or mount the disk read-write/;

	/** A claimed store with one person whose plate may pass; the site has an exit that only a camera serves. */
	async function usedStore(name: string): Promise<string> {
		await seedDirectory(storeAt(name), [STAFF, ...aPerson({ id: 'walid', name: 'Walid Maes', plate: 'WX1234A' })]);
		files.configure({ store: { dir: storeAt(name) }, ...EXIT_BY_CAMERA });
		await using daemon = await startDaemon({ configFile: files.configFile });
		await claimAndSignIn(daemon);
		await daemon.stop();
		return storeAt(name);
	}

	async function fullStore(name: string) {
		const storeDir = await usedStore(name);
		const seed = storeAt(`${name}-seed`);
		cpSync(storeDir, seed, { recursive: true });
		const full = inMountNamespace(
			`mount -t tmpfs -o size=3m none "${storeDir}" && cp "${seed}"/*.db "${storeDir}" && { cat /dev/zero > "${storeDir}/filler" 2>/dev/null || true; }`,
		);
		return { full, filler: path.join(storeDir, 'filler') };
	}

	async function expectInMemory(daemon: Daemon, why: unknown): Promise<void> {
		expect(daemon.log()).toContainEqual(
			expect.objectContaining({
				level: 'error',
				msg: 'the store can not be written: the gateway goes on in memory, entries follow their onStoreFailure',
				err: expect.objectContaining({ message: why }),
			}),
		);
		expect((await fetch(`${daemon.url}/healthz`)).status).toBe(200);
		const ready = await fetch(`${daemon.url}/readyz`);
		expect(ready.status).toBe(503);
		expect(await ready.json()).toMatchObject({ causes: [{ part: 'store' }] });
	}

	/** With the people and the administrator of the store that can still be read. */
	async function expectExitOpens(daemon: Daemon): Promise<void> {
		const api = await signIn(daemon.url);
		await until(async () => expect(await api.get('devices/boom-1')).toMatchObject({ state: 'online' }));
		const event = hikvisionFixture('deepinview-v5.8.xml')
			.replace('<UUID>x</UUID>', `<UUID>${randomUUID()}</UUID>`)
			.replace('2026-07-05T20:44:40+01:00', new Date().toISOString());
		const body = new FormData();
		body.append('anpr.xml', new Blob([event], { type: 'text/xml' }), 'anpr.xml');
		expect((await fetch(`${daemon.ingestUrl}/exit`, { method: 'POST', body })).status).toBe(200);
		await until(async () => expect(await api.get('devices/boom-1')).toMatchObject({ statistics: { pulses: 1 } }));
	}

	it('lets out all the same when it is read-only, saying so', async () => {
		const storeDir = await usedStore('read-only');
		const under = inMountNamespace(
			`mount --bind "${storeDir}" "${storeDir}" && mount -o remount,ro,bind "${storeDir}"`,
		);
		await using daemon = await startDaemon({ configFile: files.configFile, under });
		await expectInMemory(daemon, expect.stringMatching(READ_ONLY));
		await expectExitOpens(daemon);
		expect(await daemon.stop()).toMatchObject({ code: 0 });
	});

	it('lets out all the same when the disk is full from the start, saying so', async () => {
		const { full } = await fullStore('full');
		await using daemon = await startDaemon({ configFile: files.configFile, under: full });
		await expectInMemory(daemon, expect.stringContaining(FULL));
		await expectExitOpens(daemon);
		expect(await daemon.stop()).toMatchObject({ code: 0 });
	});

	it('is used again once the disk has room, and journals what happened without it, also before a SIGHUP', async () => {
		const { full, filler } = await fullStore('full-for-a-while');
		await using daemon = await startDaemon({ configFile: files.configFile, under: full });
		await expectInMemory(daemon, expect.stringContaining(FULL));
		await expectExitOpens(daemon);
		const running = () => daemon.log().filter(({ msg }) => msg === 'gateway running');
		daemon.program.signal('SIGHUP');
		await until(() => expect(running()).toHaveLength(2));
		rmSync(pathInNamespace(daemon.program.pid, filler));
		// It looks every ten seconds; the system chooses a new port.
		await until(() => expect(running()).toHaveLength(3), 20_000);
		expect(daemon.log()).toContainEqual(
			expect.objectContaining({ msg: 'the store can be written again; starting anew on it' }),
		);
		const url = new URL(String(running()[2]?.['url'])).origin;
		await until(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200));
		const api = await signIn(url);
		const { items } = await api.get<{ items: readonly { id: string }[] }>('decisions');
		const all = await Promise.all(items.map(({ id }) => api.get(`decisions/${id}`)));
		expect(all).toMatchObject([{ journalledLate: true, summary: { laneId: 'OUT', outcome: 'granted' } }]);
		expect(await daemon.stop()).toMatchObject({ code: 0 });
	}, 180_000);
});

/** The barrier's board is simulated within the gateway. */
const EXIT_BY_CAMERA = {
	ingest: { listen: '127.0.0.1:0', allow: ['127.0.0.0/8'] },
	devices: [
		{ id: 'cam-1', driver: 'hikvision-push', path: 'exit' },
		{ id: 'boom-1', driver: 'modbus-relay', port: 'sim:boom-1', unit: 1, outputs: { open: 1 } },
	],
	lanes: [
		{
			id: 'OUT',
			kind: 'exit',
			from: 'A1',
			to: 'outside',
			identify: 'plateOnly',
			cameras: ['cam-1'],
			barrier: 'boom-1',
		},
	],
};

/** What was logged before the start failed is no part of the message. */
function withoutLog(stderr: string): string {
	return stderr.replaceAll(/^\{.*\}\n/gm, '');
}
