import { expect, test } from 'vitest';
import type { OperatorImport } from '../../../src/gateway/services/operators/operator-imports.ts';
import { cli } from './fake-cli.ts';

const HANDED = {
	...{ id: 'o-1', email: 'ada@example.org', code: '7KQM-X2PD-94HB' },
	...{ url: 'https://gate:8080/activate?code=7KQM-X2PD-94HB', endsAtMs: Date.UTC(2026, 7, 1) },
};

test('X12 operator add hands out a code for who is invited, with their roles and where those are for', async () => {
	const asked: unknown[] = [];
	const handlers = {
		addOperator: async (options: object) => {
			asked.push(options);
			return HANDED;
		},
	};
	const command = 'operator add ada@example.org --name Ada --role reception --role security@park:P1 --config g.yaml';
	const { code, out, err } = await cli(command, { handlers });
	expect([code, err]).toEqual([0, '']);
	expect(out).toContain('7KQM-X2PD-94HB');
	expect(out).toContain('https://gate:8080/activate?code=');
	const roles = [
		{ roleId: 'reception', scope: 'site' },
		{ roleId: 'security', scope: 'park:P1' },
	];
	expect(asked).toEqual([{ configFile: 'g.yaml', email: 'ada@example.org', name: 'Ada', roles }]);
});

test.each([
	[true, 'ada@example.org has no second factor any more.\n'],
	[false, 'ada@example.org had no second factor.\n'],
])('issue 9: operator reset-second-factor says whether there was one (%s)', async (reset, says) => {
	const handlers = { resetSecondFactor: async () => reset };
	const { code, out } = await cli('operator reset-second-factor ada@example.org --config g.yaml', { handlers });
	expect([code, out]).toEqual([0, says]);
	const json = await cli('operator reset-second-factor ada@example.org --config g.yaml --json', { handlers });
	expect(JSON.parse(json.out)).toEqual({ email: 'ada@example.org', reset });
});

test('operator reset-password prints JSON for programs', async () => {
	const handlers = { resetPassword: async () => HANDED };
	const { code, out } = await cli('operator reset-password ada@example.org --config g.yaml --json', { handlers });
	const { endsAtMs: _, ...handed } = HANDED;
	expect([code, JSON.parse(out)]).toEqual([0, { ...handed, ends: '2026-08-01T00:00:00.000Z' }]);
});

test.each([
	'operator add ada --name Ada',
	'operator add ada@example.org',
	'operator add ada@example.org --name Ada --role reception@nowhere',
	'operator reset-password ada',
	'operator reset-second-factor ada',
])('%s is not understood', async (command) => {
	expect((await cli(command)).code).toBe(2);
});

test('Z8 import operators prints a code for each who was invited, and fails where a row is refused', async () => {
	const read: OperatorImport = {
		...{
			id: 'i-1',
			fileName: 'team.csv',
			createdAtMs: 0,
			operatorId: null,
			stage: 'applied',
			columns: [],
			mapping: [],
		},
		...{ problems: { shown: [], counts: {}, errors: 0, notes: 0 }, rows: [], seatsFree: null, kept: 0 },
	};
	const asked: object[] = [];
	const importing = (result: object) => ({
		files: { 'team.csv': 'e-mail;name\n' },
		handlers: {
			importOperators: async (options: object) => {
				asked.push(options);
				return { import: read, refusals: [], codes: [], isWell: true, ...result };
			},
		},
	});
	const done = await cli('import operators team.csv --mapping HR --config g.yaml', importing({ codes: [HANDED] }));
	expect(done).toMatchObject({ code: 0, err: '' });
	expect(done.out).toContain('7KQM-X2PD-94HB');
	expect(asked).toMatchObject([{ mapping: 'HR', dryRun: false, fileName: 'team.csv', configFile: 'g.yaml' }]);
	const refusals = [{ row: 3, problem: 'There is no such role.' }];
	const refused = await cli('import operators team.csv --config g.yaml', importing({ refusals, isWell: false }));
	expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('Row 3: There is no such role.')]);
});
