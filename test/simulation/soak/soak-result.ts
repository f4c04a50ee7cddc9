/** Something that did not hold. */
export interface SoakFailure {
	readonly what: string;
	readonly problem: string;
	/** The command that shows it again. */
	readonly replay: string;
}

/** What one part of a soak came to. */
export interface PartResult {
	readonly name: string;
	/** Seeds lived through, or times all its tests ran. */
	readonly rounds: number;
	/** What held, in the part's own words. */
	readonly held: string;
	readonly failures: readonly SoakFailure[];
	readonly tookMs: number;
	readonly detail: Readonly<Record<string, unknown>>;
}

export interface SoakResult {
	/** Of the sources; null: not in a repository. */
	readonly commit: string | null;
	/** The sources were changed since. */
	readonly changed: boolean;
	/** ISO 8601, UTC. */
	readonly startedAt: string;
	readonly minutes: number;
	/** Parts that were chosen; none: all. */
	readonly only: readonly string[];
	/** Ended before its time. */
	readonly interrupted: boolean;
	readonly machine: { readonly processor: string; readonly cores: number; readonly node: string };
	readonly parts: readonly PartResult[];
}

/** `2026-11-22T08-15-1dbced6c0a1b-replugs.json`; what was changed since its commit says so. */
export function resultName({ startedAt, commit, changed, only }: SoakResult): string {
	const at = startedAt.slice(0, 16).replace(':', '-');
	const of = commit?.slice(0, 12) ?? 'unknown';
	return `${[at, of, ...(changed ? ['changed'] : []), ...only].join('-')}.json`;
}

export function summaryOf({ commit, changed, parts, interrupted }: SoakResult): readonly string[] {
	const failures = parts.flatMap((part) => part.failures.map((failure) => ({ ...failure, part: part.name })));
	return [
		`commit ${commit ?? 'unknown'}${changed ? ', changed since' : ''}${interrupted ? ', interrupted' : ''}`,
		...parts.map(({ name, rounds, held, failures: own, tookMs }) => {
			const verdict = own.length === 0 ? 'holds' : 'FAILS';
			return `${verdict} ${name}: ${rounds} rounds, ${held}, ${own.length} failures, ${(tookMs / 60_000).toFixed(1)} min`;
		}),
		...failures.flatMap(({ part, what, problem, replay }) => [
			`${part}: ${what}: ${problem.split('\n', 1)[0]}`,
			`  replay: ${replay}`,
		]),
	];
}
