import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTranscript } from '../drivers/osdp/transcript.ts';
import { ADMINISTRATOR, createSiteFiles, startDaemon } from '../support/daemon.ts';
import { PARKGATE, parkgate, startProgram, until } from '../support/program.ts';
import { createPtyPair, type PtyPair } from '../support/pty-pair.ts';
import { hikvisionFixture } from '../support/push-camera.ts';
import { type SimulatedDevice, startSimulatedDevice } from '../support/simulated-device.ts';

const files = createSiteFiles({}, 'commands');
afterAll(() => files[Symbol.dispose]());

const jsonLines = (text: string) =>
	text
		.trimEnd()
		.split('\n')
		.map((line) => JSON.parse(line) as Record<string, unknown>);

describe('every command', () => {
	it('is explained with --help on standard output, as test/api/cli looks at each', async () => {
		const groups = [[], ['devices'], ['journal'], ['simulate']];
		const answers = await inTurns(groups, (group) => parkgate([...group, '--help']));
		const found = answers.flatMap(({ stdout, ...ended }, index) => {
			const group = groups[index] ?? [];
			expect({ group, ...ended }).toMatchObject({ code: 0, stderr: '' });
			expect(stdout).toContain(['Usage: parkgate', ...group].join(' '));
			return commandsIn(stdout).map((name) => [...group, name].join(' '));
		});
		const promised = [
			'run',
			'demo',
			'check-config',
			'devices list',
			'devices monitor',
			'devices test',
			'claim',
			'doctor',
		];
		const more = ['journal verify', 'decode', 'simulate device', 'central', 'completion'];
		expect(found).toEqual(expect.arrayContaining([...promised, ...more]));
	}, 180_000);

	it('answers 2 on standard error to what it does not understand', async () => {
		const misuses = [
			[],
			['nonsense'],
			['run', '--nonsense'],
			['run', 'extra'],
			['devices', 'monitor'],
			['devices', 'nonsense'],
			['decode', 'file', '--driver', 'osdq'],
			['decode', '--driver', 'osdp'],
			['simulate', 'device', '--driver', 'osdp'],
			['simulate', 'device', '--driver', 'osdp', '--port', '/dev/null', '--set', 'nothing'],
			['central', '--tenant', 'acme'],
			['completion', 'klingon'],
		];
		const answers = await inTurns(misuses, (misuse) => parkgate(misuse));
		for (const [index, answer] of answers.entries())
			expect({ misuse: misuses[index], ...answer }).toMatchObject({
				code: 2,
				stdout: '',
				stderr: expect.stringMatching(/\S/),
			});
	}, 180_000);
});

describe('simulate device', () => {
	it('names the setting that is missing or wrong as it is given', async () => {
		const simulate = ['simulate', 'device', '--driver', 'osdp', '--port', '/dev/null'];
		const [missing, wrong] = await inTurns([[], ['--set', 'address=5', '--set', 'adress=5']], (settings) =>
			parkgate([...simulate, ...settings]),
		);
		expect(missing).toMatchObject({ code: 1, stderr: '--set address=…: found nothing, expected a number\n' });
		expect(wrong).toMatchObject({ code: 1, stderr: '--set adress=…: osdp has no such setting\n' });
	}, 180_000);
});

describe('check-config', () => {
	it('says what a valid file holds, and warns', async () => {
		files.configure({ devices: [{ id: 'reader-1', driver: 'osdp', port: '/dev/ttyUSB0', address: 5 }] });
		const { code, stdout, stderr } = await parkgate(['check-config', files.configFile]);
		expect(code).toBe(0);
		expect(stdout).toBe(`${files.configFile} is valid: site site-1 with 0 lanes, 1 device and 1 area.\n`);
		expect(stderr).toMatch(/gateway\.yaml:\d+:\d+: .*\/dev\/ttyUSB0, a name that can change at every start/);
	});

	it('names every mistake with its place, for people and for programs', async () => {
		files.configure(
			'site: { id: site-1, tenant: acme, name: North, timeZone: Mars/Olympus }\nhttp: { listen: 8080 }\n',
		);
		const [words, data] = await Promise.all([
			parkgate(['check-config', files.configFile]),
			parkgate(['check-config', files.configFile, '--json']),
		]);
		expect(words).toMatchObject({ code: 1, stdout: '' });
		expect(words.stderr).toContain(`${files.configFile}:1:58: site.timeZone`);
		expect(words.stderr).toContain(`${files.configFile}:2:17: http.listen`);
		expect(data).toMatchObject({ code: 1, stderr: '' });
		expect(JSON.parse(data.stdout)).toMatchObject({
			valid: false,
			findings: [
				{ severity: 'error', line: 1, column: 58, path: 'site.timeZone' },
				{ severity: 'error', line: 2, column: 17, path: 'http.listen' },
			],
		});
	});

	it('takes overrides from the environment and names the variable that is wrong', async () => {
		files.configure({});
		const wrong = await parkgate(['check-config', files.configFile], { env: { PARKGATE_HTTP__LISTEM: '127.0.0.1:9' } });
		expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('Write PARKGATE_HTTP__LISTEN') });
	});
});

describe('doctor', () => {
	it('finds the parts of this machine working', async () => {
		const { code, stdout } = await parkgate(['doctor', '--json']);
		expect(JSON.parse(stdout)).toMatchObject([
			{ name: 'node', result: 'ok' },
			{ name: 'better-sqlite3', result: 'ok', found: expect.stringMatching(/^SQLite 3\./) },
			{ name: 'serialport', result: 'ok' },
		]);
		expect(code).toBe(0);
	});

	it('finds what keeps a site from working, with what to do', async () => {
		const port = path.join(files.dir, 'no-such-port');
		files.configure({
			devices: [{ id: 'reader-1', driver: 'osdp', port, address: 5 }],
			mqtt: { url: 'mqtt://127.0.0.1:1' },
		});
		const { code, stdout } = await parkgate(['doctor', '--config', files.configFile]);
		expect(code).toBe(1);
		expect(stdout).toMatch(new RegExp(`failed +port ${port}: not there\n +Plug it in`));
		expect(stdout).toMatch(/warning +broker tcp: .*ECONNREFUSED/);
	});
});

describe('devices', () => {
	let pty: PtyPair;
	let reader: SimulatedDevice | undefined;

	beforeEach(async () => {
		pty = await createPtyPair();
		files.configure({ devices: [{ id: 'reader-1', driver: 'osdp', port: pty.near, address: 5, cards: ['H10301'] }] });
	});
	afterEach(async () => {
		await reader?.program.kill();
		reader = undefined;
		await pty.close();
	});

	it('list prints the ports there are', async () => {
		const [words, data] = await Promise.all([parkgate(['devices', 'list']), parkgate(['devices', 'list', '--json'])]);
		expect(words).toMatchObject({
			code: 0,
			stderr: '',
			stdout: expect.stringMatching(/ADDRESS|No serial or HID ports/),
		});
		expect(data).toMatchObject({ code: 0, stderr: '' });
		expect(JSON.parse(data.stdout)).toBeInstanceOf(Array);
	});

	it('test passes for a device that answers, with what it says of itself', async () => {
		reader = await startSimulatedDevice('osdp', pty.far, { address: 5 });
		const { code, stdout, stderr } = await parkgate(['devices', 'test', 'reader-1', '--config', files.configFile]);
		expect(stderr).toBe('');
		expect(stdout).toContain(`reader-1: osdp at ${pty.near}`);
		expect(stdout).toMatch(/passed {2}answers: online/);
		expect(stdout).toMatch(/passed {2}identity: .*1\.0\.0/);
		expect(code).toBe(0);
	});

	it('test fails for a device that does not answer, and for one the site does not have', async () => {
		const [silent, unknown] = await Promise.all([
			parkgate(['devices', 'test', 'reader-1', '--config', files.configFile, '--json']),
			parkgate(['devices', 'test', 'reader-9', '--config', files.configFile]),
		]);
		expect(silent.code).toBe(1);
		expect(JSON.parse(silent.stdout)).toMatchObject({
			passed: false,
			steps: [{ name: 'answers', passed: false }, {}, {}],
		});
		expect(unknown).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('it has reader-1') });
	});

	it('test says who has the port while the gateway runs', async () => {
		reader = await startSimulatedDevice('osdp', pty.far, { address: 5 });
		await using daemon = await startDaemon({ configFile: files.configFile });
		await until(() => expect(daemon.log().some(({ msg }) => msg === 'port opened')).toBe(true));
		const { code, stdout } = await parkgate(['devices', 'test', 'reader-1', '--config', files.configFile]);
		expect(code).toBe(1);
		expect(stdout).toContain(`${pty.near} is in use by another program`);
	});

	it('monitor shows bytes, frames and reads as they come, until Ctrl-C', async () => {
		reader = await startSimulatedDevice('osdp', pty.far, { address: 5 });
		const args = ['devices', 'monitor', 'reader-1', '--config', files.configFile];
		await using monitor = startProgram([process.execPath, PARKGATE, ...args]);
		// A reader that was just found may still tell of cards of before; those are not read.
		await until(() => expect(monitor.stdout()).toMatch(/reader-1 online/));
		await reader.stimulate('card H10301 7 4711');
		await until(() => expect(monitor.stdout()).toMatch(/· .*read: \{.*"tag":"26:/));
		expect(monitor.stdout()).toMatch(/→ ff 53 05/i);
		monitor.signal('SIGINT');
		expect(await monitor.exited).toEqual({ code: 0, signal: null });
		expect(monitor.stderr()).toBe('');
	});
});

describe('decode', () => {
	it('prints each frame and card of a captured OSDP line', async () => {
		const capture = path.join(files.dir, 'osdp.hex');
		const transcript = readTranscript('osdp-plain');
		writeFileSync(capture, transcript.map(({ hex }) => hex).join('\n'));
		const { code, stdout, stderr } = await parkgate(['decode', '--driver', 'osdp', '--hex', capture]);
		expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
		const lines = jsonLines(stdout);
		expect(lines.filter(({ kind }) => kind === 'frame')).toHaveLength(transcript.length);
		expect(lines.filter(({ kind }) => kind === 'error')).toEqual([]);
		expect(lines.some(({ kind }) => kind === 'observation')).toBe(true);
	});

	it('prints what a camera posted, from standard input', async () => {
		const input = hikvisionFixture('deepinview-v5.8.xml');
		const { code, stdout } = await parkgate(['decode', '--driver', 'hikvision-push', '-'], { input });
		expect(code).toBe(0);
		expect(jsonLines(stdout)).toMatchObject([{ kind: 'frame' }, { kind: 'observation', plate: 'WX1234A' }]);
	});

	it('names the file it cannot read', async () => {
		const nowhere = path.join(files.dir, 'nowhere.bin');
		const { code, stdout, stderr } = await parkgate(['decode', '--driver', 'osdp', nowhere]);
		expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: `${nowhere}: There is no such file.\n` });
	});
});

describe('claim and journal verify, beside the running gateway', () => {
	it('make a new code that ends the ones before and works once; find an entry that was changed', async () => {
		files.configure({ store: { dir: 'claimed' } });
		await using daemon = await startDaemon({ configFile: files.configFile });
		const codeOf = async () => {
			const { stdout, code } = await parkgate(['claim', '--config', files.configFile, '--json']);
			expect(code).toBe(0);
			return (JSON.parse(stdout) as { code: string }).code;
		};
		const claim = (code: string, email: string) =>
			fetch(`${daemon.url}/api/v1/claim`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ ...ADMINISTRATOR, email, code }),
			});
		const [first, second] = [await codeOf(), await codeOf()];
		expect((await claim(first, 'first@example.org')).status).toBe(403);
		expect((await claim(second, 'second@example.org')).status).toBe(200);
		expect((await claim(second, 'third@example.org')).status).toBe(409);
		const late = await parkgate(['claim', '--config', files.configFile]);
		expect(late.code, late.stdout + late.stderr).toBe(1);

		const verify = () => parkgate(['journal', 'verify', '--config', files.configFile]);
		expect(await verify()).toMatchObject({
			code: 0,
			stdout: expect.stringMatching(/^The journal holds: \d+ entries, 1 to \d+/),
		});
		await daemon.stop();
		const db = new Database(path.join(files.dir, 'claimed/site.db'));
		db.prepare("UPDATE journal SET body = body || ' ' WHERE position = 1").run();
		db.close();
		expect(await verify()).toMatchObject({
			code: 1,
			stdout: '',
			stderr: expect.stringMatching(/^The journal is broken at entry 1: /),
		});
	});
});

describe('completion', () => {
	it('is a script that its shell understands', async () => {
		const { stdout, code } = await parkgate(['completion', 'bash']);
		expect(code).toBe(0);
		await using shell = startProgram(['bash', '-n']);
		shell.type(stdout);
		shell.endInput();
		expect(await shell.exited).toMatchObject({ code: 0 });
		expect(shell.stderr()).toBe('');
	});
});

/** Names below `Commands:` of a help text. */
function commandsIn(help: string): readonly string[] {
	const [, section = ''] = help.split(/^Commands:\n/m);
	const [commands = ''] = section.split('\n\n');
	return [...commands.matchAll(/^ {2}([a-z][a-z-]*)/gm)].flatMap(([, name = '']) => (name === 'help' ? [] : [name]));
}

/** Three at a time: each is a process of its own. */
async function inTurns<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<readonly R[]> {
	const results: R[] = [];
	for (let at = 0; at < items.length; at += 3) results.push(...(await Promise.all(items.slice(at, at + 3).map(run))));
	return results;
}
