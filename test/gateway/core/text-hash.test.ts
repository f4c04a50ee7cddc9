import { expect, test } from 'vitest';
import { textHash } from '../../../src/gateway/core/text-hash.ts';

// Vectors of Noll's reference program, isthe.com/chongo/src/fnv.
test.each([
	['', 0x811c9dc5],
	['a', 0xe40c292c],
	['foobar', 0xbf9cf968],
])('%j hashes as FNV-1a does', (text, hash) => {
	expect(textHash(text) >>> 0).toBe(hash);
});
