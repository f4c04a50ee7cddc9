import { aggregateOf } from '../core/directory.ts';
import { foldText } from '../core/fold-text.ts';
import { LIMITS } from '../core/limits.ts';
import type { Bind } from './directory-list-filters.ts';
import type { ListAsk } from './directory-lists-messages.ts';
import { columnName, STORED_TABLES } from './directory-tables.ts';

/** What one text finds rows by. */
export interface SearchedText {
	/** Statements that give the ids of the rows, some twice. */
	readonly ids: readonly string[];
	/** Condition on a row `r`, quick in the index that the list is ordered by. */
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
 * @param source the table or view that holds the rows of a table
 */
export function searchOf(
	{ table, q = '' }: ListAsk,
	source: (table: string) => string,
	bind: Bind,
): Search | undefined {
	const text = q.trim().slice(0, LIMITS.searchLength).toWellFormed();
	if (text === '') return undefined;
	const parts = text.split(/\s+/).filter((part) => foldText(part) !== '');
	const words = parts.slice(0, LIMITS.searchWords).map((part) => combined(waysOf(part)));
	const isPhrase = parts.length > 1 && aggregateOf(table).prefixes.length > 0;
	return { words, whole: isPhrase ? combined(prefixWays(text)) : undefined };

	function waysOf(part: string): readonly SearchedText[] {
		return [...wordWays(part), ...prefixWays(part), ...holderWays(part)];
	}

	function wordWays(part: string): readonly SearchedText[] {
		const { sqlName, hasWords } = STORED_TABLES[table];
		if (!hasWords) return [];
		const ids = `SELECT id FROM ${source(`${sqlName}_words`)} WHERE ${begins('word', foldText(part))}`;
		return [{ ids: [ids], test: `+r.id IN (${ids})` }];
	}

	function prefixWays(part: string): readonly SearchedText[] {
		const { prefixes, derived, order, sqlName } = aggregateOf(table);
		return prefixes.map((field) => {
			const column = columnName(field);
			const isFolded = Object.hasOwn(derived, `${column}_key`);
			const looked = isFolded ? `${column}_key` : column;
			const wanted = isFolded ? [foldText(part).replaceAll(' ', '')] : asWritten(part);
			const ids = wanted.map((beginning) => `SELECT id FROM ${source(sqlName)} WHERE ${begins(looked, beginning)}`);
			// Only its own column stands in the order's index.
			if (looked !== order) return { ids, test: `+r.id IN (${ids.join(' UNION ALL ')})` };
			return { ids, test: wanted.map((beginning) => `(${begins(`+r.${looked}`, beginning)})`).join(' OR ') };
		});
	}

	/** What belongs to somebody is found by the name of that holder. */
	function holderWays(part: string): readonly SearchedText[] {
		const { fields, sqlName } = aggregateOf(table);
		if (!Object.hasOwn(fields, 'holderId')) return [];
		const holders = `SELECT id FROM ${source('holders_words')} WHERE ${begins('word', foldText(part))}`;
		return [
			{
				ids: [`SELECT id FROM ${source(sqlName)} WHERE holder_id IN (${holders})`],
				test: `+r.holder_id IN (${holders})`,
			},
		];
	}

	function begins(column: string, beginning: string): string {
		return `${column} >= ${bind(beginning)} AND ${column} < ${bind(beginning + LAST)}`;
	}
}

function combined(ways: readonly SearchedText[]): SearchedText {
	return { ids: ways.flatMap(({ ids }) => ids), test: `(${ways.map(({ test }) => test).join(' OR ')})` };
}

/** `1-abc` is the beginning of the plate `1ABC234`; other values may have small letters. */
function asWritten(part: string): readonly string[] {
	return [...new Set([part, part.toUpperCase().replaceAll(/[\s.-]/g, '')])];
}
