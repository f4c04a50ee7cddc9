import { LIMITS } from '../limits.ts';
import { type AttributePath, findAttribute, keysOf } from './attribute-path.ts';
import { type FilterToken, filterTokens } from './filter-tokens.ts';
import { instantMs } from './instant.ts';
import { type Comparison, foldCase, type ScimFilter, type ValuePlace } from './scim-filter.ts';
import { badRequest, type ScimType } from './scim-refusal.ts';
import { attributeNamed, type ScimAttribute, type ScimModel } from './scim-schema.ts';

const COMPARISONS: ReadonlySet<string> = new Set(['eq', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']);
const OF_TEXT: ReadonlySet<string> = new Set(['co', 'sw', 'ew']);

/** What a word of a filter names: by its keys, and within which list. */
interface Named {
	readonly list: readonly string[] | undefined;
	readonly keys: readonly string[];
	readonly attribute: ScimAttribute;
}

interface Reading {
	/** undefined: what is named is nothing that the resource has. */
	readonly find: (text: string) => Named | undefined;
	readonly tokens: Tokens;
}

/** Takes tokens one by one, and bounds how many comparisons and levels there are. */
class Tokens {
	readonly #all: readonly FilterToken[];
	readonly refusal: ScimType;
	/** undefined: an attribute that is not there is refused. */
	readonly unknown: 'never' | undefined;
	#at = 0;
	#terms = 0;
	#depth = 0;

	constructor(all: readonly FilterToken[], refusal: ScimType, unknown: 'never' | undefined) {
		this.#all = all;
		this.refusal = refusal;
		this.unknown = unknown;
	}

	next(): FilterToken | undefined {
		this.#at += 1;
		return this.#all[this.#at - 1];
	}

	peek(): FilterToken | undefined {
		return this.#all[this.#at];
	}

	isNext(kind: FilterToken['kind'], text: string): boolean {
		const token = this.peek();
		return token?.kind === kind && 'text' in token && token.text.toLowerCase() === text;
	}

	takeIf(kind: 'bracket' | 'word', text: string): boolean {
		const isIt = this.isNext(kind, text);
		if (isIt) this.#at += 1;
		return isIt;
	}

	expect(bracket: string): void {
		if (!this.takeIf('bracket', bracket)) throw this.refuse(`A ${bracket} is missing.`);
	}

	countTerm(): void {
		this.#terms += 1;
		if (this.#terms > LIMITS.scimFilterTerms)
			throw this.refuse(`At most ${LIMITS.scimFilterTerms} comparisons are taken.`);
	}

	deeper<T>(read: () => T): T {
		this.#depth += 1;
		if (this.#depth > LIMITS.scimFilterDepth) throw this.refuse('Its brackets go too deep.');
		const found = read();
		this.#depth -= 1;
		return found;
	}

	refuse(detail: string): Error {
		return badRequest(this.refusal, detail);
	}
}

/**
 * RFC 7644, 3.4.2.2. Throws ScimRefusal `invalidFilter`.
 * @param unknown `never`: an attribute that the model does not have is one without a value, as several models are asked.
 */
export function parseFilter(model: ScimModel, text: string, unknown?: 'never'): ScimFilter {
	const tokens = new Tokens(filterTokens(text, 'invalidFilter'), 'invalidFilter', unknown);
	const filter = readOr({ tokens, find: (name) => namedIn(findAttribute(model, name)) });
	if (tokens.peek() !== undefined) throw tokens.refuse('Something follows that belongs to nothing.');
	return filter;
}

/** What a PATCH changes (RFC 7644, 3.5.2): an attribute, in some values of a list, or a part of these. */
export interface PatchPath {
	readonly path: AttributePath;
	/** Which values of the list; undefined: none is named. */
	readonly filter: ScimFilter | undefined;
}

/** undefined: the model has no such attribute. Throws ScimRefusal `invalidPath`, or `invalidFilter` of what stands in brackets. */
export function parsePatchPath(model: ScimModel, text: string): PatchPath | undefined {
	const open = text.indexOf('[');
	if (open < 0) {
		const path = findAttribute(model, text.trim());
		return path && { path, filter: undefined };
	}
	const path = findAttribute(model, text.slice(0, open).trim());
	if (path?.attribute === undefined) return undefined;
	if (!path.attribute.multiValued || path.sub !== undefined)
		throw badRequest('invalidPath', 'Only values of a list are chosen by a filter.');
	const tokens = new Tokens(filterTokens(text.slice(open), 'invalidFilter'), 'invalidFilter', undefined);
	const filter = readValueFilter(tokens, path.attribute);
	const sub = tokens.next();
	if (sub === undefined) return { path, filter };
	if (sub.kind !== 'sub' || tokens.peek() !== undefined)
		throw badRequest('invalidPath', 'After the ] only one part of a value may stand.');
	const found = attributeNamed(path.attribute.subAttributes ?? [], sub.text);
	return found && { path: { ...path, sub: found }, filter };
}

function readOr(reading: Reading): ScimFilter {
	return reading.tokens.deeper(() => joined('or', reading, (one) => joined('and', one, readOne)));
}

function joined(op: 'and' | 'or', reading: Reading, read: (reading: Reading) => ScimFilter): ScimFilter {
	const parts = [read(reading)];
	while (reading.tokens.takeIf('word', op)) parts.push(read(reading));
	const [only] = parts;
	return parts.length === 1 && only !== undefined ? only : { op, parts };
}

function readOne(reading: Reading): ScimFilter {
	const { tokens } = reading;
	if (tokens.takeIf('bracket', '(')) {
		const inner = readOr(reading);
		tokens.expect(')');
		return inner;
	}
	const token = tokens.next();
	if (token?.kind !== 'word') throw tokens.refuse('The name of an attribute is missing.');
	if (token.text.toLowerCase() === 'not' && tokens.isNext('bracket', '(')) {
		return { op: 'not', part: readOne(reading) };
	}
	tokens.countTerm();
	const named = reading.find(token.text);
	if (named === undefined) return readUnknown(tokens, token.text);
	return tokens.isNext('bracket', '[') ? readChosen(tokens, named) : readTerm(tokens, named);
}

/** `emails[type eq "work"]`, also with `.value eq "…"` behind it. */
function readChosen(tokens: Tokens, { list, keys, attribute }: Named): ScimFilter {
	if (list === undefined || keys.length > 0) throw tokens.refuse(`${attribute.name} is no list.`);
	const part = readValueFilter(tokens, attribute);
	const sub = tokens.peek();
	if (sub?.kind !== 'sub') return { op: 'any', keys: list, part };
	tokens.next();
	const found = attributeNamed(attribute.subAttributes ?? [], sub.text);
	if (found === undefined) throw tokens.refuse(`${attribute.name} has no ${sub.text}.`);
	const behind = readTerm(tokens, { list: undefined, keys: [found.name], attribute: found });
	return { op: 'any', keys: list, part: { op: 'and', parts: [part, behind] } };
}

function readValueFilter(tokens: Tokens, attribute: ScimAttribute): ScimFilter {
	tokens.expect('[');
	const subs = attribute.subAttributes;
	const find = (text: string): Named | undefined => {
		// A list of plain values has one part, which is called value.
		if (subs === undefined)
			return text.toLowerCase() === 'value' ? { list: undefined, keys: [], attribute } : undefined;
		const found = attributeNamed(subs, text);
		return found && { list: undefined, keys: [found.name], attribute: found };
	};
	const filter = readOr({ tokens, find });
	tokens.expect(']');
	return filter;
}

function readUnknown(tokens: Tokens, name: string): ScimFilter {
	if (tokens.unknown === undefined)
		throw tokens.refuse(`There is no attribute ${JSON.stringify(name.slice(0, 100))} here.`);
	const op = readOperator(tokens);
	if (op !== 'pr') tokens.next();
	return { op: op === 'ne' ? 'always' : 'never' };
}

function readOperator(tokens: Tokens): string {
	const token = tokens.next();
	const op = token?.kind === 'word' ? token.text.toLowerCase() : '';
	if (op !== 'pr' && op !== 'ne' && !COMPARISONS.has(op))
		throw tokens.refuse('An operator such as eq or pr is missing.');
	return op;
}

function readTerm(tokens: Tokens, named: Named): ScimFilter {
	const op = readOperator(tokens);
	if (op === 'pr') return present(named);
	const plain = comparedPart(named);
	if (plain === undefined) throw tokens.refuse(`${named.attribute.name} has parts; name one of them.`);
	const value = readValue(tokens, plain.attribute);
	if (value === null) {
		if (op === 'eq') return { op: 'not', part: present(named) };
		if (op === 'ne') return present(named);
		throw tokens.refuse('null is only equal or not.');
	}
	const by = (op === 'ne' ? 'eq' : op) as Comparison;
	const { type, caseExact, name } = plain.attribute;
	const isOrdered = by !== 'eq' && !OF_TEXT.has(by);
	if (
		(type === 'boolean' && by !== 'eq') ||
		(type === 'dateTime' && OF_TEXT.has(by)) ||
		(type === 'binary' && isOrdered)
	) {
		throw tokens.refuse(`${name} is not compared by ${op}.`);
	}
	const folded = typeof value === 'string' && !caseExact ? foldCase(value) : value;
	const place: ValuePlace = { keys: plain.keys, type, caseExact };
	const compare: ScimFilter = { op: 'compare', by, place, value: folded };
	const found: ScimFilter = plain.list === undefined ? compare : { op: 'any', keys: plain.list, part: compare };
	return op === 'ne' ? { op: 'not', part: found } : found;
}

/** A thing with parts is compared by its value, if it has one (RFC 7643, 2.4): Entra ID asks for `manager eq "id"`. */
function comparedPart({ list, keys, attribute }: Named): Named | undefined {
	if (attribute.type !== 'complex') return { list, keys, attribute };
	const value = attributeNamed(attribute.subAttributes ?? [], 'value');
	return value && { list, keys: [...keys, value.name], attribute: value };
}

function present({ list, keys, attribute }: Named): ScimFilter {
	if (list === undefined && attribute.type === 'complex') {
		const parts = (attribute.subAttributes ?? []).map((sub) =>
			present({ list, keys: [...keys, sub.name], attribute: sub }),
		);
		return { op: 'or', parts };
	}
	if (list !== undefined && keys.length === 0) return { op: 'any', keys: list, part: { op: 'always' } };
	const place: ValuePlace = { keys, type: attribute.type, caseExact: attribute.caseExact };
	return list === undefined ? { op: 'present', place } : { op: 'any', keys: list, part: { op: 'present', place } };
}

/** @returns null where null was written. */
function readValue(tokens: Tokens, { name, type }: ScimAttribute): string | number | boolean | null {
	const token = tokens.next();
	if (token === undefined || token.kind === 'bracket' || token.kind === 'sub')
		throw tokens.refuse(`A value for ${name} is missing.`);
	if (token.kind === 'word' && token.text === 'null') return null;
	const text = token.kind === 'value' ? undefined : token.text;
	if (type === 'boolean') {
		const known = /^(true|false)$/i.exec(text ?? '')?.[0];
		if (known === undefined) throw tokens.refuse(`${name} is true or false.`);
		return known.toLowerCase() === 'true';
	}
	// RFC 7644, 3.4.2.2 itself writes `meta.resourceType eq User`.
	if (text === undefined || (token.kind === 'word' && /^(true|false)$/i.test(text)))
		throw tokens.refuse(`${name} is compared with a quoted text.`);
	if (type !== 'dateTime') return text;
	const atMs = instantMs(text);
	if (atMs === undefined) throw tokens.refuse(`${name} is compared with a time such as 2026-01-01T00:00:00Z.`);
	return atMs;
}

function namedIn(path: AttributePath | undefined): Named | undefined {
	if (path?.attribute === undefined) return undefined;
	const { attribute, sub } = path;
	if (!attribute.multiValued) return { list: undefined, keys: keysOf(path), attribute: sub ?? attribute };
	const list = keysOf({ ...path, sub: undefined });
	return { list, keys: sub === undefined ? [] : [sub.name], attribute: sub ?? attribute };
}
