import { INVARIANTS } from './checks/invariants.ts';
import type { Run } from './run-seed.ts';

/** What one seed came to. */
export interface SeedReport {
	readonly seed: number;
	readonly vehicles: number;
	readonly virtualMs: number;
	readonly tookMs: number;
	readonly decisions: number;
	readonly passages: number;
	readonly lives: number;
	/** Of every row of the journal: the same wherever the same code lives the same seed. */
	readonly journalHash: string;
	readonly counts: Readonly<Record<string, number>>;
	readonly violations: readonly { readonly invariant: string; readonly atMs: number; readonly problem: string }[];
	/** Lives it through again exactly, with everything that happened. */
	readonly replay: string;
}

export function reportOf(run: Run, { vehicles, tookMs }: Pick<SeedReport, 'vehicles' | 'tookMs'>): SeedReport {
	const { seed, virtualMs, journalHash, records } = run;
	const rows = (type: string) => records.journal.filter(({ entry }) => entry.type === type).length;
	return {
		...{ seed, vehicles, virtualMs, tookMs, journalHash },
		decisions: rows('decision'),
		passages: rows('passage'),
		lives: Math.max(1, ...records.journal.map(({ life }) => life)),
		counts: Object.fromEntries([...records.counts].sort()),
		violations: records.violations,
		replay: `npm run simulate -- --seed ${seed} --vehicles ${vehicles} --log`,
	};
}

/** One line; a failing seed names below it what did not hold, and how to see it again. */
export function seedLines(report: SeedReport): readonly string[] {
	const { seed, virtualMs, tookMs, decisions, passages, lives, journalHash, violations, replay } = report;
	const minutes = (virtualMs / 60_000).toFixed(0);
	const happened = `${decisions} decisions, ${passages} passages, ${lives} lives of the gateway, ${minutes} min`;
	const line = `seed ${seed} ${violations.length === 0 ? 'holds' : 'FAILS'}: ${happened} in ${(tookMs / 1_000).toFixed(1)} s, journal ${journalHash.slice(0, 12)}`;
	if (violations.length === 0) return [line];
	const broken = Object.entries(Object.groupBy(violations, ({ invariant }) => invariant));
	return [
		line,
		...broken.flatMap(([invariant, own = []]) => [
			`  ${invariant}: ${INVARIANTS[invariant as keyof typeof INVARIANTS] ?? ''}${own.length > 1 ? ` (${own.length} times)` : ''}`,
			`    first at ${((own[0]?.atMs ?? 0) / 1_000).toFixed(1)} s: ${(own[0]?.problem ?? '').split('\n', 1)[0]}`,
		]),
		`  replay: ${replay}`,
	];
}

/** What happened in all of them together. */
export function summaryLines(reports: readonly SeedReport[]): readonly string[] {
	const totals = new Map<string, number>();
	for (const { counts } of reports)
		for (const [what, times] of Object.entries(counts)) totals.set(what, (totals.get(what) ?? 0) + times);
	const virtualMs = reports.reduce((sum, report) => sum + report.virtualMs, 0);
	const failed = reports.filter(({ violations }) => violations.length > 0).map(({ seed }) => seed);
	return [
		...[...totals].sort().map(([what, times]) => `${String(times).padStart(8)}  ${what}`),
		`${reports.length} seeds, ${(virtualMs / 3_600_000).toFixed(1)} h of a site, ${failed.length} failed${failed.length > 0 ? `: ${failed.join(', ')}` : ''}`,
	];
}
