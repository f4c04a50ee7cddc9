import type { OccupancySample } from '../../../../gateway/services/occupancy-care.ts';

/** How far back a chart goes: to midnight, or to the midnight that begins this many days. */
export const PERIODS = ['today', 'week', 'month'] as const;
export type Period = (typeof PERIODS)[number];

const SHAPES: Readonly<Record<Period, { readonly days: number; readonly chartStepMs: number }>> = {
	today: { days: 1, chartStepMs: 300_000 },
	week: { days: 7, chartStepMs: 1_800_000 },
	month: { days: 30, chartStepMs: 7_200_000 },
};

const HOUR_MS = 3_600_000;

/** The moments that part a period, the first included and the last not; UTC epoch ms. */
export interface PeriodEdges {
	/** For the chart: evenly apart. */
	readonly chart: readonly number[];
	/** For the table: hours of today, else days of the site, which may have 23 or 25 hours. */
	readonly rows: readonly number[];
}

export function periodEdges(period: Period, nowMs: number, timeZone: string): PeriodEdges {
	const { days, chartStepMs } = SHAPES[period];
	const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).startOfDay();
	const dayStarts = Array.from(
		{ length: days },
		(_, day) => today.subtract({ days: days - 1 - day }).startOfDay().epochMilliseconds,
	);
	const [fromMs = nowMs] = dayStarts;
	return {
		chart: edges(fromMs, nowMs, chartStepMs),
		rows:
			period === 'today'
				? edges(fromMs, nowMs, HOUR_MS)
				: [...dayStarts, Math.max(nowMs, (dayStarts.at(-1) ?? fromMs) + 1)],
	};
}

function edges(fromMs: number, toMs: number, stepMs: number): readonly number[] {
	const steps = Math.max(1, Math.ceil((toMs - fromMs) / stepMs));
	return Array.from({ length: steps + 1 }, (_, step) => Math.min(fromMs + step * stepMs, Math.max(toMs, fromMs + 1)));
}

/** One stretch of time; null: nothing was known yet. */
export interface HistoryStretch {
	readonly startMs: number;
	readonly level: { readonly lowest: number; readonly average: number; readonly highest: number } | null;
}

/** A count stays what it was until the next sample. @param samples in order of time; the first may be before the edges. */
export function stretches(samples: readonly OccupancySample[], at: readonly number[]): readonly HistoryStretch[] {
	let next = 0;
	let level: number | null = null;
	return at.slice(0, -1).map((startMs, place) => {
		const endMs = at[place + 1] ?? startMs;
		let [since, area, known] = [startMs, 0, 0];
		let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
		const hold = (untilMs: number) => {
			if (level === null || untilMs <= since) return;
			area += level * (untilMs - since);
			known += untilMs - since;
			lowest = Math.min(lowest, level);
			highest = Math.max(highest, level);
		};
		for (let sample = samples[next]; sample !== undefined && sample.atMs < endMs; sample = samples[next]) {
			hold(Math.max(sample.atMs, since));
			since = Math.max(sample.atMs, startMs);
			level = sample.occupied;
			next += 1;
		}
		hold(endMs);
		return { startMs, level: known === 0 ? null : { lowest, average: area / known, highest } };
	});
}
