import { defineTagReader } from '../tag-readers/define-tag-reader.ts';
import { uhfChafonCfConfig } from './config.ts';
import { createCfDialect, explainCf } from './dialect.ts';
import { createCfSearch } from './frame.ts';
import { createCfSimulator } from './simulator.ts';

/** Chafon's newer readers, whose frames begin with 0xCF ("UHF Prime"); see docs/drivers/uhf-chafon-cf.md. */
export const uhfChafonCf = defineTagReader({
	kind: 'uhf-chafon-cf',
	config: uhfChafonCfConfig,
	line: ({ baud }) => ({ baud }),
	createSearch: createCfSearch,
	gapMs: () => 50,
	createDialect: createCfDialect,
	addressOf: ({ address }) => address,
	explain: explainCf,
	createSimulator: createCfSimulator,
});
