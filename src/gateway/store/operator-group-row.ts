import type { OperatorGroupKind } from '../core/permission/operator-group.ts';

export interface OperatorGroupRow {
	readonly id: string;
	readonly kind: OperatorGroupKind;
	readonly name: string;
	readonly tags: readonly string[];
	/** null: an uppermost one. */
	readonly parentId: string | null;
	/** Counts the changes of it, its rules and its place; not of its members. */
	readonly version: number;
}

/** As the file keeps it: the tags are a list in JSON. */
export type StoredGroup = Omit<OperatorGroupRow, 'tags'> & { readonly tags: string };

export const GROUP_COLUMNS = 'id, kind, name, tags, parent_id AS parentId, version';

export function toGroup(stored: StoredGroup | undefined): OperatorGroupRow | undefined {
	if (stored === undefined) return undefined;
	const tags: unknown = JSON.parse(stored.tags);
	return { ...stored, tags: Array.isArray(tags) ? tags.map(String) : [] };
}
