import { rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setImmediate as turn } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import type { CommandOutcome } from '../../../src/gateway/core/device.ts';
import { type BenchSite, createBenchSite } from '../bench-site.ts';
import { startBroker } from '../broker.ts';
import { type Figure, type Part, spread } from '../figure.ts';
import { openFloor, seedFloor } from '../floor/floor-store.ts';
import { MILLION, tagsInTurn } from '../population.ts';
import { makeSeededStore } from '../seeded-store.ts';

const LANES = 1_024;
const IN_FLIGHT = 128;
const ROUNDS = 16;
const SINGLES = 250;

/**
 * Durable decisions a second, the driver's boundary in and out, beside a group-commit floor in the same
 * process, taking turns. Both look up among the same credentials, commit, open, and publish to one broker.
 */
export const decisions: Part = {
	name: 'decisions',
	limitS: 90,
	async run() {
		const dir = await makeSeededStore(MILLION);
		const floorFile = seedFloor(MILLION);
		const broker = await startBroker('bench');
		const ours = createOurs(dir, broker.url);
		const floor = await createFloor(floorFile, path.join(dir, 'floor.db'), broker.url);
		try {
			return await measure(ours, floor);
		} finally {
			await floor.close();
			await ours.site.close();
			await broker.stop();
			rmSync(dir, { recursive: true });
		}
	},
};

type Ours = ReturnType<typeof createOurs>;
type Floor = Awaited<ReturnType<typeof createFloor>>;

async function measure(ours: Ours, floor: Floor): Promise<readonly Figure[]> {
	// Nobody comes in twice.
	const nextTag = tagsInTurn(MILLION);
	const take = (count: number) => Array.from({ length: count }, nextTag);
	const decided = createStopwatch();
	const through = createStopwatch();
	const floored = createStopwatch();
	// The first rounds make statements, shapes and machine code; they do not count.
	for (let round = -2; round < ROUNDS; round++) {
		const counts = round >= 0;
		const turns = [
			async () => {
				await decided.time(counts, () => ours.decideAll(take(LANES), IN_FLIGHT));
				await through.time(counts, () => ours.letPass());
			},
			async () => {
				await floored.time(counts, async () => {
					for (let done = 0; done < LANES; done += IN_FLIGHT) await floor.decideGroup(take(IN_FLIGHT));
				});
				await floor.acknowledged();
			},
		];
		for (const next of round % 2 === 0 ? turns : turns.reverse()) await next();
	}
	return [...rates(decided.total(), through.total(), floored.total()), ...(await measureSingles(ours, floor, nextTag))];
}

interface Total {
	readonly wallMs: number;
	/** Of this process, all threads. */
	readonly processorMs: number;
}

/** Sums, not medians: the kernel takes its share of long rounds more evenly than of short ones. */
function createStopwatch() {
	let wallMs = 0;
	let processorMs = 0;
	return {
		async time(counts: boolean, work: () => Promise<void>): Promise<void> {
			const before = process.cpuUsage();
			const startedMs = performance.now();
			await work();
			const durationMs = performance.now() - startedMs;
			const { user, system } = process.cpuUsage(before);
			if (!counts) return;
			wallMs += durationMs;
			processorMs += (user + system) / 1_000;
		},
		total: (): Total => ({ wallMs, processorMs }),
	};
}

function rates(decided: Total, through: Total, floored: Total): readonly Figure[] {
	const count = ROUNDS * LANES;
	const rate = (...totals: readonly Total[]) => (count / totals.reduce((sum, { wallMs }) => sum + wallMs, 0)) * 1_000;
	const processorUs = ({ processorMs }: Total) => `${((processorMs / count) * 1_000).toFixed(0)} µs of processor each`;
	const unit = '/s';
	const ours = rate(decided);
	const floor = rate(floored);
	return [
		{
			what: 'durable decisions, 128 in flight',
			measured: ours,
			unit,
			target: { atLeast: 15_000 },
			note: processorUs(decided),
		},
		{
			what: 'durable decisions, 128 in flight, of the floor’s',
			measured: ours / floor,
			unit: '×',
			target: { atLeast: 0.75 },
			note: `group-commit floor ${Math.round(floor)}/s, ${processorUs(floored)}`,
		},
		{
			what: 'vehicles, 128 in flight',
			measured: rate(decided, through),
			unit,
			note: 'with the outcome and the passage: three rows and more each',
		},
	];
}

async function measureSingles(ours: Ours, floor: Floor, nextTag: () => string): Promise<readonly Figure[]> {
	const oursMs: number[] = [];
	const besideCommitMs: number[] = [];
	const floorMs: number[] = [];
	for (let n = 0; n < SINGLES; n++) {
		const turns = [
			async () => {
				const startedMs = performance.now();
				await ours.decideAll([nextTag()], 1);
				const durationMs = performance.now() - startedMs;
				oursMs.push(durationMs);
				besideCommitMs.push(durationMs - ours.site.lastCommitMs());
				await ours.letPass();
			},
			async () => {
				const startedMs = performance.now();
				await floor.decideGroup([nextTag()]);
				floorMs.push(performance.now() - startedMs);
				await floor.acknowledged();
			},
		];
		for (const next of n % 2 === 0 ? turns : turns.reverse()) await next();
	}
	const [p50, floorP50] = [spread(oursMs).p50, spread(floorMs).p50];
	return [
		{
			what: 'durable decisions, 1 in flight',
			measured: 1_000_000 / p50,
			unit: '/s',
			note: `floor ${Math.round(1_000_000 / floorP50)}/s; p50 ${Math.round(p50)} and ${Math.round(floorP50)} µs`,
		},
		{
			what: 'a single read waits for no group: its time beside its own commit, p50',
			measured: spread(besideCommitMs).p50,
			unit: 'µs',
			target: { atMost: 1_000 },
		},
	];
}

function createOurs(dir: string, brokerUrl: string) {
	const opened: ((outcome: CommandOutcome) => void)[] = [];
	let onOpened: () => void = () => undefined;
	const opens = {
		pulse(command: { onWritten?: () => void }) {
			command.onWritten?.();
			const { promise, resolve } = Promise.withResolvers<CommandOutcome>();
			opened.push(resolve);
			onOpened();
			return promise;
		},
	};
	const site: BenchSite = createBenchSite({ dir, lanes: LANES, brokerUrl, opens: () => opens });
	return {
		site,
		/** Reads on the next lanes, so many at a time; resolves when the last barrier was told to open. */
		async decideAll(tags: readonly string[], inFlight: number) {
			for (let done = 0; done < tags.length; done += inFlight) {
				const group = tags.slice(done, done + inFlight);
				const { promise, resolve } = Promise.withResolvers<void>();
				onOpened = () => {
					if (opened.length === done + group.length) resolve();
				};
				for (const [n, tag] of group.entries()) site.read(done + n + 1, tag);
				await promise;
			}
		},
		/** The barriers answer; without loops that is the passage. Resolves when both are on the disk. */
		async letPass() {
			const { journal } = site.store;
			const rows = journal.lastSeq() + 2 * opened.length;
			for (const resolve of opened.splice(0)) resolve({ result: 'done' });
			while (journal.lastSeq() < rows) await turn();
		},
	};
}

async function createFloor(credentialsFile: string, logFile: string, brokerUrl: string) {
	const store = openFloor(credentialsFile, logFile);
	const client: MqttClient = await mqtt.connectAsync(brokerUrl, { protocolVersion: 5, reconnectPeriod: 0 });
	let under = 0;
	let frames = 0;
	return {
		async decideGroup(tags: readonly string[]): Promise<void> {
			store.begin();
			const decided = tags.map((tag, n) => {
				const id = crypto.randomUUID();
				const holder = store.lookUp(tag)?.holder;
				store.record(id, `L${n}`, tag, holder);
				return { id, lane: `L${n}`, tag, holder };
			});
			store.commit();
			for (const event of decided) {
				// Where the frame would be handed to the port.
				frames += 1;
				under += 1;
				client.publish('floor/events', JSON.stringify(event), { qos: 1 }, () => {
					under -= 1;
				});
			}
			// The loop turns, as it would for a port's bytes: what was published leaves.
			await turn();
		},
		async acknowledged() {
			while (under > 0) await turn();
		},
		async close() {
			await client.endAsync();
			store.close();
			return frames;
		},
	};
}
