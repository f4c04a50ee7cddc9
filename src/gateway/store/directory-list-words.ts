import type { SecretField } from '../core/directory/aggregate.ts';
import { aggregateOf, type DirectoryTable } from '../core/directory.ts';
import { foldText } from '../core/fold-text.ts';
import { LIMITS } from '../core/limits.ts';
import type { Bind } from './directory-list-filters.ts';
import type { ListAsk } from './directory-lists-messages.ts';
import { columnName, STORED_TABLES } from './directory-tables.ts';
import { EDITED } from './local-edits.ts';

/** Whose rows are looked at: central's, of which some may be edited, or the edited ones. */
export type ListSide = 'central' | 'centralUnderEdits' | 'edited';

/** Where the rows of a table, or their words, stand. */
export function placeOf(side: ListSide, sqlName: string): string {
	return side === 'edited' ? `site.${EDITED}${sqlName}` : `main.${sqlName}`;
}

/** Condition that nobody edited the row of this key. */
export function unedited(table: DirectoryTable, key: string): string {
	return `NOT EXISTS (SELECT 1 FROM site.local_edits WHERE table_name = '${table}' AND key = ${key})`;
}

/** What some words, or a text as a whole, find rows by. */
export interface SearchedText {
	/** Statements that give the ids of the rows, some twice. */
	readonly ids: readonly string[];
	/** Condition on a row `r` that looks the rows up by one index; undefined: it takes several. */
	readonly lookUp: string | undefined;
	/** The same condition, quick in the index that the list is ordered by. */
	readonly test: string;
}

export interface Search {
	/** All must fit. */
	readonly words: readonly SearchedText[];
	/** Fits by itself: the whole text, as the beginning of a value that has spaces in it. */
	readonly whole: SearchedText | undefined;
}

/** After every text that begins alike. */
const LAST = '\u{10ffff}';

/**
 * How the words of `q` are looked for; undefined: all rows are meant. Text without a letter or a digit finds nothing.
 *
 * @param finds whether statements give any id
 */
export function searchOf(
	{ table, q = '' }: ListAsk,
	side: ListSide,
	bind: Bind,
	finds: (ids: readonly string[]) => boolean,
): Search | undefined {
	const { fields, prefixes, secret, derived, order, sqlName } = aggregateOf(table);
	const { hasWords } = STORED_TABLES[table];
	const isOwned = Object.hasOwn(fields, 'holderId');
	const place = placeOf(side, sqlName);
	const text = q.trim().slice(0, LIMITS.searchLength).toWellFormed();
	if (text === '') return undefined;
	const parts = text.split(/\s+/).filter((part) => foldText(part) !== '');
	const whole = parts.length > 1 && prefixes.length > 0 ? anyOf(beginningWith(text)) : undefined;
	return { words: all(parts.slice(0, LIMITS.searchWords)), whole };

	/** Words that can only be those of one text are looked for together: the rows that have them all are far fewer. */
	function all(words: readonly string[]): readonly SearchedText[] {
		const own = words.map((word) => ({ word, ways: [...wordedWith([word]), ...beginningWith(word)] }));
		if (!isOwned && prefixes.length === 0) return wordedWith(words);
		const isNamed = ({ ways }: (typeof own)[number]) => isOwned && !finds(ways.flatMap(({ ids }) => ids));
		const { named = [], mixed = [] } = Object.groupBy(own, (word) => (isNamed(word) ? 'named' : 'mixed'));
		const either = mixed.map(({ word, ways }) => anyOf([...ways, ...ownedBy([word])]));
		return [...ownedBy(named.map(({ word }) => word)), ...either];
	}

	function wordedWith(words: readonly string[]): readonly SearchedText[] {
		if (!hasWords || words.length === 0) return [];
		const ids = withWords(`${place}_words`, words);
		return [{ ids: [ids], lookUp: `r.id IN (${ids})`, test: `+r.id IN (${ids})` }];
	}

	/** What belongs to somebody is found by the name of that holder. */
	function ownedBy(words: readonly string[]): readonly SearchedText[] {
		if (!isOwned || words.length === 0) return [];
		const named = (of: ListSide) => withWords(`${placeOf(of, 'holders')}_words`, words);
		const holders =
			side === 'central'
				? named('central')
				: `SELECT id FROM (${named('central')}) WHERE ${unedited('holders', 'id')} UNION ALL SELECT id FROM (${named('edited')})`;
		const lookUp = `r.holder_id IN (${holders})`;
		return [{ ids: [`SELECT r.id FROM ${place} AS r WHERE ${lookUp}`], lookUp, test: `+${lookUp}` }];
	}

	function beginningWith(beginning: string): readonly SearchedText[] {
		return prefixes.map((field) => {
			const column = columnName(field);
			const isFolded = Object.hasOwn(derived, `${column}_key`);
			const looked = isFolded ? `${column}_key` : column;
			const wanted = isFolded ? [foldText(beginning).replaceAll(' ', '')] : asWritten(beginning);
			const isFound = (row: string, value: string) =>
				secret?.field === field
					? `${begins(`${row}${looked}`, value)} AND ${mayBeFound(secret, row, value)}`
					: begins(`${row}${looked}`, value);
			const ids = wanted.map((value) => `SELECT id FROM ${place} WHERE ${isFound('', value)}`);
			const isAmongIds = `r.id IN (${ids.join(' UNION ALL ')})`;
			// Only its own column stands in the order's index.
			const isInOrder = wanted.map((value) => `(${isFound('+r.', value)})`).join(' OR ');
			return { ids, lookUp: isAmongIds, test: looked === order ? isInOrder : `+${isAmongIds}` };
		});
	}

	/** What opens by itself is no prey for who tries one beginning after the other. */
	function mayBeFound({ field, by, kinds, foundWhole }: SecretField, row: string, value: string): string {
		const among = (some: readonly string[]) => some.map((kind) => fields[by]?.toColumn(kind)).join(', ');
		const [kind, whole] = [`${row}${columnName(by)}`, `${row}${columnName(field)} = ${bind(value)}`];
		return `(${kind} NOT IN (${among(kinds)}) OR (${kind} IN (${among(foundWhole)}) AND ${whole}))`;
	}

	function withWords(from: string, words: readonly string[]): string {
		return words.map((word) => `SELECT id FROM ${from} WHERE ${begins('word', foldText(word))}`).join(' INTERSECT ');
	}

	function begins(column: string, beginning: string): string {
		return `${column} >= ${bind(beginning)} AND ${column} < ${bind(beginning + LAST)}`;
	}
}

function anyOf(ways: readonly SearchedText[]): SearchedText {
	const [only] = ways;
	if (ways.length === 1 && only !== undefined) return only;
	const ids = ways.flatMap((way) => way.ids);
	const test = `(${ways.map((way) => way.test).join(' OR ')})`;
	return { ids, lookUp: undefined, test };
}

/** `1-abc` is the beginning of the plate `1ABC234`; other values may have small letters. */
function asWritten(part: string): readonly string[] {
	return [...new Set([part, part.toUpperCase().replaceAll(/[\s.-]/g, '')])];
}
