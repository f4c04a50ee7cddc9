import { apiName, DIRECTORY_FACES, type DirectoryFace } from '../../src/api/http/directory-faces.ts';
import type { Field } from '../../src/gateway/core/directory/field.ts';
import type { DirectoryEdits } from '../../src/gateway/services/directory/directory-edits.ts';

/** Id of one row of each table that others may name. */
export type SampleIds = Readonly<Record<string, string>>;

type Row = Record<string, unknown>;

const DAY_MS = 86_400_000;

/** A planned booking needs room and a right that can be booked: one that was given up needs nothing. */
const CHOSEN: Readonly<Record<string, Row>> = { plannedUses: { state: 'released' } };

/** A row with something in every field that may be written; `n` makes it unlike the others. References are to `ids`. */
export function sampleRow({ table, aggregate, face }: DirectoryFace, n: number, ids: SampleIds): Row {
	const row: Row = {};
	for (const [place, [name, field]] of Object.entries(aggregate.fields).entries()) {
		if (name === 'id') continue;
		const value = face.fixed?.[name] ?? CHOSEN[table]?.[name] ?? sampleValue(name, field, n, place, ids);
		if (value !== undefined) row[name] = value;
	}
	return row;
}

/** The same as a POST to the collection takes it. */
export function sampleBody(collection: DirectoryFace, n: number, ids: SampleIds): Row {
	const { fields } = collection.aggregate;
	return Object.fromEntries(
		Object.entries(sampleRow(collection, n, ids)).flatMap(([name, value]) => {
			const field = fields[name];
			if (field === undefined) return [];
			const isMoment = field.input.kind === 'instant';
			return [[apiName(name, field), isMoment ? new Date(Number(value)).toISOString() : value]];
		}),
	);
}

function sampleValue(name: string, { schema, input }: Field, n: number, place: number, ids: SampleIds): unknown {
	switch (input.kind) {
		case 'text':
			// Of a credential: as readers tell tags.
			if (name === 'value') return n.toString(16).toUpperCase().padStart(10, '0');
			return [`${name} ${n}`, 'EUR'].find((text) => schema.safeParse(text).success);
		case 'choice':
			return input.options[0];
		case 'instant':
			return Date.UTC(2026, 0, 1, place) + n * DAY_MS;
		case 'count':
			return Math.max(input.minimum, 1);
		case 'flag':
			return false;
		case 'reference': {
			const id = ids[input.to];
			if (id === undefined) return undefined;
			return input.many ? [id] : id;
		}
		case 'wiring': {
			const id = input.to === 'area' ? 'A1' : 'S1';
			return input.many ? [id] : id;
		}
		case 'words':
			return [`word-${n}`];
		case 'structure':
			return [];
	}
}

/** Makes one row in each table, each naming those made before it. */
export function fillWithSamples(edits: DirectoryEdits): SampleIds {
	const ids: Record<string, string> = {};
	const tables = DIRECTORY_FACES.filter(({ face }) => face.fixed === undefined);
	for (let round = 0; round < tables.length; round += 1) {
		for (const collection of tables) {
			if (ids[collection.table] !== undefined) continue;
			const row = { ...sampleRow(collection, 0, ids), id: `${collection.table}-0` };
			const answer = edits.edit([{ op: 'create', table: collection.table, row }], { operatorId: null });
			if (answer.result === 'done') ids[collection.table] = row.id;
		}
	}
	for (const { table } of tables) if (ids[table] === undefined) throw new Error(`no sample of ${table} was taken`);
	return ids;
}
