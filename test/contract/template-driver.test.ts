import { describe, expect, test } from 'vitest';
import { createDriverRegistry } from '../../src/drivers/registry.ts';
import { createTemplateSearch, encodeTemplate } from '../../src/drivers/template-reader/frame.ts';
import { templateReader } from '../../src/drivers/template-reader/index.ts';
import { expectSameInAnyChunks, onlyFrame } from '../support/framing.ts';
import { cardContract } from './card-contract.ts';
import type { SerialDriverCase } from './serial-driver-cases.ts';
import { serialDriverContract } from './serial-driver-contract.ts';

/** The driver that others are copied from keeps what is asked of them; for a driver of the registry this stands in `serial-driver-cases.ts`. */
const template = {
	entries: [{ id: 'reader-1' }],
	onlineWithinMs: 1_000,
	// Three looks missed, with a pause after each.
	offlineWithinMs: 3 * 400 + 500,
	backWithinMs: 4_000,
	stimuli: ['card 04A1B2C3', 'power off', 'power on'],
	card: { stimulus: 'card 04A1B2C3', tag: '04A1B2C3' },
} as const satisfies SerialDriverCase;

serialDriverContract(templateReader, template);
cardContract(templateReader, template);

describe('the template driver', () => {
	test('cuts and checks frames, and makes them', () => {
		const hex = 'AA058204A1B2C353';
		expect(onlyFrame(createTemplateSearch(), hex)).toMatchObject({
			command: 0x82,
			data: Uint8Array.fromHex('04A1B2C3'),
		});
		expect(encodeTemplate(0x82, Uint8Array.fromHex('04A1B2C3')).toHex().toUpperCase()).toBe(hex);
		expect(() => onlyFrame(createTemplateSearch(), 'AA058204A1B2C352')).toThrow(/no frame/);
	});

	test('cuts the same frames whatever the chunks', () => {
		const frames = [encodeTemplate(0x82, Uint8Array.fromHex('04A1B2C3')), encodeTemplate(0x82), encodeTemplate(1)];
		expectSameInAnyChunks(createTemplateSearch, frames);
	});

	test('is in no configuration', () => {
		expect(createDriverRegistry().kinds).not.toContain(templateReader.kind);
	});
});
