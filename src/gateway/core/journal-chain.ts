import { hash } from 'node:crypto';

/**
 * The journal's hash chain, the same at the gateway and at central: `commitment = SHA-256(salt ‖ body)`,
 * `chain(seq) = SHA-256(chain(seq − 1) ‖ seq as 8 bytes big-endian ‖ commitment)`. Erasing body and salt
 * leaves the commitment, so the chain still verifies and says nothing about what was erased.
 */
export type ChainHash = Uint8Array;

/** What the first row (seq 1) of an epoch follows. */
export function chainStart(gatewayEpoch: string): ChainHash {
	return hash('sha256', `parkgate journal 1 ${gatewayEpoch}`, 'buffer');
}

/** `salt` is 16 random bytes of the row; `body` its text, as UTF-8. */
export function commitmentOf(salt: Uint8Array, body: string): ChainHash {
	return hash('sha256', Buffer.concat([salt, Buffer.from(body)]), 'buffer');
}

export function nextChain(previous: ChainHash, seq: number, commitment: ChainHash): ChainHash {
	const link = Buffer.allocUnsafe(72);
	link.set(previous, 0);
	link.writeBigUInt64BE(BigInt(seq), 32);
	link.set(commitment, 40);
	return hash('sha256', link, 'buffer');
}
