import { defineTagReader } from '../tag-readers/define-tag-reader.ts';
import { uhfR200Config } from './config.ts';
import { createR200Dialect, explainR200 } from './dialect.ts';
import { createR200Search } from './frame.ts';
import { createR200Simulator } from './simulator.ts';

/** UHF modules of the BB … 7E protocol: R200, M100, QM100, YRM100; see docs/drivers/uhf-r200.md. */
export const uhfR200 = defineTagReader({
	kind: 'uhf-r200',
	config: uhfR200Config,
	line: ({ baud }) => ({ baud }),
	createSearch: createR200Search,
	gapMs: () => 50,
	createDialect: createR200Dialect,
	explain: explainR200,
	createSimulator: createR200Simulator,
});
