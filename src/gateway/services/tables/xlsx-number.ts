/** What a number of a worksheet reads as, where its format says more than the number. */
export interface NumberText {
	readonly text: string;
	/** A spreadsheet keeps 15 digits: the rest of a long number is gone. */
	readonly digitsLost: boolean;
}

export type DateSystem = 1900 | 1904;

/** What matters of a number format; decimals, thousands and currencies are only looks. */
export type NumberFormat =
	| { readonly kind: 'plain' }
	/** `elapsed`: hours that may pass 24. `timeOnly`: no day is shown. */
	| { readonly kind: 'moment'; readonly elapsed: boolean; readonly timeOnly: boolean }
	/** Every `0` is a digit that is always shown, such as `00000` and `000-000`. */
	| { readonly kind: 'digits'; readonly pattern: string };

export const PLAIN_FORMAT: NumberFormat = { kind: 'plain' };
const DATE: NumberFormat = { kind: 'moment', elapsed: false, timeOnly: false };
const TIME: NumberFormat = { kind: 'moment', elapsed: false, timeOnly: true };

/** Formats that have no code in the file (ECMA-376 part 1, 18.8.30): dates and times, among them those of East Asia. */
export function builtInFormat(id: number): NumberFormat {
	if ((id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 54)) return DATE;
	if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id === 45 || id === 47) return TIME;
	if (id === 46) return { kind: 'moment', elapsed: true, timeOnly: true };
	return PLAIN_FORMAT;
}

/** Longer than any that Excel takes. */
const FORMAT_LENGTH = 255;
/** Literals, colours, widths and conditions, in which letters mean nothing; `[h]` counts hours past a day. */
const LITERALS = /\\.|"[^"]*"|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi;
const QUOTED = /\\(.)|"([^"]*)"/g;

/** `code`: as in the file, such as `dd/mm/yyyy;@` (ECMA-376 part 1, 18.8.31). */
export function parseFormat(code: string): NumberFormat {
	const section = code.slice(0, FORMAT_LENGTH).split(';')[0] ?? '';
	const letters = section.replaceAll(LITERALS, '');
	const fractionless = letters.replaceAll(/[.,]0+/g, '');
	if (/[ymdhs]/i.test(letters) && !/general|[0#?]/i.test(fractionless))
		return { kind: 'moment', elapsed: letters.includes('['), timeOnly: !/[yd]/i.test(letters) };
	const pattern = section.replaceAll(QUOTED, (_, escaped?: string, quoted?: string) => escaped ?? quoted ?? '');
	const digits = pattern.split('0').length - 1;
	if (digits > 1 && /^[0 /()+-]+$/.test(pattern)) return { kind: 'digits', pattern };
	return PLAIN_FORMAT;
}

/** A number from which on a spreadsheet has dropped digits. */
const FIRST_ROUNDED = 1e15;

/** `stored` as the file has it, such as `1.2345678901E10`. */
export function numberText(stored: string, format: NumberFormat, system: DateSystem): NumberText {
	const value = Number(stored);
	if (stored.trim() === '' || !Number.isFinite(value)) return { text: stored, digitsLost: false };
	const moment = format.kind === 'moment' ? momentText(value, format, system) : undefined;
	if (moment !== undefined) return { text: moment, digitsLost: false };
	const digits = plainDigits(value);
	const text = format.kind === 'digits' && /^\d+$/.test(digits) ? fillPattern(format.pattern, digits) : digits;
	return { text, digitsLost: Math.abs(value) >= FIRST_ROUNDED };
}

const PLAIN_DIGITS = new Intl.NumberFormat('en-US', { useGrouping: false, maximumFractionDigits: 20 });

/** Never with an exponent; the 15 digits a spreadsheet keeps, so that 0.1 + 0.2 is 0.3. */
function plainDigits(value: number): string {
	const kept = Number(value.toPrecision(15));
	const text = String(kept);
	return text.includes('e') ? PLAIN_DIGITS.format(kept) : text;
}

/** From the right, as the places are; digits for which there is no place stand before. */
function fillPattern(pattern: string, digits: string): string {
	let rest = digits;
	let shown = '';
	for (const place of [...pattern].reverse()) {
		shown = (place === '0' ? (rest.at(-1) ?? '0') : place) + shown;
		if (place === '0') rest = rest.slice(0, -1);
	}
	return rest + shown;
}

const SECONDS_A_DAY = 86_400;

/** Day 0 of each system, and the days that a calendar can show. */
const EPOCH_DAY = { 1900: '1899-12-30', 1904: '1904-01-01' } as const;
const LAST_DAY = 2_958_465;

function momentText(
	value: number,
	{ elapsed, timeOnly }: { readonly elapsed: boolean; readonly timeOnly: boolean },
	system: DateSystem,
): string | undefined {
	if (value < 0 || value > LAST_DAY) return undefined;
	const seconds = Math.round(value * SECONDS_A_DAY);
	if (elapsed) return `${Math.floor(seconds / 3_600)}:${timeOfDay(seconds).slice(3)}`;
	const day = Math.floor(seconds / SECONDS_A_DAY);
	const rest = seconds % SECONDS_A_DAY;
	if (day === 0 && timeOnly) return timeOfDay(rest);
	// The 1900 system counts a 29 February 1900 that never was.
	const days = system === 1900 && day < 60 ? day + 1 : day;
	const date = Temporal.PlainDate.from(EPOCH_DAY[system]).add({ days }).toString();
	return rest === 0 ? date : `${date}T${timeOfDay(rest)}`;
}

function timeOfDay(seconds: number): string {
	const two = (part: number) => String(part).padStart(2, '0');
	const [hours, minutes, rest] = [Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
	return rest === 0 ? `${two(hours)}:${two(minutes)}` : `${two(hours)}:${two(minutes)}:${two(rest)}`;
}
