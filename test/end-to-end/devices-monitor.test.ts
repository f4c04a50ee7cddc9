import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSiteFiles, type Daemon, type SiteFiles, startDaemon } from '../support/daemon.ts';
import { PARKGATE, parkgate, startProgram, until } from '../support/program.ts';
import { createPtyPair, type PtyPair } from '../support/pty-pair.ts';
import { type SimulatedDevice, startSimulatedDevice } from '../support/simulated-device.ts';

const KEY = '8899aabbccddeeff0011223344556677';
const FORMER_KEY = '00112233445566778899aabbccddeeff';
const TEST_MS = 120_000;

interface Line {
	readonly direction: string;
	readonly bytes?: string;
	readonly decoded?: Readonly<Record<string, unknown>>;
	readonly text?: string;
}

describe('devices monitor, of a gateway that runs', () => {
	let pty: PtyPair;
	let files: SiteFiles;
	let reader: SimulatedDevice | undefined;
	let daemon: Daemon;

	beforeEach(async () => {
		pty = await createPtyPair();
		files = createSiteFiles();
	}, TEST_MS);
	afterEach(async () => {
		await daemon[Symbol.asyncDispose]();
		await reader?.[Symbol.asyncDispose]();
		reader = undefined;
		await pty.close();
		files[Symbol.dispose]();
	});

	const start = async (security: { readonly key?: string; readonly formerKey?: string } = {}) => {
		files.configure({
			devices: [
				{ id: 'reader-1', driver: 'osdp', port: pty.near, address: 5, ...security },
				{ id: 'cam-1', driver: 'hikvision-push', path: 'cam-1' },
			],
			ingest: { listen: '127.0.0.1:0' },
		});
		daemon = await startDaemon({ configFile: files.configFile });
	};
	const connectReader = async (security: Readonly<Record<string, string>> = {}) => {
		reader = await startSimulatedDevice('osdp', pty.far, { address: 5, ...security });
	};
	const monitor = (...more: string[]) =>
		startProgram([process.execPath, PARKGATE, 'devices', 'monitor', ...more, '--config', files.configFile]);
	const linesOf = (text: string): readonly Line[] =>
		text
			.split('\n')
			.slice(0, -1)
			.map((line) => JSON.parse(line) as Line);

	test(
		'N9 shows bytes and frames of its line as they come, records them, and decode reads them back',
		async () => {
			await start();
			await connectReader();
			const trace = path.join(files.dir, 'reader-1.trace');
			await using watching = monitor('reader-1', '--json', '--record', trace);
			const lines = () => linesOf(watching.stdout());
			await until(() => expect(lines()).toContainEqual(expect.objectContaining({ direction: 'note', text: 'online' })));
			await reader?.stimulate('card 26:9ADDDF00');
			await until(() => expect(lines().some(({ direction }) => direction === 'in')).toBe(true));
			await until(() =>
				expect(lines().map(({ decoded }) => decoded?.['name'])).toEqual(expect.arrayContaining(['POLL', 'ACK'])),
			);
			watching.signal('SIGINT');
			expect(await watching.exited).toEqual({ code: 0, signal: null });
			expect(watching.stderr()).toMatch(/reader-1\.trace: \d+ lines; read them with: parkgate decode/);
			expect(statSync(trace).mode & 0o777).toBe(0o600);
			const decoded = await parkgate(['decode', trace]);
			expect(decoded).toMatchObject({ code: 0, stderr: '' });
			expect(linesOf(decoded.stdout)).toMatchObject(lines().flatMap((line) => line.decoded ?? []));
			expect(daemon.program.hasExited()).toBe(false);
		},
		TEST_MS,
	);

	test(
		'masks the key that a reader is given, in what is shown and in the trace',
		async () => {
			await start({ key: KEY, formerKey: FORMER_KEY });
			const trace = path.join(files.dir, 'install.trace');
			await using watching = monitor('reader-1', '--json', '--record', trace);
			await until(() => expect(watching.stdout()).toContain('"direction":"out"'));
			await connectReader({ key: FORMER_KEY });
			await until(() => expect(watching.stdout()).toContain('"name":"KEYSET"'));
			watching.signal('SIGINT');
			expect((await watching.exited).code).toBe(0);
			const shown = `${watching.stdout()}${readFileSync(trace, 'latin1')}`.toLowerCase();
			for (let at = 0; at + 12 <= KEY.length; at += 2) expect(shown).not.toContain(KEY.slice(at, at + 12));
			expect(shown).toContain('redacted');
		},
		TEST_MS,
	);

	test(
		'says what cannot be watched, and that the gateway ended',
		async () => {
			await start();
			const camera = await parkgate(['devices', 'monitor', 'cam-1', '--config', files.configFile]);
			expect(camera).toMatchObject({ code: 1, stderr: expect.stringContaining('has no line') });
			const unknown = await parkgate(['devices', 'monitor', 'reader-9', '--config', files.configFile]);
			expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('it has reader-1, cam-1') });
			const unwritable = monitor('reader-1', '--record', path.join(files.dir, 'nowhere', 'x.trace'));
			expect((await unwritable.exited).code).toBe(1);
			expect(unwritable.stderr()).toMatch(/cannot be written \(ENOENT\)/);
			await using watching = monitor('reader-1');
			await until(() => expect(watching.stdout()).toMatch(/→ (?:FF )?53/));
			await daemon.stop();
			expect((await watching.exited).code).toBe(1);
			expect(watching.stderr()).toContain('the gateway ended');
		},
		TEST_MS,
	);
});
