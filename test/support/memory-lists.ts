import { secretField } from '../../src/gateway/core/directory/mask.ts';
import { aggregateOf } from '../../src/gateway/core/directory.ts';
import { foldText } from '../../src/gateway/core/fold-text.ts';
import { GatewayError } from '../../src/gateway/core/gateway-error.ts';
import { LIMITS } from '../../src/gateway/core/limits.ts';
import type { AnyRow } from '../../src/gateway/services/directory/directory-edits.ts';
import type { DirectoryLists, ListQuery } from '../../src/gateway/services/directory/directory-lists.ts';
import type { DirectoryReader } from '../../src/gateway/store/directory-reader.ts';

/** Lists by looking at every row: for a few hundred of them, and as a second opinion on the real ones. */
export function createMemoryLists(reader: Pick<DirectoryReader, 'find' | 'row'>): DirectoryLists {
	function all({ table, q = '', where = {}, descending }: ListQuery): readonly AnyRow[] {
		const aggregate = aggregateOf(table);
		const { words, prefixes, derived, order, fields } = aggregate;
		const [orderField = 'id'] = Object.keys(fields).filter((name) => snake(name) === order);
		// Behind all others what opens by itself, by its id.
		const key = (row: AnyRow) =>
			secretField(aggregate, row) === orderField
				? `\u{10ffff}${String(row['id'])}`
				: String(derived[order]?.(row) ?? row[orderField]);
		const wanted = foldText(q).split(' ').filter(Boolean);
		const isFound = (row: AnyRow) => {
			const has = foldText(words.map((name) => String(row[name] ?? '')).join(' ')).split(' ');
			return (
				wanted.every((word) => has.some((part) => part.startsWith(word))) ||
				prefixes.some((name) => foldText(String(row[name] ?? '')).startsWith(foldText(q)))
			);
		};
		const isIn = (row: AnyRow) =>
			Object.entries(where).every(([name, values]) =>
				[row[name]].flat().some((value) => values.includes(String(value))),
			);
		const rows = reader
			.find(table, {}, 1_000_000)
			.map((id): AnyRow => reader.row(table, id) ?? {})
			.filter((row) => isIn(row) && (q === '' || isFound(row)))
			.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
		return descending ? rows.toReversed() : rows;
	}

	return {
		async page(query, { cursor, limit }) {
			const from = cursor === undefined ? 0 : Number(/^at-(\d+)$/.exec(cursor)?.[1]);
			if (!Number.isSafeInteger(from)) throw new GatewayError('INVALID_REQUEST', 'The cursor is not one of ours.');
			const rows = all(query);
			const next = from + limit < rows.length ? `at-${from + limit}` : null;
			return { items: rows.slice(from, from + limit), next };
		},
		count: async (query) => Math.min(all(query).length, LIMITS.countedRows),
		async *rows(query) {
			yield all(query);
		},
		titles: async (table, ids) => {
			const { title } = aggregateOf(table);
			const found = ids.map((id): AnyRow | undefined => reader.row(table, id));
			return new Map(found.flatMap((row) => (row === undefined ? [] : [[String(row['id']), String(row[title])]])));
		},
	};
}

function snake(name: string): string {
	return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
