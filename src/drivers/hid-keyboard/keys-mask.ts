import type { TrafficMask } from '../traffic-mask.ts';
import { createKeySearch, type KeyFormat, REPORT_BYTES } from './key-search.ts';
import { keyOf } from './keys.ts';

/** What a US keyboard types as `*`: Shift and 8. */
const STAR = { modifiers: 0x02, usage: 0x25 };
const FIRST_KEY = 2;
/** A character is two reports: a key, and that it was let go. */
const REPORTS_OF_KEY = 2;

/** Shows what was typed once it has ended: without its figures unless it is a card, since it may be a keypad's PIN. */
export function createTypedKeysMask(
	format: KeyFormat & { readonly gapMs: number },
	isCard: (text: string) => boolean,
): TrafficMask {
	const search = createKeySearch(format);
	let held: Uint8Array[] = [];

	function shown(found: ReturnType<typeof search.push>): readonly Uint8Array[] {
		const seen = found.some(({ item }) => item.kind === 'line' && isCard(item.text)) ? held : held.map(withoutFigures);
		held = [];
		return seen;
	}

	return {
		push(report) {
			held.push(report);
			const found = search.push(report);
			const waits = search.partial() && held.length <= format.longest * REPORTS_OF_KEY;
			return waits ? [] : shown(found);
		},
		held: { gapMs: format.gapMs, take: () => shown(search.timeout()) },
	};
}

function withoutFigures(report: Uint8Array): Uint8Array {
	const at = report.length - REPORT_BYTES;
	const isFigure = (usage: number, index: number) => index >= at + FIRST_KEY && typesFigure(usage);
	if (!report.some(isFigure)) return report;
	const seen = report.map((usage, index) => (isFigure(usage, index) ? STAR.usage : usage));
	seen[at] = STAR.modifiers;
	return seen;
}

/** With the letters of hex figures. */
function typesFigure(usage: number): boolean {
	const key = keyOf(usage, false);
	return key.kind === 'text' && /[0-9a-f]/.test(key.text);
}
