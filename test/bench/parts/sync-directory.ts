import { rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { SnapshotRow } from '../../../src/gateway/core/directory-change.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createDirectoryUpdates } from '../../../src/gateway/services/directory/create-directory-updates.ts';
import type { DirectoryUpdates } from '../../../src/gateway/services/directory/directory-updates.ts';
import { composeMessage } from '../../../src/sync/compose-message.ts';
import type { OutgoingMessage } from '../../../src/sync/link.ts';
import { decodeMessage } from '../../../src/sync/message-codec.ts';
import { siteTopic } from '../../../src/sync/topics.ts';
import { type BenchSite, createBenchSite } from '../bench-site.ts';
import { type Figure, percentile } from '../figure.ts';
import { accessRowCount, accessRows, TEN_EACH, tagsInTurn } from '../population.ts';
import { quietLog } from '../quiet-log.ts';
import { makeSeededStore } from '../seeded-store.ts';

const LANES = 16;
const VEHICLE_MS = 20;
const ALONE_MS = 10_000;
const DELTAS = 60;
const TOPIC = siteTopic('bench', 'bench', 'down/data');

/** A snapshot of 1,000,000 credentials as its messages come in, while a vehicle comes every 20 ms; then deltas on top of it. */
export async function measureDirectory(): Promise<readonly Figure[]> {
	const chunks = encodeChunks();
	const dir = await makeSeededStore(TEN_EACH, 'copied');
	const { site, decide } = openLanes(dir);
	const updates = createDirectoryUpdates({ directory: site.directory, nowMs: Date.now, log: quietLog });
	try {
		await watch(decide, wait(2_000));
		const alone = await watch(decide, wait(ALONE_MS));
		const during = await watch(decide, takeSnapshot(updates, chunks));
		return [...snapshotFigures(chunks, alone, during), await measureDeltas(updates)];
	} finally {
		await site.close();
		rmSync(dir, { recursive: true });
	}
}

function openLanes(dir: string): { readonly site: BenchSite; readonly decide: () => Promise<number> } {
	const opened = new Map<number, () => void>();
	const opens = (deviceId: string) => ({
		pulse() {
			opened.get(Number(deviceId.slice('boom-'.length)))?.();
			return Promise.resolve({ result: 'done' } as const);
		},
	});
	const site = createBenchSite({ dir, lanes: LANES, opens });
	const nextTag = tagsInTurn(TEN_EACH);
	let lane = 0;
	return {
		site,
		/** A vehicle at the next lane; from its read to its pulse, ms. */
		decide() {
			lane = (lane % LANES) + 1;
			const startedMs = performance.now();
			const { promise, resolve } = Promise.withResolvers<number>();
			opened.set(lane, () => resolve(performance.now() - startedMs));
			site.read(lane, nextTag());
			return promise;
		},
	};
}

interface Watched {
	readonly decisionsMs: readonly number[];
	readonly seconds: number;
}

async function watch(decide: () => Promise<number>, work: Promise<unknown>): Promise<Watched> {
	const decisionsMs: number[] = [];
	const startedMs = performance.now();
	let done = false;
	const traffic = (async () => {
		while (!done) {
			decisionsMs.push(await decide());
			await wait(VEHICLE_MS);
		}
	})();
	await work;
	const seconds = (performance.now() - startedMs) / 1_000;
	done = true;
	await traffic;
	return { decisionsMs, seconds };
}

function inKeyOrder(one: SnapshotRow, other: SnapshotRow): number {
	return nameOf(one) < nameOf(other) ? -1 : 1;
}

function nameOf({ table, row }: SnapshotRow): string {
	return `${table}/${(row as { readonly id: string }).id}`;
}

/** The chunks of the stream `access` as central sends them: in the order of tables and keys. */
function encodeChunks(): readonly OutgoingMessage[] {
	const chunks: OutgoingMessage[] = [];
	let rows: SnapshotRow[] = [];
	const head = { id: 'chunk', site: 'bench', gatewayEpoch: 'bench', link: 'bench', ts: 0, clock: 'held' } as const;
	const flush = () => {
		const body = { stream: 'access', snapshotId: 'bench', index: chunks.length, rows };
		chunks.push(composeMessage({ topic: TOPIC, channel: 'down/data' }, 'chunk', body, head));
		rows = [];
	};
	for (const row of [...accessRows(TEN_EACH)].sort(inKeyOrder)) {
		rows.push(row);
		if (rows.length === LIMITS.snapshotChunkRows) flush();
	}
	if (rows.length > 0) flush();
	return chunks;
}

async function takeSnapshot(updates: DirectoryUpdates, chunks: readonly OutgoingMessage[]): Promise<void> {
	await updates.beginSnapshot({ stream: 'access', centralEpoch: 'bench', rev: 2, rows: accessRowCount(TEN_EACH) });
	const under: Promise<void>[] = [];
	for (const { topic, payload, contentType } of chunks) {
		const decoded = decodeMessage(topic, payload, contentType);
		if (!decoded.ok || decoded.message.type !== 'chunk') throw new Error('a chunk was refused');
		under.push(updates.pushRows(decoded.message.body.rows));
		// As many as the gateway asks for at once.
		if (under.length === LIMITS.snapshotWindow) await under.shift();
	}
	await Promise.all(under);
	const answer = await updates.finishSnapshot();
	if (answer.result !== 'live') throw new Error(`the snapshot was refused: ${answer.problem}`);
}

function snapshotFigures(chunks: readonly OutgoingMessage[], alone: Watched, during: Watched): readonly Figure[] {
	const p99 = ({ decisionsMs }: Watched) => percentile(decisionsMs, 0.99);
	const p50 = ({ decisionsMs }: Watched) => percentile(decisionsMs, 0.5).toFixed(1);
	const rows = accessRowCount(TEN_EACH);
	return [
		{
			what: 'a snapshot of 1,000,000 credentials and 100,000 rights applied while deciding',
			measured: during.seconds,
			unit: 's',
			target: { atMost: 30 },
			note: `${Math.round(rows / during.seconds)} rows/s, each message inflated and checked`,
		},
		{
			what: 'the same on the wire',
			measured: chunks.reduce((sum, { payload }) => sum + payload.length, 0) / 1e6,
			unit: 'MB',
			target: { atMost: 30 },
			note: `${chunks.length} chunks`,
		},
		{
			what: 'a decision meanwhile, p99',
			measured: p99(during),
			unit: 'ms',
			target: { atMost: 20 },
			note: `without ${p99(alone).toFixed(1)} ms; p50 ${p50(during)} and ${p50(alone)} ms; longest ${Math.max(...during.decisionsMs).toFixed(0)} ms`,
		},
	];
}

/** Credentials that get another label, 500 at a time, each delta durable before the next. */
async function measureDeltas(updates: DirectoryUpdates): Promise<Figure> {
	const ops = [...accessRows(TEN_EACH)]
		.filter(({ table }) => table === 'credentials')
		.slice(0, DELTAS * LIMITS.deltaOps)
		.map(({ table, row }) => {
			const labelled = { ...(row as { readonly id: string }), label: 'changed' };
			return { op: 'put' as const, table, key: labelled.id, row: labelled };
		});
	const startedMs = performance.now();
	for (let n = 0; n < DELTAS; n += 1) {
		const from = 2 + n * LIMITS.deltaOps;
		const part = ops.slice(n * LIMITS.deltaOps, (n + 1) * LIMITS.deltaOps);
		const delta = { stream: 'access', centralEpoch: 'bench', from, to: from + LIMITS.deltaOps, ops: part } as const;
		const answer = await updates.applyDelta(delta);
		if (answer.result !== 'applied') throw new Error(`a delta was not applied: ${answer.result}`);
	}
	const seconds = (performance.now() - startedMs) / 1_000;
	return {
		what: 'delta ops applied durably beside 1,000,000 credentials',
		measured: ops.length / seconds,
		unit: '/s',
		target: { atLeast: 20_000 },
		note: `${LIMITS.deltaOps} at a time, one after the other`,
	};
}
