import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	choiceCell,
	countCell,
	flagCell,
	instantCell,
	textCell,
	wordsCell,
} from '../../../../src/gateway/services/tables/cell-parsers.ts';
import { instantText, parseInstantText } from '../../../../src/gateway/services/tables/instant-text.ts';
import {
	checkMapping,
	createRowReader,
	namedMapping,
	proposeMapping,
	type TargetField,
} from '../../../../src/gateway/services/tables/map-columns.ts';
import { createProblemList } from '../../../../src/gateway/services/tables/problem-list.ts';
import { problemText } from '../../../../src/gateway/services/tables/problem-texts/problem-text.ts';

const FIELDS = [
	{
		name: 'name',
		labels: { en: 'Name', fr: 'Nom', nl: 'Naam' },
		aliases: ['full name', 'nom complet'],
		required: true,
		parse: textCell(20),
	},
	{
		name: 'email',
		labels: { en: 'E-mail', fr: 'Courriel', nl: 'E-mail' },
		aliases: ['e-mail address', 'adresse e-mail'],
		required: false,
		parse: textCell(254),
	},
	{
		name: 'tag',
		labels: { en: 'Card', fr: 'Badge', nl: 'Badge' },
		aliases: ['card number', 'numéro de badge', 'tag'],
		required: false,
		parse: textCell(64),
	},
	{
		name: 'places',
		labels: { en: 'Places', fr: 'Places', nl: 'Plaatsen' },
		aliases: [],
		required: false,
		parse: countCell(0, 100),
	},
] as const satisfies readonly TargetField[];

const columnsOf = (...headings: readonly string[]) => headings.map((heading, index) => ({ index, heading }));

describe('headings', () => {
	it.each([
		['English', ['Name', 'E-mail', 'Card', 'Places'], ['name', 'email', 'tag', 'places']],
		['French, in another order', ['NUMERO DE BADGE', 'nom', 'Courriel'], ['tag', 'name', 'email']],
		['Dutch', ['naam', 'E-mail', 'badge', 'Plaatsen'], ['name', 'email', 'tag', 'places']],
		['the fields themselves', ['email', 'name', 'tag', 'places'], ['email', 'name', 'tag', 'places']],
		['with more words', ['Employee full name', 'Private e-mail address', 'Shoe size'], ['name', 'email', null]],
		['that only resemble', ['Company name', 'Tagline', ''], [null, null, null]],
		['twice', ['Name', 'Nom'], ['name', null]],
	])('X7 find their fields: %s', (_, headings, mapping) => {
		expect(proposeMapping(columnsOf(...headings), FIELDS)).toEqual(mapping);
	});

	it('that are missing or not used are told before any row is read', () => {
		const columns = columnsOf('Card', 'Shoe size');
		expect(checkMapping(columns, FIELDS, proposeMapping(columns, FIELDS))).toEqual([
			{ code: 'columnMissing', severity: 'stop', detail: 'name' },
			{ code: 'columnNotUsed', severity: 'note', column: 1, heading: 'Shoe size' },
		]);
	});
});

describe('a row', () => {
	const columns = columnsOf('Name', 'Card', 'Places', 'Shoe size');
	const read = createRowReader(columns, FIELDS, ['name', 'tag', 'places', null]);

	it('becomes the values of its fields; empty cells are null', () => {
		expect(read({ row: 2, cells: [' Zoë ', '', '12', '43'], problems: [] })).toEqual({
			row: 2,
			values: { name: 'Zoë', tag: null, places: 12 },
			problems: [],
		});
	});

	it('X7 tells every cell that it can not take, with its row and column', () => {
		const { values, problems } = read({ row: 7, cells: ['', '04A1', '101', ''], problems: [] });
		expect(values).toEqual({ name: null, tag: '04A1' });
		expect(problems).toEqual([
			{ code: 'required', severity: 'error', row: 7, column: 0, heading: 'Name' },
			{ code: 'outOfRange', severity: 'error', row: 7, column: 2, heading: 'Places', shown: '101', detail: '0–100' },
		]);
	});

	it('does not suffer from what is wrong in a column that nobody uses', () => {
		const lost = (column: number) => ({ code: 'digitsLost', severity: 'error', row: 3, column }) as const;
		const { values, problems } = read({ row: 3, cells: ['A', '1', '', '1'], problems: [lost(1), lost(3)] });
		expect(values).toEqual({ name: 'A', places: null });
		expect(problems).toEqual([lost(1)]);
	});
});

describe('cells', () => {
	const value = (result: unknown) => ({ result: 'value', value: result });

	it('hold dates as people write them, on the site’s clock', () => {
		const start = instantCell('Europe/Brussels', 'start');
		const at = (text: string) => value(Date.parse(text));
		for (const text of ['2026-03-01', '1/3/2026', '01.03.2026', '1-3-2026', '2026/03/01'])
			expect(start(text)).toEqual(at('2026-03-01T00:00:00+01:00'));
		for (const text of ['2026-07-01 17:30', '1/7/2026 17:30', '01/07/2026 17h30', '2026-07-01T15:30:00Z'])
			expect(start(text)).toEqual(at('2026-07-01T17:30:00+02:00'));
		// A day as the end of a validity is included.
		expect(instantCell('Europe/Brussels', 'end')('31/12/2026')).toEqual(at('2027-01-01T00:00:00+01:00'));
		for (const text of ['31/02/2026', '12/31/2026', '2026-13-01', '25:00', 'tomorrow', '2026', '1/3/26'])
			expect(start(text)).toEqual({ result: 'problem', problem: { code: 'notAMoment' } });
	});

	it('hold times that come back as they were exported', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: -5e12, max: 5e12 }),
				fc.constantFrom('Europe/Brussels', 'UTC', 'America/St_Johns', 'Asia/Kathmandu'),
				(atMs, zone) => {
					expect(parseInstantText(instantText(atMs, zone), zone, 'end')).toBe(atMs);
				},
			),
		);
		expect(instantText(Date.parse('2026-07-01T15:30:00Z'), 'Europe/Brussels')).toBe('2026-07-01T17:30:00+02:00');
	});

	it('hold counts, choices, words and flags in the words people use', () => {
		const count = countCell(-5, 2_000);
		expect(['1 500', '1’500', '12.0', '-5'].map(count)).toEqual([1_500, 1_500, 12, -5].map(value));
		expect(['1,5', 'x', '1e3', '', '--1'].map((text) => count(text).result)).toEqual(Array(5).fill('problem'));
		const state = choiceCell(['active', 'blocked'], { active: ['actif', 'actief'], blocked: ['bloqué'] });
		expect(['ACTIVE', 'Actief', 'bloque'].map(state)).toEqual(['active', 'active', 'blocked'].map(value));
		expect(state('gone')).toEqual({ result: 'problem', problem: { code: 'notAnOption', detail: 'active, blocked' } });
		expect(['Oui', 'nee', 'x', '0'].map(flagCell)).toEqual([true, false, true, false].map(value));
		expect(wordsCell(3, 10)('vip; staff|vip, ')).toEqual(value(['vip', 'staff']));
	});
});

describe('problems', () => {
	it('are all counted and the first shown, errors before notes', () => {
		const list = createProblemList(3);
		list.add([{ code: 'tooFewCells', severity: 'note', row: 1 }]);
		for (let row = 2; row < 10; row++) list.add([{ code: 'required', severity: 'error', row }]);
		expect(list.report()).toMatchObject({ errors: 8, notes: 1, counts: { tooFewCells: 1, required: 8 } });
		expect(list.report().shown.map(({ row }) => row)).toEqual([2, 3, 4]);
	});

	it('say where, what and how to mend it, in three languages, and show what hides', () => {
		const problem = {
			code: 'notAMoment',
			severity: 'error',
			row: 12,
			column: 27,
			heading: 'Tot',
			shown: 'x‮y',
		} as const;
		expect(problemText(problem, 'en')).toEqual({
			where: 'Row 12, column AB (Tot)',
			cause: '“x\\u202ey” is not a date or time.',
			mend: 'Write it as 2026-12-31 or 2026-12-31 17:30.',
		});
		expect(problemText(problem, 'fr').where).toBe('Ligne 12, colonne AB (Tot)');
		expect(problemText({ code: 'columnNotUsed', severity: 'note', column: 0 }, 'nl').where).toBe('Kolom A');
		expect(problemText({ code: 'empty', severity: 'stop' }, 'nl').where).toBeNull();
	});
});

describe('columns that somebody named', () => {
	const columns = columnsOf('Badge of the holder', 'Remarks', '', 'E-mail', 'B');

	it('are what was said, by heading however it is written or by letter; the others are found', () => {
		const named = [
			{ column: 'badge OF the holder', field: 'name' },
			{ column: 'C', field: 'places' },
			{ column: 'E-mail', field: null },
		] as const;
		expect(namedMapping(columns, FIELDS, named)).toEqual({
			mapping: ['name', null, 'places', null, null],
			problems: [],
		});
		expect(namedMapping(columns, FIELDS, []).mapping).toEqual(proposeMapping(columns, FIELDS));
	});

	it('a heading comes before the letter of another column, and no field has two columns', () => {
		const named = [{ column: 'b', field: 'email' }] as const;
		expect(namedMapping(columns, FIELDS, named).mapping).toEqual([null, null, null, null, 'email']);
	});

	it('a name that no column has stops the import, with the names there are', () => {
		const { problems } = namedMapping(columns, FIELDS, [{ column: 'Bagde\u202e', field: 'tag' }]);
		expect(problems).toMatchObject([{ code: 'headingNotFound', severity: 'stop' }]);
		const [problem] = problems;
		expect(problem && problemText(problem, 'en')).toEqual({
			...{ where: null, cause: 'No column is called “Bagde\\u202e”.' },
			mend: 'Write one of: Badge of the holder, Remarks, E-mail, B.',
		});
	});
});
