import { XMLParser } from 'fast-xml-parser';
import { LIMITS } from '../../gateway/core/limits.ts';

/** Elements by local name: text, a nested tree, or a list of either where a name repeats. */
export interface EventTree {
	readonly [name: string]: unknown;
}

export type ParsedTree = { readonly tree: EventTree } | { readonly problem: string };

/** Entities stay as written and numbers stay text: a plate such as 1E5 or 0123 is no number. */
const parser = new XMLParser({
	ignoreAttributes: true,
	ignoreDeclaration: true,
	ignorePiTags: true,
	removeNSPrefix: true,
	parseTagValue: false,
	processEntities: false,
	maxNestedTags: LIMITS.pushNesting,
});

interface XmlBounds {
	readonly characters: number;
	readonly tags: number;
}

/** Of one push; a list a device was asked for is longer. */
const PUSH_BOUNDS: XmlBounds = { characters: LIMITS.pushTextBytes, tags: LIMITS.pushTags };

/** @returns the document's root elements, or why not: `size`, `doctype`, `tags`, `syntax`. */
export function parseXmlTree(text: string, bounds = PUSH_BOUNDS): ParsedTree {
	if (text.length > bounds.characters) return { problem: 'size' };
	// No camera sends one; every XML bomb needs one.
	if (/<!(?:doctype|entity)/i.test(text)) return { problem: 'doctype' };
	if (text.split('<', bounds.tags + 2).length > bounds.tags + 1) return { problem: 'tags' };
	return asTree(() => parser.parse(text));
}

/** The same for devices that send their events as JSON; `size` or `syntax`. */
export function parseJsonTree(text: string): ParsedTree {
	if (text.length > LIMITS.pushTextBytes) return { problem: 'size' };
	return asTree(() => JSON.parse(text));
}

function asTree(parse: () => unknown): ParsedTree {
	try {
		const value = parse();
		return isTree(value) ? { tree: value } : { problem: 'syntax' };
	} catch {
		return { problem: 'syntax' };
	}
}

function isTree(value: unknown): value is EventTree {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first nested tree of that name. */
export function childTree(tree: EventTree | undefined, name: string): EventTree | undefined {
	const value = first(tree, name);
	return isTree(value) ? value : undefined;
}

/** Every nested tree of that name, in their order. */
export function childTrees(tree: EventTree | undefined, name: string): readonly EventTree[] {
	if (tree === undefined || !Object.hasOwn(tree, name)) return [];
	const value = tree[name];
	return (Array.isArray(value) ? value : [value]).filter(isTree);
}

/** The text of the first of these elements that has any, trimmed; undefined when none has. */
export function childText(tree: EventTree | undefined, ...names: readonly string[]): string | undefined {
	for (const name of names) {
		const value = first(tree, name);
		const text = typeof value === 'string' ? value.trim() : String(isPlain(value) ? value : '');
		if (text !== '') return text;
	}
	return undefined;
}

function first(tree: EventTree | undefined, name: string): unknown {
	if (tree === undefined || !Object.hasOwn(tree, name)) return undefined;
	const value = tree[name];
	return Array.isArray(value) ? value[0] : value;
}

function isPlain(value: unknown): value is number | boolean {
	return typeof value === 'number' || typeof value === 'boolean';
}

/** Bytes as text in the encoding the XML declaration names, else UTF-8; wrong bytes become U+FFFD. */
export function decodeEventText(bytes: Uint8Array): string {
	const head = Buffer.from(bytes.subarray(0, 128)).toString('latin1');
	const label = /^[^<]*<\?xml[^>]*encoding=["']([\w-]{1,32})["']/i.exec(head)?.[1] ?? 'utf-8';
	return decoderFor(label).decode(bytes);
}

function decoderFor(label: string): TextDecoder {
	try {
		return new TextDecoder(label);
	} catch {
		return new TextDecoder('utf-8');
	}
}
