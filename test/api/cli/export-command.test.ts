import { describe, expect, it } from 'vitest';
import type { ChargesCommandOptions, ExportCommandOptions } from '../../../src/api/cli/export-handlers.ts';
import { cli } from './fake-cli.ts';

function exporting(seen: ExportCommandOptions[] = []) {
	return {
		written: new Map<string, string>(),
		handlers: {
			async exportTable(options: ExportCommandOptions) {
				seen.push(options);
				await options.write(
					(async function* () {
						yield new TextEncoder().encode('Name\r\nAnna\r\n');
					})(),
				);
				return 1;
			},
		},
	};
}

describe('parkgate export', () => {
	it('X7 writes a list to standard output, as CSV', async () => {
		const seen: ExportCommandOptions[] = [];
		expect(await cli('export holders --config g.yaml', exporting(seen))).toEqual({
			code: 0,
			err: '',
			out: 'Name\r\nAnna\r\n',
		});
		expect(seen[0]).toMatchObject({ configFile: 'g.yaml', face: 'holders', format: 'csv', language: 'en' });
	});

	it('writes a file in the format of its name, and says how many rows', async () => {
		const seen: ExportCommandOptions[] = [];
		const surroundings = exporting(seen);
		const result = await cli('export vehicles -o fleet.XLSX --lang nl', surroundings);
		expect(result).toMatchObject({ code: 0, out: '1 rows in fleet.XLSX\n' });
		expect(surroundings.written.get('fleet.XLSX')).toContain('Anna');
		expect(seen[0]).toMatchObject({ format: 'xlsx', language: 'nl' });
		await cli('export rights -o fleet.xlsx --format jsonl', exporting(seen));
		expect(seen[1]).toMatchObject({ face: 'rights', format: 'jsonl' });
	});

	it('narrows the list', async () => {
		const seen: ExportCommandOptions[] = [];
		await cli(
			'export credentials --search anna --where state=lost --where state=stolen --where kind=',
			exporting(seen),
		);
		expect(seen[0]).toMatchObject({ q: 'anna', where: { state: ['lost', 'stolen'], kind: [''] } });
	});

	it('X5 writes what stays were charged in a span of time', async () => {
		const seen: ChargesCommandOptions[] = [];
		const handlers = {
			async exportCharges(options: ChargesCommandOptions) {
				seen.push(options);
				await options.write((async function* () {})());
			},
		};
		const written = new Map<string, string>();
		const result = await cli('export charges --from 2026-10-01T00:00+02:00 --to 1d -o c.jsonl', { handlers, written });
		expect(result).toMatchObject({ code: 0, out: 'Charges in c.jsonl\n' });
		expect(seen[0]).toMatchObject({
			...{ format: 'jsonl', from: { atMs: Date.parse('2026-10-01T00:00+02:00') }, to: { fromNowMs: -86_400_000 } },
		});
	});

	it.each([
		['charges without a beginning', 'export charges'],
		['charges of somebody', 'export charges --from 7d --search anna'],
		['a span of time for a list', 'export holders --from 7d'],
		['a list that is none', 'export operators'],
		['a filter without a field', 'export holders --where lost'],
		['a format that is none', 'export holders --format pdf'],
	])('refuses %s', async (_, args) => {
		const result = await cli(args, exporting());
		expect(result).toMatchObject({ code: 2, out: '' });
	});

	it('puts no workbook on a screen', async () => {
		const result = await cli('export holders --format xlsx', { ...exporting(), interactive: true });
		expect(result).toMatchObject({ code: 2, out: '' });
		expect(result.err).toContain('--output');
	});
});
