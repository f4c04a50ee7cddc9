import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { startBroker } from '../broker.ts';
import { startDaemon } from '../daemon.ts';
import { type Part, spread } from '../figure.ts';
import { seedFloor } from '../floor/floor-store.ts';
import { MILLION, type Population, tagsInTurn } from '../population.ts';
import { makeSeededStore } from '../seeded-store.ts';
import { type PlayedLane, playLane } from '../wire/played-lane.ts';

/** In turns, and either first as often as the other. */
const TURNS: Turns = { population: MILLION, blocks: 16, readsPerBlock: 125, warmUpReads: 150 };

/** As many polls a second for either side; the gateway leaves cards out that come quicker than vehicles pass. */
const READERS = 4;
const POLL_MS = 10;

export interface Turns {
	readonly population: Population;
	/** Of each side. */
	readonly blocks: number;
	readonly readsPerBlock: number;
	/** Of each side, before the first block; they do not count. */
	readonly warmUpReads: number;
}

/** Durations in ms, one list a block. */
export interface SideBySide {
	readonly oursMs: readonly (readonly number[])[];
	readonly floorsMs: readonly (readonly number[])[];
}

/** Card bytes written by the reader → relay frame read by the board, over real ttys. */
export const readToOpen: Part = {
	name: 'read-to-open',
	limitS: 240,
	async run() {
		const { oursMs, floorsMs } = await takeTurns(TURNS);
		const [ours, floor] = [spread(oursMs.flat()), spread(floorsMs.flat())];
		const note = (figure: number) => `floor ${Math.round(figure)} µs`;
		const reads = `${TURNS.blocks * TURNS.readsPerBlock} reads each`;
		return [
			{ what: 'read → output written, p50', measured: ours.p50, unit: 'µs', note: `${note(floor.p50)}, ${reads}` },
			{ what: 'read → output written, p99', measured: ours.p99, unit: 'µs', note: note(floor.p99) },
			{ what: 'p50 of the floor’s', measured: ours.p50 / floor.p50, unit: '×', target: { atMost: 1.25 } },
			{ what: 'p99 of the floor’s', measured: ours.p99 / floor.p99, unit: '×', target: { atMost: 1.5 } },
		];
	},
};

/** The built daemon and the floor script take turns, on the same bytes, the same credentials and the same broker. */
export async function takeTurns(turns: Turns): Promise<SideBySide> {
	const dir = await makeSeededStore(turns.population);
	const floorFile = seedFloor(turns.population);
	const broker = await startBroker('bench');
	const ours = await playLane({ readers: READERS, pollMs: READERS * POLL_MS });
	const floors = await playLane({ readers: 1, pollMs: POLL_MS });
	const daemon = startDaemon({ dir, lane: ours, brokerUrl: broker.url });
	const floor = await startFloor(floors, floorFile, path.join(dir, 'floor.db'), broker.url);
	try {
		return await Promise.race([measure(ours, floors, turns), daemon.died]);
	} finally {
		await daemon.stop();
		floor.kill();
		await ours.close();
		await floors.close();
		await broker.stop();
		rmSync(dir, { recursive: true });
	}
}

async function measure(ours: PlayedLane, floors: PlayedLane, turns: Turns): Promise<SideBySide> {
	const sides = [ours, floors].map((lane) => ({
		lane,
		blocks: [] as (readonly number[])[],
		nextTag: tagsInTurn(turns.population),
	}));
	type Side = (typeof sides)[number];
	async function block(side: Side, reads: number): Promise<readonly number[]> {
		const durationsMs: number[] = [];
		for (let n = 0; n < reads; n++) durationsMs.push(await side.lane.nextVehicle(side.nextTag));
		return durationsMs;
	}
	for (const side of sides) await block(side, turns.warmUpReads);
	for (let n = 0; n < turns.blocks; n++) {
		for (const side of n % 2 === 0 ? sides : sides.toReversed())
			side.blocks.push(await block(side, turns.readsPerBlock));
	}
	const [oursMs = [], floorsMs = []] = sides.map(({ blocks }) => blocks);
	return { oursMs, floorsMs };
}

async function startFloor(
	{ readers: [reader], board }: PlayedLane,
	credentialsFile: string,
	logFile: string,
	brokerUrl: string,
): Promise<ChildProcess> {
	const script = path.join(import.meta.dirname, '../floor/wire-floor.ts');
	const args = [script, reader?.port ?? '', board.port, credentialsFile, logFile, brokerUrl, String(POLL_MS)];
	const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
	await once(child.stdout, 'data');
	return child;
}
