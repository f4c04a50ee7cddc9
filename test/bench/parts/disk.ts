import { readFileSync, rmSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { createBenchSite } from '../bench-site.ts';
import type { Part } from '../figure.ts';
import { MILLION, tagValue } from '../population.ts';
import { makeSeededStore } from '../seeded-store.ts';

/** Enough for several checkpoints of the WAL. */
const VEHICLES = 3_000;

/** Bytes given to the disk for one vehicle after the other, each commit synced, checkpoints included. */
export const disk: Part = {
	name: 'disk',
	limitS: 60,
	async run() {
		const dir = await makeSeededStore(MILLION);
		let decided = 0;
		let atDecision = 0;
		let before = 0;
		const pulse = () => {
			decided += 1;
			atDecision += writtenBytes() - before;
			return Promise.resolve({ result: 'done' } as const);
		};
		const site = createBenchSite({ dir, lanes: 8, opens: () => ({ pulse }) });
		const startedBytes = writtenBytes();
		for (let n = 0; n < VEHICLES; n++) {
			const rows = site.store.journal.lastSeq() + 3;
			before = writtenBytes();
			site.read((n % 8) + 1, tagValue((n * 304_979) % MILLION.tags));
			while (site.store.journal.lastSeq() < rows) await turn();
		}
		const all = writtenBytes() - startedBytes;
		await site.close();
		rmSync(dir, { recursive: true });
		return [
			{
				what: 'written to disk per decision',
				measured: atDecision / decided / 1_000,
				unit: 'kB',
				target: { atMost: 12 },
				note: 'one in flight',
			},
			{
				what: 'written to disk per vehicle',
				measured: all / VEHICLES / 1_000,
				unit: 'kB',
				note: 'decision, outcome and passage: three rows, two commits',
			},
		];
	},
};

/** What this process has caused to be sent to the disk (proc_pid_io(5)). */
function writtenBytes(): number {
	return Number(/^write_bytes: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? Number.NaN);
}
