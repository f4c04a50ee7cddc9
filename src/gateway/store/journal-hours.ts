import type { Sqlite } from './open-database.ts';

const HOUR_MS = 3_600_000;

/** Marks where an hour's decisions, passages and lane events begin in the journal, so that a time finds its positions although the clock may jump. */
export function createHourMarks(db: Sqlite, onForget: (forget: () => void) => void) {
	const last = db.prepare<[], number>('SELECT hour FROM decision_hours ORDER BY position DESC LIMIT 1').pluck();
	const insert = db.prepare<[number, number]>('INSERT INTO decision_hours (position, hour) VALUES (?, ?)');
	let hour: number | undefined;
	onForget(() => {
		hour = undefined;
	});
	return {
		mark(position: number, atMs: number): void {
			const current = Math.floor(atMs / HOUR_MS);
			hour ??= last.get();
			if (hour === current) return;
			insert.run(position, current);
			hour = current;
		},
	};
}

export interface PositionRange {
	readonly first: number;
	/** Exclusive. */
	readonly end: number;
}

/** @returns the part of `whole` that can hold decisions, passages and lane events of [fromMs, toMs); undefined: there are none. */
export function createHourRange(db: Sqlite) {
	const firstStart = db
		.prepare<[number, number], number | null>('SELECT min(position) FROM decision_hours WHERE hour BETWEEN ? AND ?')
		.pluck();
	const nextStart = db
		.prepare<[number, number], number | null>(
			`SELECT min(position) FROM decision_hours
			WHERE position > (SELECT max(position) FROM decision_hours WHERE hour BETWEEN ? AND ?)`,
		)
		.pluck();
	return function within(
		whole: PositionRange,
		{ fromMs, toMs }: { readonly fromMs?: number; readonly toMs?: number },
	): PositionRange | undefined {
		if (fromMs === undefined && toMs === undefined) return whole.first < whole.end ? whole : undefined;
		const fromHour = Math.floor((fromMs ?? 0) / HOUR_MS);
		const toHour = Math.floor((toMs ?? Number.MAX_SAFE_INTEGER) / HOUR_MS);
		const start = firstStart.get(fromHour, toHour) ?? undefined;
		if (start === undefined) return undefined;
		const end = nextStart.get(fromHour, toHour) ?? whole.end;
		const range = { first: Math.max(whole.first, start), end: Math.min(whole.end, end) };
		return range.first < range.end ? range : undefined;
	};
}
