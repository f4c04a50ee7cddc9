import { openSiteStore } from '../../src/gateway/store/site-store.ts';
import { aDecision, aPassage, aVend } from './lane-entries.ts';
import { createMemoryLog } from './memory-log.ts';

// Run as a program: DIR FIRST. Decides, opens and lets pass without end, in groups, as the lanes do. Prints
// `decided N` once decision N is on the disk and `passed N` once its passage is.
const [dir = '', first = '0'] = process.argv.slice(2);
const store = openSiteStore({ dir, nowMs: Date.now, log: createMemoryLog() });
const GROUP = 3;

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}

function write(from: number): void {
	const numbers = Array.from({ length: GROUP }, (_, n) => from + n);
	store.transaction(() => {
		for (const n of numbers) {
			store.journal.append(aDecision(`d${n}`));
			store.occupancy.reserve({ id: `d${n}`, laneId: 'L1', holderId: 'anna', areaIds: ['A1', 'P1'], atMs: n });
		}
	});
	for (const n of numbers) say(`decided ${n}`);
	store.transaction(() => {
		for (const n of numbers) {
			store.journal.append(aVend(`d${n}`, { result: 'done' }));
			store.journal.append(aPassage(`d${n}`));
			store.occupancy.capture(`d${n}`);
			store.parkingSessions.open({
				id: `d${n}`,
				holderId: 'anna',
				credentialId: 'anna-tag',
				decisionId: `d${n}`,
				areaId: 'A1',
				counted: true,
				laneInId: 'L1',
				openedAtMs: n,
			});
		}
	});
	for (const n of numbers) say(`passed ${n}`);
	setImmediate(write, from + GROUP);
}

write(Number(first));
