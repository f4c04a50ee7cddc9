import { rmSync } from 'node:fs';
import { startBroker } from '../broker.ts';
import { startDaemon } from '../daemon.ts';
import { type Part, percentile } from '../figure.ts';
import { MILLION, tagsInTurn } from '../population.ts';
import { makeSeededStore } from '../seeded-store.ts';
import { playLane } from '../wire/played-lane.ts';

const STARTS = 7;
/** Garbage of the start is gone, timers have settled. */
const REST_MS = 12_000;
const LOAD_MS = 15_000;
/** Without the barrier's answer the next start would wait for the vehicle to pass. */
const ANSWER_MS = 250;
const ONE_READER = { readers: 1, pollMs: 10 };
/** Each is held to what can pass a lane. */
const UNDER_LOAD = { readers: 4, pollMs: 40 };

/** The built program as a process: how soon it decides, and how much memory it takes. */
export const daemonProcess: Part = {
	name: 'daemon',
	limitS: 90,
	async run() {
		const dir = await makeSeededStore(MILLION);
		const broker = await startBroker('bench');
		const nextTag = tagsInTurn(MILLION);
		const startsMs: number[] = [];
		try {
			// The first start fills the compile cache, as the first start after an installation does.
			for (let n = 0; n <= STARTS; n++) {
				const lane = await playLane(ONE_READER);
				const startedMs = performance.now();
				const daemon = startDaemon({ dir, lane, brokerUrl: broker.url });
				await Promise.race([lane.firstVehicle(nextTag), daemon.died]);
				if (n > 0) startsMs.push(performance.now() - startedMs);
				await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
				await daemon.stop();
				await lane.close();
			}
			const lane = await playLane(UNDER_LOAD);
			const daemon = startDaemon({ dir, lane, brokerUrl: broker.url });
			await lane.firstVehicle(nextTag);
			await new Promise((resolve) => setTimeout(resolve, REST_MS));
			const { rssMb } = daemon.memory();
			const untilMs = performance.now() + LOAD_MS;
			while (performance.now() < untilMs) await lane.nextVehicle(nextTag);
			const { peakMb } = daemon.memory();
			await daemon.stop();
			await lane.close();
			const startMs = percentile(startsMs, 0.5);
			const note = `median of ${STARTS}, best ${Math.round(Math.min(...startsMs))} ms; handshake of the reader included`;
			return [
				{ what: 'start → first barrier opened', measured: startMs, unit: 'ms', target: { atMost: 300 }, note },
				{ what: 'memory at rest (RSS)', measured: rssMb, unit: 'MB', target: { atMost: 100 } },
				{ what: 'memory under load (peak RSS)', measured: peakMb, unit: 'MB', target: { atMost: 150 } },
			];
		} finally {
			await broker.stop();
			rmSync(dir, { recursive: true });
		}
	},
};
