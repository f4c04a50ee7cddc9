/** Names a site may configure; a bit count alone does not tell a format (37 bits: H10302 or H10304). */
export const WIEGAND_FORMAT_NAMES = [
	'H10301',
	'ind26',
	'H10306',
	'C1000-35',
	'H10302',
	'H10304',
	'Verkada40',
	'C1000-48',
	'raw32',
	'raw56',
	'raw64',
] as const;

export type WiegandFormatName = (typeof WIEGAND_FORMAT_NAMES)[number];

/** First and last bit of a field, both included; bit 0 is the first bit sent. */
export type BitRange = readonly [first: number, last: number];

export interface ParityRule {
	/** The parity bit. */
	readonly at: number;
	/** Of the number of ones in `over` and the parity bit together. */
	readonly kind: 'even' | 'odd';
	readonly over: readonly number[];
}

export interface WiegandFormat {
	readonly name: WiegandFormatName;
	readonly bits: number;
	/** In the order a writer sets them: a later rule may cover an earlier parity bit. */
	readonly parity: readonly ParityRule[];
	/** Absent: the format has no facility code. */
	readonly facility?: BitRange;
	readonly number: BitRange;
	/** A UID rather than a number that is printed on the card: shown in hex. */
	readonly uid?: true;
}

/**
 * Bit layouts as HID publishes them and as the wiegand_formats.c of Proxmark3 lists them.
 * ind26 and H10301 share bits and parity, as do H10302 and H10304: the site says which one it has.
 */
export const WIEGAND_FORMATS: Readonly<Record<WiegandFormatName, WiegandFormat>> = {
	H10301: {
		name: 'H10301',
		bits: 26,
		parity: [even(0, range(1, 12)), odd(25, range(13, 24))],
		facility: [1, 8],
		number: [9, 24],
	},
	ind26: {
		name: 'ind26',
		bits: 26,
		parity: [even(0, range(1, 12)), odd(25, range(13, 24))],
		facility: [1, 12],
		number: [13, 24],
	},
	H10306: {
		name: 'H10306',
		bits: 34,
		parity: [even(0, range(1, 16)), odd(33, range(17, 32))],
		facility: [1, 16],
		number: [17, 32],
	},
	'C1000-35': {
		name: 'C1000-35',
		bits: 35,
		parity: [even(1, twoOfThree(2, 33)), odd(34, twoOfThree(1, 32)), odd(0, range(1, 34))],
		facility: [2, 13],
		number: [14, 33],
	},
	H10302: {
		name: 'H10302',
		bits: 37,
		parity: [even(0, range(1, 18)), odd(36, range(18, 35))],
		number: [1, 35],
	},
	H10304: {
		name: 'H10304',
		bits: 37,
		parity: [even(0, range(1, 18)), odd(36, range(18, 35))],
		facility: [1, 16],
		number: [17, 35],
	},
	Verkada40: {
		name: 'Verkada40',
		bits: 40,
		parity: [even(0, range(1, 10)), even(39, range(11, 38))],
		facility: [1, 10],
		number: [11, 38],
	},
	'C1000-48': {
		name: 'C1000-48',
		bits: 48,
		parity: [even(1, twoOfThree(3, 46)), odd(47, twoOfThree(2, 45)), odd(0, range(1, 47))],
		facility: [2, 23],
		number: [24, 46],
	},
	raw32: { name: 'raw32', bits: 32, parity: [], number: [0, 31], uid: true },
	raw56: { name: 'raw56', bits: 56, parity: [], number: [0, 55], uid: true },
	raw64: { name: 'raw64', bits: 64, parity: [], number: [0, 63], uid: true },
};

function even(at: number, over: readonly number[]): ParityRule {
	return { at, kind: 'even', over };
}

function odd(at: number, over: readonly number[]): ParityRule {
	return { at, kind: 'odd', over };
}

function range(first: number, last: number): number[] {
	return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Corporate 1000: two of each three bits, starting with the first. */
function twoOfThree(first: number, last: number): number[] {
	return range(first, last).filter((bit) => (bit - first) % 3 !== 2);
}
