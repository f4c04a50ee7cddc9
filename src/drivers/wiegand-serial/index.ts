import type { Clock } from '../../gateway/core/clock.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import { defineTagReader } from '../tag-readers/define-tag-reader.ts';
import { createKeysMask } from '../text-line/keys-mask.ts';
import { isCardLine } from '../text-line/line-pattern.ts';
import { createLineSearch } from '../text-line/line-search.ts';
import { createLineSimulator } from '../text-line/line-simulator.ts';
import { cardFromWords } from '../wiegand/card-words.ts';
import { WIEGAND_FORMATS } from '../wiegand/formats.ts';
import { textFromCard } from './card-text.ts';
import { type WiegandSerialConfig, wiegandSerialConfig } from './config.ts';
import { createWiegandSerialDialect, explainCardLine, patternOf } from './dialect.ts';

/** Wiegand readers behind a converter to a serial line; see docs/drivers/wiegand-serial.md. */
export const wiegandSerial = defineTagReader({
	kind: 'wiegand-serial',
	config: wiegandSerialConfig,
	line: ({ baud, parity, stopBits }) => ({ baud, parity, stopBits }),
	createSearch: (config?: WiegandSerialConfig) =>
		createLineSearch(config ?? { start: 'none', end: 'character', longest: LIMITS.readerLineLength }),
	gapMs: ({ gapMs }) => gapMs,
	createDialect: createWiegandSerialDialect,
	explain: explainCardLine,
	createMask: (config) => createKeysMask(config, isCardLine(patternOf(config))),
	createSimulator: (_: Clock, devices: readonly WiegandSerialConfig[]) =>
		createLineSimulator(devices, { textOf: lineOf, example: 'card H10301 53 48062' }),
});

function lineOf({ notation, cards: [name], pattern }: WiegandSerialConfig, words: string): string | undefined {
	const card = cardFromWords(words);
	if (card === undefined || name === undefined || pattern !== undefined) return undefined;
	return textFromCard(card, notation, WIEGAND_FORMATS[name]);
}
