import { createListeningDialect, type ReaderDialect, type Taken } from '../tag-readers/dialect.ts';
import { withoutKeys } from './keys-mask.ts';
import { type LineParts, readLine } from './line-pattern.ts';
import type { TextLine } from './line-search.ts';

const SHOWN_LENGTH = 64;

/** A reader that says its cards as lines; who writes a pattern sees with the device what does not fit. */
export function createLineDialect(
	pattern: RegExp,
	takeCard: (parts: LineParts, line: TextLine) => Taken,
): ReaderDialect<TextLine> {
	let other: string | undefined;
	return {
		...createListeningDialect((line: TextLine) => {
			const parts = readLine(pattern, line.text);
			if (parts !== undefined) return takeCard(parts, line);
			other = withoutKeys(line.text).slice(0, SHOWN_LENGTH);
			return { isStray: true };
		}),
		identity: () => (other === undefined ? {} : { 'line that is no card': other }),
	};
}
