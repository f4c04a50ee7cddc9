// Writes src/gateway/services/operators/common-passwords.bin: the passwords that are tried first, each as the first bytes of
// its SHA-256, sorted. From the list of @zxcvbn-ts/language-common and our own of words around this product.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { dictionary } from '@zxcvbn-ts/language-common';

const HASH_BYTES = 5;
const root = path.dirname(import.meta.dirname);
const own = readFileSync(path.join(import.meta.dirname, 'common-passwords.txt'), 'utf8')
	.trim()
	.split(/\s+/);
const passwords = new Set(
	[...dictionary['passwords-common'], ...own].map((text) => text.normalize('NFKC').toLowerCase()),
);
const hashes = [...passwords].map((text) => createHash('sha256').update(text).digest().subarray(0, HASH_BYTES));
hashes.sort(Buffer.compare);
writeFileSync(path.join(root, 'src/gateway/services/operators/common-passwords.bin'), Buffer.concat(hashes));
console.log(`${hashes.length} passwords`);
