import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const HOUR_MS = 3_600_000;

/** PEM texts. */
export interface Issued {
	readonly cert: string;
	readonly key: string;
}

export interface IssueOptions {
	/** Host names and addresses of a server; without any it is a client's. */
	readonly hosts?: readonly string[];
	/** How long ago it ended to be valid; in an hour otherwise. */
	readonly endedMs?: number;
}

/** An authority that lives as long as a test. */
export async function createThrowawayCa(name = 'Throwaway CA') {
	const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
	const root = await x509.X509CertificateGenerator.createSelfSigned({
		name: [{ CN: [name] }],
		keys,
		signingAlgorithm: ALGORITHM,
		...validity(),
		extensions: [
			new x509.BasicConstraintsExtension(true, 0, true),
			new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
		],
	});

	async function issue(commonName: string, { hosts = [], endedMs }: IssueOptions = {}): Promise<Issued> {
		const own = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
		const names = hosts.map((host) => ({ type: /^[\d.]+$/.test(host) ? 'ip' : 'dns', value: host }) as const);
		const usage = hosts.length > 0 ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth;
		const certificate = await x509.X509CertificateGenerator.create({
			subject: [{ CN: [commonName] }],
			issuer: root.subject,
			publicKey: own.publicKey,
			signingKey: keys.privateKey,
			signingAlgorithm: ALGORITHM,
			...validity(endedMs),
			extensions: [
				new x509.BasicConstraintsExtension(false, undefined, true),
				new x509.ExtendedKeyUsageExtension([usage]),
				...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
			],
		});
		return { cert: certificate.toString('pem'), key: await keyPem(own.privateKey) };
	}

	return { pem: root.toString('pem'), issue };
}

function validity(endedMs?: number) {
	const end = Date.now() + (endedMs === undefined ? HOUR_MS : -endedMs);
	return { notBefore: new Date(end - 48 * HOUR_MS), notAfter: new Date(end) };
}

async function keyPem(key: CryptoKey): Promise<string> {
	const body = Buffer.from(await crypto.subtle.exportKey('pkcs8', key)).toString('base64');
	return `-----BEGIN PRIVATE KEY-----\n${body.match(/.{1,64}/g)?.join('\n')}\n-----END PRIVATE KEY-----\n`;
}
