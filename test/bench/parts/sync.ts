import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { journalEntries, takeEntries } from '../../support/journal-entries.ts';
import { type Mosquitto, startMosquitto } from '../../support/mosquitto.ts';
import { type BenchSite, createBenchSite } from '../bench-site.ts';
import type { Figure, Part } from '../figure.ts';
import { THOUSAND } from '../population.ts';
import { makeSeededStore, makeWorkDir } from '../seeded-store.ts';
import { measureDirectory } from './sync-directory.ts';

const LIVE_EVENTS = 20_000;
const BACKLOG_EVENTS = 100_000;
const ROWS_A_COMMIT = 100;

/** Events of a site's real journal, through a real Mosquitto, to the reference central in a process of its own, until it has acknowledged them. */
export const sync: Part = {
	name: 'sync',
	limitS: 900,
	async run() {
		const mosquitto = await startMosquitto({ settings: 'max_queued_messages 0\nmax_inflight_messages 0' });
		const centralDir = makeWorkDir();
		const dir = await makeSeededStore(THOUSAND, 'copied');
		const central = await startCentral(mosquitto, centralDir);
		try {
			const events = [...(await measureLive(dir, mosquitto.url)), ...(await measureBacklog(dir, mosquitto.url))];
			return [...events, ...(await measureDirectory())];
		} finally {
			central.kill();
			await once(central, 'exit');
			await mosquitto.stop();
			for (const used of [dir, centralDir]) rmSync(used, { recursive: true });
		}
	},
};

async function startCentral(mosquitto: Mosquitto, dir: string): Promise<ChildProcess> {
	const script = path.join(path.dirname(import.meta.dirname), 'storing-central.ts');
	const child = spawn(process.execPath, [script, mosquitto.url, 'bench', dir], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	await once(child.stdout, 'data');
	return child;
}

function openSite(dir: string, brokerUrl?: string): BenchSite {
	const pulse = () => Promise.resolve({ result: 'done' } as const);
	return createBenchSite({ dir, lanes: 1, opens: () => ({ pulse }), ...(brokerUrl !== undefined && { brokerUrl }) });
}

async function append({ store, sync: link }: BenchSite, count: number): Promise<void> {
	const entries = journalEntries(randomUUID);
	for (let done = 0; done < count; done += ROWS_A_COMMIT) {
		const rows = takeEntries(entries, ROWS_A_COMMIT);
		store.transaction(() => {
			for (const row of rows) store.journal.append(row);
		});
		link?.journalGrew();
		await turn();
	}
}

async function until(holds: () => boolean): Promise<void> {
	while (!holds()) await wait(5);
}

const isConnected = ({ sync: link }: BenchSite) => link?.status().connected === true;
const isAcknowledged = ({ sync: link }: BenchSite) => link?.status().outboxDepth === 0;

async function measureLive(dir: string, brokerUrl: string): Promise<readonly Figure[]> {
	const site = openSite(dir, brokerUrl);
	try {
		await until(() => isConnected(site));
		await append(site, LIVE_EVENTS / 10);
		await until(() => isAcknowledged(site));
		const startedMs = performance.now();
		const before = process.cpuUsage();
		await append(site, LIVE_EVENTS);
		await until(() => isAcknowledged(site));
		const seconds = (performance.now() - startedMs) / 1_000;
		const { user, system } = process.cpuUsage(before);
		return [
			{
				what: 'events end to end with central’s acknowledgement',
				measured: LIVE_EVENTS / seconds,
				unit: '/s',
				target: { atLeast: 5_000 },
				note: `written meanwhile, ${Math.round((user + system) / LIVE_EVENTS)} µs of the gateway’s processor each`,
			},
		];
	} finally {
		await site.close();
	}
}

async function measureBacklog(dir: string, brokerUrl: string): Promise<readonly Figure[]> {
	const alone = openSite(dir);
	await append(alone, BACKLOG_EVENTS);
	await alone.close();
	const site = openSite(dir, brokerUrl);
	try {
		await until(() => isConnected(site));
		const startedMs = performance.now();
		await until(() => isAcknowledged(site));
		const seconds = (performance.now() - startedMs) / 1_000;
		const { eventsSent = 0, eventBytesSent = 0 } = site.sync?.statistics() ?? {};
		return [
			{
				what: 'a backlog of 100,000 events drained, from the connection to the last acknowledgement',
				measured: seconds,
				unit: 's',
				target: { atMost: 30 },
				note: `${Math.round(BACKLOG_EVENTS / seconds)}/s; ${Math.max(0, eventsSent - BACKLOG_EVENTS)} sent again`,
			},
			{
				what: 'an event on the wire in full batches',
				measured: eventBytesSent / eventsSent,
				unit: 'bytes',
				target: { atMost: 60 },
			},
		];
	} finally {
		await site.close();
	}
}
