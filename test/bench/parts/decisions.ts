import { rmSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import type { CommandOutcome } from '../../../src/gateway/core/device.ts';
import { type BenchSite, createBenchSite } from '../bench-site.ts';
import { startBroker } from '../broker.ts';
import { type Figure, type Part, percentile } from '../figure.ts';
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
	const grouped = { ours: [] as number[], vehicles: [] as number[], floor: [] as number[] };
	const single = { ours: [] as number[], floor: [] as number[] };
	// The first rounds make statements, shapes and machine code; they do not count.
	for (let round = -2; round < ROUNDS; round++) {
		const turns = [
			async () => {
				const startedMs = performance.now();
				await ours.decideAll(take(LANES), IN_FLIGHT);
				const decidedMs = performance.now();
				await ours.letPass();
				if (round < 0) return;
				grouped.ours.push(decidedMs - startedMs);
				grouped.vehicles.push(performance.now() - startedMs);
			},
			async () => {
				const startedMs = performance.now();
				for (let done = 0; done < LANES; done += IN_FLIGHT) floor.decideGroup(take(IN_FLIGHT));
				if (round >= 0) grouped.floor.push(performance.now() - startedMs);
				await floor.acknowledged();
			},
		];
		for (const next of round % 2 === 0 ? turns : turns.reverse()) await next();
	}
	for (let n = 0; n < SINGLES; n++) {
		const turns = [
			async () => {
				const startedMs = performance.now();
				await ours.decideAll(take(1), 1);
				single.ours.push(performance.now() - startedMs);
				await ours.letPass();
			},
			async () => {
				const startedMs = performance.now();
				floor.decideGroup(take(1));
				single.floor.push(performance.now() - startedMs);
				await floor.acknowledged();
			},
		];
		for (const next of n % 2 === 0 ? turns : turns.reverse()) await next();
	}
	return figures(grouped, single);
}

function figures(
	grouped: { ours: number[]; vehicles: number[]; floor: number[] },
	single: { ours: number[]; floor: number[] },
): readonly Figure[] {
	const rate = (durationsMs: readonly number[]) => (LANES / percentile(durationsMs, 0.5)) * 1_000;
	const p50 = percentile(single.ours, 0.5);
	const floorP50 = percentile(single.floor, 0.5);
	const unit = '/s';
	const floorRate = rate(grouped.floor);
	return [
		{ what: 'durable decisions, 128 in flight', measured: rate(grouped.ours), unit, target: { atLeast: 15_000 } },
		{
			what: 'durable decisions, 128 in flight, of the floor',
			measured: rate(grouped.ours) / floorRate,
			unit: '×',
			target: { atLeast: 0.75 },
			note: `group-commit floor ${Math.round(floorRate)}/s`,
		},
		{
			what: 'vehicles, 128 in flight',
			measured: rate(grouped.vehicles),
			unit,
			note: 'with the outcome and the passage',
		},
		{
			what: 'durable decisions, 1 in flight',
			measured: 1_000 / p50,
			unit,
			note: `floor ${Math.round(1_000 / floorP50)}/s`,
		},
		{
			what: 'a single read, of the floor’s (waits for no group)',
			measured: p50 / floorP50,
			unit: '×',
			target: { atMost: 1.25 },
			note: `p50 ${Math.round(p50 * 1_000)} µs, floor ${Math.round(floorP50 * 1_000)} µs`,
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
		decideGroup(tags: readonly string[]) {
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
