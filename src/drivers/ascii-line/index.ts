import { LIMITS } from '../../gateway/core/limits.ts';
import { defineTagReader } from '../tag-readers/define-tag-reader.ts';
import { cardText, createCardLineDialect, explainLine, patternOf } from '../text-line/card-lines.ts';
import { createKeysMask } from '../text-line/keys-mask.ts';
import { isCardLine } from '../text-line/line-pattern.ts';
import { createLineSearch } from '../text-line/line-search.ts';
import { createLineSimulator } from '../text-line/line-simulator.ts';
import { type AsciiLineConfig, asciiLineConfig } from './config.ts';

/** Readers that say each card as a line of text, whatever its form; see docs/drivers/ascii-line.md. */
export const asciiLine = defineTagReader({
	kind: 'ascii-line',
	config: asciiLineConfig,
	line: ({ baud, parity, stopBits }) => ({ baud, parity, stopBits }),
	createSearch: (config?: AsciiLineConfig) =>
		createLineSearch(config ?? { start: 'none', end: 'character', longest: LIMITS.readerLineLength }),
	gapMs: ({ gapMs }) => gapMs,
	createDialect: createCardLineDialect,
	explain: explainLine,
	createMask: (config) => createKeysMask(config, isCardLine(patternOf(config))),
	createSimulator: (_, devices: readonly AsciiLineConfig[]) =>
		createLineSimulator(devices, { textOf: cardText, example: 'card 0F0368568B' }),
});
