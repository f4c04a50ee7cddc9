import type { SecretField } from '../core/directory/aggregate.ts';
import { aggregateOf } from '../core/directory.ts';
import type { Bind } from './directory-list-filters.ts';
import type { ListAsk, ListPlace } from './directory-lists-messages.ts';
import { columnName } from './directory-tables.ts';

/** Rows `r` of a list that follow each other by one key. */
export interface ListPart {
	/** SQL; NULL: none that may be told. */
	readonly key: string;
	/** SQL. */
	readonly by: string;
	readonly conditions: readonly string[];
	/** A filter by this field is tested row by row: its index is of another order. */
	readonly tested?: string;
}

/** SQL that puts the parts together. */
export function partsOrder({ descending }: ListAsk): string {
	return descending ? '1 DESC NULLS FIRST, 2 DESC' : '1 NULLS LAST, 2';
}

/**
 * What of a list comes after a place. Rows whose value opens by itself follow the others by their ids: in the order of
 * the values, rows of one's own beside them would tell what they are, step by step.
 */
export function listParts(query: ListAsk, after: ListPlace | null, bind: Bind): readonly ListPart[] {
	const { order, secret } = aggregateOf(query.table);
	const [beyond, way] = query.descending ? ['<', ' DESC'] : ['>', ''];
	const by = order === 'id' ? `r.id${way}` : `r.${order}${way}, r.id${way}`;
	const ofValues = after === null || after.order === null ? null : { at: after.order, id: after.id };
	const fromValue = ofValues && [`(r.${order}, r.id) ${beyond} (${bind(ofValues.at)}, ${bind(ofValues.id)})`];
	const valued: ListPart = { key: `r.${order}`, by, conditions: fromValue ?? [] };
	if (secret === undefined || columnName(secret.field) !== order) return [valued];

	const { isCode, isNone, areAsked } = codesOf(query, secret);
	const fromCode = after?.order === null ? [`r.id ${beyond} ${bind(after.id)}`] : [];
	const open: ListPart = { ...valued, conditions: [...valued.conditions, isNone] };
	const coded: ListPart = { key: 'NULL', by: `r.id${way}`, conditions: [...isCode, ...fromCode], tested: secret.by };
	const parts = query.descending ? [coded, open] : [open, coded];
	const at = after === null ? 0 : parts.indexOf(after.order === null ? coded : open);
	return parts.slice(at).filter((part) => areAsked(part === coded));
}

function codesOf({ table, where }: ListAsk, { by, kinds }: SecretField) {
	const field = aggregateOf(table).fields[by];
	const places = kinds.map((kind) => Number(field?.toColumn(kind)));
	const column = `r.${columnName(by)}`;
	const asked = where?.[by] ?? [];
	return {
		// The first names the index of such rows, the other tests.
		isCode: [`${column} >= ${Math.min(...places)}`, `+${column} IN (${places.join(', ')})`],
		isNone: `+${column} NOT IN (${places.join(', ')})`,
		areAsked: (coded: boolean) => asked.length === 0 || asked.some((kind) => kinds.includes(kind) === coded),
	};
}
