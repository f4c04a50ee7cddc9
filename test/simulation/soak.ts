import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { soakSeeds } from './soak/seed-part.ts';
import { type PartResult, resultName, type SoakResult, summaryOf } from './soak/soak-result.ts';
import { soakTests } from './soak/test-part.ts';

const USUAL_MINUTES = 90;
/** Of each codec and of all lines together, in one round. */
const DRIVER_BYTES = 10_000_000;
const DRIVER_REPLUGS = 1_000;
/** Each in the middle of four vends. */
const VEND_KILLS = 40;
/** Of events, changes, edits and commands over a way that cuts, some two minutes. */
const UNRULY_ROUNDS = 200;
/** Before one broker and one central. */
const FLEET_SITES = 1_000;
const USAGE = `Usage: npm run soak -- [--minutes N] [--only PART]… [--seed S]

The long forms, for as long as there is time: new seeds of the simulated site; gateways, brokers and writers killed by
−9 again and again; every driver under ${DRIVER_BYTES.toLocaleString('en')} bytes of anything, some 5 minutes a round, and ${DRIVER_REPLUGS.toLocaleString('en')} replugs, some 20 minutes; a
fleet of ${FLEET_SITES.toLocaleString('en')} sites whose broker dies; every property of the tests with new values. Writes
soak-results/DATE-COMMIT.json, with the parts in its name where some were chosen.

  --minutes N   about how long all of it may take (default ${USUAL_MINUTES}); a round that has begun is ended
  --only PART   seeds, kills, drivers, replugs, fleet or properties; may be given more than once
  --seed S      the first seed (default: one of this minute's own)
  --help        prints this

Ends with 0 (everything held), 1 (something did not) or 2 (not understood). Ctrl-C ends it and writes what there is.`;

const ROOT = path.resolve(import.meta.dirname, '../..');
const KILLS = [
	'test/gateway/store/killed-writer.test.ts',
	'test/sync/mosquitto-events.test.ts',
	'test/sync/mosquitto-kill-at-steps.test.ts',
	'test/sync/mosquitto-unruly.test.ts',
	'test/end-to-end/crash-and-sync.test.ts',
	'test/end-to-end/several-centrals.test.ts',
	'test/end-to-end/killed-vend.test.ts',
];
const FLEET = ['test/end-to-end/fleet.test.ts'];
const DRIVERS = ['test/contract/driver-fuzz.test.ts', 'test/contract/camera-fuzz.test.ts'];
const REPLUGS = ['test/contract/drivers-on-tty.test.ts', 'test/contract/hid-replug.test.ts'];

/** How much of the time each part has. */
const SHARES = { seeds: 0.35, kills: 0.1, drivers: 0.15, replugs: 0.25, fleet: 0.05, properties: 0.1 } as const;
type PartName = keyof typeof SHARES;
const NAMES = Object.keys(SHARES) as PartName[];

interface Arguments {
	readonly minutes: number;
	readonly parts: readonly PartName[];
	readonly seed: number;
}

const chosen = readArguments();
if (chosen === 'help') print(USAGE);
else if ('problem' in chosen) {
	process.stderr.write(`${chosen.problem}\n\n${USAGE}\n`);
	process.exitCode = 2;
} else await soak(chosen);

function readArguments(): Arguments | 'help' | { readonly problem: string } {
	try {
		const { values } = parseArgs({
			options: {
				minutes: { type: 'string', default: String(USUAL_MINUTES) },
				only: { type: 'string', multiple: true, default: [] },
				seed: { type: 'string', default: String(Math.floor(Date.now() / 60_000)) },
				help: { type: 'boolean', default: false },
			},
		});
		if (values.help) return 'help';
		const unknown = values.only.find((name) => !NAMES.some((part) => part === name));
		if (unknown !== undefined) return { problem: `--only takes ${NAMES.join(', ')}, not ${JSON.stringify(unknown)}` };
		const parts = NAMES.filter((name) => values.only.length === 0 || values.only.includes(name));
		return { parts, minutes: wholeNumber('minutes', values.minutes), seed: wholeNumber('seed', values.seed) };
	} catch (error) {
		return { problem: error instanceof Error ? error.message : String(error) };
	}
}

function wholeNumber(name: string, text: string): number {
	if (/^\d{1,9}$/.test(text) && Number(text) > 0) return Number(text);
	throw new Error(`--${name} takes a whole number from 1 on, not ${JSON.stringify(text)}`);
}

async function soak({ minutes, parts: names, seed }: Arguments): Promise<void> {
	const sources = lookAtSources();
	const startedAt = new Date().toISOString();
	let isInterrupted = false;
	process.on('SIGINT', () => {
		isInterrupted = true;
	});
	const shares = names.reduce((sum, name) => sum + SHARES[name], 0);
	const parts: PartResult[] = [];
	for (const name of names) {
		if (isInterrupted) break;
		const durationMs = (minutes * 60_000 * SHARES[name]) / shares;
		print(`… ${name}, about ${(durationMs / 60_000).toFixed(1)} min`);
		parts.push(await runPart(name, { durationMs, isInterrupted: () => isInterrupted, say: print }, seed));
	}
	const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
	const only = names.length === NAMES.length ? [] : names;
	const result: SoakResult = { ...sources, startedAt, minutes, only, interrupted: isInterrupted, machine, parts };
	const file = path.join(ROOT, 'soak-results', resultName(result));
	mkdirSync(path.dirname(file), { recursive: true });
	writeFileSync(file, `${JSON.stringify(result, null, '\t')}\n`);
	print('');
	for (const line of summaryOf(result)) print(line);
	print(`written to ${path.relative(process.cwd(), file)}`);
	process.exitCode = parts.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

interface PartOptions {
	readonly durationMs: number;
	readonly isInterrupted: () => boolean;
	readonly say: (line: string) => void;
}

function runPart(name: PartName, options: PartOptions, first: number): Promise<PartResult> {
	switch (name) {
		case 'seeds':
			return soakSeeds({ ...options, first });
		case 'kills':
			return soakTests({
				...{ ...options, name, files: KILLS },
				env: (round) => ({
					PARKGATE_VEND_KILLS: String(VEND_KILLS),
					PARKGATE_VEND_SEED: String(first + round),
					PARKGATE_UNRULY_ROUNDS: String(UNRULY_ROUNDS),
					PARKGATE_UNRULY_SEED: String(first + round),
					...drawnFrom(first + round),
				}),
			});
		case 'drivers':
			return soakTests({
				...{ ...options, name, files: DRIVERS, roundLimitMs: 4 * 3_600_000 },
				env: (round) => ({
					PARKGATE_FUZZ_BYTES: String(DRIVER_BYTES),
					PARKGATE_FUZZ_SEED: String(first + round),
					...drawnFrom(first + round),
				}),
			});
		case 'replugs':
			return soakTests({
				...{ ...options, name, files: REPLUGS, roundLimitMs: 4 * 3_600_000 },
				env: () => ({ PARKGATE_REPLUG_CYCLES: String(DRIVER_REPLUGS) }),
			});
		case 'fleet':
			return soakTests({
				...{ ...options, name, files: FLEET },
				env: (round) => ({ PARKGATE_FLEET_SITES: String(FLEET_SITES), PARKGATE_FLEET_SEED: String(first + round) }),
			});
		case 'properties':
			return soakTests({ ...options, name, files: propertyTests(), env: (round) => drawnFrom(first + round) });
	}
}

/** What properties draw. */
function drawnFrom(seed: number) {
	return { PARKGATE_PROPERTY_SEED: String(seed) };
}

/** Every test that draws its values, itself or by the contract it holds a part to. */
function propertyTests(): readonly string[] {
	const files = globSync('test/**/*.{ts,tsx}', { cwd: ROOT });
	const textOf = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
	const drawing = files.filter((file) => textOf(file).includes(`from 'fast-check'`));
	const contracts = drawing.filter((file) => !/\.test\.tsx?$/.test(file)).map((file) => path.basename(file));
	const isTest = (file: string) => /\.test\.tsx?$/.test(file);
	return files
		.filter((file) => isTest(file) && (drawing.includes(file) || contracts.some((name) => textOf(file).includes(name))))
		.sort();
}

function lookAtSources(): Pick<SoakResult, 'commit' | 'changed'> {
	const git = (...args: readonly string[]) => spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' });
	const head = git('rev-parse', 'HEAD');
	if (head.status !== 0) return { commit: null, changed: false };
	return { commit: head.stdout.trim(), changed: git('status', '--porcelain', '-uno').stdout.trim() !== '' };
}

function print(line: string): void {
	process.stdout.write(`${line}\n`);
}
