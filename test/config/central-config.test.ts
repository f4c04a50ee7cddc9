import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { requireCentralConfig } from '../../src/config/parse-central-config.ts';

const ROOT = path.join(import.meta.dirname, '..', '..');
const dirs: string[] = [];

afterEach(() => {
	for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function fileOf(text: string, credentials: Readonly<Record<string, string>> = {}): string {
	const dir = mkdtempSync(path.join(tmpdir(), 'parkgate-central-config-'));
	dirs.push(dir);
	keepCredentials(dir, credentials);
	writeFileSync(path.join(dir, 'central.yaml'), text);
	return path.join(dir, 'central.yaml');
}

function keepCredentials(dir: string, credentials: Readonly<Record<string, string>>): void {
	mkdirSync(path.join(dir, 'credentials'));
	for (const [name, secret] of Object.entries(credentials)) {
		writeFileSync(path.join(dir, 'credentials', name), secret);
		chmodSync(path.join(dir, 'credentials', name), 0o600);
	}
}

const read = (file: string | undefined, more: Partial<Parameters<typeof requireCentralConfig>[0]> = {}) =>
	requireCentralConfig({ file, flags: [], env: {}, ...more });

describe('D: the configuration of central', () => {
	it('is the shipped example without a warning, with its secret from a credential file', () => {
		const dir = mkdtempSync(path.join(tmpdir(), 'parkgate-central-credentials-'));
		dirs.push(dir);
		writeFileSync(path.join(dir, 'mqtt'), 'from systemd\n');
		const { config, warnings } = read(path.join(ROOT, 'config', 'central.example.yaml'), {
			env: { CREDENTIALS_DIRECTORY: dir },
		});
		expect(warnings).toEqual([]);
		expect(config).toEqual({
			tenant: 'acme',
			name: 'Acme parking',
			timeZone: 'Europe/Brussels',
			store: { dir: '/var/lib/parkgate-central' },
			http: { host: '127.0.0.1', port: 8090, tls: { mode: 'plain' } },
			mqtt: {
				...{ url: 'mqtts://broker.example:8883', username: 'central', password: 'from systemd' },
				sources: {
					configFile: path.join(ROOT, 'config', 'central.example.yaml'),
					settings: { password: { credential: 'mqtt' } },
				},
			},
			log: { level: 'info' },
		});
	});

	it('comes whole from flags, then looks for secrets beside its store', () => {
		const dir = mkdtempSync(path.join(tmpdir(), 'parkgate-central-store-'));
		dirs.push(dir);
		keepCredentials(dir, { mqtt: 'beside the store' });
		const { config } = read(undefined, {
			flags: [
				{ flag: '--tenant', path: ['tenant'], value: 'acme' },
				{ flag: '--store', path: ['store', 'dir'], value: dir },
			],
			env: { PARKGATE_MQTT__PASSWORD: `\${credential:mqtt}`, PARKGATE_MQTT__USERNAME: 'central' },
		});
		expect(config).toMatchObject({ tenant: 'acme', name: 'acme', store: { dir } });
		expect(config.mqtt).toEqual({
			...{ url: 'mqtt://127.0.0.1:1883', username: 'central', password: 'beside the store' },
			sources: { configFile: path.join(dir, 'central.yaml'), settings: { password: { credential: 'mqtt' } } },
		});
	});

	it('takes a flag before the environment, and that before the file', () => {
		const file = fileOf('tenant: a\nstore: { dir: db }\nhttp: { listen: 127.0.0.1:1 }\n');
		const env = { PARKGATE_HTTP__LISTEN: '127.0.0.1:2', PARKGATE_LOG__LEVEL: 'debug' };
		const flags = [{ flag: '--listen', path: ['http', 'listen'], value: '127.0.0.1:3' }];
		expect(read(file, { env, flags }).config).toMatchObject({
			store: { dir: path.join(path.dirname(file), 'db') },
			http: { port: 3 },
			log: { level: 'debug' },
		});
		expect(read(file, { env }).config.http.port).toBe(2);
	});

	it('names every mistake with its place and its mend', () => {
		const file = fileOf('tenant: Acme\nstores: {}\nmqtt: { url: "mqtt://me:secret@broker" }\n');
		const told = (): string => {
			try {
				read(file);
			} catch (error) {
				return String(error instanceof Error && error.message);
			}
			return 'valid';
		};
		expect(told().replaceAll(file, 'F').split('\n')).toEqual([
			'F:1:1: store: found nothing, expected a section. Add store.',
			'F:1:9: tenant: found "Acme", expected an id of 1 to 64 lower-case letters, digits and dashes. Write an id of 1 to 64 lower-case letters, digits and dashes.',
			'F:2:1: stores: found an unknown key "stores", expected the keys of central.yaml: tenant, name, timeZone, store, http, mqtt, mail, log. Write store.',
			'F:3:14: mqtt.url: found a value that is not shown, expected a broker such as mqtts://broker.example:8883, without user name or password in it. Write a broker such as mqtts://broker.example:8883, without user name or password in it.',
		]);
		const flags = [{ flag: '--listen', path: ['http', 'listen'], value: 'here' }];
		expect(() => read(fileOf('tenant: a\nstore: { dir: db }\n'), { flags })).toThrow(
			'--listen: http.listen: found "here", expected ADDRESS:PORT, such as 127.0.0.1:8080 or [::]:8080.',
		);
		expect(() => read('nowhere.yaml')).toThrow('nowhere.yaml: There is no such file; check the name.');
	});

	it('warns of a password written out, and of a broker that is reached in the clear', () => {
		const file = fileOf(
			'tenant: a\nstore: { dir: db }\nmqtt: { url: "mqtt://broker.example", username: c, password: p }\n',
		);
		const { warnings } = read(file);
		expect(warnings.map(({ path: at, found }) => `${at}: ${found}`)).toEqual([
			'mqtt.url: a connection without encryption to broker.example',
			'mqtt.password: a secret written out',
		]);
	});
});
