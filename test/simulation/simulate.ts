import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { minimise } from './minimise.ts';
import type { Records } from './records.ts';
import { type Run, runSeed, USUAL_VEHICLES } from './run-seed.ts';
import { reportOf, type SeedReport, seedLines, summaryLines } from './seed-report.ts';

const USUAL_SEEDS = 20;
const USAGE = `Usage: npm run simulate -- [--seeds N] [--seed S] [--vehicles M] [--json FILE] [--log] [--minimise]

Lives whole made-up sites through, each from a seed: the gateway as it runs, on a virtual clock, with its store,
drivers and wires, and vehicles, people, operators and failures around it. Says for each seed whether everything held
that has to hold whatever happens, and for one that fails what broke and how to see it again.

  --seeds N       how many seeds (default ${USUAL_SEEDS}; 1 when --seed names one)
  --seed S        the first of them (default 1)
  --vehicles M    about how many come in each (default ${USUAL_VEHICLES})
  --json FILE     writes everything that was seen, for programs
  --log           prints what happened, line by line in the site's own time
  --minimise      looks for the fewest things that have to happen for a seed to fail
  --help          prints this

Ends with 0 (everything held), 1 (something did not) or 2 (not understood). Ctrl-C ends it after the seed it is at.`;

interface Arguments {
	readonly seeds: readonly number[];
	readonly vehicles: number;
	readonly json: string | undefined;
	readonly log: boolean;
	readonly minimise: boolean;
}

const chosen = readArguments();
if (chosen === 'help') print(USAGE);
else if ('problem' in chosen) {
	process.stderr.write(`${chosen.problem}\n\n${USAGE}\n`);
	process.exitCode = 2;
} else await simulate(chosen);

function readArguments(): Arguments | 'help' | { readonly problem: string } {
	try {
		const { values } = parseArgs({
			options: {
				seeds: { type: 'string' },
				seed: { type: 'string' },
				vehicles: { type: 'string', default: String(USUAL_VEHICLES) },
				json: { type: 'string' },
				log: { type: 'boolean', default: false },
				minimise: { type: 'boolean', default: false },
				help: { type: 'boolean', default: false },
			},
		});
		if (values.help) return 'help';
		const first = wholeNumber('seed', values.seed ?? '1');
		const many = wholeNumber('seeds', values.seeds ?? (values.seed === undefined ? String(USUAL_SEEDS) : '1'));
		const { json, log, minimise } = values;
		const seeds = Array.from({ length: many }, (_, place) => first + place);
		return { seeds, vehicles: wholeNumber('vehicles', values.vehicles), json, log, minimise };
	} catch (error) {
		return { problem: error instanceof Error ? error.message : String(error) };
	}
}

function wholeNumber(name: string, text: string): number {
	if (/^\d{1,9}$/.test(text) && Number(text) > 0) return Number(text);
	throw new Error(`--${name} takes a whole number from 1 on, not ${JSON.stringify(text)}`);
}

async function simulate({ seeds, vehicles, json, log, minimise: fewest }: Arguments): Promise<void> {
	const reports: SeedReport[] = [];
	let isInterrupted = false;
	process.once('SIGINT', () => {
		isInterrupted = true;
	});
	for (const seed of seeds) {
		const startedMs = performance.now();
		const run = await runSeed({ seed, vehicles });
		const report = reportOf(run, { vehicles, tookMs: Math.round(performance.now() - startedMs) });
		reports.push(report);
		if (log) printLog(run.records);
		for (const line of seedLines(report)) print(line);
		if (fewest) await printFewest(run);
		if (isInterrupted) break;
	}
	for (const line of summaryLines(reports)) print(line);
	if (json !== undefined) writeFileSync(json, `${JSON.stringify({ reports }, null, '\t')}\n`);
	process.exitCode = reports.some(({ violations }) => violations.length > 0) ? 1 : 0;
}

async function printFewest(run: Run): Promise<void> {
	const [first] = run.records.violations;
	if (first === undefined) return;
	const actions = await minimise(run, first.invariant);
	print(`  ${actions.length} of ${run.actions.length} actions are enough:`);
	for (const action of actions) print(`  ${JSON.stringify(action)}`);
}

function printLog({ log, violations }: Records): void {
	for (const { atMs, text } of log) print(`${(atMs / 1_000).toFixed(3).padStart(10)}  ${text}`);
	for (const { invariant, problem } of violations) print(`does not hold: ${invariant}: ${problem}`);
}

function print(line: string): void {
	process.stdout.write(`${line}\n`);
}
