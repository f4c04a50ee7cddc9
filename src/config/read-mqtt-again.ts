import { GatewayError } from '../gateway/core/gateway-error.ts';
import { createSecretReader, readPemFile } from './credential-files.ts';
import type { MqttConfig, MqttSecret } from './gateway-config.ts';
import type { FileAnswer } from './secrets.ts';

const MEMBERS = {
	password: 'password',
	clientCert: 'clientCertPem',
	clientKey: 'clientKeyPem',
	ca: 'caPem',
} as const satisfies Record<MqttSecret, keyof MqttConfig>;

/**
 * Password and certificates as their files are now, so that what was rotated is used without a restart. Throws
 * CREDENTIAL_MISSING with the file and how to mend it.
 */
export function readMqttAgain(mqtt: MqttConfig, env: Readonly<Record<string, string | undefined>>): MqttConfig {
	if (mqtt.sources === undefined) return mqtt;
	const { configFile, settings } = mqtt.sources;
	const readSecret = createSecretReader(configFile, env['CREDENTIALS_DIRECTORY']);
	const read: Partial<Record<(typeof MEMBERS)[MqttSecret], string>> = {};
	for (const name of ['password', 'clientCert', 'clientKey', 'ca'] as const) {
		const source = settings[name];
		if (source === undefined) continue;
		const answer =
			'credential' in source
				? readSecret(source.credential, ['mqtt', name])
				: readPemFile(source.file, { ownerOnly: name === 'clientKey' });
		read[MEMBERS[name]] = textOf(name, answer);
	}
	return { ...mqtt, ...read };
}

function textOf(name: MqttSecret, answer: FileAnswer): string {
	if (answer.result === 'read') return answer.text;
	const { found, expected, fix } = answer;
	throw new GatewayError('CREDENTIAL_MISSING', `mqtt.${name}: found ${found}, expected ${expected}. ${fix}.`);
}
