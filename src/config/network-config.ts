import path from 'node:path';
import { isLoopback } from './config-scalars.ts';
import type { ConfigFile } from './file-schema.ts';
import type {
	GatewayConfig,
	HttpConfig,
	LicenceConfig,
	MqttConfig,
	MqttSecret,
	MqttSource,
	MqttSources,
} from './gateway-config.ts';
import { given } from './given.ts';
import { mailOf } from './mail-config.ts';
import type { ConfigPath } from './problem.ts';
import type { ProblemReport } from './problem-report.ts';
import type { FileAnswer } from './secrets.ts';

export interface PemReader {
	/** The configuration file; names of PEM files start at its directory. */
	readonly file: string;
	readonly readPem: (file: string, options: { ownerOnly: boolean }) => FileAnswer;
	/** The credential that stands at a path; undefined: none does. */
	readonly credentialAt: (at: ConfigPath) => string | undefined;
}

type Network = Pick<GatewayConfig, 'http' | 'ingest' | 'licence' | 'mqtt' | 'mail'>;

/** Listeners, broker and licence keys, with every PEM read. */
export function networkOf(file: ConfigFile, reader: PemReader, report: ProblemReport): Network {
	const { http, ingest } = file;
	if (ingest !== undefined && ingest.listen.port !== 0 && sameAddress(ingest.listen, http.listen))
		report.error(['ingest', 'listen'], {
			found: 'the address of http.listen',
			expected: 'a port of its own for the cameras',
			fix: 'Write another port, such as 8081',
		});
	const licence = given({ ...file.licence });
	const mail = mailOf(file, (ca) => pemOf(ca, ['mail', 'ca'], reader, report), report);
	return {
		http: httpOf(http, tlsOf(file, reader, report), report),
		...(ingest && { ingest: { ...ingest.listen, allow: ingest.allow } }),
		...(file.licence && { licence: licence satisfies LicenceConfig }),
		...(file.mqtt && { mqtt: mqttOf(file.mqtt, reader, report) }),
		...(mail && { mail }),
	};
}

function sameAddress(a: { host: string; port: number }, b: { host: string; port: number }): boolean {
	const any = ['0.0.0.0', '::'];
	return a.port === b.port && (a.host === b.host || any.includes(a.host) || any.includes(b.host));
}

/** The console's listener, and its name. */
function httpOf({ listen, address }: ConfigFile['http'], tls: HttpConfig['tls'], report: ProblemReport): HttpConfig {
	if (address === undefined) return { ...listen, tls };
	const { origin, protocol } = new URL(address);
	if (tls.mode !== 'plain' && protocol === 'http:')
		report.error(['http', 'address'], {
			found: 'an address without encryption of a console that encrypts',
			expected: 'https://',
			fix: 'Write https://, or remove http.address',
		});
	if (tls.mode === 'own' && protocol === 'https:')
		report.warning(['http', 'address'], {
			found: 'a name, and the gateway’s own certificate',
			expected: 'a certificate that browsers trust',
			fix: 'Browsers offer no passkeys where they warn of the certificate; set http.tls to one for that name',
		});
	return { ...listen, tls, address: origin };
}

/** How pages and API are encrypted. */
export function tlsOf(file: Pick<ConfigFile, 'http'>, reader: PemReader, report: ProblemReport): HttpConfig['tls'] {
	const { tls, listen } = file.http;
	if (typeof tls === 'object') {
		const certificatePem = pemOf(tls.certificate, ['http', 'tls', 'certificate'], reader, report);
		const keyPem = pemOf(tls.key, ['http', 'tls', 'key'], reader, report);
		return { mode: 'given', certificatePem, keyPem };
	}
	if (isLoopback(listen.host)) return { mode: 'plain' };
	if (tls === 'auto') return { mode: 'own' };
	report.warning(['http', 'tls'], {
		found: 'no encryption on an address others can reach',
		expected: 'tls: auto',
		fix: 'Keep it only behind a proxy that encrypts; passwords cross the network in clear otherwise',
	});
	return { mode: 'plain' };
}

/** The way to a broker, with every PEM read. */
export function mqttOf(mqtt: NonNullable<ConfigFile['mqtt']>, reader: PemReader, report: ProblemReport): MqttConfig {
	const url = new URL(mqtt.url);
	const encrypted = url.protocol === 'mqtts:' || url.protocol === 'wss:';
	if (!encrypted && !isLoopback(url.hostname.replace(/^\[|\]$/g, '')))
		report.warning(['mqtt', 'url'], {
			found: `a connection without encryption to ${url.hostname}`,
			expected: 'mqtts:// or wss://',
			fix: 'Plates and names cross the network in clear; use the encrypted port of the broker, often 8883',
		});
	if ((mqtt.clientCert === undefined) !== (mqtt.clientKey === undefined))
		report.error(['mqtt', mqtt.clientCert === undefined ? 'clientKey' : 'clientCert'], {
			found: mqtt.clientCert === undefined ? 'a key without its certificate' : 'a certificate without its key',
			expected: 'clientCert and clientKey together',
			fix: `Add ${mqtt.clientCert === undefined ? 'clientCert' : 'clientKey'}`,
		});
	const pem = (name: 'clientCert' | 'clientKey' | 'ca') => {
		const text = mqtt[name];
		return text === undefined ? undefined : pemOf(text, ['mqtt', name], reader, report);
	};
	return given({
		url: mqtt.url,
		username: mqtt.username,
		password: mqtt.password,
		clientCertPem: pem('clientCert'),
		clientKeyPem: pem('clientKey'),
		caPem: pem('ca'),
		sources: sourcesOf(mqtt, reader),
	});
}

/** undefined: everything stands in the text itself. */
function sourcesOf(mqtt: NonNullable<ConfigFile['mqtt']>, reader: PemReader): MqttSources | undefined {
	const settings: Partial<Record<MqttSecret, MqttSource>> = {};
	for (const name of ['password', 'clientCert', 'clientKey', 'ca'] as const) {
		const credential = reader.credentialAt(['mqtt', name]);
		const text = mqtt[name];
		if (credential !== undefined) settings[name] = { credential };
		else if (name !== 'password' && text !== undefined && !text.startsWith('-----BEGIN '))
			settings[name] = { file: fileAt(reader, text) };
	}
	return Object.keys(settings).length === 0 ? undefined : { configFile: path.resolve(reader.file), settings };
}

/** PEM text as it stands, or read from the file of that name. */
export function pemOf(text: string, at: ConfigPath, reader: PemReader, report: ProblemReport): string {
	if (text.startsWith('-----BEGIN ')) return text;
	if (report.isSecret(at)) {
		report.error(at, {
			found: 'a secret without PEM text',
			expected: 'text that starts with -----BEGIN',
			fix: 'Put the whole PEM file into the credential',
		});
		return '';
	}
	const isKey = /key$/i.test(String(at.at(-1)));
	const answer = reader.readPem(fileAt(reader, text), { ownerOnly: isKey });
	if (answer.result === 'refused') {
		report.error(at, { found: answer.found, expected: answer.expected, fix: answer.fix });
		return '';
	}
	if (answer.text.includes('-----BEGIN ')) return answer.text;
	report.error(at, {
		found: 'a file without PEM text',
		expected: 'text that starts with -----BEGIN',
		fix: 'Convert it to PEM',
	});
	return '';
}

function fileAt(reader: PemReader, name: string): string {
	return path.resolve(path.dirname(reader.file), name);
}
