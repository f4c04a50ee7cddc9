import process from 'node:process';

/**
 * How long some microseconds of work take, in ms; undefined when the kernel gave the processor to somebody else
 * meanwhile (getrusage(2), involuntary switches): on a shared machine a p99 would else be the neighbours'.
 */
export function timeUndisturbed(work: () => void): number | undefined {
	const before = process.resourceUsage().involuntaryContextSwitches;
	const startedMs = performance.now();
	work();
	const durationMs = performance.now() - startedMs;
	return process.resourceUsage().involuntaryContextSwitches === before ? durationMs : undefined;
}
