import { defineTagReader } from '../tag-readers/define-tag-reader.ts';
import { templateReaderConfig } from './config.ts';
import { createTemplateDialect, explainTemplate } from './dialect.ts';
import { createTemplateSearch } from './frame.ts';
import { createTemplateSimulator } from './simulator.ts';

/**
 * A driver to copy, for a reader that does not exist; the contract holds it, the registry does not know it. See
 * docs/drivers.md.
 */
export const templateReader = defineTagReader({
	kind: 'template-reader',
	config: templateReaderConfig,
	line: ({ baud }) => ({ baud }),
	createSearch: createTemplateSearch,
	// Longer than any pause within a frame: converters hand bytes on in lumps of 16 ms.
	gapMs: () => 50,
	createDialect: createTemplateDialect,
	explain: explainTemplate,
	createSimulator: createTemplateSimulator,
});
