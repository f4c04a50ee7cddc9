/** Characters 0–255, one bit each, and one for all others. */
export type Characters = bigint;

/** What a regular expression is made of, as far as the work that it may cost goes. */
export type PatternNode =
	| { readonly kind: 'character'; readonly of: Characters }
	/** `^`, `$`, `\b`: takes no character. */
	| { readonly kind: 'place'; readonly isStart: boolean }
	| { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
	| { readonly kind: 'choice'; readonly ways: readonly PatternNode[] }
	/** A character any number of times, or a group that may be left out. */
	| { readonly kind: 'repeat'; readonly item: PatternNode; readonly fewest: number; readonly most: number };

export type ParsedPattern = PatternNode | { readonly problem: string };

const REPEATED_GROUP = 'no repeated group: write [0-9A-F]{8} instead of ([0-9A-F]{2}){4}';
const LOOKING = 'no (?=…), (?!…), (?<=…) or (?<!…): write what stands in the line itself';
const BACKWARD = 'no \\1 or \\k<name>, which look for what was found before';

const OTHERS = 256;
const SAMPLES = Array.from({ length: OTHERS }, (_, code) => String.fromCharCode(code));
const OTHER_SAMPLES = ['Ж', '漢'];

/** @param text a regular expression without flags, valid for `RegExp` */
export function parsePattern(text: string): ParsedPattern {
	let at = 0;
	let problem: string | undefined;

	/** Up to a `)` or the end. */
	function parseChoice(): PatternNode {
		const ways = [parseSequence()];
		while (text[at] === '|') {
			at += 1;
			ways.push(parseSequence());
		}
		return ways.length === 1 && ways[0] !== undefined ? ways[0] : { kind: 'choice', ways };
	}

	function parseSequence(): PatternNode {
		const items: PatternNode[] = [];
		while (at < text.length && text[at] !== '|' && text[at] !== ')') items.push(parseRepeat());
		return { kind: 'sequence', items };
	}

	function parseRepeat(): PatternNode {
		const item = parseOne();
		const [sign, fewestText, comma, mostText] = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(text.slice(at)) ?? [];
		if (sign === undefined) return item;
		at += sign.length;
		const { fewest, most } =
			fewestText === undefined ? timesOf(sign) : timesCounted(Number(fewestText), comma, mostText);
		if (item.kind !== 'character' && most > 1) problem ??= REPEATED_GROUP;
		return { kind: 'repeat', item, fewest, most };
	}

	function parseOne(): PatternNode {
		const character = text[at];
		if (character === '(') return parseGroup();
		if (character === '^' || character === '$') {
			at += 1;
			return { kind: 'place', isStart: character === '^' };
		}
		const [source = ''] =
			/^(?:\[(?:\\.|[^\]\\])*\]|\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|c[A-Za-z]|.)|.)/su.exec(text.slice(at)) ?? [];
		at += source.length;
		if (/^\\[bB]$/.test(source)) return { kind: 'place', isStart: false };
		if (/^\\(?:[1-9]|k)$/.test(source)) problem ??= BACKWARD;
		return { kind: 'character', of: charactersOf(source) };
	}

	function parseGroup(): PatternNode {
		const [opening = '('] = /^\((?:\?(?:<?[=!]|:|<[^>]*>|[^:]*:))?/.exec(text.slice(at)) ?? [];
		if (/[=!]$/.test(opening)) problem ??= LOOKING;
		at += opening.length;
		const inside = parseChoice();
		at += 1;
		// A group of one character is still a group: it is repeated as one.
		return { kind: 'sequence', items: [inside] };
	}

	const node = parseChoice();
	return problem === undefined ? node : { problem };
}

interface Times {
	readonly fewest: number;
	readonly most: number;
}

function timesOf(sign: string): Times {
	return { fewest: sign.startsWith('+') ? 1 : 0, most: sign.startsWith('?') ? 1 : Number.POSITIVE_INFINITY };
}

function timesCounted(fewest: number, comma: string | undefined, mostText: string | undefined): Times {
	if (comma !== ',') return { fewest, most: fewest };
	return { fewest, most: mostText === undefined || mostText === '' ? Number.POSITIVE_INFINITY : Number(mostText) };
}

/** What the engine itself takes for it, asked about each character. */
function charactersOf(source: string): Characters {
	const code = source.length === 1 && source !== '.' ? source.charCodeAt(0) : undefined;
	if (code !== undefined) return 1n << BigInt(Math.min(code, OTHERS));
	const pattern = new RegExp(`^(?:${source})$`);
	const takesOthers = /[^\0-\xff]|\\u/.test(source) || OTHER_SAMPLES.some((sample) => pattern.test(sample));
	let characters = takesOthers ? 1n << BigInt(OTHERS) : 0n;
	for (const [place, sample] of SAMPLES.entries()) if (pattern.test(sample)) characters |= 1n << BigInt(place);
	return characters;
}
