/**
 * The journal's hash chain, the same at the gateway and at central: `commitment = SHA-256(salt ‖ body)`,
 * `chain(seq) = SHA-256(chain(seq − 1) ‖ seq as 8 bytes big-endian ‖ commitment)`. Erasing body and salt
 * leaves the commitment, so the chain still verifies and says nothing about what was erased.
 */
export type ChainHash = Uint8Array;

export interface JournalChain {
	/** What the first row (seq 1) of an epoch follows. */
	chainStart(gatewayEpoch: string): ChainHash;
	/** `salt` is 16 random bytes of the row; `body` its text. */
	commitmentOf(salt: Uint8Array, body: string): ChainHash;
	nextChain(previous: ChainHash, seq: number, commitment: ChainHash): ChainHash;
}

const HASH_BYTES = 32;
const SEQ_BYTES = 8;

export function createJournalChain(sha256: (bytes: Uint8Array) => Uint8Array): JournalChain {
	const text = new TextEncoder();
	return {
		chainStart: (gatewayEpoch) => sha256(text.encode(`parkgate journal 1 ${gatewayEpoch}`)),
		commitmentOf(salt, body) {
			const encoded = text.encode(body);
			const salted = new Uint8Array(salt.length + encoded.length);
			salted.set(salt, 0);
			salted.set(encoded, salt.length);
			return sha256(salted);
		},
		nextChain(previous, seq, commitment) {
			const link = new Uint8Array(HASH_BYTES + SEQ_BYTES + HASH_BYTES);
			link.set(previous, 0);
			new DataView(link.buffer).setBigUint64(HASH_BYTES, BigInt(seq));
			link.set(commitment, HASH_BYTES + SEQ_BYTES);
			return sha256(link);
		},
	};
}
