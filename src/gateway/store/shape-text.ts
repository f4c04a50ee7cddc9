/** Plain data, as JSON can carry it. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain | undefined };

/** The same data as its shape (names and nesting, leaves as 0) and its leaves in order. Rows of one kind share a shape. */
export interface Split {
	/** JSON. */
	readonly shape: string;
	readonly leaves: readonly Leaf[];
}

export type Leaf = null | boolean | number | string;

export function splitShape(value: Plain): Split {
	const leaves: Leaf[] = [];
	return { shape: shapeOf(value, leaves), leaves };
}

/** The inverse of `splitShape`; properties that were undefined are gone. */
export function joinShape({ shape, leaves }: Split): Plain {
	return fillShape(JSON.parse(shape) as Plain, leaves);
}

/** `joinShape` with a shape that is parsed already; it stays as it is. */
export function fillShape(shape: Plain, leaves: readonly Leaf[]): Plain {
	let next = 0;
	return fill(shape);

	function fill(part: Plain): Plain {
		if (part === 0) return leaves[next++] ?? null;
		if (Array.isArray(part)) return part.map(fill);
		const filled: Record<string, Plain> = {};
		for (const [key, inner] of Object.entries(part as object)) {
			// Assigned, it would be the prototype.
			if (key === '__proto__') Object.defineProperty(filled, key, { ...OWN, value: fill(inner) });
			else filled[key] = fill(inner);
		}
		return filled;
	}
}

function shapeOf(value: Plain, leaves: Leaf[]): string {
	if (value === null || typeof value !== 'object') {
		leaves.push(value);
		return '0';
	}
	return isList(value) ? listShape(value, leaves) : recordShape(value, leaves);
}

function listShape(list: readonly Plain[], leaves: Leaf[]): string {
	let shape = '[';
	for (const item of list) shape += shape === '[' ? shapeOf(item, leaves) : `,${shapeOf(item, leaves)}`;
	return `${shape}]`;
}

function recordShape(record: { readonly [key: string]: Plain | undefined }, leaves: Leaf[]): string {
	let shape = '{';
	for (const key in record) {
		const inner = record[key];
		if (inner === undefined) continue;
		const part = `${quoted(key)}:${shapeOf(inner, leaves)}`;
		shape += shape === '{' ? part : `,${part}`;
	}
	return `${shape}}`;
}

const OWN = { configurable: true, enumerable: true, writable: true };

/** Names come from a small set; quoting each anew would cost as much as the rest. */
const QUOTED = new Map<string, string>();
const QUOTED_KEPT = 1_000;

function quoted(key: string): string {
	const known = QUOTED.get(key);
	if (known !== undefined) return known;
	const text = JSON.stringify(key);
	if (QUOTED.size < QUOTED_KEPT) QUOTED.set(key, text);
	return text;
}

/** `Array.isArray` does not narrow readonly lists. */
function isList(value: object): value is readonly Plain[] {
	return Array.isArray(value);
}
