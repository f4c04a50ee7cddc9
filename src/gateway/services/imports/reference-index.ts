import type { DirectoryTable } from '../../core/directory.ts';
import { foldText } from '../../core/fold-text.ts';
import type { ImportReader } from '../../store/import-reader.ts';

/** Rows that one text may mean. */
export type Found = readonly string[];

/** Finds rows by what people write for them. Read once, when first asked for. */
export interface ReferenceIndex {
	/** By id, else external number, else e-mail, else name; the first that any row has. */
	find(table: DirectoryTable, text: string): Found;
	by(table: DirectoryTable, key: IdentityKey, text: string): Found;
}

export type IdentityKey = 'externalId' | 'email' | 'name';

const KEYS: Readonly<Partial<Record<DirectoryTable, readonly IdentityKey[]>>> = {
	holders: ['externalId', 'email', 'name'],
	groups: ['name'],
	rightSpecifications: ['name'],
	pools: ['name'],
	bundles: ['name'],
};

/** Longest id. */
const ID_LENGTH = 64;

type Ids = Map<string, string | string[]>;

export function createReferenceIndex(reader: Pick<ImportReader, 'row' | 'scan'>): ReferenceIndex {
	const tables = new Map<DirectoryTable, ReadonlyMap<IdentityKey, Ids>>();

	function load(table: DirectoryTable): ReadonlyMap<IdentityKey, Ids> {
		const keys = KEYS[table] ?? [];
		const indexes = new Map<IdentityKey, Ids>(keys.map((key) => [key, new Map()]));
		for (const row of keys.length === 0 ? [] : reader.scan(table, keys))
			for (const [key, ids] of indexes) {
				const text = row[key];
				if (typeof text === 'string' && text !== '') add(ids, folded(key, text), String(row['id']));
			}
		return indexes;
	}

	function by(table: DirectoryTable, key: IdentityKey, text: string): Found {
		const indexes = tables.get(table) ?? load(table);
		tables.set(table, indexes);
		const ids = indexes.get(key)?.get(folded(key, text));
		return ids === undefined ? [] : typeof ids === 'string' ? [ids] : ids;
	}

	return {
		by,
		find(table, text) {
			if (text.length <= ID_LENGTH && reader.row(table, text) !== undefined) return [text];
			for (const key of KEYS[table] ?? []) {
				const found = by(table, key, text);
				if (found.length > 0) return found;
			}
			return [];
		},
	};
}

/** Most texts name one row: a list for each would take twice the memory. */
function add(ids: Ids, text: string, id: string): void {
	const known = ids.get(text);
	if (known === undefined) ids.set(text, id);
	else if (typeof known === 'string') ids.set(text, [known, id]);
	else known.push(id);
}

function folded(key: IdentityKey, text: string): string {
	return key === 'name' ? foldText(text) : text.trim().toLowerCase();
}
