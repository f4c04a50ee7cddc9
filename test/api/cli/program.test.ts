import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PARKGATE, parkgate, startProgram, until } from '../../support/program.ts';

vi.setConfig({ testTimeout: 60_000 });

const CONFIG = path.join(import.meta.dirname, '../../../config');
const ESCAPE = '\u001b[';

let dir: string;
beforeAll(() => {
	dir = mkdtempSync(path.join(tmpdir(), 'parkgate-cli-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

function file(name: string, text: string): string {
	const full = path.join(dir, name);
	writeFileSync(full, text);
	return full;
}

const SITE = 'site: { id: s, tenant: t, name: S, timeZone: Europe/Brussels }\nstore: { dir: store }\n';

describe('the program', () => {
	it('checks a configuration: what it is worth on standard output, problems on standard error', async () => {
		expect(await parkgate(['check-config', path.join(CONFIG, 'demo.yaml')])).toMatchObject({
			code: 0,
			stdout: expect.stringMatching(/is valid: site demo with 3 lanes, 8 devices and 3 areas\.\n$/),
			stderr: '',
		});
		const wrong = file('wrong.yaml', `${SITE}devices:\n  - { id: r, driver: osdq }\n`);
		expect(await parkgate(['check-config', wrong])).toMatchObject({
			code: 1,
			stdout: '',
			stderr: expect.stringMatching(
				new RegExp(`^${wrong}:4:22: devices\\[0\\]\\.driver: found the unknown driver "osdq".*Write osdp\\.\n$`),
			),
		});
	});

	it('finds its configuration by PARKGATE_CONFIG', async () => {
		const env = { PARKGATE_CONFIG: file('found.yaml', SITE) };
		expect(await parkgate(['check-config', '--json'], { env })).toMatchObject({ code: 0, stderr: '' });
	});

	it('refuses to run on a wrong configuration, and leaves no store behind', async () => {
		const wrong = file('run.yaml', `${SITE}lanes: yes\n`);
		const { code, stdout, stderr } = await parkgate(['run', '--config', wrong]);
		expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
		expect(stderr).toContain(`${wrong}:3:8: lanes: found "yes", expected a list`);
		expect(() => execFileSync('ls', [path.join(dir, 'store')], { stdio: 'pipe' })).toThrow();
	});

	it('ends with 2 when it is not understood', async () => {
		expect(await parkgate(['run', '--konfig', 'x'])).toMatchObject({ code: 2, stdout: '' });
	});

	it('decodes captured bytes from a file and from standard input', async () => {
		// Noise, then a POLL with CRC and a card of 26 bits (test/fixtures/osdp).
		const captured = 'FF 00 53 00 08 00 06 60 89 CC\n53 80 10 00 06 50 00 00 1A 00 9A DD DF 00 E7 E7\n';
		const fromFile = await parkgate(['decode', '--driver', 'osdp', '--hex', file('capture.hex', captured)]);
		expect(fromFile).toMatchObject({ code: 0, stderr: '' });
		const lines = fromFile.stdout
			.trimEnd()
			.split('\n')
			.map((line) => JSON.parse(line));
		expect(lines.map(({ offset, kind }) => ({ offset, kind }))).toEqual(
			expect.arrayContaining([
				{ offset: 2, kind: 'frame' },
				{ offset: 10, kind: 'frame' },
				{ offset: 10, kind: 'observation' },
			]),
		);
		expect(lines.find((line) => line.kind === 'observation')).toMatchObject({ tag: '26:9ADDDF00' });
		const piped = execFileSync(process.execPath, [PARKGATE, 'decode', '--driver', 'osdp', '--hex', '-'], {
			encoding: 'utf8',
			input: captured.replaceAll(' ', '').toLowerCase(),
		});
		expect(piped).toBe(fromFile.stdout);
	});

	it('says what is wrong with a file that is not there', async () => {
		expect(await parkgate(['decode', '--driver', 'osdp', path.join(dir, 'none')])).toMatchObject({
			code: 1,
			stdout: '',
			stderr: `${dir}/none: There is no such file.\n`,
		});
	});

	it('is not upset by a reader that leaves early', () => {
		const bytes = file('noise.bin', 'x'.repeat(2_000_000));
		const command = `set -o pipefail; "${process.execPath}" "${PARKGATE}" decode --driver modbus-relay "${bytes}" 2>"${dir}/err" | head -n 1; echo "$?"; cat "${dir}/err"`;
		const [line = '', status, ...errors] = execFileSync('bash', ['-c', command], { encoding: 'utf8' })
			.trimEnd()
			.split('\n');
		expect(JSON.parse(line)).toHaveProperty('kind');
		expect({ status, errors }).toEqual({ status: '0', errors: [] });
	});
});

describe('colours', () => {
	/** On a terminal of its own. */
	const onTerminal = (env: Record<string, string>) =>
		execFileSync('script', ['-qec', `'${process.execPath}' '${PARKGATE}' --help`, '/dev/null'], {
			encoding: 'utf8',
			env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm-256color', ...env },
		});

	it('are for terminals, unless NO_COLOR is set', () => {
		expect(onTerminal({})).toContain(ESCAPE);
		expect(onTerminal({ NO_COLOR: '1' })).not.toContain(ESCAPE);
	});

	it('are never written to programs', async () => {
		expect((await parkgate(['--help'], { env: { TERM: 'xterm-256color' } })).stdout).not.toContain(ESCAPE);
	});
});

describe('a command that runs until it is stopped', () => {
	it.each(['SIGINT', 'SIGTERM'] as const)('ends cleanly and soon at %s', async (signal) => {
		await using program = startProgram([
			process.execPath,
			PARKGATE,
			'run',
			'--config',
			file(`${signal}.yaml`, `${SITE}http: { listen: "127.0.0.1:0" }\n`),
		]);
		await until(() => expect(program.stderr()).toMatch(/gateway running/), 30_000);
		const stoppedAt = performance.now();
		program.signal(signal);
		expect(await program.exited).toEqual({ code: 0, signal: null });
		expect(performance.now() - stoppedAt).toBeLessThan(15_000);
	});
});
