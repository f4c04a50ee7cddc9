import { Buffer } from 'node:buffer';
import {
	CompactSign,
	calculateJwkThumbprint,
	compactVerify,
	decodeProtectedHeader,
	exportJWK,
	importPKCS8,
	importSPKI,
} from 'jose';
import type { RefusedDocument } from '../../core/licence/judge-document.ts';
import { LIMITS } from '../../core/limits.ts';

/** The `typ` of each kind (RFC 7515, 4.1.9): a signature under one is worth nothing as the other. */
const TYPES = {
	productLicence: 'parkgate-licence+jws',
	parkStatement: 'parkgate-park-statement+jws',
	licenceRequest: 'parkgate-licence-request+jws',
} as const;

export type DocumentKind = keyof typeof TYPES;

/** Ed25519 by its name of RFC 9864, and by the older one of RFC 8037. */
const ALGORITHMS = ['Ed25519', 'EdDSA'];

export type OpenedDocument = { readonly claims: unknown } | RefusedDocument;

/**
 * Checks the signature of a JWS in compact form.
 *
 * @param text As it came: untrusted, white space around it does not matter.
 * @param publicKeyPem SPKI; undefined: the configuration has none.
 */
export async function openDocument(
	text: string,
	kind: DocumentKind,
	publicKeyPem: string | undefined,
): Promise<OpenedDocument> {
	const compact = text.trim();
	if (compact.length > LIMITS.licenceDocumentBytes)
		return { refusal: 'tooLarge', detail: `It is longer than ${LIMITS.licenceDocumentBytes} bytes; no licence is.` };
	const header = headerOf(compact);
	if (header === undefined)
		return { refusal: 'malformed', detail: 'It is no signed document; give the file as it came from the vendor.' };
	if (!ALGORITHMS.includes(header.alg ?? ''))
		return { refusal: 'wrongAlgorithm', detail: 'It is not signed with EdDSA; ask the vendor for one that is.' };
	if (header.typ !== TYPES[kind])
		return { refusal: 'wrongKind', detail: `It is no ${NAMES[kind]}; give that file to where it belongs.` };
	if (publicKeyPem === undefined)
		return {
			refusal: 'noKey',
			detail: `Set licence.${KEYS[kind]} in gateway.yaml to the key that signs a ${NAMES[kind]}.`,
		};
	const key = await importSPKI(publicKeyPem, 'Ed25519').catch(() => undefined);
	if (key === undefined)
		return { refusal: 'noKey', detail: `licence.${KEYS[kind]} in gateway.yaml is no Ed25519 public key (PEM, SPKI).` };
	try {
		const { payload } = await compactVerify(compact, key, { algorithms: ALGORITHMS });
		return { claims: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)) };
	} catch {
		// Whatever of it does not hold, it was not signed as it is.
		return {
			refusal: 'forged',
			detail: 'Its signature does not hold; ask for it again, and check the key in gateway.yaml.',
		};
	}
}

const NAMES: Readonly<Record<DocumentKind, string>> = {
	productLicence: 'product licence',
	parkStatement: 'park statement',
	licenceRequest: 'licence request',
};
const KEYS: Readonly<Record<DocumentKind, string>> = {
	productLicence: 'vendorKey',
	parkStatement: 'supportKey',
	licenceRequest: 'vendorKey',
};

function headerOf(compact: string): ReturnType<typeof decodeProtectedHeader> | undefined {
	const parts = compact.split('.');
	// Letters that say the same bytes in another way are an altered document too.
	if (parts.length !== 3 || parts.some((part) => Buffer.from(part, 'base64url').toString('base64url') !== part))
		return undefined;
	try {
		return decodeProtectedHeader(compact);
	} catch {
		return undefined;
	}
}

/** For vendors, support, tests, and the gateway's own request. @param privateKeyPem PKCS #8, Ed25519. */
export async function signDocument(claims: object, kind: DocumentKind, privateKeyPem: string): Promise<string> {
	const key = await importPKCS8(privateKeyPem, 'Ed25519');
	return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
		.setProtectedHeader({ alg: 'EdDSA', typ: TYPES[kind] })
		.sign(key);
}

/** RFC 7638, SHA-256. @param publicKeyPem SPKI, Ed25519. */
export async function thumbprintOf(publicKeyPem: string): Promise<string> {
	return calculateJwkThumbprint(await exportJWK(await importSPKI(publicKeyPem, 'Ed25519', { extractable: true })));
}
