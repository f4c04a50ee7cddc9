import { maskRow } from '../../../../gateway/core/directory/mask.ts';
import { aggregateOf } from '../../../../gateway/core/directory.ts';
import { normalisePlate } from '../../../../gateway/core/plate.ts';
import { parseTag } from '../../../../gateway/core/tag.ts';
import type { AnyRow } from '../../../../gateway/services/directory/directory-edits.ts';
import type { Ui } from '../../ui.ts';
import type { DirectoryFace } from './face-links.ts';
import { type FormValues, formValuesOf, isSame, parseFormField } from './form-values.ts';

export type ReadFields = { readonly fields: AnyRow; readonly errors: Readonly<Record<string, string>> };

export function formFields({ face }: DirectoryFace): readonly string[] {
	return face.form.flatMap(({ fields }) => fields);
}

/** The row as this reader may see it. `codes`: they asked what its code says, and may. */
export function seenRow(ui: Ui, { table }: Pick<DirectoryFace, 'table'>, row: AnyRow, codes = false): AnyRow {
	return maskRow(aggregateOf(table), row, { personal: ui.seesRows(table), codes });
}

/** What a new row begins with: the declaration's defaults, and the first of a few choices. */
export function newRow({ aggregate, face }: DirectoryFace, known: Readonly<Record<string, string>>): AnyRow {
	const begun = Object.entries(aggregate.fields).map(([name, field]): readonly [string, unknown] => {
		const set = known[name];
		if (set !== undefined) {
			const isList = 'many' in field.input && field.input.many;
			return [name, isList ? [set] : set];
		}
		if (field.hasDefault) return [name, field.schema.safeParse(undefined).data];
		if (field.nullable) return [name, null];
		if (field.input.kind === 'choice')
			return [name, field.input.options.length > OBVIOUS ? null : field.input.options[0]];
		return [name, field.input.kind === 'structure' || isMany(field.input) ? [] : null];
	});
	return { ...Object.fromEntries(begun), ...face.fixed };
}

/** Of more choices none goes without saying. */
const OBVIOUS = 4;

function isMany(input: { readonly kind: string; readonly many?: boolean }): boolean {
	return input.many === true;
}

/** What was presented at a reader meanwhile, as the form is to show it (`PresentTag`). */
export function presentedValues(
	{ table }: DirectoryFace,
	{ tag, tagLabel, kind }: Readonly<Record<string, string>>,
): FormValues {
	if (table !== 'credentials' || tag === undefined) return {};
	return {
		kind: [kind === 'qr' ? 'qr' : 'tag'],
		value: [tag.slice(0, PRESENTED_LENGTH)],
		...(tagLabel !== undefined && { label: [tagLabel.slice(0, PRESENTED_LENGTH)] }),
	};
}

const PRESENTED_LENGTH = 200;

/** Fields of the form that were changed, or all of them for a new row. */
export function readFields(
	ui: Ui,
	face: DirectoryFace,
	values: FormValues,
	shown: FormValues | null,
	names: readonly string[] = formFields(face),
): ReadFields {
	const fields: Record<string, unknown> = {};
	const errors: Record<string, string> = {};
	for (const name of names) {
		if (shown !== null && isSame(face.table, name, values, shown)) continue;
		const parsed = parseFormField(ui, face.table, name, values);
		if ('error' in parsed) errors[name] = parsed.error;
		else fields[name] = parsed.value;
	}
	return prepare(ui, face, values, { fields, errors });
}

/** People write plates and tags in many ways; one is matched. */
function prepare(ui: Ui, { table }: DirectoryFace, values: FormValues, read: ReadFields): ReadFields {
	const typed = read.fields['value'];
	if (table !== 'credentials' || typeof typed !== 'string') return read;
	const kind = values['kind']?.[0];
	const value = kind === 'plate' ? normalisePlate(typed) : kind === 'tag' ? parseTag(typed) : typed;
	if (value === undefined) {
		const error = ui.t(kind === 'plate' ? 'explain.badPlate' : 'explain.badTag');
		return { ...read, errors: { ...read.errors, value: error } };
	}
	// A plate is easier to read as it was typed.
	const keepsTyped = kind === 'plate' && value !== typed && (values['label']?.[0] ?? '').trim() === '';
	return { ...read, fields: { ...read.fields, value, ...(keepsTyped && { label: typed }) } };
}

/** The whole of a new row. */
export function completeRow({ aggregate, face }: DirectoryFace, fields: AnyRow): AnyRow {
	const missing = Object.entries(aggregate.fields).filter(
		([name, field]) => name !== 'id' && fields[name] === undefined && field.nullable && !field.hasDefault,
	);
	return { ...Object.fromEntries(missing.map(([name]) => [name, null])), ...fields, ...face.fixed };
}

/** As sent by our own form; anything else shows nothing. */
export function parseShown(text: string): FormValues {
	try {
		const parsed: unknown = JSON.parse(text);
		if (typeof parsed !== 'object' || parsed === null) return {};
		return Object.fromEntries(
			Object.entries(parsed).map(([name, list]) => [
				name,
				Array.isArray(list) ? list.filter((value) => typeof value === 'string') : [],
			]),
		);
	} catch (error) {
		if (error instanceof SyntaxError) return {};
		throw error;
	}
}

export function shownValues(ui: Ui, face: DirectoryFace, row: AnyRow): FormValues {
	return formValuesOf(ui, face.table, seenRow(ui, face, row), formFields(face));
}
