import { defineTagReader } from '../tag-readers/define-tag-reader.ts';
import { uhfIndyConfig } from './config.ts';
import { createIndyDialect, explainIndy } from './dialect.ts';
import { createIndySearch } from './frame.ts';
import { createIndySimulator } from './simulator.ts';

/** Readers with Impinj's Indy chips, whose frames begin with 0xA0 (YR900x, IND903, R2000 modules); see docs/drivers/uhf-indy.md. */
export const uhfIndy = defineTagReader({
	kind: 'uhf-indy',
	config: uhfIndyConfig,
	line: ({ baud }) => ({ baud }),
	createSearch: createIndySearch,
	gapMs: () => 50,
	createDialect: createIndyDialect,
	addressOf: ({ address }) => address,
	explain: explainIndy,
	createSimulator: createIndySimulator,
});
