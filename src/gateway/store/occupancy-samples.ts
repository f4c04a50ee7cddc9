import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** Vehicles inside at a moment. */
export interface OccupancySample {
	readonly atMs: number;
	readonly occupied: number;
}

/** How full each area was, at regular moments; for charts, never for decisions. */
export interface OccupancySampleStore {
	add(atMs: number, counters: readonly { readonly areaId: string; readonly occupied: number }[]): void;
	/** In order of time, `fromMs` included, `toMs` not; the last before `fromMs` first, so that a chart begins at the right level. */
	between(areaId: string, fromMs: number, toMs: number): readonly OccupancySample[];
	removeBefore(beforeMs: number): void;
}

export function createOccupancySamples(db: Sqlite, transactions: Transactions): OccupancySampleStore {
	const insert = db.prepare<[string, number, number]>(
		'INSERT INTO occupancy_samples (area_id, at_ms, occupied) VALUES (?, ?, ?) ON CONFLICT (area_id, at_ms) DO UPDATE SET occupied = excluded.occupied',
	);
	const select = db.prepare<[{ areaId: string; fromMs: number; toMs: number }], OccupancySample>(
		`SELECT at_ms AS atMs, occupied FROM occupancy_samples WHERE area_id = :areaId AND at_ms < :toMs
		AND at_ms >= coalesce((SELECT max(at_ms) FROM occupancy_samples WHERE area_id = :areaId AND at_ms < :fromMs), :fromMs)
		ORDER BY at_ms`,
	);
	const remove = db.prepare<[number]>('DELETE FROM occupancy_samples WHERE at_ms < ?');
	return {
		add: (atMs, counters) =>
			transactions.run(() => {
				for (const { areaId, occupied } of counters) insert.run(areaId, atMs, occupied);
			}),
		between: (areaId, fromMs, toMs) => select.all({ areaId, fromMs, toMs }),
		removeBefore: (beforeMs) =>
			transactions.run(() => {
				remove.run(beforeMs);
			}),
	};
}
