import { expect, test } from 'vitest';
import type { DeviceSimulator } from '../../../src/drivers/driver.ts';
import { COMMAND } from '../../../src/drivers/osdp/codes.ts';
import { answering, createOsdpBench, KEY, type OsdpBench, online, seeded, stateOf } from './osdp-bench.ts';

const EIGHT = [1, 2, 3, 4, 5, 6, 7, 8].map((address) => ({ id: `reader-${address}`, address }));
const UNDISTURBED = EIGHT.slice(0, 4);
const CYCLED = EIGHT.slice(4, 6).map(({ id }) => id);
const [BABBLING, UNPLUGGED] = ['reader-7', 'reader-8'];
const MEASURED_MS = 60_000;

/** Garbage in place of every answer of reader 7, some of it late. */
function babbling(isOn: () => boolean, random: () => number) {
	return (simulator: DeviceSimulator): DeviceSimulator =>
		answering(simulator, (answers, command) => {
			if (!isOn() || command.address !== 7) return answers;
			const startMs = random() * 100;
			return Array.from({ length: 10 + Math.floor(random() * 20) }, (_, chunk) => ({
				bytes: Uint8Array.from({ length: 10 }, () => Math.floor(random() * 256)),
				delayMs: startMs + chunk * 10,
			}));
		});
}

function pollsOf(bench: OsdpBench, address: number, sinceMs: number): number {
	return bench.sent.filter((sent) => sent.address === address && sent.code === COMMAND.POLL && sent.atMs >= sinceMs)
		.length;
}

test.each([
	['in plain', {}],
	['in secure channels', { key: KEY }],
])(
	'N9 eight readers at 9600 baud, %s: two power-cycled, one babbling, one unplugged; no card lost or twice, the others keep their poll rate',
	async (_name, security) => {
		const random = seeded(23);
		let isBabbling = false;
		const bench = await online(
			createOsdpBench({
				readers: EIGHT.map((reader) => ({ ...reader, ...security })),
				rewrite: babbling(() => isBabbling, random),
			}),
		);
		await bench.clock.advanceAsync(10_000);
		const healthyFromMs = bench.clock.monotonicMs();
		await bench.clock.advanceAsync(MEASURED_MS);
		const usual = UNDISTURBED.map(({ address }) => pollsOf(bench, address, healthyFromMs));

		isBabbling = true;
		bench.stimulate(UNPLUGGED, 'unplug');
		await bench.clock.advanceAsync(10_000);
		expect([stateOf(bench, BABBLING), stateOf(bench, UNPLUGGED)]).toEqual(['offline', 'offline']);
		const shown = new Map<string, number>();
		const slowest = { undisturbed: 0 };
		bench.onObservation = (observation) => {
			const label = observation.kind === 'tag' ? (observation.label ?? '') : '';
			const tookMs = bench.clock.monotonicMs() - (shown.get(label) ?? 0);
			if (UNDISTURBED.some(({ id }) => id === observation.deviceId)) {
				slowest.undisturbed = Math.max(slowest.undisturbed, tookMs);
			}
		};
		const first = bench.observations.length;
		const fromMs = bench.clock.monotonicMs();
		let nextCycleMs = fromMs;
		let cycledAtMs = fromMs;
		while (bench.clock.monotonicMs() - fromMs < MEASURED_MS) {
			if (bench.clock.monotonicMs() >= nextCycleMs) {
				for (const id of CYCLED) bench.stimulate(id, 'power-cycle');
				cycledAtMs = bench.clock.monotonicMs();
				nextCycleMs = cycledAtMs + 15_000;
			}
			const able = [...UNDISTURBED.map(({ id }) => id), ...CYCLED.filter((id) => isReady(bench, id, cycledAtMs))];
			const id = able[Math.floor(random() * able.length)] ?? '';
			const number = shown.size + 1;
			shown.set(`H10301 FC 9 CN ${number}`, bench.clock.monotonicMs());
			bench.stimulate(id, `card H10301 9 ${number}`);
			// A card that is shown in the moment the power goes is lost with the reader's memory.
			await bench.clock.advanceAsync(100 + random() * 300 + (CYCLED.includes(id) ? 1_000 : 0));
		}
		const tookMs = bench.clock.monotonicMs() - fromMs;
		const polls = UNDISTURBED.map(({ address }) => pollsOf(bench, address, fromMs));
		await bench.clock.advanceAsync(2_000);

		const read = bench.observations.slice(first).map(({ label }) => label ?? '');
		expect(shown.size).toBeGreaterThan(100);
		expect(read.toSorted()).toEqual([...shown.keys()].toSorted());
		for (const [index, count] of polls.entries()) {
			// Within two in a hundred, which is as long as one of the power cycles takes to be noticed.
			expect(count / (tookMs / MEASURED_MS)).toBeGreaterThanOrEqual((usual[index] ?? 0) * 0.98);
		}
		expect(slowest.undisturbed).toBeLessThan(1_500);
		expect(UNDISTURBED.every(({ id }) => stateOf(bench, id) === 'online')).toBe(true);
	},
);

/** It started anew, answers polls again, and what it tells is new. */
function isReady(bench: OsdpBench, id: string, cycledAtMs: number): boolean {
	const { state, lastSeenMs = 0 } = bench.device(id).status();
	const sinceMs = bench.clock.monotonicMs() - cycledAtMs;
	return sinceMs > 4_500 && state === 'online' && bench.clock.nowMs() - lastSeenMs < 500;
}
