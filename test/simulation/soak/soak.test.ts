import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { soakSeeds } from './seed-part.ts';
import { resultName, type SoakResult, summaryOf } from './soak-result.ts';
import { soakTests } from './test-part.ts';

const PROGRAM = path.join(import.meta.dirname, '../soak.ts');
const part = { durationMs: 0, isInterrupted: () => false };

function aResult(change: Partial<SoakResult> = {}): SoakResult {
	return {
		...{ commit: '1dbced6c0a1b2c3d4e5f', changed: false, startedAt: '2026-11-22T08:15:59.123Z', minutes: 30 },
		...{ only: [], interrupted: false, machine: { processor: 'a processor', cores: 2, node: 'v26' }, parts: [] },
		...change,
	};
}

describe('the soak', () => {
	test.each([[['--minutes', '0']], [['--only', 'everything']]])('%j is not understood', (args) => {
		const { status, stderr, stdout } = spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8' });
		expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
		expect(stderr).toContain('Usage: npm run soak');
	});

	test('a part ends its round when the time is over', async () => {
		const lines: string[] = [];
		const { rounds, failures, detail } = await soakSeeds({ ...part, first: 3, say: (line) => lines.push(line) });
		expect({ rounds, failures }).toEqual({ rounds: 1, failures: [] });
		expect(detail).toMatchObject({ firstSeed: 3, lastSeed: 3 });
		expect(lines[0]).toMatch(/^seed 3 holds: /);
	}, 180_000);

	test('tests that can not run are a failure, with what was said and how to see it again', async () => {
		const result = await soakTests({
			...part,
			name: 'kills',
			files: ['test/simulation/no-such.test.ts'],
			say: () => {},
		});
		expect(result).toMatchObject({ rounds: 1, detail: { passed: 0 } });
		expect(result.failures).toMatchObject([{ replay: 'npx vitest run test/simulation/no-such.test.ts' }]);
		expect(result.failures[0]?.problem).toContain('ended with 1');
	}, 180_000);

	test('its file names the commit, and whether the sources were changed since, and the parts that were chosen', () => {
		expect(resultName(aResult())).toBe('2026-11-22T08-15-1dbced6c0a1b.json');
		expect(resultName(aResult({ changed: true }))).toBe('2026-11-22T08-15-1dbced6c0a1b-changed.json');
		expect(resultName(aResult({ commit: null }))).toBe('2026-11-22T08-15-unknown.json');
		expect(resultName(aResult({ only: ['drivers', 'replugs'] }))).toBe(
			'2026-11-22T08-15-1dbced6c0a1b-drivers-replugs.json',
		);
	});

	test('its summary names every part and every failure', () => {
		const failure = {
			what: 'seed 9: counted',
			problem: 'car-p1 was not counted',
			replay: 'npm run simulate -- --seed 9',
		};
		const seeds = { name: 'seeds', rounds: 12, held: '2.0 h of a site', tookMs: 90_000, detail: {} };
		expect(summaryOf(aResult({ parts: [{ ...seeds, failures: [failure] }] }))).toEqual([
			'commit 1dbced6c0a1b2c3d4e5f',
			'FAILS seeds: 12 rounds, 2.0 h of a site, 1 failures, 1.5 min',
			'seeds: seed 9: counted: car-p1 was not counted',
			'  replay: npm run simulate -- --seed 9',
		]);
	});
});
