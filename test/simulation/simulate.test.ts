import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { minimise } from './minimise.ts';
import { type RunOptions, runSeed } from './run-seed.ts';
import { reportOf, seedLines, summaryLines } from './seed-report.ts';

type Tamper = NonNullable<RunOptions['tamper']>;

const PROGRAM = path.join(import.meta.dirname, 'simulate.ts');

describe('the program that lives seeds through', () => {
	let dir: string;
	beforeEach(() => {
		dir = mkdtempSync(path.join(tmpdir(), 'parkgate-simulate-'));
	});
	afterEach(() => rmSync(dir, { recursive: true, force: true }));

	const simulate = (...args: readonly string[]) =>
		spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8' });

	test('a line a seed, a summary, everything in a file, and 0 when all held', () => {
		const json = path.join(dir, 'seeds.json');
		const { status, stdout } = simulate('--seeds', '2', '--seed', '7', '--vehicles', '5', '--json', json);
		expect(status).toBe(0);
		expect(stdout).toMatch(/^seed 7 holds: .+\nseed 8 holds: .+\n/);
		expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^2 seeds, .* 0 failed$/);
		const { reports } = JSON.parse(readFileSync(json, 'utf8'));
		expect(reports).toMatchObject([
			{ seed: 7, vehicles: 5, violations: [], replay: 'npm run simulate -- --seed 7 --vehicles 5 --log' },
			{ seed: 8 },
		]);
	}, 180_000);

	test.each([[['--seed', '0']], [['--sedes', '3']]])('%j is not understood', (args) => {
		const { status, stderr, stdout } = simulate(...args);
		expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
		expect(stderr).toContain('Usage: npm run simulate');
	});

	test('--help explains itself', () => {
		expect(simulate('--help')).toMatchObject({ status: 0, stderr: '' });
	});
});

describe('a seed that fails', () => {
	const uncounted: Tamper = {
		store: (store) => ({
			...store,
			occupancy: { ...store.occupancy, move: () => ({ counters: [], corrections: [] }) },
		}),
	};

	test('names each broken invariant, its first case and how to see it again', async () => {
		const run = await runSeed({ seed: 1, vehicles: 25, tamper: uncounted });
		const report = reportOf(run, { vehicles: 25, tookMs: 1 });
		const lines = seedLines(report);
		expect(lines[0]).toMatch(/^seed 1 FAILS: /);
		expect(lines.filter((line) => line.startsWith('  bookkeeping: '))).toHaveLength(1);
		expect(lines.at(-1)).toBe('  replay: npm run simulate -- --seed 1 --vehicles 25 --log');
		expect(summaryLines([report]).at(-1)).toMatch(/1 failed: 1$/);
	}, 180_000);

	test('needs only some of what happened', async () => {
		const run = await runSeed({ seed: 1, vehicles: 10, tamper: uncounted });
		const actions = await minimise(run, 'bookkeeping', uncounted);
		expect(actions.length).toBeLessThan(run.actions.length);
		const again = await runSeed({ seed: 1, actions: [...actions, { do: 'settle', afterMs: 0 }], tamper: uncounted });
		expect(again.records.violations.map(({ invariant }) => invariant)).toContain('bookkeeping');
	}, 180_000);
});
