import { z } from 'zod';

export const UNSURE: unique symbol = Symbol('ask the schema');

/** What a database column holds. */
export type ColumnValue = string | number | null;

/** How people read and write a value; pages, imports and exports follow it. */
export type FieldInput =
	| { readonly kind: 'text'; readonly maxLength: number; readonly lines?: 'many' }
	| { readonly kind: 'choice'; readonly options: readonly string[] }
	/** UTC epoch ms; people see the site's wall clock. */
	| { readonly kind: 'instant' }
	/** `unit`: what is counted, such as `minutes`. */
	| { readonly kind: 'count'; readonly minimum: number; readonly maximum: number; readonly unit?: 'minutes' | 'minor' }
	| { readonly kind: 'flag' }
	/** Ids of rows of another table. `many`: a list of them. */
	| { readonly kind: 'reference'; readonly to: string; readonly many: boolean; readonly onDelete: OnDelete }
	/** Ids of what the site's configuration names. */
	| { readonly kind: 'wiring'; readonly to: 'area' | 'space'; readonly many: boolean }
	| { readonly kind: 'words'; readonly maximum: number }
	/** A structure with a page part of its own. */
	| { readonly kind: 'structure' };

/** What becomes of a row when the one it names is deleted: it goes too, names nobody any more, or keeps the other from going. */
export type OnDelete = 'cascade' | 'clear' | 'refuse';

/**
 * One field of a directory row: what is allowed in it, how it is stored and how people write it.
 * `D`: rows may come without it (`otherwise` then stands), so that a field can be added while sites run older programs.
 */
export interface Field<T = unknown, D extends boolean = boolean> {
	/** Of the JSON value, default included. */
	readonly schema: z.ZodType<T>;
	/** What `schema` makes of the values that nearly always come, several times as quickly; UNSURE: ask it. */
	quick(value: unknown): T | typeof UNSURE;
	readonly column: 'TEXT' | 'INTEGER';
	readonly input: FieldInput;
	readonly hasDefault: D;
	/** `null` stands for none. */
	readonly nullable: boolean;
	/** Names, contacts and notes of a person: masked without permission, erased on request. */
	readonly personal: boolean;
	/** `central`: of a row that a central platform has, it alone changes it. */
	readonly owner: 'central' | 'site';
	toColumn(value: T): ColumnValue;
	fromColumn(stored: ColumnValue): T;
}

interface FieldOptions {
	readonly personal?: true;
}

interface FieldCore<T> extends Pick<Field<T>, 'schema' | 'column' | 'input'> {
	/** Of values that are taken as they are. */
	readonly isPlain?: (value: unknown) => boolean;
	readonly toColumn?: (value: T) => ColumnValue;
	readonly fromColumn?: (stored: ColumnValue) => T;
}

function field<T>({ isPlain, ...core }: FieldCore<T>, { personal }: FieldOptions = {}): Field<T, false> {
	return {
		quick: isPlain === undefined ? () => UNSURE : (value) => (isPlain(value) ? (value as T) : UNSURE),
		hasDefault: false,
		nullable: false,
		personal: personal === true,
		owner: 'site',
		// Most values are stored as they are.
		toColumn: (value) => value as ColumnValue,
		fromColumn: (stored) => stored as T,
		...core,
	};
}

/** The backbone of a site, set up with the operator of the central platform: strategies, prices, numbers of places (FEATURES X17). */
export function centrals<T, D extends boolean>(base: Field<T, D>): Field<T, D> {
	return { ...base, owner: 'central' };
}

/** Rows may come without it. */
export function otherwise<T>(base: Field<T>, value: T): Field<T, true> {
	return {
		...base,
		hasDefault: true,
		schema: base.schema.default(value as never) as z.ZodType<T>,
		quick: (given) => (given === undefined ? value : base.quick(given)),
	};
}

/** May be `null`: none, or no limit. */
export function nullable<T>(base: Field<T>): Field<T | null, false> {
	return {
		...base,
		hasDefault: false,
		nullable: true,
		schema: base.schema.nullable(),
		quick: (value) => (value === null ? null : base.quick(value)),
		toColumn: (value) => (value === null ? null : base.toColumn(value)),
		fromColumn: (stored) => (stored === null ? null : base.fromColumn(stored)),
	};
}

/** `null` when a row comes without it. */
export function optional<T>(base: Field<T>): Field<T | null, true> {
	return otherwise(nullable(base), null);
}

/**
 * Given by whoever makes the row; letters that any file, address and topic takes are best. Half a surrogate pair is none: a
 * database keeps all of them as one character, and two rows would be one.
 */
export const id = z
	.string()
	.min(1)
	.max(64)
	.refine((text) => text.isWellFormed(), 'is not well-formed Unicode');

function isId(value: unknown): boolean {
	return typeof value === 'string' && value.length > 0 && value.length <= 64 && value.isWellFormed();
}

function isListOf(value: unknown, maximum: number, isItem: (item: unknown) => boolean): boolean {
	return Array.isArray(value) && value.length <= maximum && value.every(isItem);
}

export const key = () =>
	field<string>({ schema: id, isPlain: isId, column: 'TEXT', input: { kind: 'text', maxLength: 64 } });

export function text(maxLength: number, options: FieldOptions & { minLength?: number; lines?: 'many' } = {}) {
	const { minLength = 1, lines } = options;
	return field<string>(
		{
			schema: z.string().min(minLength).max(maxLength),
			isPlain: (value) => typeof value === 'string' && value.length >= minLength && value.length <= maxLength,
			column: 'TEXT',
			input: { kind: 'text', maxLength, ...(lines && { lines }) },
		},
		options,
	);
}

/**
 * Stored by its place in `options`: append only. `safest` is what a place unknown to this version is taken for.
 */
export function choice<const O extends readonly string[]>(options: O, safest: O[number]): Field<O[number], false> {
	const places = new Map<ColumnValue, O[number]>(options.map((option, place) => [place, option]));
	return field<O[number]>({
		schema: z.enum(options) as unknown as z.ZodType<O[number]>,
		isPlain: (value) => options.some((option) => option === value),
		column: 'INTEGER',
		input: { kind: 'choice', options },
		toColumn: (value) => options.indexOf(value),
		fromColumn: (stored) => places.get(stored) ?? safest,
	});
}

/** Within what a calendar can name (ECMA-262, 21.4.1.1): a moment beyond it could not be shown. */
const LAST_INSTANT_MS = 8.64e15;

function isBetween(value: unknown, minimum: number, maximum: number): boolean {
	return Number.isSafeInteger(value) && (value as number) >= minimum && (value as number) <= maximum;
}

/** UTC epoch ms. */
export const instant = () =>
	field<number>({
		schema: z.int().min(-LAST_INSTANT_MS).max(LAST_INSTANT_MS),
		isPlain: (value) => isBetween(value, -LAST_INSTANT_MS, LAST_INSTANT_MS),
		column: 'INTEGER',
		input: { kind: 'instant' },
	});

export function count(minimum: number, maximum: number, unit?: 'minutes' | 'minor') {
	return field<number>({
		schema: z.int().min(minimum).max(maximum),
		isPlain: (value) => isBetween(value, minimum, maximum),
		column: 'INTEGER',
		input: { kind: 'count', minimum, maximum, ...(unit && { unit }) },
	});
}

export const flag = () =>
	field<boolean>({
		schema: z.boolean(),
		isPlain: (value) => typeof value === 'boolean',
		column: 'INTEGER',
		input: { kind: 'flag' },
		toColumn: Number,
		fromColumn: (stored) => stored === 1,
	});

/** The id of a row of another table. */
export const reference = (to: string, onDelete: OnDelete) =>
	field<string>({
		...{ schema: id, isPlain: isId, column: 'TEXT' },
		input: { kind: 'reference', to, many: false, onDelete },
	});

/** Ids of rows of another table; one that is no longer there names nothing. */
export const references = (to: string, maximum: number) =>
	asJson(z.array(id).max(maximum), { kind: 'reference', to, many: true, onDelete: 'clear' }, (value) =>
		isListOf(value, maximum, isId),
	);

/** The id of an area or space of the site's configuration. */
export const wired = (to: 'area' | 'space') =>
	field<string>({ schema: id, isPlain: isId, column: 'TEXT', input: { kind: 'wiring', to, many: false } });

export const wiredList = (to: 'area' | 'space', maximum: number) =>
	asJson(z.array(id).max(maximum), { kind: 'wiring', to, many: true }, (value) => isListOf(value, maximum, isId));

/** Short words that rows are gathered by. */
export const words = (maximum: number) =>
	asJson(z.array(z.string().trim().min(1).max(40)).max(maximum), { kind: 'words', maximum }, (value) =>
		isListOf(value, maximum, isWord),
	);

function isWord(value: unknown): boolean {
	return typeof value === 'string' && value.length > 0 && value.length <= 40 && value.trim() === value;
}

/** Stored as JSON; its schema checked it when it came. */
export function asJson<S extends z.ZodType>(
	schema: S,
	input: FieldInput = { kind: 'structure' },
	isPlain: (value: unknown) => boolean = () => false,
) {
	return field<z.output<S>>({
		isPlain,
		schema: schema as unknown as z.ZodType<z.output<S>>,
		column: 'TEXT',
		input,
		toColumn: (value) => JSON.stringify(value),
		fromColumn: (stored) => JSON.parse(String(stored)) as z.output<S>,
	});
}
