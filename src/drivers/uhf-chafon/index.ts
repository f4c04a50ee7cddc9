import { defineTagReader } from '../tag-readers/define-tag-reader.ts';
import { uhfChafonConfig } from './config.ts';
import { createChafonDialect, explainChafon } from './dialect.ts';
import { createChafonSearch } from './frame.ts';
import { createChafonSimulator } from './simulator.ts';

/** Long-range readers of the UHFReader18 and UHFReader288 families (Chafon and many others); see docs/drivers/uhf-chafon.md. */
export const uhfChafon = defineTagReader({
	kind: 'uhf-chafon',
	config: uhfChafonConfig,
	line: ({ baud }) => ({ baud }),
	createSearch: createChafonSearch,
	gapMs: () => 50,
	createDialect: createChafonDialect,
	addressOf: ({ address }) => address,
	explain: explainChafon,
	createSimulator: createChafonSimulator,
});
