/**
 * What keys say, by their position on a US keyboard: usages of HID Usage Tables 1.12, page 07. A system's layout changes
 * what a key types, never its usage.
 */
const LETTERS_FROM = 0x04;
const DIGITS_FROM = 0x1e;
const KEYPAD_FROM = 0x59;
/** Characters of each usage from 2D on, and with Shift. */
const SIGNS_FROM = 0x2d;
const SIGNS = "-=[]\\#;'`,./";
const SHIFTED_SIGNS = '_+{}|~:"~<>?';
const SHIFTED_DIGITS = '!@#$%^&*()';
const KEYPAD_SIGNS_FROM = 0x54;
const KEYPAD_SIGNS = '/*-+';
const SPACE = 0x2c;
const ENTER = 0x28;
const KEYPAD_ENTER = 0x58;
const TAB = 0x2b;
const KEYPAD_POINT = 0x63;

export type Key = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'enter' | 'tab' | 'other' };

/** @param usage of the keyboard page */
export function keyOf(usage: number, shift: boolean): Key {
	if (usage === ENTER || usage === KEYPAD_ENTER) return { kind: 'enter' };
	if (usage === TAB) return { kind: 'tab' };
	const text = shift ? shiftedText(usage) : plainText(usage);
	return text === undefined ? { kind: 'other' } : { kind: 'text', text };
}

function plainText(usage: number): string | undefined {
	if (usage === SPACE) return ' ';
	if (usage === KEYPAD_POINT) return '.';
	return (
		letterOf(usage) ??
		digitOf(usage, DIGITS_FROM) ??
		digitOf(usage, KEYPAD_FROM) ??
		SIGNS[usage - SIGNS_FROM] ??
		KEYPAD_SIGNS[usage - KEYPAD_SIGNS_FROM]
	);
}

function shiftedText(usage: number): string | undefined {
	if (usage === SPACE) return ' ';
	return letterOf(usage)?.toUpperCase() ?? SHIFTED_DIGITS[usage - DIGITS_FROM] ?? SHIFTED_SIGNS[usage - SIGNS_FROM];
}

function letterOf(usage: number): string | undefined {
	const place = usage - LETTERS_FROM;
	return place >= 0 && place < 26 ? String.fromCharCode(0x61 + place) : undefined;
}

/** 1 to 9, then 0. */
function digitOf(usage: number, from: number): string | undefined {
	const place = usage - from;
	return place >= 0 && place < 10 ? String((place + 1) % 10) : undefined;
}

/** Reports of a keyboard that types a text: each key pressed and let go. Undefined: a character has no key. */
export function typeText(text: string): readonly Uint8Array[] | undefined {
	const reports: Uint8Array[] = [];
	for (const character of text) {
		const stroke = STROKES.get(character);
		if (stroke === undefined) return undefined;
		reports.push(reportOf(stroke.shift ? 0x02 : 0, stroke.usage), reportOf(0, 0));
	}
	return reports;
}

function reportOf(modifiers: number, usage: number): Uint8Array {
	return Uint8Array.of(modifiers, 0, usage, 0, 0, 0, 0, 0);
}

/** The first usage of each character: rows of digits before the keypad. */
const STROKES: ReadonlyMap<string, { readonly usage: number; readonly shift: boolean }> = new Map(
	[false, true]
		.flatMap((shift) => Array.from({ length: 0x64 }, (_, usage) => ({ usage, shift })))
		.toReversed()
		.flatMap(({ usage, shift }) => {
			const key = keyOf(usage, shift);
			const character = key.kind === 'text' ? key.text : { enter: '\n', tab: '\t', other: undefined }[key.kind];
			return character === undefined ? [] : [[character, { usage, shift }]];
		}),
);
