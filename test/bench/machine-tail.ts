import { percentile } from './figure.ts';
import { timeUndisturbed } from './undisturbed.ts';

const SAMPLES = 10_000;
const STEPS_TRIED = 10_000;
const TRIES = 100;

/**
 * The p99, in µs, of arithmetic that takes about as long as what was measured and reads no memory, timed in the same way:
 * what interrupts and neighbours add on this machine at least. Work on memory also waits for caches that they emptied.
 */
export function machineTailUs(p50Us: number): number {
	const stepUs = percentile(Array.from({ length: TRIES }, timeSteps), 0.5);
	const steps = Math.max(1, Math.round(p50Us / stepUs));
	const tookMs: number[] = [];
	for (let n = 0; n < SAMPLES; n++) {
		const durationMs = timeUndisturbed(() => compute(steps));
		if (durationMs !== undefined) tookMs.push(durationMs);
	}
	return percentile(tookMs, 0.99) * 1_000;
}

function timeSteps(): number {
	const startedMs = performance.now();
	compute(STEPS_TRIED);
	return ((performance.now() - startedMs) * 1_000) / STEPS_TRIED;
}

function compute(steps: number): number {
	let x = 1;
	for (let step = 0; step < steps; step++) x = (x * 48_271) % 2_147_483_647;
	return x;
}
