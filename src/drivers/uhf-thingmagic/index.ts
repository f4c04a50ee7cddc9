import { defineTagReader } from '../tag-readers/define-tag-reader.ts';
import { uhfThingmagicConfig } from './config.ts';
import { createThingmagicDialect, explainMercury } from './dialect.ts';
import { createMercurySearch } from './frame.ts';
import { createThingmagicSimulator } from './simulator.ts';

/** ThingMagic (JADAK) modules on a serial line: M6e, Micro, Nano, M7e; see docs/drivers/uhf-thingmagic.md. */
export const uhfThingmagic = defineTagReader({
	kind: 'uhf-thingmagic',
	config: uhfThingmagicConfig,
	line: ({ baud }) => ({ baud }),
	createSearch: createMercurySearch,
	gapMs: () => 50,
	createDialect: createThingmagicDialect,
	explain: explainMercury,
	createSimulator: createThingmagicSimulator,
});
