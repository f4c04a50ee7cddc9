import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSiteFiles, type SiteFiles } from '../support/daemon.ts';
import { parkgate } from '../support/program.ts';
import { createPtyPair, type PtyPair } from '../support/pty-pair.ts';
import { type SimulatedDevice, startSimulatedDevice } from '../support/simulated-device.ts';

const OLD_KEY = '00112233445566778899aabbccddeeff';
const NEW_KEY = 'ffeeddccbbaa99887766554433221100';

describe('devices set, on a real tty', () => {
	let pty: PtyPair;
	let files: SiteFiles;
	let reader: SimulatedDevice;
	const configure = (address: number, key: string) =>
		files.configure({ devices: [{ id: 'reader-1', driver: 'osdp', port: pty.near, address, key }] });
	const run = (...args: string[]) => parkgate(['devices', ...args, '--config', files.configFile]);

	beforeEach(async () => {
		pty = await createPtyPair();
		files = createSiteFiles();
		configure(5, OLD_KEY);
		reader = await startSimulatedDevice('osdp', pty.far, { address: 5, key: OLD_KEY });
	});
	afterEach(async () => {
		await reader[Symbol.asyncDispose]();
		await pty.close();
		files[Symbol.dispose]();
	});

	test('COMSET: the reader answers at its new address and no longer at the old one', async () => {
		const set = await run('set', 'reader-1', '--address', '9');
		expect(set).toMatchObject({ code: 0, stderr: '' });
		expect(set.stdout).toContain('write address: 9 in gateway.yaml');
		expect((await run('test', 'reader-1')).code).toBe(1);
		configure(9, OLD_KEY);
		expect((await run('test', 'reader-1')).code).toBe(0);
	});

	test('COMSET: reader and line go on at a new rate, and one that is no rate is refused', async () => {
		const odd = await run('set', 'reader-1', '--baud', '12345');
		expect(odd).toMatchObject({ code: 1 });
		expect(odd.stderr + odd.stdout).toContain('no rate of OSDP');
		const set = await run('set', 'reader-1', '--baud', '38400');
		expect(set).toMatchObject({ code: 0, stderr: '' });
		expect(set.stdout).toContain('write baud: 38400 in gateway.yaml');
		const { stdout } = await promisify(execFile)('stty', ['-F', pty.far, 'speed']);
		expect(stdout.trim()).toBe('38400');
	});

	test('KEYSET: the reader takes the new key, which is not printed', async () => {
		const keyFile = path.join(files.dir, 'new.key');
		writeFileSync(keyFile, `${NEW_KEY}\n`, { mode: 0o600 });
		const set = await run('set', 'reader-1', '--key-file', keyFile);
		expect(set.code).toBe(0);
		expect((set.stdout + set.stderr).toLowerCase()).not.toContain(NEW_KEY);
		configure(5, NEW_KEY);
		expect((await run('test', 'reader-1')).code).toBe(0);
	});

	test.each([
		[['set', 'reader-1'], 1, /give one of --address, --baud and --key-file/],
		[['set', 'reader-1', '--address', '9', '--baud', '19200'], 1, /give one of/],
		[['set', 'reader-1', '--address', 'nine'], 2, /must be a whole number/],
		[['set', 'reader-9', '--address', '9'], 1, /has no device reader-9; it has reader-1/],
	])('%j ends with %i', async (args, code, message) => {
		const set = await run(...args);
		expect(set.code).toBe(code);
		expect(set.stderr).toMatch(message);
	});
});
