import { tagFromBytes } from '../../gateway/core/tag.ts';
import { createAskingDialect, type Question } from '../tag-readers/asking-dialect.ts';
import type { Explained } from '../tag-readers/decode-capture.ts';
import type { ReaderDialect, TagRead } from '../tag-readers/dialect.ts';
import type { TemplateReaderConfig } from './config.ts';
import { ANSWER, COMMAND, encodeTemplate, type TemplateFrame } from './frame.ts';

/** Longer than the reader thinks, at its slowest rate. */
const TIMEOUT_MS = 300;
/** A tag has so many bytes; an empty answer to a look is no tag. */
const TAG_BYTES = { least: 4, most: 16 };

/**
 * What this kind of reader is asked and what its frames mean. Pure: no timers, no port, no clock. Time-outs, health,
 * counters, repeats of a tag that stays and the way back after a silence are the session's in `tag-readers/`. A reader
 * that is never asked anything takes `createListeningDialect` instead.
 */
export function createTemplateDialect(config: TemplateReaderConfig): ReaderDialect<TemplateFrame> {
	let model: string | undefined;
	const whoAreYou: Question<TemplateFrame> = {
		// Optional: an old reader that does not know the question reads tags all the same.
		request: () => ({ bytes: encodeTemplate(COMMAND.whoAreYou), timeoutMs: TIMEOUT_MS, pauseMs: 0, optional: true }),
		take({ command, data }) {
			if (command !== (ANSWER | COMMAND.whoAreYou)) return 'none';
			// What a device says is untrusted text.
			model = String.fromCharCode(...data).replaceAll(/[^ -~]/g, '');
			return 'end';
		},
	};
	const look: Question<TemplateFrame> = {
		request: () => ({ bytes: encodeTemplate(COMMAND.look), timeoutMs: TIMEOUT_MS, pauseMs: config.pollMs }),
		take: ({ command }) => (command === (ANSWER | COMMAND.look) ? 'end' : 'none'),
	};
	return createAskingDialect<TemplateFrame>({
		// Without addresses every frame on the line is this reader's.
		owns: () => true,
		opening: [whoAreYou],
		inventory: look,
		readsOf,
		forget() {
			model = undefined;
		},
		fault: () => undefined,
		identity: () => (model === undefined ? {} : { model }),
	});
}

/** A frame that should be a tag and is none is rejected: counted and logged, never guessed. */
function readsOf({ command, data, bytes }: TemplateFrame): { reads?: readonly TagRead[]; rejected?: string } {
	if (command !== (ANSWER | COMMAND.look) || data.length === 0) return {};
	if (data.length < TAG_BYTES.least || data.length > TAG_BYTES.most)
		return { rejected: `a tag has no ${data.length} bytes` };
	return { reads: [{ tag: tagFromBytes(data), raw: bytes }] };
}

/** For `parkgate decode`. */
export function explainTemplate(frame: TemplateFrame): Explained {
	return { fields: { command: frame.command, data: frame.data.toHex() }, ...readsOf(frame) };
}
