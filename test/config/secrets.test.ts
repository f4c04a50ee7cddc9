import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { formatProblem } from '../../src/config/problem.ts';
import { siteYaml, testDrivers } from './site-yaml.ts';

const SECRET = 'A1B2C3D4E5F60718293A4B5C6D7E8F90';
let dir: string;

beforeEach(() => {
	dir = mkdtempSync(path.join(tmpdir(), 'parkgate-secrets-'));
	mkdirSync(path.join(dir, 'credentials'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function load(text: string, env: Record<string, string> = {}) {
	const file = path.join(dir, 'gateway.yaml');
	writeFileSync(file, text);
	return loadConfig({ file, env, driverSchemas: testDrivers });
}

function linesOf(text: string, env: Record<string, string> = {}): string[] {
	const loaded = load(text, env);
	return (loaded.result === 'valid' ? loaded.warnings : loaded.problems).map(formatProblem);
}

function credential(name: string, text: string, mode: number, directory = path.join(dir, 'credentials')): string {
	const file = path.join(directory, name);
	writeFileSync(file, text);
	chmodSync(file, mode);
	return file;
}

const reader = (key: string) => siteYaml.replace('address: 5', `address: 5, key: "${key}"`);

describe('secrets stand outside gateway.yaml', () => {
	it.each([0o600, 0o400])('and are read from a file of mode %o beside it', (mode) => {
		credential('osdp-1', `${SECRET}\n`, mode);
		expect(load(reader(`\${credential:osdp-1}`))).toMatchObject({
			result: 'valid',
			config: { devices: [{ key: SECRET }, {}, {}] },
		});
	});

	it.each([0o644, 0o640, 0o660, 0o604])('but not from a file of mode %o, which others can read', (mode) => {
		const file = credential('osdp-1', SECRET, mode);
		expect(linesOf(reader(`\${credential:osdp-1}`))).toEqual([
			`${dir}/gateway.yaml:10:71: devices[0].key: found ${file} with mode 0${mode.toString(8)}, expected a file that only its owner can read (mode 0600 or 0400). Run: chmod 0600 ${file}.`,
		]);
	});

	it("and are first looked for in systemd's directory, whatever the mode it gives them", () => {
		const system = path.join(dir, 'system');
		mkdirSync(system);
		credential('osdp-1', SECRET, 0o440, system);
		credential('osdp-1', 'F'.repeat(32), 0o600);
		const loaded = load(reader(`\${credential:osdp-1}`), { CREDENTIALS_DIRECTORY: system });
		expect(loaded).toMatchObject({ config: { devices: [{ key: SECRET }, {}, {}] } });
	});

	it('and a missing one is named with the command that makes it', () => {
		expect(linesOf(reader(`\${credential:osdp-1}`))).toEqual([
			`${dir}/gateway.yaml:10:71: devices[0].key: found no credential osdp-1, expected LoadCredential=osdp-1:… in the systemd unit, or the file ${dir}/credentials/osdp-1. Run: install -D -m 0600 /dev/stdin ${dir}/credentials/osdp-1, type the secret and end with Ctrl-D.`,
		]);
	});

	it.each([
		['../gateway.yaml', 'a secret with no usable name'],
		['', 'a secret with no usable name'],
	])('and a name cannot leave the directory: %j', (name, found) => {
		expect(linesOf(reader(`\${credential:${name}}`))[0]).toContain(`found ${found}, expected`);
	});

	it('and stand alone, not inside other text', () => {
		expect(linesOf(reader(`00\${credential:osdp-1}`))[0]).toContain('inside other text');
	});

	it.each([
		['site.name', siteYaml.replace('North car park', `"\${credential:osdp-1}"`)],
		['devices[0].port', siteYaml.replace('"sim:bus-1"', `"\${credential:osdp-1}"`)],
		['mqtt.url', `${siteYaml}mqtt: { url: "\${credential:osdp-1}" }\n`],
	])('and cannot stand where values are shown: %s', (at, text) => {
		credential('osdp-1', SECRET, 0o600);
		expect(linesOf(text)[0]).toContain(`${at}: found the secret osdp-1, expected a value that may be shown.`);
	});

	it('and never show in a problem, whatever is wrong with them', () => {
		credential('wrong', 'hunter2-hunter2', 0o600);
		const text = reader(`\${credential:wrong}`).replace('sim:bus-1', '/dev/pts/1');
		const lines = [
			...linesOf(text),
			...linesOf(reader('hunter2-hunter2')),
			...linesOf(`${siteYaml}mqtt: { url: "mqtts://b.example", password: [hunter2-hunter2] }\n`),
			...linesOf(`${siteYaml}mqtt: { url: "mqtts://b.example", password: hunter2-hunter2, username: 7 }\n`),
			...linesOf(
				`${siteYaml}mqtt: { url: "mqtts://b.example", clientKey: "\${credential:wrong}", clientCert: "-----BEGIN" }\n`,
			),
		];
		expect(lines.length).toBeGreaterThanOrEqual(5);
		expect(lines.join('\n')).not.toContain('hunter2');
	});
});

describe('PEM files', () => {
	const pem = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----';
	const broker = (settings: string) => `${siteYaml}mqtt: { url: "mqtts://broker.example", ${settings} }\n`;

	it('are read, relative to the configuration file', () => {
		credential('client.crt', pem, 0o644, dir);
		credential('client.key', pem, 0o600, dir);
		expect(load(broker('clientCert: client.crt, clientKey: ./client.key'))).toMatchObject({
			result: 'valid',
			config: { mqtt: { clientCertPem: pem, clientKeyPem: pem } },
		});
	});

	it('with a private key must be readable by the owner only', () => {
		credential('client.crt', pem, 0o644, dir);
		const key = credential('client.key', pem, 0o644, dir);
		expect(linesOf(broker('clientCert: client.crt, clientKey: client.key'))).toEqual([
			expect.stringContaining(`Run: chmod 0600 ${key}`),
		]);
	});

	it('may be the ones of the console', () => {
		credential('site.crt', pem, 0o644, dir);
		credential('site-key', pem, 0o600);
		const tls = `${siteYaml}http: { listen: "0.0.0.0:8443", tls: { certificate: site.crt, key: "\${credential:site-key}" } }\n`;
		expect(load(tls)).toMatchObject({
			result: 'valid',
			config: { http: { tls: { mode: 'given', certificatePem: pem, keyPem: pem } } },
		});
	});

	it('come as certificate and key together', () => {
		credential('client.crt', pem, 0o644, dir);
		expect(linesOf(broker('clientCert: client.crt'))).toEqual([expect.stringContaining('Add clientKey')]);
	});

	it('that are missing, too large, no file or no PEM are named', () => {
		writeFileSync(path.join(dir, 'large'), 'x'.repeat(100_000));
		writeFileSync(path.join(dir, 'text'), 'x');
		symlinkSync('/dev/null', path.join(dir, 'device'));
		for (const [name, found] of [
			['none', `no file ${dir}/none`],
			['large', 'with 100000 bytes'],
			['device', 'which is no file'],
			['text', 'a file without PEM text'],
		])
			expect(linesOf(broker(`ca: ${name}`))).toEqual([expect.stringContaining(`${found}, expected`)]);
	});
});

describe('a configuration file', () => {
	it('that is not there is a problem like any other', () => {
		const file = path.join(dir, 'none.yaml');
		const loaded = loadConfig({ file, env: {}, driverSchemas: testDrivers });
		expect(loaded).toMatchObject({ result: 'invalid', problems: [{ file, line: null, found: 'no such file' }] });
	});

	it('that is a directory is named so', () => {
		expect(loadConfig({ file: dir, env: {}, driverSchemas: testDrivers })).toMatchObject({
			problems: [{ found: 'a file that cannot be read (EISDIR)' }],
		});
	});
});
