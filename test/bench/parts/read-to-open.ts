import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { startBroker } from '../broker.ts';
import { POLL_MS, startDaemon } from '../daemon.ts';
import { type Figure, type Part, spread } from '../figure.ts';
import { seedFloor } from '../floor/floor-store.ts';
import { MILLION, tagsInTurn } from '../population.ts';
import { makeSeededStore } from '../seeded-store.ts';
import { type PlayedLane, playLane } from '../wire/played-lane.ts';

const READS_PER_BLOCK = 125;
/** Of each; in turns, and either first as often as the other. */
const BLOCKS = 16;
const WARM_UP_READS = 150;

/**
 * Card bytes written by the reader → relay frame read by the board, over real ttys: the built daemon and the
 * floor script take turns, on the same bytes, the same credentials and the same broker.
 */
export const readToOpen: Part = {
	name: 'read-to-open',
	limitS: 150,
	async run() {
		const dir = await makeSeededStore(MILLION);
		const floorFile = seedFloor(MILLION);
		const broker = await startBroker('bench');
		const ours = await playLane();
		const floors = await playLane();
		const daemon = startDaemon({ dir, lane: ours, brokerUrl: broker.url });
		const floor = await startFloor(floors, floorFile, path.join(dir, 'floor.db'), broker.url);
		try {
			return await Promise.race([measure(ours, floors), daemon.died]);
		} finally {
			await daemon.stop();
			floor.kill();
			await ours.close();
			await floors.close();
			await broker.stop();
			rmSync(dir, { recursive: true });
		}
	},
};

async function measure(ours: PlayedLane, floors: PlayedLane): Promise<readonly Figure[]> {
	const sides = [
		{ lane: ours, durationsMs: [] as number[], nextTag: tagsInTurn(MILLION) },
		{ lane: floors, durationsMs: [] as number[], nextTag: tagsInTurn(MILLION) },
	];
	type Side = (typeof sides)[number];
	async function block(side: Side, reads: number): Promise<number[]> {
		const durationsMs: number[] = [];
		for (let n = 0; n < reads; n++) {
			durationsMs.push(await side.lane.nextVehicle(side.nextTag));
		}
		return durationsMs;
	}
	for (const side of sides) await block(side, WARM_UP_READS);
	for (let n = 0; n < BLOCKS; n++) {
		for (const side of n % 2 === 0 ? sides : sides.toReversed())
			side.durationsMs.push(...(await block(side, READS_PER_BLOCK)));
	}
	const [oursMs, floorMs] = sides.map(({ durationsMs }) => spread(durationsMs));
	if (oursMs === undefined || floorMs === undefined) return [];
	const note = (figure: number) => `floor ${Math.round(figure)} µs`;
	const reads = `${BLOCKS * READS_PER_BLOCK} reads each`;
	return [
		{ what: 'read → output written, p50', measured: oursMs.p50, unit: 'µs', note: `${note(floorMs.p50)}, ${reads}` },
		{ what: 'read → output written, p99', measured: oursMs.p99, unit: 'µs', note: note(floorMs.p99) },
		{ what: 'p50 of the floor’s', measured: oursMs.p50 / floorMs.p50, unit: '×', target: { atMost: 1.25 } },
		{ what: 'p99 of the floor’s', measured: oursMs.p99 / floorMs.p99, unit: '×', target: { atMost: 1.5 } },
	];
}

async function startFloor(
	{ reader, board }: PlayedLane,
	credentialsFile: string,
	logFile: string,
	brokerUrl: string,
): Promise<ChildProcess> {
	const script = path.join(import.meta.dirname, '../floor/wire-floor.ts');
	const args = [script, reader.port, board.port, credentialsFile, logFile, brokerUrl, String(POLL_MS)];
	const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
	await once(child.stdout, 'data');
	return child;
}
