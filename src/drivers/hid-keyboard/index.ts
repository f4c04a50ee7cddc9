import { defineHidReader } from '../hid-readers/define-hid-reader.ts';
import { createCardLineDialect, explainLine, patternOf } from '../text-line/card-lines.ts';
import { isCardLine } from '../text-line/line-pattern.ts';
import { hidKeyboardConfig } from './config.ts';
import { createKeySearch } from './key-search.ts';
import { createTypedKeysMask } from './keys-mask.ts';
import { createKeyboardSimulator } from './simulator.ts';

/** Readers that type each card as a keyboard does; see docs/drivers/hid-keyboard.md. */
export const hidKeyboard = defineHidReader({
	kind: 'hid-keyboard',
	config: hidKeyboardConfig,
	createSearch: (config) => createKeySearch(config ?? { end: 'key', longest: 64 }),
	gapMs: ({ gapMs }) => gapMs,
	createDialect: createCardLineDialect,
	explain: (config) => (line) => explainLine(line, config),
	createMask: (config) => createTypedKeysMask(config, isCardLine(patternOf(config))),
	createSimulator: (_, device) => createKeyboardSimulator(device),
});
