import type { Characters, PatternNode } from './pattern-tree.ts';

/** Some 3 ms on a small machine, on the worst line: many lines a second keep no lane waiting. */
const MOST_WORK = 500_000;

/** A part of a pattern, seen from its beginning. */
interface Part {
	/** What its first character may be, and the first behind it where it may be empty. */
	readonly first: Characters;
	readonly mayBeEmpty: boolean;
	/** Places in a line where the search may go on differently, and in how many ways apart from their length. */
	readonly cuts: number;
	readonly ways: number;
	/** There is something of any length whose end is certain: it is only walked through. */
	readonly isLong: boolean;
}

/**
 * Whether every line of that length is looked at soon enough. What may be of any length and may itself take what follows
 * it (`\d+\d+`, `.*;`) is tried in every length when the rest does not fit; each such place multiplies the work.
 * An upper bound: nothing that is let through takes longer.
 */
export function isQuick(pattern: PatternNode, lineLength: number): boolean {
	const { cuts, ways, isLong } = lookAt(withoutSureEnd(pattern), 0n);
	let work = ways;
	const places = cuts + (beginsAtStart(pattern) ? 0 : 1) + (isLong ? 1 : 0);
	// As many ways as there are to cut a line into so many pieces.
	for (let place = 1; place <= places; place++) work *= (lineLength + place) / place;
	return work <= MOST_WORK;
}

/** @param after what may follow it */
function lookAt(node: PatternNode, after: Characters): Part {
	switch (node.kind) {
		case 'character':
			return { first: node.of, mayBeEmpty: false, cuts: 0, ways: 1, isLong: false };
		case 'place':
			return { first: after, mayBeEmpty: true, cuts: 0, ways: 1, isLong: false };
		case 'sequence':
			return node.items.reduceRight<Part>(
				(rest, item) => {
					const part = lookAt(item, rest.first);
					const mayBeEmpty = part.mayBeEmpty && rest.mayBeEmpty;
					const isLong = part.isLong || rest.isLong;
					return { first: part.first, mayBeEmpty, cuts: part.cuts + rest.cuts, ways: part.ways * rest.ways, isLong };
				},
				{ first: after, mayBeEmpty: true, cuts: 0, ways: 1, isLong: false },
			);
		case 'choice':
			return lookAtChoice(node.ways.map((way) => lookAt(way, after)));
		case 'repeat':
			return lookAtRepeat(node, after);
	}
}

/** Ways that begin alike are all tried. */
function lookAtChoice(parts: readonly Part[]): Part {
	const overlap = parts.some(({ first }, at) => parts.slice(at + 1).some((other) => (first & other.first) !== 0n));
	const ways = parts.map((part) => part.ways);
	return {
		first: parts.reduce((all, { first }) => all | first, 0n),
		mayBeEmpty: parts.some(({ mayBeEmpty }) => mayBeEmpty),
		cuts: Math.max(...parts.map(({ cuts }) => cuts)),
		ways: overlap ? ways.reduce((sum, each) => sum + each, 0) : Math.max(...ways),
		isLong: parts.some(({ isLong }) => isLong),
	};
}

function lookAtRepeat({ item, fewest, most }: PatternNode & { readonly kind: 'repeat' }, after: Characters): Part {
	const part = lookAt(item, after);
	const mayBeEmpty = fewest === 0 || part.mayBeEmpty;
	const first = mayBeEmpty ? part.first | after : part.first;
	const isOpen = most === Number.POSITIVE_INFINITY;
	if (fewest === most || (part.first & after) === 0n) {
		return { ...part, first, mayBeEmpty, isLong: part.isLong || isOpen };
	}
	const ways = part.ways * (isOpen ? 1 : most - fewest + 1);
	return { first, mayBeEmpty, cuts: part.cuts + (isOpen ? 1 : 0), ways, isLong: part.isLong };
}

/** What may be empty at the very end fits always: nothing before it is tried again for its sake. */
function withoutSureEnd(node: PatternNode): PatternNode {
	const last = node.kind === 'sequence' ? node.items.at(-1) : undefined;
	if (node.kind !== 'sequence' || last?.kind !== 'repeat' || last.fewest > 0) return node;
	return withoutSureEnd({ kind: 'sequence', items: node.items.slice(0, -1) });
}

function beginsAtStart(node: PatternNode): boolean {
	switch (node.kind) {
		case 'place':
			return node.isStart;
		case 'sequence':
			return node.items[0] !== undefined && beginsAtStart(node.items[0]);
		case 'choice':
			return node.ways.every(beginsAtStart);
		default:
			return false;
	}
}
