import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hidKeyboard } from '../../../src/drivers/hid-keyboard/index.ts';
import { createKeySearch } from '../../../src/drivers/hid-keyboard/key-search.ts';
import { keyOf, typeText } from '../../../src/drivers/hid-keyboard/keys.ts';
import vectors from '../../fixtures/hid-readers/hid-keyboard.json' with { type: 'json' };
import { createLinkBench } from '../../support/link-bench.ts';

async function started(entry: object = {}) {
	const bench = createLinkBench(hidKeyboard, [{ id: 'reader', ...entry }]);
	await bench.start();
	await bench.clock.advanceAsync(10);
	return {
		...bench,
		status: () => bench.device('reader').status(),
		/** Reports as the device sends them, this far apart. */
		async send(reports: readonly string[], everyMs = 10) {
			for (const report of reports) {
				bench.link.onBytes(Uint8Array.fromHex(report));
				await bench.clock.advanceAsync(everyMs);
			}
		},
	};
}

describe('a reader that types', () => {
	test.each(vectors.texts)('N9 tells $tag of what it types ($origin)', async ({ settings, reports, text, tag }) => {
		const { send, observations } = await started(settings);
		await send(reports);
		expect(observations).toMatchObject([{ kind: 'tag', tag }]);
		const search = createKeySearch({ end: 'key', longest: 64 });
		const found = reports.flatMap((report) => search.push(Uint8Array.fromHex(report)));
		expect(found.map(({ item }) => item)).toMatchObject([{ kind: 'line', text }]);
	});

	test.each(vectors.rejected)('N9 tells no card of a text that is spoilt ($origin)', async ({ reports, reason }) => {
		const { send, observations, status } = await started();
		await send(reports);
		expect(observations).toEqual([]);
		expect(status().statistics).toMatchObject({ frames: 0, frameErrors: 1 });
		const search = createKeySearch({ end: 'key', longest: 64 });
		const found = reports.flatMap((report) => search.push(Uint8Array.fromHex(report)));
		expect(found.map(({ item }) => item)).toMatchObject([{ kind: 'frameError', reason }]);
	});

	test('types by position: every character a reader types comes back whatever the layout of the system', () => {
		const printable = Array.from({ length: 95 }, (_, at) => String.fromCharCode(0x20 + at));
		for (const character of printable) {
			const [press = new Uint8Array()] = typeText(character) ?? [];
			expect(keyOf(press[2] ?? 0, (press[0] ?? 0) === 2)).toEqual({ kind: 'text', text: character });
		}
		expect(typeText('é')).toBeUndefined();
	});

	test('tells any text that a reader types, however fast, once', () => {
		fc.assert(
			fc.property(fc.stringMatching(/^[!-~]([ -~]{0,60}[!-~])?$/), (text) => {
				const search = createKeySearch({ end: 'key', longest: 64 });
				const found = (typeText(`${text}\n`) ?? []).flatMap((report) => search.push(report));
				expect(found.map(({ item }) => item)).toMatchObject([{ kind: 'line', text }]);
			}),
		);
	});

	test('takes nobody who types by hand for a card', async () => {
		const { send, observations, status } = await started();
		const [card] = vectors.texts.filter(({ tag }) => tag === '0F0368568B');
		await send(card?.reports ?? [], 120);
		expect(observations).toEqual([]);
		expect(status().statistics['frameErrors']).toBeGreaterThan(0);
		await send(card?.reports ?? [], 10);
		expect(observations).toMatchObject([{ tag: '0F0368568B' }]);
	});

	test('ends a text by silence when its reader sends no Enter, and keeps Tab as a character when asked to', async () => {
		const silent = await started({ end: 'silence' });
		silent.stimulate('reader', 'card 0F0368568B');
		await silent.clock.advanceAsync(1_000);
		expect(silent.observations).toMatchObject([{ tag: '0F0368568B' }]);
		const tabbed = await started({ end: 'enter', pattern: '^[0-9]+\\t(?<tag>[0-9A-F]{10})$' });
		tabbed.stimulate('reader', 'say 104\t0F0368568B');
		await tabbed.clock.advanceAsync(1_000);
		expect(tabbed.observations).toMatchObject([{ tag: '0F0368568B' }]);
	});

	test('does not repeat a key that is held down', () => {
		const search = createKeySearch({ end: 'key', longest: 64 });
		const held = Uint8Array.of(0, 0, 0x1e, 0, 0, 0, 0, 0);
		const enter = Uint8Array.of(0, 0, 0x28, 0, 0, 0, 0, 0);
		const found = [held, held, held, enter].flatMap((report) => search.push(report));
		expect(found.map(({ item }) => item)).toMatchObject([{ text: '1' }]);
	});

	test('is faulted while what it types also reaches the console, and tells its cards all the same', async () => {
		const { link, clock, status, send, observations, wire } = await started();
		link.stop('restart');
		const port = wire.createPort('hid', { onBytes: () => undefined, onClosed: () => undefined });
		const hid = { identity: { vendorId: 'ffff', productId: '0035', product: 'Wedge' }, typesOnConsole: true };
		const features = { sendFeature: () => Promise.resolve(), getFeature: () => Promise.resolve(new Uint8Array(8)) };
		link.start({ ...port, hid: { ...hid, ...features } });
		await clock.advanceAsync(10);
		expect(status()).toMatchObject({ state: 'faulted', problem: expect.stringContaining('udev') });
		expect(status().identity).toEqual({ model: 'Wedge', 'USB id': 'ffff:0035' });
		await send(vectors.texts[3]?.reports ?? []);
		expect(observations).toMatchObject([{ tag: '0F0368568B' }]);
	});

	test('refuses an entry that names no HID device, and a decimal without its length', () => {
		const entry = { id: 'reader', driver: 'hid-keyboard', port: 'hid:by-path/usb-0000:00:14.0-2/input0' };
		expect(hidKeyboard.config.safeParse(entry).success).toBe(true);
		expect(hidKeyboard.config.safeParse({ ...entry, port: 'ttyUSB0' }).success).toBe(false);
		expect(hidKeyboard.config.safeParse({ ...entry, notation: 'decimal' }).success).toBe(false);
	});
});
