import { describe, expect, it } from 'vitest';
import type { SiteRunOptions, SiteRunReport } from '../../../src/api/cli/simulate-handlers.ts';
import { cli } from './fake-cli.ts';

const REPORT: SiteRunReport = {
	...{ site: 'demo', seed: 3, seconds: 41, passages: 9, reservations: 0, equal: true, unsettled: [] },
	lanes: [{ lane: 'L1', kind: 'entry', vehicles: 12, through: 9, turnedAway: 2, backedOut: 1 }],
	decisions: { granted: 10, RIGHT_EXPIRED: 2 },
	occupancy: [{ area: 'A1', occupied: 8, placeless: 1, inside: 9, equal: true }],
	events: { written: 44, atCentral: 44 },
};

function run(args: string, report: SiteRunReport = REPORT, asked: unknown[] = []) {
	const simulateSite = async ({ signal: _, onProgress, ...options }: SiteRunOptions) => {
		asked.push(options);
		onProgress({ done: 1, total: 2 });
		return report;
	};
	return cli(`simulate site ${args}`, { handlers: { simulateSite } });
}

describe('parkgate simulate site', () => {
	it('asks for what it was told, and says what vehicles did and whether the count is the truth', async () => {
		const asked: unknown[] = [];
		const { code, out, err } = await run('--config g.yaml --vehicles 12 --every 800 --seed 3', REPORT, asked);
		expect({ code, err }).toEqual({ code: 0, err: '' });
		await run('--minutes 5', REPORT, asked);
		await run('', REPORT, asked);
		const usual = { everyMs: 1_500, seed: 1, people: 1_000, patienceS: 60 };
		expect(asked).toEqual([
			{ ...usual, configFile: 'g.yaml', enough: { vehicles: 12 }, everyMs: 800, seed: 3 },
			{ ...usual, enough: { minutes: 5 } },
			{ ...usual, enough: { vehicles: 30 } },
		]);
		expect(out).toContain('demo, 12 vehicles in 41 s, seed 3');
		expect(out).toContain('L1 (entry): 9 through, 2 turned away, 1 backed out');
		expect(out).toContain('granted 10, RIGHT_EXPIRED 2');
		expect(out).toContain('A1: 9, counted 8 and 1 with a free pass: equal');
		expect(JSON.parse((await run('--json')).out)).toEqual(REPORT);
	});

	it.each([
		['a counter is not the truth', { equal: false }],
		['vehicles do not come to rest', { unsettled: ['vehicles still stand in the lanes'] }],
	])('ends with 1 when %s', async (_, change) => {
		expect((await run('', { ...REPORT, ...change })).code).toBe(1);
	});

	it.each([
		['--vehicles 0', /whole number/],
		['--every 5', /whole number/],
		['--vehicles 3 --minutes 2', /cannot be used with/],
	])('does not understand %s', async (args, message) => {
		const { code, err } = await run(args);
		expect(code).toBe(2);
		expect(err).toMatch(message);
	});
});
