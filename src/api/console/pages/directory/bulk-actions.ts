import type { AnyRow, DirectoryChange } from '../../../../gateway/services/directory/directory-edits.ts';
import type { IconName } from '../../components/icon.tsx';
import type { Ui } from '../../ui.ts';
import type { DirectoryFace } from './face-links.ts';
import { isStateField } from './value-tones.ts';

/** Something done with several rows at once; it follows from the fields they have. */
export type BulkAction = { readonly name: string; readonly label: string; readonly icon: IconName } & (
	| { readonly does: 'set'; readonly field: string; readonly options: readonly string[] }
	| { readonly does: 'addWord' | 'removeWord'; readonly field: string }
	| { readonly does: 'delete' }
);

export const WORD_LENGTH = 40;

export function bulkHref({ face }: DirectoryFace): string {
	return `/${face.path}/bulk`;
}

export function bulkActionsOf(ui: Ui, { table, aggregate, face }: DirectoryFace): readonly BulkAction[] {
	if (!ui.mayInParts(`${table}:write`)) return [];
	const editable = new Set(face.form.flatMap(({ fields }) => fields));
	const ofFields = Object.entries(aggregate.fields).flatMap(([field, { input }]): readonly BulkAction[] => {
		if (!editable.has(field)) return [];
		const { label } = ui.directory.field(table, field);
		if (input.kind === 'choice' && isStateField(field)) {
			const { options } = input;
			return [
				{
					name: `set.${field}`,
					label: ui.t('dir.bulk.set', { field: label }),
					icon: 'edit',
					does: 'set',
					field,
					options,
				},
			];
		}
		if (input.kind !== 'words') return [];
		return [
			{ name: `add.${field}`, label: ui.t('dir.bulk.addTag'), icon: 'tag', does: 'addWord', field },
			{ name: `remove.${field}`, label: ui.t('dir.bulk.removeTag'), icon: 'tag', does: 'removeWord', field },
		];
	});
	return [...ofFields, { name: 'delete', label: ui.t('dir.delete'), icon: 'trash', does: 'delete' }];
}

/** The changes of an action; rows that are so already need none. @param value a choice or a word. */
export function bulkChanges(
	{ table }: DirectoryFace,
	action: BulkAction,
	rows: readonly AnyRow[],
	value: string,
): readonly DirectoryChange[] {
	return rows.flatMap((row): readonly DirectoryChange[] => {
		const key = String(row['id']);
		if (action.does === 'delete') return [{ op: 'delete', table, key }];
		const before = row[action.field];
		const after = valueAfter(action.does, before, value);
		if (JSON.stringify(before) === JSON.stringify(after)) return [];
		return [{ op: 'update', table, key, fields: { [action.field]: after } }];
	});
}

function valueAfter(does: 'set' | 'addWord' | 'removeWord', before: unknown, value: string): unknown {
	if (does === 'set') return value;
	const words: readonly unknown[] = Array.isArray(before) ? before : [];
	if (does === 'removeWord') return words.filter((word) => word !== value);
	return words.includes(value) ? words : [...words, value];
}
