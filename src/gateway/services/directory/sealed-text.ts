import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Text that whoever carries it neither reads nor makes: cursors hold the name or plate that a page ended with, journalled edits what codes say. */
export interface SealedText {
	/** base64url. */
	seal(text: string): string;
	/** undefined: not sealed by this one, or changed since. */
	open(sealed: string): string | undefined;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM (NIST SP 800-38D). `key`: 32 bytes; without it a key of its own, with which what was sealed ends. */
export function createSealedText(key: Uint8Array = randomBytes(32)): SealedText {
	return {
		seal(text) {
			const iv = randomBytes(IV_BYTES);
			const cipher = createCipheriv('aes-256-gcm', key, iv);
			const body = [cipher.update(text, 'utf8'), cipher.final()];
			return Buffer.concat([iv, cipher.getAuthTag(), ...body]).toString('base64url');
		},
		open(sealed) {
			const bytes = Buffer.from(sealed, 'base64url');
			if (bytes.length < IV_BYTES + TAG_BYTES) return undefined;
			const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES));
			decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
			const body = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES));
			try {
				return Buffer.concat([body, decipher.final()]).toString();
			} catch {
				// Its only failure: the tag is not of this text.
				return undefined;
			}
		},
	};
}
