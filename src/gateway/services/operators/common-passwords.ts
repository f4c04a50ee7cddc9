import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Beside the source, and beside the built program; made by `scripts/common-passwords.mjs`. */
const FILE = path.join(import.meta.dirname, 'common-passwords.bin');

/** Of the SHA-256 of each: with 40 bits one good password in twenty million is taken for a common one. */
const HASH_BYTES = 5;

/**
 * Looks texts up among some 50,000 that are tried first. Digits and signs around one, a repetition and lookalike
 * spelling are recognised by the policy and not listed. The file is read when a password is chosen and kept by nobody.
 * @returns whether one of the texts, lower case in NFKC, is listed.
 */
export function isOneCommon(texts: readonly string[]): boolean {
	const hashes = readFileSync(FILE);
	return texts.some((text) => holds(hashes, createHash('sha256').update(text).digest().subarray(0, HASH_BYTES)));
}

/** A binary search: the hashes are sorted, one after the other. */
function holds(hashes: Buffer, wanted: Buffer): boolean {
	let from = 0;
	let to = hashes.length / HASH_BYTES;
	while (from < to) {
		const middle = Math.floor((from + to) / 2);
		const found = hashes.subarray(middle * HASH_BYTES, (middle + 1) * HASH_BYTES);
		const order = Buffer.compare(found, wanted);
		if (order === 0) return true;
		if (order < 0) from = middle + 1;
		else to = middle;
	}
	return false;
}
