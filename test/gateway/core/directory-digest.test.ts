import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/gateway/core/canonical-json.ts';
import {
	changeSum,
	DIGEST_BUCKETS,
	decodeSums,
	differingBuckets,
	encodeSums,
	noSums,
} from '../../../src/gateway/core/directory-digest.ts';
import * as gateway from '../../../src/gateway/store/row-digests.ts';
import * as central from '../../../src/sync/central/stream-digests.ts';
import { digestOfRows } from '../../support/row-digest.ts';

interface Vectors {
	readonly emptyRoot: string;
	readonly rows: readonly {
		readonly table: string;
		readonly key: string;
		readonly row: unknown;
		readonly hash: string;
		readonly bucket: number;
	}[];
	readonly root: string;
}

/** The block of JSON in docs/sync.md: what others write their programs by. */
function publishedVectors(): Vectors {
	const [, block = ''] = /### Digests[\s\S]*?```json\n([\s\S]*?)```/.exec(readFileSync('docs/sync.md', 'utf8')) ?? [];
	return JSON.parse(block) as Vectors;
}

describe('N12: the digest of a stream', () => {
	const vectors = publishedVectors();

	it.each([
		['the gateway', gateway],
		['central', central],
	])('is for %s what docs/sync.md publishes', (_, { rowHash, bucketOf, rootOf }) => {
		const sums = noSums();
		expect(rootOf(sums)).toBe(vectors.emptyRoot);
		for (const { table, key, row, hash, bucket } of vectors.rows) {
			expect(BigInt.asUintN(64, rowHash(row)).toString(16).padStart(16, '0')).toBe(hash);
			expect(bucketOf(table, key)).toBe(bucket);
			changeSum(sums, bucket, 0n, rowHash(row));
		}
		expect(rootOf(sums)).toBe(vectors.root);
		const rows = new Map(vectors.rows.map(({ table, key, row }) => [`${table}/${key}`, row]));
		expect(digestOfRows(rows).root).toBe(vectors.root);
	});

	it('publishes a bucket of two rows whose sum overflows', () => {
		const [first, second] = vectors.rows;
		expect(first?.bucket).toBe(second?.bucket);
		expect(BigInt(`0x${first?.hash}`) + BigInt(`0x${second?.hash}`)).toBeGreaterThan(2n ** 64n);
	});

	it('ends where it began when every row went again, in whatever order', () => {
		const change = fc.tuple(fc.nat(DIGEST_BUCKETS - 1), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
		fc.assert(
			fc.property(fc.array(change), fc.infiniteStream(fc.nat()), (changes, order) => {
				const sums = noSums();
				for (const [bucket, hash] of changes) changeSum(sums, bucket, 0n, hash);
				const shuffled = changes.map((entry) => ({ entry, at: order.next().value })).toSorted((a, b) => a.at - b.at);
				for (const { entry } of shuffled) changeSum(sums, entry[0], entry[1], 0n);
				expect(sums).toEqual(noSums());
			}),
		);
	});

	it('comes through bytes unchanged, and names the buckets that differ', () => {
		fc.assert(
			fc.property(fc.nat(DIGEST_BUCKETS - 1), fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), (bucket, sum) => {
				const sums = noSums();
				changeSum(sums, bucket, 0n, sum);
				expect(decodeSums(encodeSums(sums))).toEqual(sums);
				expect(differingBuckets(noSums(), sums)).toEqual([bucket]);
			}),
		);
		expect(decodeSums(new Uint8Array(8_191))).toBeUndefined();
	});
});

describe('canonical JSON', () => {
	it('is that of RFC 8785, 3.2.2 and 3.2.3', () => {
		const numbers =
			'{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"b":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}';
		expect(canonicalJson(JSON.parse(numbers))).toBe(
			'{"b":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/","literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}',
		);
		const names = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
		expect(Object.values(JSON.parse(canonicalJson(names)))).toHaveLength(7);
		expect([...canonicalJson(names).matchAll(/:(\d)/g)].map(([, number]) => number).join('')).toBe('2467153');
	});

	it('is the same for the same value, whatever order it was written in, and reads back as it', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				const text = canonicalJson(value);
				expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
				expect(canonicalJson(reversed(value))).toBe(text);
			}),
		);
	});

	it('leaves out what is undefined, and gives half a surrogate pair a form', () => {
		expect(canonicalJson({ b: undefined, a: 'x\ud800' })).toBe('{"a":"x\\ud800"}');
	});
});

function reversed(value: unknown): unknown {
	if (value === null || typeof value !== 'object') return value;
	if (Array.isArray(value)) return value.map(reversed);
	const entries = Object.entries(value).map(([name, part]) => [name, reversed(part)] as const);
	return Object.fromEntries(entries.toReversed());
}
