import { type Run, type RunOptions, runSeed } from './run-seed.ts';
import type { Action } from './scenario.ts';

/** Leaves out what the failure does not need: halves first, then smaller and smaller pieces. */
export async function minimise(
	{ seed, actions }: Run,
	invariant: string,
	tamper?: RunOptions['tamper'],
): Promise<readonly Action[]> {
	let needed = actions;
	for (let size = Math.ceil(needed.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
		for (let from = 0; from < needed.length; ) {
			const fewer = [...needed.slice(0, from), ...needed.slice(from + size)];
			if (await stillFails(fewer)) needed = fewer;
			else from += size;
		}
	}
	return needed;

	/** Everything has to settle at the end, whatever was left out. */
	async function stillFails(fewer: readonly Action[]): Promise<boolean> {
		const settling: readonly Action[] = [...fewer, { do: 'settle', afterMs: 0 }];
		const run = await runSeed({ seed, actions: settling, ...(tamper === undefined ? {} : { tamper }) });
		return run.records.violations.some((violation) => violation.invariant === invariant);
	}
}
