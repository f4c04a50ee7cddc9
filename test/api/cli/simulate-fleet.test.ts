import { describe, expect, it } from 'vitest';
import type { FleetOptions, FleetReport } from '../../../src/api/cli/simulate-handlers.ts';
import { cli } from './fake-cli.ts';

const REPORT: FleetReport = {
	...{ sites: 50, seed: 7, allConnectedS: 4.2, produced: 900, acknowledged: 900, drainedS: 0.3 },
	steady: { seconds: 30, producedPerS: 30, acknowledgedPerS: 29.5 },
	storm: { connectedS: 8, nothingWaitsS: 9.5 },
	...{ ledger: { lost: 0, wrong: 0 }, current: 50 },
	processes: [{ name: 'fleet', processorS: 5, memoryMb: 200 }],
};

function run(args: string, report: FleetReport, asked: unknown[] = []) {
	const simulateFleet = async ({ signal: _, onProgress, ...options }: FleetOptions) => {
		asked.push(options);
		onProgress({ phase: 'steady', connected: 1, produced: 2, acknowledged: 1 });
		return report;
	};
	return cli(`simulate fleet ${args}`, { handlers: { simulateFleet } });
}

describe('parkgate simulate fleet', () => {
	it('asks for what it was told, and says what came of it', async () => {
		const asked: unknown[] = [];
		const { code, out, err } = await run(
			'--sites 50 --seed 7 --storm --url mqtt://b:1 --duration 30 --ramp 5',
			REPORT,
			asked,
		);
		expect({ code, err }).toEqual({ code: 0, err: '' });
		expect(asked).toEqual([
			{
				...{ sites: 50, seed: 7, storm: true, url: 'mqtt://b:1', durationS: 30, rampS: 5 },
				...{ tenant: 'fleet', eventsPerDay: 2_000, people: 100, patienceS: 300 },
			},
		]);
		expect(out).toContain('50, all connected and in sync after 4.2 s');
		expect(out).toContain('0 lost, 0 doubled or out of order');
		expect(out).toContain('all back after 8 s, nothing waits after 9.5 s');
		expect(JSON.parse((await run('--json', REPORT)).out)).toEqual(REPORT);
	});

	it.each([
		['something is lost', { ledger: { lost: 1, wrong: 0 } }],
		['something is doubled', { ledger: { lost: 0, wrong: 1 } }],
		['not all connect', { allConnectedS: null }],
		['not all have central’s rows', { current: 49 }],
		['events still wait', { drainedS: null }],
		['not all come back', { storm: { connectedS: 8, nothingWaitsS: null } }],
	] as const)('ends with 1 when %s', async (_, change) => {
		expect((await run('', { ...REPORT, ...change })).code).toBe(1);
	});

	it.each(['--sites 0', '--sites many', '--seed -1', '--events-per-day 1.5'])(
		'does not understand %s',
		async (args) => {
			const { code, err } = await run(args, REPORT);
			expect(code).toBe(2);
			expect(err).toContain('whole number');
		},
	);
});
