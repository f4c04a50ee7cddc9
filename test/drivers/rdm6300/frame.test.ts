import { describe, expect, test } from 'vitest';
import { createEmSearch, encodeEm, labelEm, MODELS, type Model } from '../../../src/drivers/rdm6300/frame.ts';
import { rdm6300 } from '../../../src/drivers/rdm6300/index.ts';
import vectors from '../../fixtures/serial-readers/rdm6300.json' with { type: 'json' };
import { expectSameInAnyChunks, foundIn } from '../../support/framing.ts';

const modelOf = (name: string): Model => {
	const model = MODELS.find((known) => known === name);
	if (model === undefined) throw new Error(name);
	return model;
};

describe('frames of 125 kHz modules', () => {
	test.each(vectors.frames)('N9 $hex ($origin) is the card $tag', ({ model, hex, tag, printed }) => {
		const [found, ...others] = foundIn(createEmSearch(modelOf(model)), [Uint8Array.fromHex(hex)]);
		expect(others).toEqual([]);
		expect(found?.item).toMatchObject({ kind: 'card', data: Uint8Array.fromHex(tag) });
		expect(labelEm(Uint8Array.fromHex(tag))).toContain(printed ?? '');
	});

	test.each(vectors.frames.filter(({ hex }) => hex === hex.toUpperCase() && !hex.includes('66')))(
		'N9 $tag is said as $hex by its simulator',
		({ model, hex, tag }) => {
			expect(encodeEm(Uint8Array.fromHex(tag), modelOf(model)).toHex().toUpperCase()).toBe(hex);
		},
	);

	test.each(vectors.rejected)('N9 $hex ($origin) is no card', ({ model, hex, reason }) => {
		const found = foundIn(createEmSearch(modelOf(model)), [Uint8Array.fromHex(hex)]);
		expect(found[0]?.item).toMatchObject({ kind: 'frameError', reason });
		expect(found.every(({ item }) => item.kind === 'frameError')).toBe(true);
	});

	test('of both kinds are read by both models, from the middle of another and after noise', () => {
		const cut = '0246304633';
		const bytes = Uint8Array.fromHex(`ff00${cut}${vectors.frames[0]?.hex}${vectors.frames[2]?.hex}0203`);
		for (const model of ['rdm6300', 'id-12'] as const) {
			const cards = foundIn(createEmSearch(model), [bytes]).flatMap(({ item }) =>
				item.kind === 'card' ? [item.data.toHex().toUpperCase()] : [],
			);
			expect(cards).toEqual(['62E3086CED', '0F0368568B']);
		}
	});

	test('without start and end are cards only between pauses: twelve characters, no more and no fewer', () => {
		const card = Uint8Array.fromHex(vectors.frames[1]?.hex ?? '');
		const kinds = (bytes: Uint8Array) => foundIn(createEmSearch('em-18'), [bytes]).map(({ item }) => item.kind);
		expect(kinds(card)).toEqual(['card']);
		expect(kinds(card.subarray(1))).toEqual(['frameError']);
		expect(kinds(Uint8Array.of(0x30, ...card))).toEqual(['frameError']);
		expect(kinds(Uint8Array.of(...card, ...card))).toEqual(['frameError']);
	});

	test.each(MODELS)('N9 are the same whatever the chunks: %s', (model) => {
		const frames = vectors.frames.map(({ hex }) => Uint8Array.fromHex(hex));
		expectSameInAnyChunks(() => createEmSearch(model), frames);
	});

	test('are explained by decode with what is printed on the fob', () => {
		expect([...rdm6300.decode(Uint8Array.fromHex(vectors.frames[2]?.hex ?? ''))]).toEqual([
			{ offset: 0, kind: 'frame', data: '0f0368568b', label: '0057169547 104,22155' },
			{ offset: 0, kind: 'observation', tag: '0F0368568B', label: '0057169547 104,22155' },
		]);
	});
});
