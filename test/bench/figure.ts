/** One line of the bench's table. */
export interface Figure {
	readonly what: string;
	readonly measured: number;
	readonly unit: string;
	/** Absent: for scale, nothing is asked. */
	readonly target?: Target;
	/** What it was measured beside, or how. */
	readonly note?: string;
}

export type Target = { readonly atMost: number } | { readonly atLeast: number };

export interface Part {
	/** For `--only`. */
	readonly name: string;
	/** The whole part is ended then and told as such. */
	readonly limitS: number;
	/** Runs only where it is named: it takes longer than all the others. */
	readonly onlyNamed?: true;
	run(): Promise<readonly Figure[]>;
}

export function isMet({ measured, target }: Figure): boolean | null {
	if (target === undefined) return null;
	return 'atMost' in target ? measured <= target.atMost : measured >= target.atLeast;
}

/** @param q 0–1; nearest rank. */
export function percentile(values: readonly number[], q: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

/** p50 and p99 of durations in ms, told in µs. */
export function spread(durationsMs: readonly number[]): { readonly p50: number; readonly p99: number } {
	return { p50: percentile(durationsMs, 0.5) * 1_000, p99: percentile(durationsMs, 0.99) * 1_000 };
}
