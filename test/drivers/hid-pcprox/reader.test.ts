import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFrameError } from '../../../src/drivers/frame-search.ts';
import { bufferOf, cardOf } from '../../../src/drivers/hid-pcprox/card.ts';
import { createPcproxDialect } from '../../../src/drivers/hid-pcprox/dialect.ts';
import { createPcproxSearch } from '../../../src/drivers/hid-pcprox/frame.ts';
import { hidPcprox } from '../../../src/drivers/hid-pcprox/index.ts';
import { encodeWiegand } from '../../../src/drivers/wiegand/card-bits.ts';
import { WIEGAND_FORMATS, type WiegandFormatName } from '../../../src/drivers/wiegand/formats.ts';
import { tagFromBits } from '../../../src/gateway/core/tag.ts';
import vectors from '../../fixtures/hid-readers/hid-pcprox.json' with { type: 'json' };
import { expectSameInAnyChunks } from '../../support/framing.ts';
import { createLinkBench } from '../../support/link-bench.ts';

/** What a dialect of these cards makes of a recorded conversation. */
function takenOf(hex: string, cards: readonly string[]) {
	const config = hidPcprox.config.parse({ id: 'reader', driver: 'hid-pcprox', port: 'sim:x', cards });
	const dialect = createPcproxDialect(config as Parameters<typeof createPcproxDialect>[0]);
	dialect.restart();
	return createPcproxSearch()
		.push(Uint8Array.fromHex(hex))
		.flatMap(({ item }) => (isFrameError(item) ? [] : [dialect.take(item, true)]));
}

async function started(entry: object = {}) {
	const bench = createLinkBench(hidPcprox, [{ id: 'reader', cards: ['H10301'], ...entry }]);
	await bench.start();
	await bench.clock.advanceAsync(500);
	return { ...bench, status: () => bench.device('reader').status() };
}

describe('a pcProx reader', () => {
	test.each(vectors.cards)('N9 gives $tag ($origin)', ({ hex, cards, tag, label }) => {
		// The settings come first in the vector, and are asked for after the firmware.
		const [reads] = takenOf(`${vectors.info.hex}${hex}`, cards).flatMap((taken) => taken.reads ?? []);
		expect(reads).toMatchObject({ tag, ...(label !== undefined && { label }) });
	});

	test.each(vectors.rejected)('N9 rejects a card ($origin)', ({ hex, cards, why }) => {
		const taken = takenOf(`${vectors.info.hex}${hex}`, cards);
		expect(taken.flatMap(({ reads = [] }) => reads)).toEqual([]);
		expect(taken.map(({ rejected }) => rejected ?? '').join(' ')).toContain(why);
	});

	test('decodes a recorded conversation, with cards of the usual format', () => {
		const [card] = vectors.cards;
		const lines = [...hidPcprox.decode(Uint8Array.fromHex(`ffff${vectors.info.hex}${card?.hex}`))];
		expect(lines.map(({ kind }) => kind)).toEqual(['error', 'frame', 'frame', 'frame', 'frame', 'observation']);
		expect(lines[1]).toMatchObject({ offset: 2, command: '0x8a', firmware: vectors.info.firmware });
		expect(lines.at(-1)).toMatchObject({ tag: card?.tag, label: card?.label });
	});

	test('cuts the same conversation whatever the chunks', () => {
		const exchanges = vectors.cards
			.flatMap(({ hex }) => hex.match(/.{32}/g) ?? [])
			.map((hex) => Uint8Array.fromHex(hex));
		expectSameInAnyChunks(createPcproxSearch, exchanges);
	});

	test('gives a card back whole, whatever is taken away of it', () => {
		const names = ['H10301', 'H10306', 'C1000-35', 'H10302'] as const satisfies readonly WiegandFormatName[];
		const strippedOf = { H10301: [1, 1], H10306: [1, 1], 'C1000-35': [2, 1], H10302: [1, 1] } as const;
		fc.assert(
			fc.property(fc.constantFrom(...names), fc.nat(255), fc.integer({ min: 1, max: 65_535 }), (name, high, low) => {
				const format = WIEGAND_FORMATS[name];
				const figures = format.facility === undefined ? {} : { facility: BigInt(high) };
				const card = encodeWiegand(format, { ...figures, number: BigInt(low) });
				if (card === undefined) throw new Error('no card');
				const [leading, trailing] = strippedOf[name];
				const held = bufferOf(card, { leading, trailing });
				if (held === undefined) throw new Error('no buffer');
				const read = cardOf(held.buffer, held.bitCount, { leading, trailing }, [format]);
				expect(read).toMatchObject({ result: 'card', tag: tagFromBits(card.bytes, card.bitCount) });
			}),
		);
	});

	test('tells a card that stays once, and again after repeatMs, with what the reader says of itself', async () => {
		const { clock, stimulate, observations, status } = await started();
		expect(status()).toMatchObject({
			state: 'online',
			identity: {
				vendor: 'RFIDeas',
				'USB id': '0c27:3bfa',
				firmware: '7.3.0',
				'parity bits taken away': '1 in front, 1 at the end',
			},
		});
		stimulate('reader', 'card H10301 53 48062');
		await clock.advanceAsync(900);
		expect(observations).toMatchObject([{ tag: '26:9ADDDF00', label: 'H10301 FC 53 CN 48062' }]);
		stimulate('reader', 'card H10301 53 48062');
		await clock.advanceAsync(900);
		expect(observations).toHaveLength(2);
	});

	test('takes what the reader types besides for nothing', async () => {
		const { clock, link, observations, status } = await started();
		for (let report = 0; report < 50; report++) {
			link.onBytes(Uint8Array.of(0, 0, 0x1e, 0, 0, 0, 0, 0));
			await clock.advanceAsync(10);
		}
		expect(observations).toEqual([]);
		expect(status()).toMatchObject({ state: 'online', statistics: { frameErrors: 0 } });
	});

	test('without power is offline, and comes back', async () => {
		const { clock, stimulate, status } = await started();
		stimulate('reader', 'power off');
		await clock.advanceAsync(6_000);
		expect(status()).toMatchObject({ state: 'offline' });
		stimulate('reader', 'power on');
		await clock.advanceAsync(4_000);
		expect(status().state).toBe('online');
	});
});
