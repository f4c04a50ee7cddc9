import { aggregateOf, type DirectoryTable } from '../../src/gateway/core/directory.ts';
import { foldText } from '../../src/gateway/core/fold-text.ts';
import type { AnyRow } from '../../src/gateway/services/directory/directory-edits.ts';
import type { DirectoryLists, ListQuery } from '../../src/gateway/services/directory/directory-lists.ts';
import type { DirectoryReader } from '../../src/gateway/store/directory-reader.ts';

/** Lists read on this thread, row by row: for small directories. */
export function createPlainLists(reader: Pick<DirectoryReader, 'read' | 'find' | 'row'>): Pick<DirectoryLists, 'page'> {
	return {
		async page(query, { cursor = '0', limit }) {
			const rows = reader.read((): readonly AnyRow[] =>
				reader.find(query.table, {}, 100_000).flatMap((id): readonly AnyRow[] => {
					const row: AnyRow | undefined = reader.row(query.table, id);
					return row === undefined ? [] : [row];
				}),
			);
			const found = rows.filter((row) => fits(row, query)).toSorted((a, b) => compare(a['id'], b['id']));
			const ordered = query.descending === true ? found.toReversed() : found;
			const start = Number(cursor);
			const next = start + limit < ordered.length ? String(start + limit) : null;
			return { items: ordered.slice(start, start + limit), next };
		},
	};
}

function compare(a: unknown, b: unknown): number {
	return String(a) < String(b) ? -1 : 1;
}

function fits(row: AnyRow, { table, q = '', where = {} }: ListQuery): boolean {
	const isAsked = Object.entries(where).every(([field, values]) => {
		const value = row[field];
		return (Array.isArray(value) ? value : [value]).some((one) => values.includes(String(one)));
	});
	const texts = searched(table).flatMap((field) => (typeof row[field] === 'string' ? [foldText(row[field])] : []));
	const words = foldText(q).split(' ').filter(Boolean);
	return isAsked && words.every((word) => texts.some((text) => text.split(' ').some((part) => part.startsWith(word))));
}

function searched(table: DirectoryTable): readonly string[] {
	const { words, prefixes } = aggregateOf(table);
	return [...words, ...prefixes];
}
