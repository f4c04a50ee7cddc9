import type { Language } from '../../../../gateway/core/reason-texts/reason-text.ts';
import { type ImportKindName, importKind } from '../../../../gateway/services/imports/import-kinds.ts';
import { delimiterFor, TABLE_MEDIA_TYPES, writeTable } from '../../../../gateway/services/tables/write-table.ts';

/** What an example shows of each field; fields without one are left out of it. */
const EXAMPLES: Readonly<Record<ImportKindName, Readonly<Record<string, string>>>> = {
	people: {
		externalId: '10042',
		firstName: 'Jan',
		lastName: 'Maes',
		email: 'jan.maes@example.org',
		phone: '+32 470 12 34 56',
		tag: '0F0368568B',
		plate: '1-ABC-123',
		note: '',
	},
	vehicles: { plate: '1-XYZ-789', name: '', make: 'Renault', model: 'Kangoo', colour: '', note: '' },
	rights: { holderId: 'jan.maes@example.org', specificationId: '', validFromMs: '2026-01-01', validToMs: '2026-12-31' },
};

export interface ExampleFile {
	readonly fileName: string;
	readonly mediaType: string;
	readonly bytes: AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** A file that can be filled in and brought in: headings in the reader's language, and a row to follow. */
export function exampleFile(
	kind: ImportKindName,
	format: 'csv' | 'xlsx',
	language: Language,
	timeZone: string,
): ExampleFile {
	const example = EXAMPLES[kind];
	const shown = Object.entries(example).flatMap(([name, text]) => {
		const field = importKind(kind, timeZone).fields.find((one) => one.name === name);
		return field === undefined ? [] : [{ heading: field.labels[language], text }];
	});
	async function* rows() {
		yield shown.map(({ text }) => text);
	}
	const columns = shown.map(({ heading }) => ({ heading }));
	return {
		fileName: `${kind}.${format}`,
		mediaType: TABLE_MEDIA_TYPES[format],
		bytes: writeTable(rows(), { format, columns, name: kind, delimiter: delimiterFor(language) }),
	};
}
