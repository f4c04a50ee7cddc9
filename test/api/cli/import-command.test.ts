import { describe, expect, it } from 'vitest';
import type { ImportCommandOptions } from '../../../src/api/cli/handlers.ts';
import type { Import } from '../../../src/gateway/services/imports/imports.ts';
import { cli } from './fake-cli.ts';

const request = { id: 'i1', kind: 'people', fileName: 'p.csv', operatorId: null, createdAtMs: 0 } as const;
const state = {
	stage: 'previewed',
	atMs: 0,
	operatorId: null,
	done: 0,
	total: 2,
	problems: [],
	problemCount: 0,
} as const;
const preview = {
	origin: null,
	columns: [],
	mapping: [],
	samples: [],
	changes: 3,
	counts: { new: 2, changed: 0, same: 1, withErrors: 0 },
	problems: { shown: [], counts: {}, errors: 0, notes: 0 },
} as const;

const importing = (result: Import, seen: ImportCommandOptions[] = []) => ({
	files: { 'lists/p.csv': 'Name\nAnna\n' },
	handlers: {
		importTable(options: ImportCommandOptions) {
			seen.push(options);
			return Promise.resolve(result);
		},
	},
});

describe('parkgate import', () => {
	it('X7 brings a list in and says what came of it', async () => {
		const seen: ImportCommandOptions[] = [];
		const done: Import = { ...request, state: { ...state, stage: 'applied' }, preview };
		const result = await cli(
			'import people lists/p.csv --config g.yaml --delimiter tab --clear-empty',
			importing(done, seen),
		);
		expect(result).toMatchObject({ code: 0, err: '', out: '2 new, 0 changed, 1 the same, 0 with errors.\nDone.\n' });
		expect(seen[0]).toMatchObject({ kind: 'people', fileName: 'p.csv', configFile: 'g.yaml', dryRun: false });
		expect(seen[0]?.options).toEqual({ sheet: undefined, delimiter: '\t', emptyCells: 'clear', named: undefined });
		expect(new TextDecoder().decode(seen[0]?.bytes)).toBe('Name\nAnna\n');
	});

	it('Z14 names a saved mapping, and what is said beside it', async () => {
		const seen: ImportCommandOptions[] = [];
		const done: Import = { ...request, state: { ...state, stage: 'applied' }, preview };
		await cli('import people lists/p.csv --mapping HR --map Who=name', importing(done, seen));
		expect(seen[0]).toMatchObject({ mapping: 'HR', options: { named: [{ column: 'Who', field: 'name' }] } });
	});

	it('only shows with --dry-run what would change', async () => {
		const seen: ImportCommandOptions[] = [];
		const result = await cli('import vehicles lists/p.csv --dry-run', importing({ ...request, state, preview }, seen));
		expect(result.out).toContain('Nothing was changed: this was a dry run.');
		expect([result.code, seen[0]?.dryRun]).toEqual([0, true]);
	});

	it('fails with each error’s row and column, hidden characters made visible', async () => {
		const shown = [
			{ code: 'notFound', severity: 'error', row: 3, column: 1, heading: 'Company', shown: 'Ac\u202eme' },
		] as const;
		const problems = { shown, counts: { notFound: 2 }, errors: 2, notes: 0 };
		const result = await cli(
			'import rights lists/p.csv',
			importing({ ...request, state, preview: { ...preview, problems } }),
		);
		expect(result.code).toBe(1);
		expect(result.err).toContain('Row 3, column B (Company): “Ac\\u202eme” was not found.');
		expect(result.err).toContain('… and 1 more.');
		expect(result.out).toContain('Nothing was changed: correct the errors and try again.');
	});

	it('fails when the gateway put everything back', async () => {
		const problems = [
			{ row: 9, table: 'holders', key: 'h', code: 'exists', field: 'id', problem: 'there is one' },
		] as const;
		const back: Import = { ...request, state: { ...state, stage: 'rolledBack', problems, problemCount: 1 }, preview };
		const result = await cli('import people lists/p.csv', importing(back));
		expect([result.code, result.err]).toEqual([1, 'Row 9: there is one\n']);
	});

	it('prints JSON for programs', async () => {
		const result = await cli('import people lists/p.csv --json', importing({ ...request, state, preview }));
		expect(JSON.parse(result.out)).toMatchObject({ id: 'i1', preview: { counts: { new: 2 } } });
	});

	it('X7 takes columns for what is said, by heading or letter, and leaves out what is said', async () => {
		const seen: ImportCommandOptions[] = [];
		const done: Import = { ...request, state: { ...state, stage: 'applied' }, preview };
		const columns = ['Personnel=no.=externalid', 'Until=validTo', 'C=-'];
		const argv = ['import', 'rights', 'lists/p.csv', ...columns.slice(1).flatMap((column) => ['--map', column])];
		expect((await cli(argv, importing(done, seen))).code).toBe(0);
		const people = ['import', 'people', 'lists/p.csv', '--map', columns[0] ?? ''];
		expect((await cli(people, importing(done, seen))).code).toBe(0);
		expect(seen.map(({ options }) => options.named)).toEqual([
			[
				{ column: 'Until', field: 'validToMs' },
				{ column: 'C', field: null },
			],
			[{ column: 'Personnel=no.', field: 'externalId' }],
		]);
	});

	it.each([
		['Badge', 'Write it as "Column=field"'],
		['=tag', 'Write it as "Column=field"'],
		['Badge=tga', 'There is no field tga. Write tag, or - to leave the column out.'],
		['Badge=\u202eshoe size', 'There is no field \\u202eshoe size. Write one of id, name, email'],
	])('refuses --map %j and says how to write it', async (column, words) => {
		const result = await cli(
			['import', 'people', 'lists/p.csv', '--map', column],
			importing({ ...request, state, preview }),
		);
		expect(result.code).toBe(2);
		expect(result.err).toContain(words);
	});

	it('refuses two columns for one field, and names the fields in its help', async () => {
		const argv = ['import', 'people', 'lists/p.csv', '--map', 'A=tag', '--map', 'B=tag'];
		const result = await cli(argv, importing({ ...request, state, preview }));
		expect([result.code, result.err]).toEqual([2, expect.stringContaining('tag is A already.')]);
		const help = await cli('import rights --help');
		expect(help.out).toContain('--map <column=field>');
		expect(help.out).toContain('id, holderId, specificationId, state, validFrom, validTo, poolId, spaceId');
	});

	it('takes no other kind', async () => {
		expect((await cli('import dogs lists/p.csv')).code).toBe(2);
	});
});
