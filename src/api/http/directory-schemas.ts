import { z } from '@hono/zod-openapi';
import type { Field } from '../../gateway/core/directory/field.ts';
import { isMasked } from '../../gateway/core/directory/mask.ts';
import { aggregateOf, type DirectoryTable } from '../../gateway/core/directory.ts';
import { directoryLabels } from '../../gateway/core/directory-texts/directory-labels.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import { apiName, collectionOf, type DirectoryFace } from './directory-faces.ts';
import { givenId, moment, pageQuery, time } from './scalar-schemas.ts';

/** What of one collection comes and goes, made from its fields. */
export type FaceSchemas = ReturnType<typeof faceSchemas>;

export function faceSchemas(directoryFace: DirectoryFace) {
	const { schemaName } = directoryFace;
	const row = z.object(shapeOf(directoryFace, shown)).openapi(schemaName);
	const create = z
		.strictObject({ ...shapeOf(directoryFace, created), id: newId.optional() })
		.openapi(`New${schemaName}`);
	const patch = z
		.strictObject({ ...shapeOf(directoryFace, patched), id: sameId.optional() })
		.openapi(`${schemaName}Patch`);
	return { row, create, patch, list: listQuery(directoryFace), codes: codesQuery(directoryFace) };
}

/** An id in a path or a file name needs no escapes, and is no other route. */
const newId = z
	.string()
	.regex(
		/^(?!export$)[A-Za-z0-9][A-Za-z0-9._:~-]{0,63}$/,
		'an id of at most 64 letters (a-z), digits and . _ : ~ -, a letter or digit first',
	)
	.openapi({ description: 'Made by the gateway when left out', example: 'payroll-1207' });
const sameId = givenId.openapi({ description: 'Can be sent back, not changed' });

interface NamedField extends Field {
	readonly name: string;
	readonly table: DirectoryTable;
	/** What it is in every row of the collection. */
	readonly fixed: string | undefined;
}

type Shape = (field: NamedField) => z.ZodType;

function shapeOf({ table, aggregate, face }: DirectoryFace, shape: Shape): Record<string, z.ZodType> {
	return Object.fromEntries(
		Object.entries(aggregate.fields).map(([name, field]) => [
			apiName(name, field),
			shape({ ...field, name, table, fixed: face.fixed?.[name] }),
		]),
	);
}

function shown(field: NamedField): z.ZodType {
	if (field.fixed !== undefined) return z.literal(field.fixed);
	return documented(field, field.input.kind === 'instant' ? nullableAs(field, time) : bareSchema(field));
}

function created(field: NamedField): z.ZodType {
	if (field.fixed !== undefined) return z.literal(field.fixed).optional();
	const schema = documented(field, given(field));
	if (!field.hasDefault) return field.nullable ? schema.optional() : schema;
	return schema.optional().openapi({ default: defaultOf(field) });
}

/** RFC 7396: `null` takes a value away; what can't be without one goes back to what it was when left out. */
function patched(field: NamedField): z.ZodType {
	if (field.fixed !== undefined) return z.literal(field.fixed).optional();
	const schema = documented(field, given(field));
	return field.hasDefault && !field.nullable ? schema.nullable().optional() : schema.optional();
}

/** What a field becomes when a new row comes without it. */
export function defaultOf(field: Field): unknown {
	return field.hasDefault ? field.schema.parse(undefined) : null;
}

function given(field: Field): z.ZodType {
	const schema = field.input.kind === 'instant' ? nullableAs(field, moment) : bareSchema(field);
	if (!field.personal) return schema;
	const mend = 'Leave it out to keep the real one; reading it takes personalData:read.';
	return schema.refine((value) => !isMasked(value), { message: 'Masked, not the real value', params: { mend } });
}

function nullableAs(field: Field, schema: z.ZodType): z.ZodType {
	return field.nullable ? schema.nullable() : schema;
}

/** The value itself. A copy: schemas of core were made before `openapi()` was there. */
function bareSchema({ schema }: Field): z.ZodType {
	return (schema instanceof z.ZodDefault ? (schema.unwrap() as z.ZodType) : schema).clone();
}

function documented(field: NamedField, schema: z.ZodType): z.ZodType {
	const example = exampleOf(field);
	const fits = example !== undefined && schema.safeParse(example).success;
	return schema.openapi({ description: describe(field), ...(fits && { example }) });
}

const labels = directoryLabels('en');

function describe({ name, table, input, personal, nullable, owner }: NamedField): string {
	const { label, help, none } = labels.field(table, name);
	const says = [label];
	if (help !== undefined) says.push(help.replace(/\.$/, ''));
	if (nullable) says.push(`null: ${none ?? 'none'}`);
	if (input.kind === 'reference') says.push(`${input.many ? 'Ids' : 'Id'} of /api/v1/${collectionOf(input.to)}`);
	if (input.kind === 'wiring') says.push(`${input.many ? 'Ids' : 'Id'} of ${WIRED[input.to]}`);
	if (input.kind === 'count' && input.unit !== undefined) says.push(UNITS[input.unit]);
	if (personal) says.push('Personal: masked without personalData:read');
	const { secret } = aggregateOf(table);
	if (secret?.field === name) says.push(`Of ${secret.kinds.join(' and ')}: masked, it opens by itself`);
	if (owner === 'central') says.push('Only the central platform changes it, where there is one');
	return says.join('. ');
}

const WIRED = { area: 'areas or parks of the site', space: 'spaces of the site (/api/v1/areas)' } as const;
const UNITS = { minutes: 'Minutes', minor: 'In minor units of the currency (ISO 4217)' } as const;

function exampleOf({ name, input }: NamedField): unknown {
	switch (input.kind) {
		case 'text':
			return name === 'id' ? 'payroll-1207' : 'Example';
		case 'choice':
			return input.options[0];
		case 'instant':
			return '2026-08-01T09:30:00.000+02:00';
		case 'count':
			return Math.max(input.minimum, 1);
		case 'flag':
			return true;
		case 'reference':
			return input.many ? ['payroll-1207'] : 'payroll-1207';
		case 'wiring':
			return input.many ? ['A1'] : 'A1';
		case 'words':
			return ['staff'];
		case 'structure':
			return undefined;
	}
}

/** `?flag`, `?flag=true` and `?flag=false`. */
export const flagQuery = z
	.enum(['', 'true', 'false'])
	.optional()
	.transform((text) => text === '' || text === 'true')
	.openapi({ type: 'string', enum: ['', 'true', 'false'] });

/** Of rows that may hold a code. */
function codesQuery({ aggregate: { secret } }: DirectoryFace): { readonly codes?: typeof flagQuery } {
	if (secret === undefined) return {};
	const description = `The ${secret.field} of ${secret.kinds.join(' and ')} as it is, instead of masked; needs codes:read, and is journalled`;
	return { codes: flagQuery.openapi({ description }) };
}

function listQuery(directoryFace: DirectoryFace) {
	return z.strictObject({
		...filtersOf(directoryFace),
		q: z
			.string()
			.max(200)
			.optional()
			.openapi({ description: 'Words it is found by, from their beginnings, in any order' }),
		sort: z.enum(['asc', 'desc']).default('asc').openapi({ description: 'The order of the list' }),
		count: flagQuery.openapi({ description: `Counts as well, up to ${LIMITS.countedRows}` }),
		...pageQuery,
		// It holds a name, sealed, in up to four bytes a letter.
		cursor: z.string().max(4_000).optional(),
	});
}

/** The declared filters, and every row that a row names: who has it, what gave it. */
function filtersOf({ aggregate, face }: DirectoryFace): Record<string, z.ZodType> {
	return Object.fromEntries(
		Object.entries(aggregate.fields)
			.filter(([name]) => face.fixed?.[name] === undefined)
			.filter(([name, { input }]) => face.filters.includes(name) || (input.kind === 'reference' && !input.many))
			.map(([name, { input }]) => {
				const options = input.kind === 'choice' ? [...input.options] : undefined;
				const one = options === undefined ? givenId : z.enum(options);
				const many = z.union([one, z.array(one).max(LIMITS.filterValues)]).optional();
				const items = { type: 'string' as const, ...(options && { enum: options }) };
				return [name, many.openapi({ type: 'array', items, description: 'Given more than once: any of them' })];
			}),
	);
}

/** Which filters of a list were asked for. */
export function whereOf({ aggregate, face }: DirectoryFace, query: Readonly<Record<string, unknown>>) {
	const asked = Object.keys(aggregate.fields).flatMap((name) =>
		query[name] === undefined ? [] : [[name, [query[name]].flat().map(String)] as const],
	);
	return { ...Object.fromEntries(asked), ...fixedWhere(face.fixed) };
}

function fixedWhere(fixed: Readonly<Partial<Record<string, string>>> = {}): Record<string, readonly string[]> {
	return Object.fromEntries(Object.entries(fixed).map(([name, value]) => [name, [String(value)]]));
}

/** A row that a change touched, in whichever collection it is. */
export const touchedRow = z
	.object({
		collection: z.string().openapi({ example: 'rights' }),
		id: z.string(),
		deleted: z.boolean(),
		row: z.looseObject({}).nullable().openapi({ description: 'As it is now; null: gone, or not yours to see' }),
	})
	.openapi('TouchedRow');

export const plannedRow = touchedRow.omit({ row: true }).openapi('PlannedRow');

/** One change of a row that was made on site. */
export function historyItem(row: z.ZodType) {
	return z.object({
		at: time,
		operatorId: z.string().nullable().openapi({ description: 'null: the gateway itself' }),
		operatorName: z.string().nullable(),
		batchId: z.string().openapi({ description: 'For POST /api/v1/edits/{batchId}/undo' }),
		fields: z.array(z.string()).readonly().openapi({ description: 'What differs' }),
		before: row.nullable().openapi({ description: 'null: it was new' }),
		after: row.nullable().openapi({ description: 'null: it was deleted' }),
	});
}
