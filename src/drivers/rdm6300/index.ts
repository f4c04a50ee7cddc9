import { tagFromBytes } from '../../gateway/core/tag.ts';
import { defineTagReader } from '../tag-readers/define-tag-reader.ts';
import { createListeningDialect, type TagRead } from '../tag-readers/dialect.ts';
import { rdm6300Config } from './config.ts';
import { createEmSearch, type EmFrame, labelEm } from './frame.ts';
import { createEmSimulator } from './simulator.ts';

/** 125 kHz modules that say each card by themselves: RDM6300, ID-2, ID-12, ID-20, EM-18; see docs/drivers/rdm6300.md. */
export const rdm6300 = defineTagReader({
	kind: 'rdm6300',
	config: rdm6300Config,
	line: ({ baud }) => ({ baud }),
	createSearch: (config) => createEmSearch(config?.model ?? 'rdm6300'),
	gapMs: () => 50,
	createDialect: () => createListeningDialect((frame: EmFrame) => ({ reads: [readOf(frame)] })),
	explain: (frame) => ({ fields: { data: frame.data.toHex(), label: labelEm(frame.data) }, reads: [readOf(frame)] }),
	createSimulator: (_, devices) => createEmSimulator(devices),
});

function readOf({ data, bytes }: EmFrame): TagRead {
	return { tag: tagFromBytes(data), label: labelEm(data), raw: bytes };
}
