import { Buffer } from 'node:buffer';
import { randomUUIDv7 } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { createDirectoryEdits } from '../../../src/gateway/services/directory/edit-directory.ts';
import { createImports } from '../../../src/gateway/services/imports/create-imports.ts';
import { SITE_FILE } from '../../../src/gateway/store/site-store.ts';
import { type BenchSite, createBenchSite } from '../bench-site.ts';
import { type Figure, type Part, percentile } from '../figure.ts';
import { TEN_EACH, tagsInTurn } from '../population.ts';
import { quietLog } from '../quiet-log.ts';
import { makeSeededStore } from '../seeded-store.ts';

const ROWS = 100_000;
const LANES = 16;
/** Between two vehicles: a busy site's whole hour in a minute. */
const VEHICLE_MS = 20;
const ALONE_MS = 15_000;

/**
 * 100,000 people brought in beside 100,000 holders and 1,000,000 credentials while vehicles come every 20 ms: how long the
 * event loop lags, and how long they wait, beside the same without an import.
 */
export const imports: Part = {
	name: 'imports',
	limitS: 600,
	async run() {
		const dir = await makeSeededStore(TEN_EACH);
		const bench = createBench(dir);
		try {
			return await measure(bench);
		} finally {
			await bench.close();
			rmSync(dir, { recursive: true });
		}
	},
};

type Bench = ReturnType<typeof createBench>;

function createBench(dir: string) {
	const opened = new Map<number, () => void>();
	const opens = (deviceId: string) => ({
		pulse() {
			opened.get(Number(deviceId.slice('boom-'.length)))?.();
			return Promise.resolve({ result: 'done' } as const);
		},
	});
	const site: BenchSite = createBenchSite({ dir, lanes: LANES, opens });
	const { store, directory, clock } = site;
	const common = { store, clock, newId: randomUUIDv7 };
	const edits = createDirectoryEdits({
		...{ ...common, hasCentral: true, rules: {}, follow: () => undefined },
		directory: directory.reader,
		isWired: () => true,
		edited: () => undefined,
	});
	const made = createImports({
		...{ ...common, edits, log: quietLog, timeZone: 'Europe/Brussels' },
		directory: directory.reader,
		dir: path.join(dir, 'imports'),
		siteFile: path.join(dir, SITE_FILE),
		directoryFile: () => path.join(dir, store.settings.directoryFile() ?? ''),
		journalGrew: () => undefined,
	});
	const nextTag = tagsInTurn(TEN_EACH);
	let lane = 0;
	return {
		imports: made,
		/** A vehicle at the next lane; from its read to its pulse, ms. */
		decide(): Promise<number> {
			lane = (lane % LANES) + 1;
			const own = lane;
			const startedMs = performance.now();
			const { promise, resolve } = Promise.withResolvers<number>();
			opened.set(own, () => resolve(performance.now() - startedMs));
			site.read(own, nextTag());
			return promise;
		},
		async close() {
			await made.stop();
			await site.close();
		},
	};
}

interface Measured {
	readonly decisionsMs: readonly number[];
	readonly lag: { readonly p99: number; readonly max: number };
	/** Of this thread between two turns of a timer: what neighbours take of the processor is not in it. */
	readonly worked: { readonly p99: number; readonly max: number };
	readonly seconds: number;
}

/** What vehicles and the event loop see until the work is done. */
async function watch(bench: Bench, work: Promise<unknown>): Promise<Measured> {
	const decisionsMs: number[] = [];
	const workedMs: number[] = [];
	const lag = monitorEventLoopDelay({ resolution: 1 });
	const startedMs = performance.now();
	let done = false;
	let before = threadMs();
	const turns = setInterval(() => {
		const now = threadMs();
		workedMs.push(now - before);
		before = now;
	}, 1);
	const traffic = (async () => {
		while (!done) {
			decisionsMs.push(await bench.decide());
			await wait(VEHICLE_MS);
		}
	})();
	lag.enable();
	await work;
	done = true;
	await traffic;
	lag.disable();
	clearInterval(turns);
	return {
		decisionsMs,
		lag: { p99: lag.percentile(99) / 1e6, max: lag.max / 1e6 },
		worked: { p99: percentile(workedMs, 0.99), max: Math.max(...workedMs) },
		seconds: (performance.now() - startedMs) / 1_000,
	};
}

function threadMs(): number {
	const { user, system } = process.threadCpuUsage();
	return (user + system) / 1_000;
}

async function measure(bench: Bench): Promise<readonly Figure[]> {
	await watch(bench, wait(2_000));
	const alone = await watch(bench, wait(ALONE_MS));
	const request = { kind: 'people', fileName: 'people.csv', operatorId: null } as const;
	const reading = bench.imports.read(request, people());
	const previewed = await watch(bench, reading);
	const { id, preview } = await reading;
	if (preview?.counts.new !== ROWS) throw new Error(JSON.stringify(preview?.problems));
	const apply = async () => {
		const answer = bench.imports.apply(id, null);
		if (answer.result === 'refused') throw new Error(answer.problem);
		await bench.imports.settled();
	};
	const applied = await watch(bench, apply());
	if (bench.imports.get(id)?.state.stage !== 'applied') throw new Error(JSON.stringify(bench.imports.get(id)?.state));
	return [...figuresOf('previewed', previewed, alone), ...figuresOf('applied', applied, alone)];
}

function figuresOf(what: string, during: Measured, alone: Measured): readonly Figure[] {
	const ms = (value: number) => value.toFixed(1);
	const p99 = (of: Measured) => percentile(of.decisionsMs, 0.99);
	return [
		{
			what: `event loop lag while 100,000 rows are ${what}, p99`,
			measured: during.lag.p99,
			unit: 'ms',
			target: { atMost: 20 },
			note: `without ${ms(alone.lag.p99)} ms; longest ${ms(during.lag.max)} and ${ms(alone.lag.max)} ms; ${during.seconds.toFixed(0)} s`,
		},
		{
			what: `longest work of the event loop at once while 100,000 rows are ${what}`,
			measured: during.worked.max,
			unit: 'ms',
			target: { atMost: 20 },
			note: `processor time, without ${ms(alone.worked.max)} ms; p99 ${ms(during.worked.p99)} and ${ms(alone.worked.p99)} ms`,
		},
		{
			what: `decision p99 while 100,000 rows are ${what}`,
			measured: p99(during),
			unit: 'ms',
			note: `without ${ms(p99(alone))} ms; p50 ${ms(percentile(during.decisionsMs, 0.5))} and ${ms(percentile(alone.decisionsMs, 0.5))} ms`,
		},
	];
}

function people(): Uint8Array {
	const rows = Array.from(
		{ length: ROWS },
		(_, n) => `E${n};Person ${n};person-${n}@example.org;+32 470 ${String(n).padStart(6, '0')}\r\n`,
	);
	return Buffer.from(`Employee number;Name;E-mail;Phone\r\n${rows.join('')}`);
}
