import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../../src/gateway/core/limits.ts';
import { openTable } from '../../../../src/gateway/services/tables/read-table.ts';
import { readWhole } from '../../../support/tables.ts';
import { sheetXml, workbook, workbookEntries, zip } from '../../../support/workbook.ts';

const HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>';

/** What a number of some format reads as. */
async function shown(value: string, format: string | number, date1904 = false): Promise<string | undefined> {
	const sheets = { S: `${HEADER}<row r="2"><c r="A2" s="0"><v>${value}</v></c></row>` };
	return (await readWhole(workbook({ sheets, formats: [format], date1904 }))).rows[0]?.[0];
}

describe('numbers and dates of a workbook read as people wrote them', () => {
	it.each([
		['a long number without exponent', '1.2345678901E10', 'General', '12345678901'],
		['a number of 15 digits', '123456789012345', 'General', '123456789012345'],
		['leading zeros that the format shows', '123', '00000', '00123'],
		['leading zeros around a literal', '123456', '000\\-000', '123-456'],
		['leading zeros around a quoted literal', '42', '0000&quot;-&quot;00', '0000-42'],
		['more digits than places', '1234567', '000', '1234567'],
		['a sum with its binary dust', '0.30000000000000004', 'General', '0.3'],
		['a small number', '1E-7', 'General', '0.0000001'],
		['a negative amount', '-1250.5', '#,##0.00 &quot;days&quot;;[Red]-#,##0.00', '-1250.5'],
		['a date', '46082', 'dd/mm/yyyy;@', '2026-03-01'],
		['a built-in date', '46082', 14, '2026-03-01'],
		['a moment', '46082.4375', 'yyyy\\-mm\\-dd hh:mm', '2026-03-01T10:30'],
		['a moment that rounding would move', '46082.999999999', 'd mmm yyyy h:mm', '2026-03-02'],
		['a time', '0.354166666666667', 'h:mm AM/PM', '08:30'],
		['a time with seconds', '0.354178240740741', 'hh:mm:ss', '08:30:01'],
		['hours past a day', '1.5', '[h]:mm', '36:00'],
		['the first days of 1900', '1', 'yyyy-mm-dd', '1900-01-01'],
		['a colour that is no date', '5', '[Red]General', '5'],
		['a currency that is no date', '5', '[$€-x-euro2] 0.00', '5'],
		['no date beyond the calendar', '99999999', 'yyyy-mm-dd', '99999999'],
	])('%s', async (_, value, format, text) => {
		expect(await shown(value, format)).toBe(text);
	});

	it('counts from 1904 in workbooks that do', async () => {
		expect(await shown('44620', 'yyyy-mm-dd', true)).toBe('2026-03-01');
	});

	it('tells of digits that the spreadsheet has dropped, and of formulas that failed', async () => {
		const sheets = {
			S: `${HEADER}<row r="2"><c r="A2"><v>1.23456789012346E+19</v></c></row><row r="3"><c r="A3" t="e"><v>#N/A</v></c></row>`,
		};
		expect((await readWhole(workbook({ sheets }))).problems).toEqual([
			{ code: 'digitsLost', severity: 'error', row: 2, column: 0, heading: 'a', shown: '12345678901234600000' },
			{ code: 'formulaFailed', severity: 'error', row: 3, column: 0, heading: 'a', shown: '#N/A' },
		]);
	});
});

describe('texts of a workbook', () => {
	it('come from where they are shared, in pieces, without how they are pronounced', async () => {
		const sharedTexts =
			'<si><t>Name</t></si><si><r><t xml:space="preserve">Zoë </t></r><r><t>D.</t></r><rPh><t>zo</t></rPh></si><si><t>a_x000D__x005F_x0041_</t></si>';
		const sheets = {
			S: '<row><c t="s"><v>0</v></c><c t="str"><f>"T"&amp;1</f><v>T1</v></c></row><row><c t="s"><v>1</v></c><c t="b"><v>1</v></c></row><row><c t="s"><v>2</v></c><c t="s"><v>99</v></c></row>',
		};
		const table = await readWhole(workbook({ sheets, sharedTexts }));
		expect(table.headings).toEqual(['Name', 'T1']);
		expect(table.rows).toEqual([
			['Zoë D.', 'true'],
			['a\r_x0041_', ''],
		]);
	});

	it('stand where the cell says, with the row of the sheet', async () => {
		const sheets = {
			S: '<row r="3"><c r="B3" t="str"><v>b</v></c><c r="A3" t="str"><v>a</v></c></row><row r="9"><c r="B9" t="str"><v>2</v></c></row>',
		};
		const table = await readWhole(workbook({ sheets }));
		expect([table.headings, table.rows, table.places]).toEqual([['a', 'b'], [['', '2']], [9]]);
		expect(table.problems).toEqual([]);
	});

	it('come from the first sheet that is shown, or the one that is named', async () => {
		const sheet = (text: string) => `<row><c t="str"><v>${text}</v></c></row>`;
		const bytes = workbook({ sheets: { Notes: sheet('n'), People: sheet('p'), Cars: sheet('c') }, hidden: ['Notes'] });
		expect(await readWhole(bytes)).toMatchObject({
			headings: ['p'],
			origin: { format: 'xlsx', sheet: 'People', sheets: ['Notes', 'People', 'Cars'] },
		});
		expect((await readWhole(bytes, { sheet: 'Cars' })).headings).toEqual(['c']);
		expect((await readWhole(bytes, { sheet: 'Dogs' })).problems).toMatchObject([
			{ code: 'sheetNotFound', detail: 'Notes, People, Cars' },
		]);
	});

	it('are found under prefixed names, as other programs write them', async () => {
		const entries = workbookEntries({ sheets: { S: '' } });
		const prefixed = sheetXml('<row><c t="str"><v>p</v></c></row>')
			.replaceAll(/<(\/?)(worksheet|sheetData|row|c|v)\b/g, '<$1x:$2')
			.replace('xmlns=', 'xmlns:x=');
		expect((await readWhole(zip({ ...entries, 'xl/worksheets/sheet1.xml': prefixed }))).headings).toEqual(['p']);
	});
});

describe('a hostile workbook', () => {
	const entries = workbookEntries({ sheets: { S: HEADER } });
	const sheet = 'xl/worksheets/sheet1.xml';

	async function problemOf(bytes: Uint8Array): Promise<string | undefined> {
		return (await readWhole(bytes)).problems.at(-1)?.code;
	}

	it('that inflates past all bounds is refused before it does', async () => {
		const bytes = zip(entries, (name, size) => (name === sheet ? LIMITS.tableSheetBytes + 1 : size));
		expect(await problemOf(bytes)).toBe('inflatesTooMuch');
	});

	it('that inflates to more than it says is cut off there', async () => {
		const bomb = sheetXml(`${HEADER}${'<row/>'.repeat(2_000_000)}`);
		const bytes = zip({ ...entries, [sheet]: bomb }, (name, size) => (name === sheet ? 1_000 : size));
		expect(await problemOf(bytes)).toBe('brokenWorkbook');
	});

	it('whose cell never ends is given up', async () => {
		const bomb = sheetXml(`${HEADER}<row><c t="str"><v>${'x'.repeat(20_000_000)}</v></c></row>`);
		expect(await problemOf(zip({ ...entries, [sheet]: bomb }))).toBe('inflatesTooMuch');
	});

	it('with a cell far to the right is refused', async () => {
		const far = workbook({ sheets: { S: `${HEADER}<row r="2"><c r="XFD2"><v>1</v></c></row>` } });
		expect(await problemOf(far)).toBe('tooManyColumns');
	});

	it('with rows without end is refused', async () => {
		expect(await problemOf(workbook({ sheets: { S: `${HEADER}${'<row/>'.repeat(2_000_001)}` } }))).toBe('tooManyRows');
	});

	it('that defines entities expands none', async () => {
		const laughs = `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>${sheetXml('<row><c t="str"><v>&b;</v></c></row>')}`;
		expect(await problemOf(zip({ ...entries, [sheet]: laughs.replace(/<\?xml[^>]*>/, '') }))).toBe('brokenWorkbook');
	});

	it.each([
		['is no zip at all', Buffer.from('PK\x03\x04 and then nothing')],
		['lacks its sheet', zip(Object.fromEntries(Object.entries(entries).filter(([name]) => name !== sheet)))],
		['is another kind of document', zip({ 'word/document.xml': '<w/>' })],
		['is cut off', workbook({ sheets: { S: HEADER } }).subarray(0, -60)],
		['has broken XML', zip({ ...entries, [sheet]: sheetXml('<row><c></row>') })],
		['names a file outside', zip({ ...entries, '../../etc/passwd': 'x' })],
	])('that %s is called broken', async (_, bytes) => {
		expect(await problemOf(bytes)).toBe('brokenWorkbook');
	});

	it('makes nothing throw, wherever it is damaged', async () => {
		const sound = workbook({ sheets: { S: `${HEADER}<row><c s="0"><v>5</v></c></row>` }, formats: ['yyyy'] });
		await fc.assert(
			fc.asyncProperty(fc.nat(sound.length - 1), fc.nat(255), async (at, byte) => {
				const damaged = Buffer.from(sound);
				damaged[at] = byte;
				const opening = await openTable(damaged);
				if (opening.result === 'opened') await Array.fromAsync(opening.table.items);
			}),
			{ numRuns: 300 },
		);
	});
});
