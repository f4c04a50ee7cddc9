import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomically } from './atomic-file.ts';
import { storeFailure } from './store-failure.ts';

/** The gateway's own Ed25519 key: what a licence may be bound to. The private one never leaves the machine. */
export interface GatewayKey {
	/** PKCS #8, PEM. */
	readonly privatePem: string;
	/** SPKI, PEM. */
	readonly publicPem: string;
}

/** Where it lies in the store's directory. */
export const gatewayKeyFile = (dir: string) => path.join(dir, 'gateway-key.pem');

/** Made at the first start, in the store's directory; only its owner may read it. Throws STORE_* when it can't be read or written. */
export function openGatewayKey(dir: string): GatewayKey {
	const file = gatewayKeyFile(dir);
	try {
		return keyOf(readFileSync(file, 'utf8'));
	} catch (error) {
		if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw storeFailure(error, file);
	}
	try {
		const { privateKey } = generateKeyPairSync('ed25519');
		const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
		writeFileAtomically(file, privatePem);
		return keyOf(privatePem);
	} catch (error) {
		throw storeFailure(error, file);
	}
}

function keyOf(privatePem: string): GatewayKey {
	return { privatePem, publicPem: createPublicKey(privatePem).export({ type: 'spki', format: 'pem' }).toString() };
}
