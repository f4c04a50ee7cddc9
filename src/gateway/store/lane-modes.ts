import { type LaneMode, NORMAL } from '../core/lane/lane-mode.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** What operators made of the lanes; written with the journal entry that says so. */
export interface LaneModeStore {
	get(laneId: string): LaneMode;
	set(laneId: string, mode: LaneMode): void;
}

export function createLaneModes(db: Sqlite, transactions: Transactions): LaneModeStore {
	const select = db.prepare<[string], string>('SELECT mode FROM lane_modes WHERE lane_id = ?').pluck();
	const upsert = db.prepare<[string, string]>(
		'INSERT INTO lane_modes (lane_id, mode) VALUES (?, ?) ON CONFLICT (lane_id) DO UPDATE SET mode = excluded.mode',
	);
	return {
		get(laneId) {
			const stored = select.get(laneId);
			// Written by `set` only, so it is not validated again.
			return stored === undefined ? NORMAL : (JSON.parse(stored) as LaneMode);
		},
		set: (laneId, mode) =>
			transactions.run(() => {
				upsert.run(laneId, JSON.stringify(mode));
			}),
	};
}
