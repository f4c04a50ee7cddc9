import { describe, expect, test } from 'vitest';
import { createFrameSearch, type FrameFormat } from '../../src/drivers/frame-search.ts';
import { expectSameInAnyChunks, foundIn } from '../support/framing.ts';

/** S, a digit that counts what follows, that many letters, and the digit again. */
interface Word {
	readonly kind: 'word';
	readonly text: string;
}

const format: FrameFormat<Word> = {
	longest: 12,
	scan(bytes, at) {
		const text = String.fromCharCode(...bytes.subarray(at, at + 12));
		if (text[0] !== 'S') return { result: 'none' };
		const length = Number(text[1] ?? 0);
		if (text.length < 2) return { result: 'partial' };
		if (Number.isNaN(length)) return { result: 'none' };
		if (text.length < length + 3) return { result: 'partial' };
		const end = at + length + 3;
		if (text[length + 2] !== text[1]) return { result: 'bad', reason: 'check', end };
		return { result: 'frame', frame: { kind: 'word', text: text.slice(2, 2 + length) }, end };
	},
};

const ascii = (text: string) => new TextEncoder().encode(text);
const search = () => createFrameSearch(format);

function items(...chunks: readonly string[]): readonly string[] {
	return foundIn(search(), chunks.map(ascii)).map(({ offset, item }) =>
		item.kind === 'word'
			? `${offset} ${item.text}`
			: `${offset} !${item.reason} ${new TextDecoder().decode(item.bytes)}`,
	);
}

describe('a search for frames', () => {
	test('finds them with their offsets, and one error for each run of noise', () => {
		expect(items('xxS3abc3yyS1z1', 'S0', '0')).toEqual(['0 !noise xx', '2 abc', '8 !noise yy', '10 z', '14 ']);
	});

	test('goes on right behind a beginning that was false: what it hid comes out', () => {
		expect(items('S9S2ab2cd0ee')).toEqual(['0 !check S9S2ab2cd0ee', '2 ab']);
	});

	test('finds whole frames behind one that never ended, once the line is silent', () => {
		const line = search();
		expect(line.push(ascii('S9S2ab2'))).toEqual([]);
		expect(line.partial()).toBe(true);
		expect(line.timeout().map(({ item }) => item.kind)).toEqual(['frameError', 'word']);
		expect(line.partial()).toBe(false);
	});

	test('cuts long noise into errors of a bounded length', () => {
		const found = foundIn(search(), [ascii('x'.repeat(1_000))]);
		expect(found).toHaveLength(16);
		expect(found.every(({ item }) => item.kind === 'frameError' && item.bytes.length <= 64)).toBe(true);
	});

	test('keeps no more than one frame, however much comes', () => {
		const line = search();
		let kept = 0;
		for (let n = 0; n < 1_000; n++) {
			for (const { item } of line.push(ascii('S9Sx'.repeat(25)))) if (item.kind === 'word') kept += 1;
		}
		expect(kept).toBe(0);
		expect(line.timeout().length).toBeLessThan(20);
	});

	test.each([1, 7, 4_096, 100_000])('looks at each byte of a flood once, in chunks of %i', (size) => {
		let scans = 0;
		const counted = createFrameSearch({
			...format,
			scan(bytes, at) {
				scans += 1;
				return format.scan(bytes, at);
			},
		});
		const flood = ascii('x'.repeat(20_000));
		for (let at = 0; at < flood.length; at += size) counted.push(flood.subarray(at, at + size));
		expect(scans).toBe(flood.length);
		// What may have begun is looked at once more with each chunk.
		for (let n = 0; n < 1_000; n++) counted.push(ascii('S'));
		expect(scans).toBeLessThanOrEqual(flood.length + 1_000 * format.longest);
	});

	test('forgets what began at a reset', () => {
		const line = search();
		line.push(ascii('S5abc'));
		line.reset();
		expect(line.push(ascii('S1z1'))).toMatchObject([{ offset: 0, item: { text: 'z' } }]);
	});

	test('N9 finds the same whatever the chunks', () => {
		expectSameInAnyChunks(search, ['S3abc3', 'S00', 'S9', 'S1S1', 'SS'].map(ascii));
	});
});
