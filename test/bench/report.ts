import { execFileSync } from 'node:child_process';
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { type Figure, isMet, spread, type Target } from './figure.ts';
import { makeWorkDir } from './seeded-store.ts';

export interface PartReport {
	readonly part: string;
	readonly seconds: number;
	readonly figures: readonly Figure[];
	/** Why there are no figures. */
	readonly problem?: string;
}

export interface Machine {
	readonly commit: string;
	readonly node: string;
	readonly processors: string;
	readonly memoryGb: number;
	readonly system: string;
	/** Others' work at the start: processes ready to run, on average over a minute. */
	readonly load: number;
	/** 4 kB written and fdatasync'ed on the disk of the stores. */
	readonly fdatasyncUs: { readonly p50: number; readonly p99: number };
}

export function lookAtMachine(): Machine {
	const processors = os.cpus();
	return {
		commit:
			git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--', 'src') === '' ? '' : ' (changed)'),
		node: process.version,
		processors: `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}`,
		memoryGb: Math.round(os.totalmem() / 2 ** 30),
		system: `${os.type()} ${os.release()}`,
		load: os.loadavg()[0] ?? Number.NaN,
		fdatasyncUs: measureSync(),
	};
}

export function machineLine({ commit, node, processors, memoryGb, system, load, fdatasyncUs }: Machine): string {
	const sync = `fdatasync ${Math.round(fdatasyncUs.p50)} / ${Math.round(fdatasyncUs.p99)} µs`;
	return `commit ${commit} · Node ${node} · ${processors}, ${memoryGb} GB · ${system} · ${sync} (p50 / p99) · load ${load.toFixed(1)}`;
}

export function table(reports: readonly PartReport[]): string {
	const rows = reports.flatMap(({ part, figures, problem }) => [
		[`── ${part}`, '', '', '', ''],
		...(problem === undefined ? [] : [[`  ${problem}`, '', '', 'not measured', '']]),
		...figures.map((figure) => [
			`  ${figure.what}`,
			`${shown(figure.measured)} ${figure.unit}`,
			targetText(figure.target, figure.unit),
			VERDICTS[String(isMet(figure)) as keyof typeof VERDICTS],
			figure.note ?? '',
		]),
	]);
	const all = [['', 'measured', 'target', '', ''], ...rows];
	const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
	return all
		.map((row) =>
			row
				.map((cell, n) => padded(cell, n, widths[n] ?? 0))
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
}

const VERDICTS = { true: 'met', false: 'NOT MET', null: '' } as const;

/** Figures stand right, words left. */
function padded(cell: string, column: number, width: number): string {
	return column === 1 || column === 2 ? cell.padStart(width) : cell.padEnd(width);
}

function targetText(target: Target | undefined, unit: string): string {
	if (target === undefined) return '';
	return 'atMost' in target ? `≤ ${shown(target.atMost)} ${unit}` : `≥ ${shown(target.atLeast)} ${unit}`;
}

/** Three digits that count; thousands apart. */
function shown(value: number): string {
	const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
	return value.toLocaleString('en-GB', { maximumFractionDigits: digits });
}

function git(...args: readonly string[]): string {
	try {
		return execFileSync('git', args, {
			cwd: import.meta.dirname,
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
		}).trim();
	} catch {
		return 'unknown';
	}
}

function measureSync(): { p50: number; p99: number } {
	const dir = makeWorkDir();
	const descriptor = openSync(path.join(dir, 'sync'), 'w');
	const page = Buffer.alloc(4_096, 1);
	const durationsMs = Array.from({ length: 300 }, () => {
		const startedMs = performance.now();
		writeSync(descriptor, page);
		fdatasyncSync(descriptor);
		return performance.now() - startedMs;
	});
	closeSync(descriptor);
	rmSync(dir, { recursive: true });
	return spread(durationsMs);
}
