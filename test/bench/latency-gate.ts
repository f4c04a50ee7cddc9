import process from 'node:process';
import { percentile } from './figure.ts';
import { type SideBySide, takeTurns } from './parts/read-to-open.ts';
import { THOUSAND } from './population.ts';
import { removeLeftOvers } from './seeded-store.ts';

// node test/bench/latency-gate.ts: fails when the built daemon takes more times the floor's time, from a card's
// bytes to the relay's frame, than it may (N8). Ratios of blocks that take turns, and their median: a neighbour
// who is busy for some blocks changes neither.
const LIMIT_MS = 120_000;
/** Far above what is measured on a quiet machine (docs/performance.md), far below what a wait or a second commit on the path costs. */
const BOUNDS = [
	{ what: 'p50', of: (block: readonly number[]) => percentile(block, 0.5), atMost: 4 },
	{ what: 'slowest of a block', of: (block: readonly number[]) => Math.max(...block), atMost: 8 },
] as const;

setTimeout(() => {
	console.error(`No answer within ${LIMIT_MS / 1_000} s.`);
	process.exit(1);
}, LIMIT_MS).unref();
removeLeftOvers();
const sides = await takeTurns({ population: THOUSAND, blocks: 16, readsPerBlock: 8, warmUpReads: 40 });
for (const { what, of, atMost } of BOUNDS) {
	const ratio = medianRatio(sides, of);
	const [ours, floor] = [sides.oursMs, sides.floorsMs].map((blocks) => percentile(blocks.map(of), 0.5).toFixed(1));
	console.log(`Read to relay, ${what}: ${ratio.toFixed(2)} × the floor's (${ours} and ${floor} ms), at most ${atMost}`);
	if (!(ratio <= atMost)) process.exitCode = 1;
}

function medianRatio({ oursMs, floorsMs }: SideBySide, of: (block: readonly number[]) => number): number {
	return percentile(
		oursMs.map((block, n) => of(block) / of(floorsMs[n] ?? [])),
		0.5,
	);
}
