import { describe, expect, test } from 'vitest';
import { createAxxonSearch, encodeAxxon } from '../../../src/drivers/serial-anpr/axxon-frame.ts';
import { createXmlSearch } from '../../../src/drivers/serial-anpr/xml-search.ts';
import { expectSameInAnyChunks, foundIn } from '../../support/framing.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const MESSAGE = utf8('<MESSAGE><PLATE_STRING>7459MTL</PLATE_STRING></MESSAGE>');
const DECLARED = utf8('<?xml version="1.0"?>\r\n<CAR_PLATE plate="AB123"></CAR_PLATE>\r\n');

describe('messages framed by their root tags', () => {
	test('N9 are the same in any chunks, whatever comes between them', () => {
		expectSameInAnyChunks(() => createXmlSearch(400), [MESSAGE, DECLARED, utf8('<root>'), utf8('</Msg>')]);
	});

	test('keep the declaration, and give noise and cut messages up with a reason', () => {
		const bytes = [DECLARED, utf8('hello '), MESSAGE.subarray(0, 20), MESSAGE, utf8('<Msg>never ends')];
		const found = foundIn(createXmlSearch(400), bytes);
		const shown = found.map(({ item }) => (item.kind === 'xml' ? item.root : item.reason));
		expect(shown).toEqual(['CAR_PLATE', 'noise', 'unfinished', 'MESSAGE', 'timeout']);
		expect(found[0]?.item.bytes).toEqual(DECLARED.subarray(0, -2));
		expect(found[3]?.item.bytes).toEqual(MESSAGE);
	});

	test('are given up beyond the longest, and what follows is read', () => {
		const long = utf8(`<Msg>${'x'.repeat(1_000)}</Msg>`);
		const found = foundIn(createXmlSearch(400), [long, MESSAGE]);
		expect(found[0]?.item).toMatchObject({ kind: 'frameError', reason: 'overrun' });
		expect(found.at(-1)?.item).toMatchObject({ kind: 'xml', root: 'MESSAGE' });
	});

	test('find a root behind endless noise', () => {
		const found = foundIn(createXmlSearch(400), [utf8('y'.repeat(250)), utf8('z'.repeat(3)), MESSAGE]);
		expect(found.at(-1)?.item).toMatchObject({ kind: 'xml' });
		for (let length = 240; length < 270; length++) {
			const at = foundIn(createXmlSearch(400), [utf8('y'.repeat(length)), MESSAGE]);
			expect(at.at(-1)?.item).toMatchObject({ kind: 'xml' });
		}
	});
});

describe("Axxon's frame", () => {
	const frame = encodeAxxon('20200721183744', '01', utf8('X000XX77'));

	test('N9 is the same in any chunks', () => {
		expectSameInAnyChunks(createAxxonSearch, [frame]);
	});

	test('is no frame with letters in its time, or without an end', () => {
		const wrong = [utf8('\x022020072118374A01AB123\x03'), utf8(`\x022020072118374401${'A'.repeat(100)}\x03`)];
		for (const bytes of wrong)
			expect(foundIn(createAxxonSearch(), [bytes, frame]).filter(({ item }) => item.kind === 'axxon')).toHaveLength(1);
	});
});
