import { runSeed, USUAL_VEHICLES } from '../run-seed.ts';
import { reportOf, type SeedReport, seedLines } from '../seed-report.ts';
import type { PartResult } from './soak-result.ts';

/** Every tenth seed is a long day. */
const LONG_EVERY = 10;
const LONG_VEHICLES = 500;

export interface SeedPartOptions {
	readonly first: number;
	readonly durationMs: number;
	readonly isInterrupted: () => boolean;
	readonly say: (line: string) => void;
}

/** Lives seeds through, one after another, until the time is over. */
export async function soakSeeds({ first, durationMs, isInterrupted, say }: SeedPartOptions): Promise<PartResult> {
	const startedMs = performance.now();
	const failed: SeedReport[] = [];
	const totals = { virtualMs: 0, decisions: 0, passages: 0, lives: 0 };
	const counts = new Map<string, number>();
	let rounds = 0;
	while (rounds === 0 || (performance.now() - startedMs < durationMs && !isInterrupted())) {
		const seed = first + rounds;
		const vehicles = rounds % LONG_EVERY === LONG_EVERY - 1 ? LONG_VEHICLES : USUAL_VEHICLES;
		const begunMs = performance.now();
		const run = await runSeed({ seed, vehicles });
		const report = reportOf(run, { vehicles, tookMs: Math.round(performance.now() - begunMs) });
		rounds += 1;
		for (const key of ['virtualMs', 'decisions', 'passages', 'lives'] as const) totals[key] += report[key];
		for (const [what, times] of Object.entries(report.counts)) counts.set(what, (counts.get(what) ?? 0) + times);
		if (report.violations.length > 0) failed.push(report);
		for (const line of seedLines(report)) say(line);
	}
	return {
		name: 'seeds',
		rounds,
		held: `${(totals.virtualMs / 3_600_000).toFixed(1)} h of a site, ${totals.decisions} decisions, ${totals.lives} lives of the gateway`,
		failures: failed.map(({ seed, violations: [worst], replay }) => ({
			what: `seed ${seed}: ${worst?.invariant}`,
			problem: worst?.problem ?? '',
			replay,
		})),
		tookMs: Math.round(performance.now() - startedMs),
		detail: {
			firstSeed: first,
			lastSeed: first + rounds - 1,
			...totals,
			counts: Object.fromEntries([...counts].sort()),
		},
	};
}
