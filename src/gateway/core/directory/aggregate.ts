import { z } from 'zod';
import type { ColumnValue, Field } from './field.ts';

export type Fields = Readonly<Record<string, Field>>;

/** A row as it is kept and shown. */
export type RowOf<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** A row as it may come: fields with a default can be left out. */
export type RowInput<F extends Fields> = {
	readonly [K in keyof F as F[K] extends Field<unknown, true> ? never : K]: F[K] extends Field<infer T> ? T : never;
} & {
	readonly [K in keyof F as F[K] extends Field<unknown, true> ? K : never]?: F[K] extends Field<infer T> ? T : never;
};

/** Streams of directory rows, each shared by the sites assigned to it (SYNC.md, identities). */
export type Stream = 'people' | 'access' | 'licences' | 'operators';

/** One way in which people meet an aggregate: an address of the API and the page of the same name. */
export interface Face<K extends string = string, P extends string = string, G extends string = string> {
	/** `vehicles` → `/api/v1/vehicles` and `/vehicles`. */
	readonly path: P;
	/** Fields that every row seen here has, and new ones get. */
	readonly fixed?: Readonly<Partial<Record<K, string>>>;
	/** Fields of a list's columns, the row's name first. */
	readonly columns: readonly K[];
	/** Fields that lists can be narrowed by. */
	readonly filters: readonly K[];
	/** The form: groups of fields under a heading of their own. */
	readonly form: readonly { readonly group: G; readonly fields: readonly K[] }[];
}

/**
 * One kind of directory row, said once. From it follow the tables, what sync accepts, routes and their document, list,
 * detail and edit pages, exports, import mappings, permissions and the audit.
 */
export interface Aggregate<F extends Fields = Fields, P extends string = string, G extends string = string> {
	readonly name: string;
	readonly sqlName: string;
	readonly stream: Stream;
	/** `id` first. */
	readonly fields: F;
	readonly row: z.ZodType<RowOf<F>>;
	/** Whose value names a row to people. */
	readonly title: keyof F & string;
	/** Columns made from the row, for indexes. */
	readonly derived: Readonly<Record<string, (row: RowOf<F>) => ColumnValue>>;
	/** Column lists (SQL names, `id` is added), the list's own order first. */
	readonly indexes: readonly AggregateIndex[];
	/** Fields whose words find a row, in any order and from their beginnings. */
	readonly words: readonly (keyof F & string)[];
	/** Fields whose beginning finds a row. */
	readonly prefixes: readonly (keyof F & string)[];
	/** Fields by whose values many rows are gathered, looked up as words are: groups, tags. */
	readonly gathered: readonly (keyof F & string)[];
	/** The column (SQL name) that lists are ordered by. */
	readonly order: string;
	/** A field whose value opens a barrier by itself in rows of some kinds; absent: none does. */
	readonly secret?: SecretField<keyof F & string>;
	/** Values no two rows may share; `null` may be in many. */
	readonly unique: readonly (readonly (keyof F & string)[])[];
	readonly faces: readonly Face<keyof F & string, P, G>[];
	/** @returns what is wrong with a row whose fields are each allowed, beginning with the field's name. */
	check(row: RowOf<F>): string | undefined;
}

/** Masked for everybody who does not ask for it and may, and sealed in the journal. */
export interface SecretField<K extends string = string> {
	readonly field: K;
	/** The choice that says of what kind a row is. */
	readonly by: K;
	readonly kinds: readonly string[];
	/** Kinds whose rows a search finds by the whole value; those of the others could be found by trying. */
	readonly foundWhole: readonly string[];
}

export interface AggregateIndex {
	readonly name: string;
	readonly columns: readonly string[];
	/** SQL. `choice > place`: lists of later places use it. */
	readonly where?: string;
}

type AggregateSpec<F extends Fields, P extends string, G extends string> = Pick<
	Aggregate<F, P, G>,
	'name' | 'sqlName' | 'stream' | 'title' | 'order' | 'faces'
> & {
	readonly fields: F;
} & Partial<
		Pick<Aggregate<F>, 'derived' | 'indexes' | 'words' | 'prefixes' | 'gathered' | 'secret' | 'unique' | 'check'>
	>;

/** `P`, `G`: paths and form groups of its faces, so that a text missing for one is a type error. */
export function defineAggregate<const F extends Fields, P extends string, G extends string>(
	spec: AggregateSpec<F, P, G>,
): Aggregate<F, P, G> {
	const shape = Object.fromEntries(Object.entries(spec.fields).map(([name, { schema }]) => [name, schema]));
	return {
		derived: {},
		indexes: [],
		words: [],
		prefixes: [],
		gathered: [],
		unique: [],
		check: () => undefined,
		...spec,
		// The shape is that of the fields; TypeScript does not follow it through `Object.entries`.
		row: z.object(shape) as unknown as z.ZodType<RowOf<F>>,
	};
}
