import { describe, expect, it } from 'vitest';
import { parse, problemsOf, SECTIONS, siteYaml } from './site-yaml.ts';

describe('environment variables override the file', () => {
	it('reaches settings with and without a section in the file, and entries of lists by id or position', () => {
		const parsed = parse(siteYaml, {
			env: {
				PATH: '/bin',
				PARKGATE_CONFIG: 'gateway.yaml',
				PARKGATE_HTTP__LISTEN: '127.0.0.1:9090',
				PARKGATE_SITE__TIME_ZONE: 'Europe/Paris',
				PARKGATE_SITE__NAME: '42',
				PARKGATE_DEVICES__READER_1__ADDRESS: '7',
				PARKGATE_DEVICES__1__UNIT: '9',
				PARKGATE_LANES__L1__READERS: '[]',
				PARKGATE_MQTT__URL: 'mqtt://127.0.0.1',
			},
		});
		if (parsed.result === 'invalid') throw new Error(JSON.stringify(parsed.problems));
		const { config } = parsed;
		expect(config.http.port).toBe(9090);
		expect(config.site).toMatchObject({ timeZone: 'Europe/Paris', name: '42' });
		expect(config.devices).toMatchObject([{ address: 7 }, { unit: 9 }, {}]);
		expect(config.site.lanes[0]?.readers).toEqual([]);
		expect(config.mqtt).toEqual({ url: 'mqtt://127.0.0.1' });
	});

	it.each([
		[
			{ PARKGATE_HTTP__LISTN: '127.0.0.1:1' },
			'environment PARKGATE_HTTP__LISTN: http: found the variable PARKGATE_HTTP__LISTN, which names no setting, expected a setting of http: listen, tls, address. Write PARKGATE_HTTP__LISTEN.',
		],
		[
			{ PARKGATE_LOGLEVEL: 'debug' },
			`environment PARKGATE_LOGLEVEL: found the variable PARKGATE_LOGLEVEL, which names no setting, expected a section of gateway.yaml: ${SECTIONS}. Unset PARKGATE_LOGLEVEL.`,
		],
		[
			{ PARKGATE_DEVICES__READER_2__PORT: 'sim:x' },
			'environment PARKGATE_DEVICES__READER_2__PORT: devices: found the variable PARKGATE_DEVICES__READER_2__PORT, which names no setting, expected a setting of devices: reader-1, boom-1, cam-1. Write PARKGATE_DEVICES__READER_1.',
		],
		[
			{ PARKGATE_HTTP__LISTEN: 'everywhere' },
			'environment PARKGATE_HTTP__LISTEN: http.listen: found "everywhere", expected ADDRESS:PORT, such as 127.0.0.1:8080 or [::]:8080. Write ADDRESS:PORT, such as 127.0.0.1:8080 or [::]:8080.',
		],
		[
			{ PARKGATE_MQTT__URL: 'mqtt://localhost', PARKGATE_MQTT__PASSWORD: 'hunter2' },
			`environment PARKGATE_MQTT__PASSWORD: mqtt.password: found a secret in the environment, where other programs can read it, expected \${credential:NAME}. Put the secret into a credential file and name it here.`,
		],
	])('%o is refused with the variable as its place', (env, problem) => {
		expect(problemsOf(siteYaml, { env })).toEqual([problem]);
		expect(parse(siteYaml, { env }).result).toBe('invalid');
	});

	it('may name a secret, never hold it', () => {
		const env = { PARKGATE_DEVICES__READER_1__KEY: `\${credential:k}` };
		const parsed = parse(siteYaml, { env, readSecret: () => ({ result: 'read', text: '0'.repeat(32) }) });
		expect(parsed).toMatchObject({ result: 'valid', config: { devices: [{ key: '0'.repeat(32) }, {}, {}] } });
	});
});
