import { secretField } from '../../src/gateway/core/directory/mask.ts';
import { aggregateOf, type DirectoryTable } from '../../src/gateway/core/directory.ts';
import { foldText } from '../../src/gateway/core/fold-text.ts';
import { GatewayError } from '../../src/gateway/core/gateway-error.ts';
import { LIMITS } from '../../src/gateway/core/limits.ts';
import { placeOfRow } from '../../src/gateway/core/permission/row-place.ts';
import type { RowScope, ScopedIds } from '../../src/gateway/core/permission/row-scope.ts';
import type { RecordPlace } from '../../src/gateway/core/permission/scope.ts';
import type { AnyRow } from '../../src/gateway/services/directory/directory-edits.ts';
import type { DirectoryLists, ListQuery } from '../../src/gateway/services/directory/directory-lists.ts';
import { createRowLook } from '../../src/gateway/services/directory/row-look.ts';
import type { DirectoryReader } from '../../src/gateway/store/directory-reader.ts';

/** Lists by looking at every row: for a few hundred of them, and as a second opinion on the real ones. */
export function createMemoryLists(reader: Pick<DirectoryReader, 'find' | 'row'>): DirectoryLists {
	const isOf = (table: DirectoryTable, row: AnyRow, scopes: readonly RowScope[]) =>
		scopes.every((scope) => isWithin(placeOfRow(table, row, createRowLook(reader)), scope));

	function all({ table, q = '', where = {}, between = {}, descending, scopes = [] }: ListQuery): readonly AnyRow[] {
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
			) &&
			Object.entries(between).every(([name, { from, below }]) => {
				const value = row[name];
				return typeof value === 'number' && from <= value && value < below;
			});
		const rows = reader
			.find(table, {}, 1_000_000)
			.map((id): AnyRow => reader.row(table, id) ?? {})
			.filter((row) => isIn(row) && (q === '' || isFound(row)))
			.filter((row) => isOf(table, row, scopes))
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
		titles: async (table, ids, scopes = []) => {
			const { title } = aggregateOf(table);
			const found = ids.map((id): AnyRow | undefined => reader.row(table, id));
			return new Map(
				found.flatMap((row) =>
					row === undefined || !isOf(table, row, scopes) ? [] : [[String(row['id']), String(row[title])]],
				),
			);
		},
	};
}

/** As `directory-list-scope.ts` finds them. */
function isWithin(place: RecordPlace, { whole, given, denied }: RowScope): boolean {
	const { opens = [] } = place;
	const isInside = opens.some(
		(areas) =>
			areas.length > 0 && given.territories.some(({ inside }) => areas.every((areaId) => inside.includes(areaId))),
	);
	const isTouched = opens.some((areas) =>
		denied.territories.some(({ apart }) => areas.length === 0 || areas.some((areaId) => !apart.includes(areaId))),
	);
	return (whole || isNamed(place, given) || isInside) && !isNamed(place, denied) && !isTouched;
}

function isNamed({ id, ownerIds = [], groupIds, bundleIds = [] }: RecordPlace, ids: ScopedIds): boolean {
	return (
		[id, ...ownerIds].some((record) => ids.records.includes(record)) ||
		groupIds.some((groupId) => ids.groupIds.includes(groupId)) ||
		bundleIds.some((bundleId) => ids.bundleIds.includes(bundleId))
	);
}

function snake(name: string): string {
	return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
