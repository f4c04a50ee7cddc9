import type { ImportKindName } from '../../../../gateway/services/imports/import-kinds.ts';
import { SCRIPT_PATH } from '../../../http/login-context.ts';

export const IMPORTS_PATH = '/imports';
export const MAPPINGS_PATH = `${IMPORTS_PATH}/mappings`;
export const OPERATOR_IMPORTS_PATH = `${IMPORTS_PATH}/operators`;

/** Rows of a file that a page shows. */
export const IMPORT_PAGE_ROWS = 25;

export const IMPORT_SHOWS = ['problems', 'new', 'changed', 'same'] as const;
export type ImportShow = (typeof IMPORT_SHOWS)[number];

/** What of an import is looked at, as it stands in the address. */
export interface ImportLook {
	/** undefined: what matters most. */
	readonly show: ImportShow | undefined;
	/** Rows after this one; 0: from the first. */
	readonly after: number;
}

export function parseLook(query: Readonly<Record<string, string>>): ImportLook {
	const after = Number.parseInt(query['after'] ?? '0', 10);
	return {
		show: IMPORT_SHOWS.find((known) => known === query['show']),
		after: Number.isSafeInteger(after) ? after : 0,
	};
}

export function importHref(id: string, look: Partial<ImportLook> = {}): string {
	return `${IMPORTS_PATH}/${encodeURIComponent(id)}${queryOf(look)}`;
}

/** What a page asks for by itself while something is under way. */
export function importPartHref(id: string, look: ImportLook): string {
	return `${SCRIPT_PATH}imports/${encodeURIComponent(id)}${queryOf(look)}`;
}

function queryOf({ show, after = 0 }: Partial<ImportLook>): string {
	const query = new URLSearchParams({ ...(show && { show }), ...(after > 0 && { after: String(after) }) });
	return query.size === 0 ? '' : `?${query}`;
}

export function newImportHref(kind: ImportKindName): string {
	return `${IMPORTS_PATH}?kind=${kind}`;
}

export function exampleHref(kind: ImportKindName, format: 'csv' | 'xlsx'): string {
	return `${IMPORTS_PATH}/examples/${kind}?format=${format}`;
}

export function operatorImportHref(id: string): string {
	return `${OPERATOR_IMPORTS_PATH}/${encodeURIComponent(id)}`;
}
