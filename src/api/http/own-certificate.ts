import 'reflect-metadata';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { isIP } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import * as x509 from '@peculiar/x509';
import type { Log } from '../../gateway/core/log.ts';

/** The certificate a gateway makes for itself where nobody gave it one. */
export interface OwnCertificate {
	readonly certificatePem: string;
	readonly keyPem: string;
	/** SHA-256 over the DER, as browsers show it: what a technician compares before trusting it. */
	readonly fingerprint: string;
	readonly validToMs: number;
}

const FILE = 'http-certificate.pem';
const DAY_MS = 86_400_000;
/** Browsers take no more than 398 days from any certificate. */
const VALID_DAYS = 397;
const RENEW_BEFORE_DAYS = 30;

export interface OwnCertificateOptions {
	readonly dir: string;
	/** What is listened on; one of the names in the certificate. */
	readonly host: string;
	readonly nowMs: number;
	readonly log: Log;
}

/** The kept one while it is good for RENEW_BEFORE_DAYS more, else a new one; kept in `dir`, for the gateway's account only. */
export async function ownCertificate({ dir, host, nowMs, log }: OwnCertificateOptions): Promise<OwnCertificate> {
	const file = path.join(dir, FILE);
	const kept = await readKept(file);
	if (kept !== undefined && isGood(kept, nowMs)) return kept;
	const made = await makeCertificate(namesOf(host), nowMs);
	try {
		await writePrivately(file, made.keyPem + made.certificatePem);
	} catch (error) {
		// The console is what such a disk is mended with, so it is served all the same.
		log.warn({ err: error, file }, 'the own certificate could not be kept: browsers will ask again after a restart');
	}
	return made;
}

function isGood({ certificatePem, validToMs }: OwnCertificate, nowMs: number): boolean {
	const begun = new X509Certificate(certificatePem).validFromDate.getTime() <= nowMs;
	return begun && validToMs - nowMs > RENEW_BEFORE_DAYS * DAY_MS;
}

/** undefined: there is none, or the file is not ours to use. */
async function readKept(file: string): Promise<OwnCertificate | undefined> {
	try {
		const text = await readFile(file, 'utf8');
		const [keyPem, certificatePem] = text.match(/-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----\n?/g) ?? [];
		return keyPem === undefined || certificatePem === undefined ? undefined : described(certificatePem, keyPem);
	} catch {
		// Missing, unreadable or damaged: a new one takes its place, and a directory that can't be written says so then.
		return undefined;
	}
}

function described(certificatePem: string, keyPem: string): OwnCertificate {
	const certificate = new X509Certificate(certificatePem);
	if (!certificate.checkPrivateKey(createPrivateKey(keyPem))) throw new Error('the key is another certificate’s');
	return {
		certificatePem,
		keyPem,
		fingerprint: certificate.fingerprint256,
		validToMs: certificate.validToDate.getTime(),
	};
}

async function makeCertificate(names: readonly string[], nowMs: number): Promise<OwnCertificate> {
	const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
	const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
	const certificate = await x509.X509CertificateGenerator.createSelfSigned({
		name: [{ CN: ['Parkgate'] }],
		keys,
		signingAlgorithm: algorithm,
		// A day back for browsers whose clock is behind ours.
		notBefore: new Date(nowMs - DAY_MS),
		notAfter: new Date(nowMs + (VALID_DAYS - 1) * DAY_MS),
		extensions: [
			new x509.BasicConstraintsExtension(false, undefined, true),
			new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
			new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
			new x509.SubjectAlternativeNameExtension(
				names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
			),
			await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
		],
	});
	const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
	return described(`${certificate.toString('pem')}\n`, `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`);
}

/** How people on site may call this machine, at the time of making. */
function namesOf(host: string): readonly string[] {
	const addresses = Object.values(os.networkInterfaces())
		.flatMap((entries) => entries ?? [])
		.map(({ address }) => address)
		.filter((address) => !address.startsWith('fe80:'));
	const wildcard = host === '0.0.0.0' || host === '::';
	const names = [os.hostname(), `${os.hostname()}.local`, 'localhost', ...addresses, ...(wildcard ? [] : [host])];
	return [...new Set(names)].slice(0, 50);
}

/** Whole or not at all, and never readable by others, not even for a moment. */
async function writePrivately(file: string, text: string): Promise<void> {
	const unfinished = `${file}.part`;
	const handle = await open(unfinished, 'w', 0o600);
	try {
		await handle.chmod(0o600);
		await handle.writeFile(text);
		await handle.sync();
	} finally {
		await handle.close();
	}
	await rename(unfinished, file);
}
