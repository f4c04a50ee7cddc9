import type { Migration } from './migrations.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** What is counted by hour and by day of the site. A row says nothing of anybody. */
export const ANALYTICS_MIGRATION: Migration = {
	name: 'counts by hour and by day',
	sql: `
CREATE TABLE analytics_counts (
	span TEXT NOT NULL,
	metric TEXT NOT NULL,
	start_ms INTEGER NOT NULL,
	key TEXT NOT NULL,
	count INTEGER NOT NULL,
	total INTEGER NOT NULL,
	most INTEGER NOT NULL,
	PRIMARY KEY (span, metric, start_ms, key)
) STRICT, WITHOUT ROWID;
`,
};

export type CountSpan = 'hour' | 'day';

/**
 * `entry`, `exit`: by lane. `refusal`: by reason. `stay`: `total` is how long those that ended lasted, ms. `occupied`: by area,
 * `count` is how long it is known, ms, `total` vehicles times ms, `most` at once.
 */
export type CountMetric = 'entry' | 'exit' | 'refusal' | 'stay' | 'occupied';

export interface AnalyticsCount {
	readonly metric: CountMetric;
	/** Beginning of the hour or day, UTC epoch ms. */
	readonly startMs: number;
	readonly key: string;
	readonly count: number;
	readonly total: number;
	readonly most: number;
}

/** A stay that ended, as it is counted. */
export interface EndedStay {
	readonly id: string;
	readonly openedAtMs: number;
	readonly closedAtMs: number;
	readonly closedBy: string;
}

/** Changed in the caller's transaction. */
export interface AnalyticsStore {
	/** To what is counted already. */
	add(span: CountSpan, count: AnalyticsCount): void;
	/** Of hours or days that begin in [fromMs, toMs), oldest first. */
	between(span: CountSpan, metric: CountMetric, fromMs: number, toMs: number): readonly AnalyticsCount[];
	removeBefore(span: CountSpan, beforeMs: number, metric: CountMetric): void;
	/** Stays that ended before `untilMs`, after this one, in that order. */
	endedStays(
		after: { readonly closedAtMs: number; readonly id: string },
		untilMs: number,
		limit: number,
	): readonly EndedStay[];
}

export function createAnalyticsStore(db: Sqlite, { run, read }: Transactions): AnalyticsStore {
	const add = db.prepare<[AnalyticsCount & { readonly span: CountSpan }]>(
		`INSERT INTO analytics_counts (span, metric, start_ms, key, count, total, most)
		VALUES (:span, :metric, :startMs, :key, :count, :total, :most) ON CONFLICT DO UPDATE SET
			count = count + excluded.count, total = total + excluded.total, most = max(most, excluded.most)`,
	);
	const select = db.prepare<[string, string, number, number], AnalyticsCount>(
		`SELECT metric, start_ms AS startMs, key, count, total, most FROM analytics_counts
		WHERE span = ? AND metric = ? AND start_ms >= ? AND start_ms < ? ORDER BY start_ms, key`,
	);
	const remove = db.prepare<[string, string, number]>(
		'DELETE FROM analytics_counts WHERE span = ? AND metric = ? AND start_ms < ?',
	);
	const stays = db.prepare<[object], EndedStay>(
		`SELECT id, opened_at_ms AS openedAtMs, closed_at_ms AS closedAtMs, closed_by AS closedBy FROM parking_sessions
		WHERE closed_at_ms IS NOT NULL AND closed_at_ms >= :closedAtMs AND closed_at_ms < :untilMs
		AND (closed_at_ms, id) > (:closedAtMs, :id) ORDER BY closed_at_ms, id LIMIT :limit`,
	);
	return {
		add: (span, count) => void run(() => add.run({ span, ...count })),
		between: (span, metric, fromMs, toMs) => read(() => select.all(span, metric, fromMs, toMs)),
		removeBefore: (span, beforeMs, metric) => void run(() => remove.run(span, metric, beforeMs)),
		endedStays: (after, untilMs, limit) => read(() => stays.all({ ...after, untilMs, limit })),
	};
}
