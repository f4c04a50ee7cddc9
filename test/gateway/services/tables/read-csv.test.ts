import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../../src/gateway/core/limits.ts';
import { openTable } from '../../../../src/gateway/services/tables/read-table.ts';
import { readWhole } from '../../../support/tables.ts';

const TEXT = 'Nom;Ville\r\nÉlodie;Liège\r\nZoë;’s-Gravenbrakel €\r\n';
const ROWS = [
	['Élodie', 'Liège'],
	['Zoë', '’s-Gravenbrakel €'],
];

function utf16(text: string, bigEndian: boolean, mark: boolean): Buffer {
	const bytes = Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le');
	return bigEndian ? bytes.swap16() : bytes;
}

function windows1252(text: string): Buffer {
	const above = new Map([
		['€', 0x80],
		['’', 0x92],
	]);
	return Buffer.from(Array.from(text, (character) => above.get(character) ?? character.charCodeAt(0)));
}

describe('the encoding of a CSV file', () => {
	it.each([
		['UTF-8 with its mark', Buffer.from(`\uFEFF${TEXT}`), 'utf-8', false],
		['UTF-8 without', Buffer.from(TEXT), 'utf-8', true],
		['UTF-16, little end first, with its mark', utf16(TEXT, false, true), 'utf-16le', false],
		['UTF-16, big end first, with its mark', utf16(TEXT, true, true), 'utf-16be', false],
		['UTF-16, little end first, without', utf16(TEXT, false, false), 'utf-16le', true],
		['UTF-16, big end first, without', utf16(TEXT, true, false), 'utf-16be', true],
		['Windows-1252', windows1252(TEXT), 'windows-1252', true],
	] as const)('is found and told: %s', async (_, bytes, encoding, encodingAssumed) => {
		const table = await readWhole(bytes);
		expect(table.rows).toEqual(ROWS);
		expect(table.origin).toEqual({ format: 'csv', encoding, encodingAssumed, delimiter: ';' });
		expect(table.problems).toEqual([]);
	});

	it('is not assumed where all is ASCII', async () => {
		expect((await readWhole('a,b\n1,2\n')).origin).toMatchObject({ encoding: 'utf-8', encodingAssumed: false });
	});

	it('is UTF-8 in a file with one damaged cell, which is told with its row and column', async () => {
		const bytes = Buffer.concat([
			Buffer.from('Nom;Ville\nÉlodie;Liège\nZoë;Li'),
			Buffer.from([0xc3]),
			Buffer.from('ge\n'),
		]);
		const table = await readWhole(bytes);
		expect(table.rows[0]).toEqual(['Élodie', 'Liège']);
		expect(table.problems).toEqual([
			{ code: 'unreadableText', severity: 'error', row: 3, column: 1, heading: 'Ville', shown: 'Li\uFFFDge' },
		]);
	});

	it('can be said', async () => {
		const table = await readWhole(Buffer.from('a\n\xe9\n', 'latin1'), { encoding: 'windows-1252' });
		expect(table.rows).toEqual([['é']]);
	});

	it('holds over the seams of the slices it is read in', async () => {
		const rows = Array.from({ length: 30_000 }, (_, at) => [`Élodie ${at}`, 'Liège']);
		const text = `Nom;Ville\n${rows.map((row) => row.join(';')).join('\n')}`;
		for (const bytes of [Buffer.from(text), utf16(text, false, true)])
			expect((await readWhole(bytes)).rows).toEqual(rows);
	});
});

describe('the delimiter of a CSV file', () => {
	it.each([
		['a comma in a heading', 'Name;Street, city;"x,y,z"\n1;2;3', ';'],
		['decimal commas', 'a;b\n1,5;2,5\n1,5;2,5', ';'],
		['tabs', 'a\tb, c\n1\t2', '\t'],
		['commas', 'a,b,c;d\n1,2,3', ','],
		['an empty first line', '\n\na;b\n1;2', ';'],
	])('is found in spite of %s', async (_, text, delimiter) => {
		expect((await readWhole(text)).origin).toMatchObject({ delimiter });
	});

	it('splits no names in a file of one column', async () => {
		expect((await readWhole('Name\nDoe, John\nRoe; Jane\n')).rows).toEqual([['Doe, John'], ['Roe; Jane']]);
	});

	it('is what a first line for Excel announces', async () => {
		const table = await readWhole('sep=,\r\na,b;c\r\n1,2\r\n');
		expect(table.headings).toEqual(['a', 'b;c']);
		expect(table.rows).toEqual([['1', '2']]);
	});
});

describe('the rows of a CSV file', () => {
	it('may hold quotes, line ends and delimiters, and end in any way', async () => {
		const table = await readWhole('a,b\r\n"x ""y""","1\r\n2,3"\r\n5" pipe,"De Hoek" bvba\rlast,row');
		expect(table.rows).toEqual([
			['x "y"', '1\r\n2,3'],
			['5" pipe', '"De Hoek" bvba'],
			['last', 'row'],
		]);
	});

	it('are counted as spreadsheets do, past empty ones and line ends in cells', async () => {
		const table = await readWhole('a,b\n\n"1\n1",2\n , \n3,4\n\n\n5,6');
		expect(table.places).toEqual([3, 5, 8]);
	});

	it('are told when they are ragged', async () => {
		const table = await readWhole('a,b,c\n1,2\n1,2,3,,\n1,2,3,4\n');
		expect(table.rows).toEqual([
			['1', '2', ''],
			['1', '2', '3'],
			['1', '2', '3'],
		]);
		expect(table.problems).toEqual([
			{ code: 'tooFewCells', severity: 'note', row: 2, detail: '2 / 3' },
			{ code: 'tooManyCells', severity: 'error', row: 4, column: 3, shown: '4' },
		]);
	});

	it('end with the row whose quote is never closed', async () => {
		const table = await readWhole('a,b\n1,2\n3,"4\n5,6\n');
		expect(table.rows).toEqual([['1', '2']]);
		expect(table.problems).toEqual([{ code: 'quoteNotClosed', severity: 'stop', row: 3, column: 1, heading: 'b' }]);
	});

	it('are known by headings; those that stand twice are told', async () => {
		const table = await readWhole(' Name ,Tag,Tag,\n1,2,3,4\n');
		expect(table.headings).toEqual(['Name', 'Tag', 'Tag']);
		expect(table.problems.map(({ code }) => code)).toEqual(['duplicateColumn', 'tooManyCells']);
	});
});

describe('a file that can not be taken', () => {
	it.each([
		['is empty', '', 'empty'],
		['has only empty rows', '\r\n ; \r\n', 'empty'],
		['is a PDF', '%PDF-1.7\n', 'notATable'],
		['is a picture', Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(4_000)]), 'notATable'],
		['is a workbook from before 2007, or locked', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'oldWorkbook'],
		['is larger than any list', Buffer.alloc(LIMITS.tableBytes + 1), 'tooManyBytes'],
		['has more columns than any list', `${'a,'.repeat(LIMITS.tableColumns)}b\n`, 'tooManyColumns'],
	])('says so: it %s', async (_, file, code) => {
		const bytes = typeof file === 'string' ? Buffer.from(file) : file;
		expect(await openTable(bytes)).toMatchObject({ result: 'refused', problem: { code, severity: 'stop' } });
	});

	it('names the row and column of a cell that is too long, and keeps what came before', async () => {
		const table = await readWhole(`a,b\n1,2\n3,${'x'.repeat(LIMITS.tableCellLength + 1)}\n5,6\n`);
		expect(table.rows).toEqual([['1', '2']]);
		expect(table.problems).toMatchObject([{ code: 'cellTooLong', severity: 'stop', row: 3, column: 1, heading: 'b' }]);
	});

	it('takes a cell of one megabyte, shown as it is', async () => {
		const long = '<script>'.repeat(LIMITS.tableCellLength / 8);
		expect((await readWhole(`a,b\n1,"${long}"\n`)).rows).toEqual([['1', long]]);
	});

	it('stops at a row that no memory should hold', async () => {
		const table = await readWhole(`a,b\n1,2\n"${'x'.repeat(LIMITS.tableRowLength + 10)}`);
		expect(table.problems).toMatchObject([{ code: 'rowTooLong', row: 3 }]);
	});

	it('stops after the most rows', async () => {
		const table = await readWhole(`a\n${'1\n'.repeat(LIMITS.tableRows + 1)}`);
		expect(table.rows.length).toBe(LIMITS.tableRows);
		expect(table.problems).toMatchObject([{ code: 'tooManyRows', row: LIMITS.tableRows + 2 }]);
	});

	it('makes nothing throw, whatever its bytes are', async () => {
		const start = fc.constantFrom('', 'PK\x03\x04', '\xff\xfe', '\xef\xbb\xbf', 'a;b\r\n"', 'sep=;\n');
		await fc.assert(
			fc.asyncProperty(start, fc.uint8Array({ maxLength: 400 }), async (head, bytes) => {
				const table = await readWhole(Buffer.concat([Buffer.from(head, 'latin1'), bytes]));
				expect(table.rows.every((row) => row.length === table.headings.length)).toBe(true);
			}),
			{ numRuns: 500 },
		);
	});
});

describe('reading', () => {
	it('lets the event loop turn: 100,000 rows hold it for no longer than a slice', async () => {
		const rows = Array.from(
			{ length: 100_000 },
			(_, at) => `Person ${at};person${at}@example.org;E2003412${at};1-ABC-${at}`,
		);
		const bytes = Buffer.from(`Name;E-mail;Tag;Plate\n${rows.join('\n')}`);
		let turns = 0;
		let reading = true;
		const turning = (async () => {
			while (reading) {
				turns++;
				await new Promise((resolve) => setImmediate(resolve));
			}
		})();
		expect((await readWhole(bytes)).rows.length).toBe(100_000);
		reading = false;
		await turning;
		// One turn for each 64 kB at least.
		expect(turns).toBeGreaterThan(bytes.length / 65_536);
	});
});
