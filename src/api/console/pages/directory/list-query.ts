import { aggregateOf } from '../../../../gateway/core/directory.ts';
import type { ListQuery } from '../../../../gateway/services/directory/directory-lists.ts';
import { isSearchedByPersonalData } from '../../../http/directory-faces.ts';
import type { Ui } from '../../ui.ts';
import { type DirectoryFace, listHref, targetOf } from './face-links.ts';

export const ROW_SEARCH_LENGTH = 100;
export const ROW_PAGE_SIZE = 50;
/** Of one filter: an id, a choice, a word. */
const FILTER_LENGTH = 64;

/** What of a list is asked for, as it stands in its address. */
export interface RowFilter {
	readonly q: string;
	/** Field → the value that rows must have. */
	readonly where: Readonly<Record<string, string>>;
	readonly descending: boolean;
}

/** Reads the address's query; what is no filter of this list is none. */
export function parseRowFilter(ui: Ui, face: DirectoryFace, query: Readonly<Record<string, string>>): RowFilter {
	const asked = filterFields(face).map(
		(field) => [field, (query[field] ?? '').trim().slice(0, FILTER_LENGTH)] as const,
	);
	return {
		q: isSearched(ui, face) ? (query['q'] ?? '').trim().slice(0, ROW_SEARCH_LENGTH) : '',
		where: Object.fromEntries(asked.filter(([, value]) => value !== '')),
		descending: query['sort'] === 'descending',
	};
}

/** Those of the declaration, and every reference: pages of other rows lead to them. */
function filterFields({ table, aggregate, face }: DirectoryFace): readonly string[] {
	const references = Object.keys(aggregate.fields).filter((field) => targetOf(table, field) !== undefined);
	return [...new Set([...face.filters, ...references])].filter((field) => face.fixed?.[field] === undefined);
}

/** Whether this reader can search it: who sees only first letters could find the rest by searching. */
export function isSearched({ seesRows }: Pick<Ui, 'seesRows'>, face: DirectoryFace): boolean {
	return searchedFields(face).length > 0 && (seesRows(face.table) || !isSearchedByPersonalData(face));
}

/** Fields whose words find a row; what belongs to a holder is found by the holder's words too. */
export function searchedFields({ aggregate: { words, prefixes, fields } }: DirectoryFace): readonly string[] {
	return [...new Set([...words, ...prefixes, ...(Object.hasOwn(fields, 'holderId') ? ['holderId'] : [])])];
}

export function isFiltered({ q, where }: RowFilter): boolean {
	return q !== '' || Object.keys(where).length > 0;
}

export function listQuery({ table, face }: DirectoryFace, { q, where, descending }: RowFilter): ListQuery {
	const fixed = Object.entries(face.fixed ?? {}).map(([field, value]) => [field, [String(value)]] as const);
	const filters = Object.entries(where).map(([field, value]) => [field, [queried(table, field, value)]] as const);
	return {
		table,
		where: Object.fromEntries([...filters, ...fixed]),
		...(q !== '' && { q }),
		...(descending && { descending }),
	};
}

/** A word is filtered by as it stands, a flag by how it is stored. */
function queried(table: ListQuery['table'], field: string, value: string): string {
	return aggregateOf(table).fields[field]?.input.kind === 'flag' ? String(value === 'yes') : value;
}

export function filterAddress({ q, where, descending }: RowFilter): Readonly<Record<string, string>> {
	return { q, ...where, ...(descending && { sort: 'descending' }) };
}

/** Address of a page of the list with these filters. */
export function filterHref(face: DirectoryFace, filter: RowFilter, cursor = ''): string {
	return listHref(face, { ...filterAddress(filter), cursor });
}

/** The list as a file, narrowed as it is shown. */
export function exportHref(
	{ language }: Pick<Ui, 'language'>,
	face: DirectoryFace,
	filter: RowFilter,
	format: 'csv' | 'xlsx',
): string {
	const { q, where, descending } = filter;
	const values = Object.entries(where).map(([field, value]) => [field, queried(face.table, field, value)] as const);
	const query = { q, ...Object.fromEntries(values), sort: descending ? 'desc' : '', format, lang: language };
	return `${face.path}/export?${new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''))}`;
}

export function without({ where, ...filter }: RowFilter, field: string): RowFilter {
	return { ...filter, where: Object.fromEntries(Object.entries(where).filter(([name]) => name !== field)) };
}
