import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asciiLine } from '../../../src/drivers/ascii-line/index.ts';
import { NOTATIONS, type Notation, tagOf, writeTag } from '../../../src/drivers/text-line/notation.ts';
import vectors from '../../fixtures/serial-readers/ascii-line.json' with { type: 'json' };
import { createLinkBench } from '../../support/link-bench.ts';

async function started(entry: object = {}) {
	const bench = createLinkBench(asciiLine, [{ id: 'reader', ...entry }]);
	await bench.start();
	await bench.clock.advanceAsync(10);
	return { ...bench, status: () => bench.device('reader').status() };
}

/** What a reader with these settings tells of a line. */
async function readsOf(settings: object, text: string) {
	const { clock, link, observations, status } = await started(settings);
	link.onBytes(new TextEncoder().encode(text));
	await clock.advanceAsync(500);
	return { observations, statistics: status().statistics, identity: status().identity };
}

const problemsOf = (entry: object) => {
	const parsed = asciiLine.config.safeParse({ id: 'reader', driver: 'ascii-line', port: 'sim:x', ...entry });
	return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};

describe('a reader that says lines of text', () => {
	test.each(vectors.lines)('N9 reads $tag ($origin)', async ({ hex, settings, tag }) => {
		const { clock, link, observations } = await started(settings);
		link.onBytes(Uint8Array.fromHex(hex.replaceAll(' ', '')));
		await clock.advanceAsync(500);
		expect(observations).toMatchObject([{ kind: 'tag', tag }]);
	});

	test('takes antenna and signal strength from the groups of its pattern', async () => {
		const pattern = '^A(?<antenna>\\d) (?<tag>[0-9A-F]{24}) (?<rssi>-?\\d+)$';
		const { observations } = await readsOf({ pattern }, 'A2 E28011606000020A3B5C4D11 -58\r\n');
		expect(observations).toMatchObject([{ tag: 'E28011606000020A3B5C4D11', antenna: 2, rssiDbm: -58 }]);
	});

	test('shows the last line that is no card to who writes the pattern, and tells nothing of it', async () => {
		const { observations, statistics, identity } = await readsOf({}, 'Reader v1.2 ready\r\n');
		expect(observations).toEqual([]);
		expect(statistics).toMatchObject({ frames: 1, strayFrames: 1, frameErrors: 0, rejectedReads: 0 });
		expect(identity).toEqual({ 'line that is no card': 'Reader v*.* ready' });
	});

	test('rejects a card whose checksum is wrong, and never tells it', async () => {
		expect((await readsOf({ checksum: 'xor' }, '0F0368568BB9\r\n')).observations).toMatchObject([
			{ tag: '0F0368568B' },
		]);
		const { observations, statistics } = await readsOf({ checksum: 'xor' }, '0F0368568AB9\r\n');
		expect(observations).toEqual([]);
		expect(statistics).toMatchObject({ rejectedReads: 1 });
	});

	test('writes decimals as hex of the length the site chose, and rejects what is longer', async () => {
		const decimal = { notation: 'decimal', bytes: 4 };
		expect((await readsOf(decimal, '0057169547\r')).observations).toMatchObject([
			{ tag: '0368568B', label: '0057169547' },
		]);
		const { observations, statistics } = await readsOf(decimal, '4294967296\r');
		expect(observations).toEqual([]);
		expect(statistics).toMatchObject({ rejectedReads: 1 });
	});

	test('turns the bytes round where the reader begins with the last', async () => {
		expect((await readsOf({ reversed: true }, '8B5668030F\r')).observations).toMatchObject([{ tag: '0F0368568B' }]);
	});

	test('takes text as it is, in hex', async () => {
		expect((await readsOf({ notation: 'text' }, 'AB-123\r')).observations).toMatchObject([
			{ tag: '41422D313233', label: 'AB-123' },
		]);
	});

	test('reads what its simulator writes, in every notation', () => {
		const how = fc.record({
			notation: fc.constantFrom(...NOTATIONS),
			reversed: fc.boolean(),
			checksum: fc.constant('none' as const),
		});
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 3, maxLength: 20 }), how, (bytes, notation: Notation) => {
				const tag = bytes.toHex().toUpperCase();
				const text = writeTag(tag, notation);
				if (text === undefined) return;
				expect(tagOf(text, { ...notation, bytes: bytes.length })).toEqual({ result: 'tag', tag });
			}),
		);
	});
});

describe('its entry in gateway.yaml', () => {
	test.each([
		[{ pattern: '(' }, /pattern: a regular expression such as/],
		[{ pattern: '^[0-9]+$' }, /pattern: .*a group named tag/],
		[{ pattern: '^((?<tag>[0-9A-F]{2})+)+$' }, /pattern: no repeated group/],
		[{ pattern: '^(?=ID)(?<tag>[0-9A-F]{8})$' }, /pattern: no \(\?=…\)/],
		[{ pattern: '^(?<tag>[0-9A-F]{8})\\1$' }, /pattern: no \\1/],
		[{ pattern: '\\d+\\d+\\d+(?<tag>x)' }, /pattern: a regular expression that no line can hold up/],
		[{ pattern: '^.*;.*;.+;(?<tag>[0-9A-F]{8}).*;$' }, /pattern: a regular expression that no line can hold up/],
		[{ pattern: '(?<tag>.*.*x)', longest: 256 }, /pattern: a regular expression .*longest/],
		[{ notation: 'decimal' }, /bytes: a decimal number does not tell its length/],
		[{ notation: 'text', checksum: 'xor' }, /checksum: /],
		[{ longest: 100_000 }, /longest: /],
	])('%j is refused with what to write', (entry, problem) => {
		expect(problemsOf(entry).join('\n')).toMatch(problem);
	});

	test('may hold any pattern that repeats no group and says what stands in a line', () => {
		expect(problemsOf({ pattern: '^\\(ID\\)+[)+]*(?<tag>[0-9A-F]{8,})(?:;.*)?$' })).toEqual([]);
		expect(problemsOf({ pattern: '^(?<tag>.*.*x)', longest: 256 })).toEqual([]);
		expect(problemsOf({ pattern: '^[.*]{3}\\.+[^;]*;[^;]+;.*(?<tag>[0-9A-F]{8,})$' })).toEqual([]);
	});
});
