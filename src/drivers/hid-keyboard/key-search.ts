import { LIMITS } from '../../gateway/core/limits.ts';
import type { Found, FrameSearch } from '../frame-search.ts';
import type { TextLine } from '../text-line/line-search.ts';
import { type Key, keyOf } from './keys.ts';

/** Modifiers, a reserved byte and six keys (HID 1.11, appendix B.1). */
export const REPORT_BYTES = 8;
const SHIFT = 0b0010_0010;
/** A report whose keys are all this one: too many are pressed. */
const ROLL_OVER = 0x01;

export interface KeyFormat {
	/** `key`: Enter or Tab. `enter`: Tab is a character. `silence`: a pause ends it. */
	readonly end: 'key' | 'enter' | 'silence';
	/** Characters; a longer text is given up as a whole. */
	readonly longest: number;
}

/**
 * Finds texts in the reports of a keyboard. One key that types nothing known spoils its text: what is left of it could be
 * taken for another card.
 */
export function createKeySearch({ end, longest }: KeyFormat): FrameSearch<TextLine> {
	let text = '';
	let reports: number[] = [];
	let from = 0;
	let at = 0;
	let isSpoilt = false;
	let pressed: readonly number[] = [];
	let found: Found<TextLine>[] = [];

	function takeReport(report: Uint8Array): void {
		const [modifiers = 0, , ...keys] = report;
		const now = keys.filter((usage) => usage > ROLL_OVER);
		// What is held down types nothing again; readers let each key go.
		const fresh = now.filter((usage) => !pressed.includes(usage));
		pressed = now;
		if (fresh.length > 0 || reports.length > 0) keep(report);
		const shift = (modifiers & SHIFT) !== 0;
		const isCommand = (modifiers & ~SHIFT) !== 0;
		for (const usage of fresh) press(isCommand ? { kind: 'other' } : keyOf(usage, shift));
	}

	function keep(report: Uint8Array): void {
		if (reports.length === 0) from = at;
		if (reports.length < LIMITS.rawReadBytes) reports.push(...report);
	}

	function press(key: Key): void {
		if (key.kind === 'enter' || (key.kind === 'tab' && end === 'key')) finish();
		else if (isSpoilt) return;
		else if (key.kind === 'other') spoil('key');
		else if (text.length === longest) spoil('overrun');
		else text += key.kind === 'text' ? key.text : '\t';
	}

	function finish(): void {
		const line = text.trim();
		const bytes = Uint8Array.from(reports);
		if (!isSpoilt && line !== '') found.push({ offset: from, item: { kind: 'line', text: line, bytes } });
		begin();
	}

	/** Said once; the rest of the text belongs to nothing. */
	function spoil(reason: string): void {
		found.push({ offset: from, item: { kind: 'frameError', reason, bytes: Uint8Array.from(reports) } });
		isSpoilt = true;
	}

	function begin(): void {
		text = '';
		reports = [];
		isSpoilt = false;
	}

	function takeWrong(bytes: Uint8Array): void {
		keep(bytes);
		if (!isSpoilt) spoil('length');
	}

	function taken(): readonly Found<TextLine>[] {
		const all = found;
		found = [];
		return all;
	}

	return {
		push(chunk) {
			// Keyboards that are more besides number their reports.
			const isNumbered = chunk.length === REPORT_BYTES + 1 && chunk[0] !== 0;
			for (let start = isNumbered ? 1 : 0; start < chunk.length; start += REPORT_BYTES) {
				const report = chunk.subarray(start, start + REPORT_BYTES);
				if (report.length === REPORT_BYTES) takeReport(report);
				else takeWrong(report);
				at += report.length;
			}
			if (isNumbered) at += 1;
			return taken();
		},
		timeout() {
			if (text !== '' && !isSpoilt) {
				if (end === 'silence') finish();
				else spoil('timeout');
			}
			begin();
			return taken();
		},
		reset() {
			begin();
			pressed = [];
			from = 0;
			at = 0;
			found = [];
		},
		partial: () => text !== '' || isSpoilt,
	};
}
