import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { LIMITS } from '../gateway/core/limits.ts';
import type { ConfigPath, ConfigProblem, Place } from './problem.ts';

/** A parsed YAML text whose every value knows where it stands. */
export interface YamlSource {
	/** Plain data; undefined when the text is no YAML or is empty. */
	readonly value: unknown;
	readonly problems: readonly ConfigProblem[];
	/** Of the value at `path`, or of the nearest section that exists around it. */
	locate(path: ConfigPath): Place;
	/** Of the key itself, for keys that should not be there. */
	locateKey(path: ConfigPath): Place;
}

/** Reads the text once; `file` is what problems show. */
export function readYaml(text: string, file: string): YamlSource {
	const lines = new LineCounter();
	// Its own look for keys written twice compares each with all others: seconds for a long section.
	const document = parseDocument(text, {
		lineCounter: lines,
		prettyErrors: false,
		uniqueKeys: false,
		merge: true,
		logLevel: 'error',
	});
	const placeAt = (offset: number): Place => {
		const position = lines.linePos(offset);
		return { file, line: position.line, column: position.col };
	};
	const wrong = (offset: number, told: Pick<ConfigProblem, 'found' | 'expected' | 'fix'>): ConfigProblem => ({
		...{ severity: 'error', path: '' },
		...placeAt(offset),
		...told,
	});
	// What follows a first mistake in the syntax seldom helps; keys written twice are all worth telling.
	const [mistake] = document.errors;
	const problems = mistake
		? [
				wrong(mistake.pos[0], {
					found: mistake.code === 'MULTIPLE_DOCS' ? 'a second document' : mistake.message.replaceAll(/\s+/g, ' '),
					expected: 'YAML',
					fix: adviseOnSyntax(mistake.code),
				}),
			]
		: repeatedKeys(document).map((offset) =>
				wrong(offset, {
					found: 'a key that this section already has',
					expected: 'each key once',
					fix: 'Keep one of the two',
				}),
			);
	return {
		value: problems.length > 0 ? undefined : plainData(document, placeAt, problems),
		problems,
		locate: (path) => placeAt(walk(document, path).offset),
		locateKey: (path) => placeAt(walk(document, path).keyOffset),
	};
}

/** Where keys stand that their section already has; LIMITS.configProblems of them. */
function repeatedKeys(document: Document.Parsed): readonly number[] {
	const offsets: number[] = [];
	visit(document, {
		Map(_key, { items }) {
			const names = new Set<string>();
			for (const { key } of items) {
				if (!isScalar(key)) continue;
				const name = String(key.value);
				if (names.has(name)) offsets.push(startOf(key) ?? 0);
				names.add(name);
			}
			return offsets.length >= LIMITS.configProblems ? visit.BREAK : undefined;
		},
	});
	return offsets.slice(0, LIMITS.configProblems);
}

/** Aliases are expanded at most this often: a few lines of YAML must not become gigabytes. */
const MAX_ALIASES = 100;

function plainData(document: Document, placeAt: (offset: number) => Place, problems: ConfigProblem[]): unknown {
	try {
		return document.toJS({ maxAliasCount: MAX_ALIASES });
	} catch (error) {
		const found = error instanceof Error ? error.message : String(error);
		const told = found.startsWith('Unresolved alias')
			? { expected: 'an anchor (&NAME) before its alias (*NAME)', fix: 'Put text that starts with * into quotes' }
			: { expected: `at most ${MAX_ALIASES} uses of YAML aliases`, fix: 'Write the repeated parts out' };
		problems.push({ severity: 'error', ...placeAt(0), path: '', found, ...told });
		return undefined;
	}
}

function adviseOnSyntax(code: string): string {
	if (code === 'TAB_AS_INDENT') return 'Indent with spaces';
	if (code === 'BAD_INDENT') return 'Line the keys of one section up under each other';
	if (code === 'MULTIPLE_DOCS') return 'Keep one document: remove the --- line';
	return 'Check quotes, colons, brackets and indentation on this line and the one before';
}

function walk(document: Document, path: ConfigPath): { offset: number; keyOffset: number } {
	let node: unknown = document.contents;
	let offset = startOf(node) ?? 0;
	let keyOffset = offset;
	for (const part of path) {
		if (isAlias(node)) node = node.resolve(document);
		const child = childOf(node, part);
		if (child === undefined) break;
		keyOffset = startOf(child.key) ?? startOf(child.value) ?? offset;
		offset = startOf(child.value) ?? keyOffset;
		node = child.value;
	}
	return { offset, keyOffset };
}

function childOf(node: unknown, part: string | number): { key: unknown; value: unknown } | undefined {
	if (isSeq(node)) return { key: undefined, value: node.items[Number(part)] };
	if (!isMap(node)) return undefined;
	return node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(part));
}

/** An empty value (`name:`) has a range of no length after the colon; the key says more. */
function startOf(node: unknown): number | undefined {
	const range = (node as Node | null | undefined)?.range;
	if (range === undefined || range === null) return undefined;
	return range[0] === range[1] ? undefined : range[0];
}
