import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { type Figure, isMet, type Part } from './figure.ts';
import { PARTS } from './parts.ts';
import { MILLION, THOUSAND } from './population.ts';
import { lookAtMachine, machineLine, type PartReport, table } from './report.ts';
import { removeLeftOvers, seed } from './seeded-store.ts';

const USAGE = `Usage: npm run bench -- [--only PART]… [--json FILE]
Parts: ${PARTS.map(({ name }) => name).join(', ')}`;

const chosen = readArguments();
if (chosen === undefined) {
	console.error(USAGE);
	process.exitCode = 2;
} else await bench(chosen.parts, chosen.json);

function readArguments(): { readonly parts: readonly Part[]; readonly json: string | undefined } | undefined {
	try {
		const options = { only: { type: 'string', multiple: true }, json: { type: 'string' } } as const;
		const { only, json } = parseArgs({ options }).values;
		if (only?.some((name) => !PARTS.some((part) => part.name === name))) return undefined;
		return { parts: PARTS.filter(({ name, onlyNamed }) => only?.includes(name) ?? onlyNamed === undefined), json };
	} catch {
		return undefined;
	}
}

/** Targets that are missed are said, not failed: a bench is no test. */
async function bench(parts: readonly Part[], json: string | undefined): Promise<void> {
	removeLeftOvers();
	for (const population of [THOUSAND, MILLION]) await seed(population);
	const machine = lookAtMachine();
	console.log(machineLine(machine));
	const reports: PartReport[] = [];
	for (const part of parts) {
		console.error(`… ${part.name}, at most ${part.limitS} s`);
		reports.push(await runPart(part));
	}
	console.log(`\n${table(reports)}\n`);
	console.log(summary(reports));
	if (json !== undefined) writeFileSync(json, `${JSON.stringify({ machine, reports }, null, '\t')}\n`);
	removeLeftOvers();
}

/** In a process group of its own, so that no part heats another, and what it started ends with it. */
function runPart({ name, limitS }: Part): Promise<PartReport> {
	const startedMs = performance.now();
	const seconds = () => Math.round((performance.now() - startedMs) / 1_000);
	const script = path.join(import.meta.dirname, 'run-part.ts');
	const child = fork(script, [name], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], detached: true });
	const endGroup = () => {
		try {
			if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
		} catch (error) {
			// Nobody of the group is left.
			if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
		}
	};
	const interrupted = () => {
		endGroup();
		process.exit(130);
	};
	let figures: readonly Figure[] | undefined;
	let late = false;
	child.on('message', (message) => {
		figures = message as readonly Figure[];
	});
	const timer = setTimeout(() => {
		late = true;
		endGroup();
	}, limitS * 1_000);
	process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
	return new Promise((resolve) => {
		child.on('exit', (code, signal) => {
			clearTimeout(timer);
			endGroup();
			process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
			const problem = late ? `took longer than ${limitS} s` : `ended with ${signal ?? code}`;
			resolve({
				part: name,
				seconds: seconds(),
				figures: figures ?? [],
				...(figures === undefined ? { problem } : {}),
			});
		});
	});
}

function summary(reports: readonly PartReport[]): string {
	const figures = reports.flatMap((report) => report.figures);
	const missed = figures.filter((figure) => isMet(figure) === false);
	const asked = figures.filter((figure) => figure.target !== undefined).length;
	const unmeasured = reports.filter(({ problem }) => problem !== undefined).length;
	const rest = unmeasured === 0 ? '' : ` ${unmeasured} part(s) gave no figures.`;
	if (missed.length === 0) return `All ${asked} targets met.${rest}`;
	return `${asked - missed.length} of ${asked} targets met. Not met: ${missed.map(({ what }) => what).join('; ')}.${rest}`;
}
