import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PlayedLane } from './wire/played-lane.ts';

const ROOT = path.dirname(path.dirname(import.meta.dirname));
/** The built program as a site would run it, on a seeded store, with the played lane for hardware. */
export interface Daemon {
	readonly pid: number;
	/** Rejects with its last words when it ends by itself. */
	readonly died: Promise<never>;
	/** What the kernel says of its memory, MB: now, and at the most so far. */
	memory(): { readonly rssMb: number; readonly peakMb: number };
	stop(): Promise<void>;
}

export interface DaemonOptions {
	readonly dir: string;
	readonly lane: Pick<PlayedLane, 'readers' | 'board'>;
	readonly brokerUrl?: string;
}

export function startDaemon({ dir, lane, brokerUrl }: DaemonOptions): Daemon {
	return runDaemon(dir, configOf(dir, lane, brokerUrl));
}

/** @param config what `gateway.yaml` says; JSON is YAML */
export function runDaemon(dir: string, config: object): Daemon {
	const configFile = path.join(dir, 'gateway.yaml');
	writeFileSync(configFile, JSON.stringify(config));
	const logFile = path.join(dir, 'daemon.log');
	const log = openSync(logFile, 'a');
	let stopping = false;
	const child: ChildProcess = spawn(
		process.execPath,
		[path.join(ROOT, 'dist/main.js'), 'run', '--config', configFile],
		{
			stdio: ['ignore', log, log],
			env: { ...process.env, CACHE_DIRECTORY: path.join(ROOT, 'node_modules/.cache/parkgate-bench/compile') },
		},
	);
	const pid = child.pid ?? 0;
	const died = new Promise<never>((_, reject) => {
		child.once('exit', () => {
			if (!stopping) reject(new Error(`the daemon ended: ${readFileSync(logFile, 'utf8').slice(-2_000)}`));
		});
	});
	died.catch(() => undefined);
	return {
		pid,
		died,
		memory() {
			const status = readFileSync(`/proc/${pid}/status`, 'utf8');
			const mb = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) / 1_024;
			return { rssMb: mb('VmRSS'), peakMb: mb('VmHWM') };
		},
		async stop() {
			stopping = true;
			if (child.exitCode !== null || child.signalCode !== null) return;
			const gone = once(child, 'exit');
			child.kill('SIGTERM');
			await gone;
		},
	};
}

/** A lane without loops, open to every holder. */
function configOf(dir: string, { readers, board }: DaemonOptions['lane'], brokerUrl: string | undefined): object {
	const lane = { id: 'L1', kind: 'entry', from: 'outside', to: 'A1', identify: 'tagOnly' };
	return {
		site: { id: 'bench', tenant: 'bench', name: 'Bench', timeZone: 'Europe/Brussels' },
		store: { dir },
		http: { listen: '127.0.0.1:0' },
		...(brokerUrl === undefined ? {} : { mqtt: { url: brokerUrl } }),
		parks: [{ id: 'P1', areas: [{ id: 'A1' }] }],
		devices: [...readers, board],
		lanes: [{ ...lane, readers: readers.map(({ id }) => id), barrier: board.id }],
	};
}
