import { Buffer } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CSV_DELIMITERS } from '../../../../src/gateway/services/tables/csv-delimiter.ts';
import { readWhole, writeWhole } from '../../../support/tables.ts';

/** Any text that UTF-8 can hold, with what spreadsheets, XML and CSV trip over more often than chance would. */
const anyText = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 40 }),
	fc
		.array(
			fc.constantFrom(
				'=',
				'+',
				'-',
				'@',
				"'",
				'"',
				';',
				',',
				'\t',
				'\r',
				'\n',
				'\0',
				' ',
				'_x0041_',
				'‮',
				'\uFEFF',
				'\uFFFE',
				'<b>',
				']]>',
				'&amp;',
				'😀',
				'é',
				'0',
				'A',
				'＝',
				'\u0085',
				'\u2028',
			),
			{ maxLength: 8 },
		)
		.map((pieces) => pieces.join('')),
	fc.constantFrom(
		'+32 470 12 34 56',
		'-5',
		'007',
		'=1+1',
		"'=1+1",
		"''@x",
		"=cmd|' /C calc'!A0",
		'1E10',
		'E200341201',
		'2026-03-01T10:00:00+01:00',
	),
);
/** Replaced on reading: it tells that bytes could not be read. */
const readable = anyText.filter((text) => !text.includes('\uFFFD'));
const rowsOf = (columns: number) =>
	fc
		.array(fc.array(readable, { minLength: columns, maxLength: columns }), { maxLength: 12 })
		.map((rows) => rows.filter((row) => row.some((cell) => cell.trim() !== '')));

describe('a table that was exported and comes back', () => {
	it('X7 holds the same texts as CSV, whatever they are and whichever the delimiter', async () => {
		await fc.assert(
			fc.asyncProperty(rowsOf(3), fc.constantFrom(...CSV_DELIMITERS), async (rows, delimiter) => {
				const bytes = await writeWhole(['Name', 'Tag', 'Note, more; or less'], rows, { format: 'csv', delimiter });
				const back = await readWhole(bytes, { delimiter });
				expect(back.rows).toEqual(rows);
				expect(back.problems).toEqual([]);
				expect(back.headings).toEqual(['Name', 'Tag', 'Note, more; or less']);
			}),
			{ numRuns: 200 },
		);
	});

	it('X7 holds the same texts as a workbook', async () => {
		await fc.assert(
			fc.asyncProperty(rowsOf(3), async (rows) => {
				const back = await readWhole(await writeWhole(['Name', 'Tag', 'Note'], rows, { format: 'xlsx' }));
				expect(back.rows).toEqual(rows);
				expect(back.problems).toEqual([]);
			}),
			{ numRuns: 100 },
		);
	});

	it('finds its delimiter and sheet by itself', async () => {
		const rows = [['Zoë', '007', '=1+1']];
		for (const delimiter of CSV_DELIMITERS) {
			const back = await readWhole(await writeWhole(['Name', 'Tag', 'Note'], rows, { format: 'csv', delimiter }));
			expect(back.origin).toEqual({ format: 'csv', encoding: 'utf-8', encodingAssumed: false, delimiter });
			expect(back.rows).toEqual(rows);
		}
		const back = await readWhole(await writeWhole(['Name', 'Tag', 'Note'], rows, { format: 'xlsx', name: 'A/B: [x]' }));
		expect(back.origin).toEqual({ format: 'xlsx', sheet: 'A-B- -x-', sheets: ['A-B- -x-'] });
	});

	it('keeps numbers and flags as what they are', async () => {
		for (const format of ['csv', 'xlsx'] as const) {
			const back = await readWhole(
				await writeWhole(
					['n', 'b', 'e'],
					[
						[-5, true, null],
						[1.5, false, 'x'],
					],
					{ format },
				),
			);
			expect(back.rows).toEqual([
				['-5', 'true', ''],
				['1.5', 'false', 'x'],
			]);
		}
	});
});

describe('an exported CSV file', () => {
	it('gives a spreadsheet nothing to run, in cells and headings', async () => {
		const dangerous = ['=1+1', '+32470', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1+1'];
		const rows = dangerous.map((text) => [text]);
		const bytes = await writeWhole(['=head'], rows, { format: 'csv' });
		// What a spreadsheet sees: cells without their quotes.
		const seen: string[][] = parse(bytes, { bom: true });
		expect(seen.flat()).toEqual(['=head', ...dangerous].map((text) => `'${text}`));
	});

	it('leaves negative numbers as numbers', async () => {
		expect((await writeWhole(['n'], [[-5]], { format: 'csv' })).toString()).toBe('\uFEFFn\r\n-5\r\n');
	});

	it('begins with the mark that tells Excel it is UTF-8, and ends its lines as RFC 4180 says', async () => {
		const bytes = await writeWhole(['Naam', 'Kleur'], [['Zoë', 'a "b"; c']], { format: 'csv', delimiter: ';' });
		expect(bytes).toEqual(Buffer.from('\uFEFFNaam;Kleur\r\nZoë;"a ""b""; c"\r\n'));
	});
});

describe('an exported workbook', () => {
	it('cuts what Excel can hold in no cell, and says so by its last character', async () => {
		const back = await readWhole(await writeWhole(['a'], [['x'.repeat(40_000)]], { format: 'xlsx' }));
		expect(back.rows[0]?.[0]).toBe(`${'x'.repeat(32_766)}…`);
	});

	it('holds texts as texts, so that none is run', async () => {
		const back = await readWhole(await writeWhole(['a'], [['=1+1'], ['+32470']], { format: 'xlsx' }));
		expect(back.rows).toEqual([['=1+1'], ['+32470']]);
	});
});

describe('writing', () => {
	it('takes rows as they are read, so that memory does not grow with their number', async () => {
		const { writeTable } = await import('../../../../src/gateway/services/tables/write-table.ts');
		for (const format of ['csv', 'xlsx'] as const) {
			let made = 0;
			async function* rows() {
				for (; made < 100_000; made++) yield [`row ${made}`, made];
			}
			const columns = [{ heading: 'a' }, { heading: 'b' }];
			const bytes = writeTable(rows(), { format, columns, name: 'x' })[Symbol.asyncIterator]();
			for (let chunk = 0; chunk < 3; chunk++) await bytes.next();
			await bytes.return?.();
			expect(made).toBeLessThan(50_000);
		}
	});
});
