import { createHash } from 'node:crypto';
import type { Field } from '../../../../gateway/core/directory/field.ts';
import { aggregateOf, type DirectoryRow, type DirectoryTable } from '../../../../gateway/core/directory.ts';
import type { AnyRow } from '../../../../gateway/services/directory/directory-edits.ts';
import { currencyDecimals } from '../../formats.ts';
import type { Ui } from '../../ui.ts';
import { idsIn } from './row-names.ts';
import { parseSchedulePart, type SchedulePart, scheduleValues } from './schedule-values.ts';

/** A form as it is sent: each name with its values. */
export type FormValues = Readonly<Record<string, readonly string[]>>;

export type Parsed = { readonly value: unknown } | { readonly error: string };

/** Longer than any field, shorter than any trouble. */
const VALUE_LENGTH = 4_000;
const VALUE_COUNT = 5_000;

/** Line ends as they are stored; what is too much of anything is cut. */
export function readFormValues(data: FormData): FormValues {
	const values: Record<string, string[]> = {};
	let count = 0;
	for (const [name, value] of data.entries()) {
		if (typeof value !== 'string' || count++ > VALUE_COUNT) continue;
		const list = values[name] ?? [];
		values[name] = list;
		list.push(value.replaceAll('\r\n', '\n').slice(0, VALUE_LENGTH));
	}
	return values;
}

/** @returns the first value of a name; '' when it was not sent. */
export function first(values: FormValues, name: string): string {
	return values[name]?.[0] ?? '';
}

/** A row as its form shows it. */
export function formValuesOf(ui: Ui, table: DirectoryTable, row: AnyRow, fields: readonly string[]): FormValues {
	const { fields: declared } = aggregateOf(table);
	return Object.fromEntries(
		fields.flatMap((name): readonly (readonly [string, readonly string[]])[] => {
			const field = declared[name];
			if (field === undefined) return [];
			if (field.input.kind === 'structure')
				return scheduleValues(name as SchedulePart, row as DirectoryRow<'schedules'>);
			return [[name, shownValues(ui, field, row[name], row)]];
		}),
	);
}

function shownValues(ui: Ui, { input }: Field, value: unknown, row: AnyRow): readonly string[] {
	if (value === null || value === undefined) return [''];
	switch (input.kind) {
		case 'flag':
			return value === true ? ['yes'] : [];
		case 'instant':
			return [ui.formats.field(Number(value))];
		case 'count':
			return [input.unit === 'minor' ? plainAmount(Number(value), row['currency']) : String(value)];
		case 'words':
			return [idsIn(value).join(', ')];
		case 'reference':
		case 'wiring':
			return input.many ? idsIn(value) : [String(value)];
		default:
			return [String(value)];
	}
}

function plainAmount(minor: number, currency: unknown): string {
	const decimals = currencyDecimals(typeof currency === 'string' ? currency : null);
	return (minor / 10 ** decimals).toFixed(decimals);
}

/** What was typed into one field, or what is wrong with it. */
export function parseFormField(ui: Ui, table: DirectoryTable, name: string, values: FormValues): Parsed {
	const field = aggregateOf(table).fields[name];
	if (field === undefined) return { error: ui.t('dir.problem.invalid') };
	const parsed = parseByKind(ui, field, name, values);
	if ('error' in parsed) return parsed;
	if (parsed.value === null && !field.nullable) return { error: ui.t('form.required') };
	return field.schema.safeParse(parsed.value).success ? parsed : { error: ui.t('dir.problem.invalid') };
}

function parseByKind(ui: Ui, field: Field, name: string, values: FormValues): Parsed {
	const { input } = field;
	const text = first(values, name).trim();
	const chosen = (values[name] ?? []).filter((value) => value !== '');
	switch (input.kind) {
		case 'text':
			if (text.length > input.maxLength) return { error: ui.t('form.tooLong', { maximum: input.maxLength }) };
			return { value: text === '' ? null : text };
		case 'choice':
			return { value: text === '' ? null : text };
		case 'instant': {
			const atMs = ui.formats.parseField(text);
			if (text !== '' && atMs === undefined) return { error: ui.t('form.time') };
			return { value: atMs ?? null };
		}
		case 'count':
			return parseCount(ui, input, text, first(values, 'currency'));
		case 'flag':
			return { value: chosen.includes('yes') };
		case 'reference':
		case 'wiring':
			return { value: input.many ? [...new Set(chosen)] : (chosen[0] ?? null) };
		case 'words':
			return parseWords(ui, input.maximum, text);
		case 'structure':
			return parseSchedulePart(ui, name as SchedulePart, values);
	}
}

function parseCount(
	ui: Ui,
	{ minimum, maximum, unit }: Extract<Field['input'], { kind: 'count' }>,
	text: string,
	currency: string,
): Parsed {
	const compact = text.replaceAll(/[\s\u00a0\u202f]/g, '').replace(',', '.');
	if (compact === '') return { value: null };
	const decimals = unit === 'minor' ? currencyDecimals(currency.trim().toUpperCase()) : 0;
	const shape = decimals === 0 ? /^\d{1,12}$/ : new RegExp(`^\\d{1,12}(\\.\\d{1,${decimals}})?$`);
	const count = shape.test(compact) ? Math.round(Number(compact) * 10 ** decimals) : Number.NaN;
	if (count >= minimum && count <= maximum) return { value: count };
	const shown = (value: number) => ui.formats.number(value / 10 ** decimals);
	return { error: ui.t('dir.problem.count', { minimum: shown(minimum), maximum: shown(maximum) }) };
}

function parseWords(ui: Ui, maximum: number, text: string): Parsed {
	const words = [...new Set(text.split(/[,;\n]/).map((word) => word.trim()))].filter((word) => word !== '');
	if (words.length > maximum) return { error: ui.t('dir.problem.words', { maximum }) };
	if (words.some((word) => word.length > WORD_LENGTH))
		return { error: ui.t('dir.problem.word', { maximum: WORD_LENGTH }) };
	return { value: words };
}

const WORD_LENGTH = 40;

/** A form as it was shown, to tell later what was changed in it; of structures, which may be long, only a digest. */
export function rememberShown(table: DirectoryTable, values: FormValues): FormValues {
	const structures = Object.entries(aggregateOf(table).fields).filter(([, { input }]) => input.kind === 'structure');
	const names = structures.map(([name]) => name);
	const others = Object.entries(values).filter(([name]) => !names.some((field) => name.startsWith(`${field}.`)));
	return {
		...Object.fromEntries(others),
		...Object.fromEntries(names.map((field) => [field, [digestOf(field, values)]])),
	};
}

/** Whether a field was sent as it was shown. */
export function isSame(table: DirectoryTable, field: string, sent: FormValues, shown: FormValues): boolean {
	if (aggregateOf(table).fields[field]?.input.kind === 'structure') {
		return digestOf(field, sent) === shown[field]?.[0];
	}
	const own = (values: FormValues) => JSON.stringify((values[field] ?? []).filter((value) => value.trim() !== ''));
	return own(sent) === own(shown);
}

function digestOf(field: string, values: FormValues): string {
	const own = Object.entries(values)
		.filter(([name, list]) => name.startsWith(`${field}.`) && list.some((value) => value.trim() !== ''))
		.toSorted(([a], [b]) => (a < b ? -1 : 1));
	return createHash('sha256').update(JSON.stringify(own)).digest('base64url');
}
