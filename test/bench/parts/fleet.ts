import { execFile } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import type { FleetReport } from '../../../src/api/cli/simulate-handlers.ts';
import type { Figure, Part } from '../figure.ts';

const MAIN = path.join(path.dirname(path.dirname(path.dirname(import.meta.dirname))), 'dist/main.js');
/** Fewer where the machine is shared with others. */
const SITES = Number(process.env['PARKGATE_FLEET_SITES'] ?? 1_000);
const PATIENCE_S = 240;

/** Sites of the built program with real sessions before a Mosquitto and a central of their own; the broker dies and comes back empty. */
export const fleet: Part = {
	name: 'fleet',
	limitS: 900,
	onlyNamed: true,
	async run() {
		const times = ['--duration', '60', '--ramp', '30', '--patience', `${PATIENCE_S}`];
		const flags = ['--sites', `${SITES}`, '--people', '50', '--storm', '--json', ...times];
		return figuresOf(await simulate(flags));
	},
};

async function simulate(flags: readonly string[]): Promise<FleetReport> {
	const { PATH = '' } = process.env;
	const options = { maxBuffer: 2 ** 24, env: { PATH } };
	const run = promisify(execFile)(process.execPath, [MAIN, 'simulate', 'fleet', ...flags], options);
	// It ends with 1 where something is missing, and says what all the same.
	const { stdout, stderr } = await run.catch((error: { readonly stdout: string; readonly stderr: string }) => error);
	if (stdout === '') throw new Error(`no fleet was simulated: ${stderr}`);
	return JSON.parse(stdout) as FleetReport;
}

function figuresOf(report: FleetReport): readonly Figure[] {
	const { sites, steady, storm, ledger, current, processes, produced } = report;
	const within = (s: number | null | undefined) => s ?? Number.POSITIVE_INFINITY;
	const took = processes.map(({ name, processorS, memoryMb }) => `${name} ${processorS} s, ${memoryMb} MB`);
	return [
		{
			what: `${sites} simulated sites connected with all rows, connecting within 30 s`,
			measured: within(report.allConnectedS),
			unit: 's',
			note: `processor and memory at the end: ${took.join('; ')}`,
		},
		{
			what: 'their events acknowledged, of those made, while all is steady',
			measured: (100 * steady.acknowledgedPerS) / steady.producedPerS,
			unit: '%',
			note: `${steady.producedPerS}/s made`,
		},
		{
			what: 'all back after the broker was killed and came back empty',
			measured: within(storm?.connectedS),
			unit: 's',
			target: { atMost: 60 },
			note: `nothing waits after ${within(storm?.nothingWaitsS)} s`,
		},
		{
			what: 'events lost, doubled or out of order at central',
			measured: ledger === null ? Number.NaN : ledger.lost + ledger.wrong,
			unit: '',
			target: { atMost: 0 },
			note: `of ${produced}`,
		},
		{
			what: 'sites with exactly central’s rows',
			measured: current ?? Number.NaN,
			unit: '',
			target: { atLeast: sites },
		},
	];
}
