import { GatewayError } from '../../core/gateway-error.ts';
import { LIMITS } from '../../core/limits.ts';
import type { ReasonCode } from '../../core/reason.ts';
import type { Site } from '../../core/site.ts';
import type { AnalyticsCount, CountMetric, CountSpan } from '../../store/analytics.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { localDay } from '../tables/local-day.ts';

export type { CountSpan };

export interface AnalyticsQuery {
	/** `YYYY-MM-DD` of the site, both included; absent: the last 30 days. */
	readonly fromDay?: string;
	readonly toDay?: string;
	/** Absent: hours of up to a week, else days. */
	readonly span?: CountSpan;
}

/** What went on at the site, hour by hour or day by day (FEATURES I15). */
export interface Analytics {
	readonly fromDay: string;
	readonly toDay: string;
	readonly span: CountSpan;
	/** Every hour or day of the time that has begun, oldest first. */
	readonly steps: readonly AnalyticsStep[];
	/** The most frequent first. */
	readonly refusals: readonly { readonly reason: ReasonCode; readonly count: number }[];
	readonly entries: number;
	readonly exits: number;
	/** Of the stays that ended by a passage; null: none did. */
	readonly meanStayMs: number | null;
	readonly stays: number;
	/** Areas and parks of the site, in its order. */
	readonly areas: readonly AreaLevels[];
}

export interface AnalyticsStep {
	readonly startMs: number;
	readonly entries: number;
	readonly exits: number;
	readonly refusals: number;
	readonly meanStayMs: number | null;
}

export interface AreaLevels {
	readonly areaId: string;
	readonly capacity: number | null;
	/** One of each step: vehicles inside on average and at most; null: not known. */
	readonly levels: readonly { readonly average: number | null; readonly most: number | null }[];
}

export interface AnalyticsDeps {
	readonly site: Pick<Site, 'timeZone' | 'areas' | 'parks'>;
	readonly store: Pick<SiteStore, 'analytics'>;
	readonly nowMs: () => number;
}

/** From the counts alone: what a question costs does not grow with the journal. Throws INVALID_REQUEST for a time that is too long, or has no end. */
export function createAnalytics({ site, store, nowMs }: AnalyticsDeps): (query: AnalyticsQuery) => Analytics {
	return (query) => {
		const period = periodOf(query, nowMs(), site.timeZone);
		const { fromMs, toMs, span } = period;
		const of = (metric: CountMetric) => store.analytics.between(span, metric, fromMs, toMs);
		const [entries, exits, refusals, stays] = [of('entry'), of('exit'), of('refusal'), of('stay')];
		const starts = stepStarts(period, nowMs(), site.timeZone);
		const at = (counts: readonly AnalyticsCount[]) => Map.groupBy(counts, ({ startMs }) => startMs);
		const [entriesAt, exitsAt, refusalsAt, staysAt] = [at(entries), at(exits), at(refusals), at(stays)];
		const occupied = Map.groupBy(of('occupied'), ({ key }) => key);
		return {
			...{ fromDay: period.fromDay, toDay: period.toDay, span },
			steps: starts.map((startMs) => ({
				...{ startMs, entries: countOf(entriesAt.get(startMs)), exits: countOf(exitsAt.get(startMs)) },
				...{ refusals: countOf(refusalsAt.get(startMs)), meanStayMs: meanOf(staysAt.get(startMs)) },
			})),
			refusals: [...Map.groupBy(refusals, ({ key }) => key)]
				.map(([reason, counts]) => ({ reason: reason as ReasonCode, count: countOf(counts) }))
				.toSorted((a, b) => b.count - a.count),
			...{ entries: countOf(entries), exits: countOf(exits), stays: countOf(stays), meanStayMs: meanOf(stays) },
			areas: [...site.parks, ...site.areas].map(({ id, capacity }) => ({
				...{ areaId: id, capacity: capacity ?? null },
				levels: levelsOf(starts, occupied.get(id) ?? []),
			})),
		};
	};
}

interface Period {
	readonly fromDay: string;
	readonly toDay: string;
	readonly fromMs: number;
	/** Exclusive. */
	readonly toMs: number;
	readonly span: CountSpan;
}

const DAYS_UNLESS_ASKED = 30;
const HOURS_UP_TO_DAYS = 7;

function periodOf({ fromDay, toDay, span }: AnalyticsQuery, nowMs: number, timeZone: string): Period {
	const last = Temporal.PlainDate.from(toDay ?? localDay(nowMs, timeZone));
	const first =
		fromDay === undefined ? last.subtract({ days: DAYS_UNLESS_ASKED - 1 }) : Temporal.PlainDate.from(fromDay);
	const days = first.until(last).days + 1;
	if (days < 1) throw new GatewayError('INVALID_REQUEST', 'The last day is before the first one.');
	const chosen = span ?? (days <= HOURS_UP_TO_DAYS ? 'hour' : 'day');
	const most = chosen === 'hour' ? LIMITS.analyticsHoursDays : LIMITS.analyticsDays;
	if (days > most) {
		throw new GatewayError('INVALID_REQUEST', `That is longer than ${most} days; ask for less, or for days.`);
	}
	const startMs = (day: Temporal.PlainDate) => day.toZonedDateTime(timeZone).epochMilliseconds;
	return {
		...{ fromDay: first.toString(), toDay: last.toString(), span: chosen },
		...{ fromMs: startMs(first), toMs: startMs(last.add({ days: 1 })) },
	};
}

/** Hours and days that have begun, by the wall clock of the site. */
function stepStarts({ fromMs, toMs, span }: Period, nowMs: number, timeZone: string): readonly number[] {
	const starts: number[] = [];
	const one = span === 'hour' ? { hours: 1 } : { days: 1 };
	for (
		let at = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(timeZone);
		at.epochMilliseconds < Math.min(toMs, nowMs);
		at = at.add(one)
	)
		starts.push(at.epochMilliseconds);
	return starts;
}

function countOf(counts: readonly AnalyticsCount[] = []): number {
	return counts.reduce((sum, { count }) => sum + count, 0);
}

/** null: of nothing. */
function meanOf(counts: readonly AnalyticsCount[] = []): number | null {
	const all = countOf(counts);
	return all === 0 ? null : Math.round(counts.reduce((sum, { total }) => sum + total, 0) / all);
}

function levelsOf(starts: readonly number[], counts: readonly AnalyticsCount[]): AreaLevels['levels'] {
	const byStart = new Map(counts.map((count) => [count.startMs, count]));
	return starts.map((startMs) => {
		const counted = byStart.get(startMs);
		if (counted === undefined) return { average: null, most: null };
		return { average: Math.round((counted.total / counted.count) * 10) / 10, most: counted.most };
	});
}
