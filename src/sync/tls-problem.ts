import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { BrokerAccess } from './link.ts';

type Material = NonNullable<BrokerAccess['tls']>;

/** Alerts with which a broker ends a handshake (RFC 8446, 6.2; RFC 5246, 7.2.2). */
const ALERTS: Readonly<Record<number, string>> = {
	40: 'it ended the handshake; it may want a client certificate (mqtt.clientCert and mqtt.clientKey)',
	42: 'it does not take our client certificate (mqtt.clientCert)',
	43: 'our client certificate (mqtt.clientCert) is not made for clients; issue one for client authentication',
	44: 'our client certificate (mqtt.clientCert) was revoked; issue a new one',
	45: 'our client certificate (mqtt.clientCert) has expired; renew it',
	46: 'it does not take our client certificate (mqtt.clientCert)',
	48: 'it does not know the authority that signed our client certificate (mqtt.clientCert); issue one by the authority that the broker trusts',
	49: 'it does not let our client certificate (mqtt.clientCert) in',
	51: 'it could not verify our client certificate; check that mqtt.clientKey belongs to mqtt.clientCert',
	70: 'it speaks no version of TLS that this gateway does; let it offer TLS 1.2 or 1.3',
	112: 'it does not know the host name in mqtt.url',
	116: 'it wants a client certificate; set mqtt.clientCert and mqtt.clientKey',
};

const UNKNOWN_AUTHORITY =
	'its certificate is signed by an authority that this gateway does not trust; put the certificate of the broker’s authority into mqtt.ca';

/** What Node finds wrong with the broker's certificate or with the handshake. */
const VERIFICATION: Readonly<Record<string, string>> = {
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
	UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
	SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
	DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
	CERT_SIGNATURE_FAILURE: UNKNOWN_AUTHORITY,
	CERT_HAS_EXPIRED: 'its certificate has expired; renew it at the broker, or mend the clock of this machine',
	CERT_NOT_YET_VALID: 'its certificate is not valid yet; check the clock of this machine',
	CERT_REVOKED: 'its certificate was revoked',
	INVALID_PURPOSE: 'its certificate is not made for servers; issue one for server authentication',
	ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS on this port; check the port in mqtt.url',
	ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS on this port; check the port in mqtt.url',
	ERR_SSL_UNSUPPORTED_PROTOCOL: 'it speaks no version of TLS that this gateway does; let it offer TLS 1.2 or 1.3',
};

const LONGEST_NAMES = 120;

/** Why TLS failed, in words without the broker's name; undefined: it was not TLS. */
export function tlsProblem(code: string | number | undefined, message: string): string | undefined {
	const [, alert] = /alert number (\d+)/.exec(message) ?? [];
	const told = ALERTS[Number(alert)] ?? VERIFICATION[String(code)];
	if (told !== undefined) return `${told} (${alert === undefined ? code : `TLS alert ${alert}`}).`;
	if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return wrongName(message);
	return /ERR_SSL|ERR_TLS|CERT|SELF_SIGNED|UNABLE_TO_|certificate|EPROTO/.test(`${code} ${message}`)
		? `TLS failed (${code ?? message}); check mqtt.ca, mqtt.clientCert and mqtt.clientKey.`
		: undefined;
}

/** The names come from a stranger's certificate; Node's message has them at its end. */
function wrongName(message: string): string {
	const [, names = ''] = /.*(?:altnames|CN): (.*)/.exec(message) ?? [];
	const plain = names.replace(/[^\w.:*, -]/g, '').slice(0, LONGEST_NAMES);
	const instead = plain === '' ? 'another name' : plain.replaceAll(/DNS:|IP Address:/g, '');
	return `its certificate is for ${instead}, not for the host in mqtt.url; write that name, or issue a certificate for this one.`;
}

/** What is wrong with our own certificate, key and authorities, before anybody is asked; undefined: nothing. */
export function materialProblem({ ca, cert, key }: Material): string | undefined {
	if (ca !== undefined && readCertificate(ca) === undefined) return 'mqtt.ca holds no certificate in PEM form.';
	const certificate = cert === undefined ? undefined : readCertificate(cert);
	if (cert !== undefined && certificate === undefined) return 'mqtt.clientCert holds no certificate in PEM form.';
	if (key === undefined) return undefined;
	const privateKey = readKey(key);
	if (typeof privateKey === 'string') return privateKey;
	if (certificate !== undefined && !certificate.checkPrivateKey(privateKey))
		return 'mqtt.clientKey is not the key of mqtt.clientCert; replace both together.';
	return undefined;
}

function readCertificate(pem: string): X509Certificate | undefined {
	try {
		return new X509Certificate(pem);
	} catch {
		return undefined;
	}
}

function readKey(pem: string): KeyObject | string {
	if (/ENCRYPTED/.test(pem))
		return 'mqtt.clientKey is protected by a passphrase; write it without one, into a file of mode 0600.';
	try {
		return createPrivateKey(pem);
	} catch {
		return 'mqtt.clientKey holds no private key in PEM form.';
	}
}
