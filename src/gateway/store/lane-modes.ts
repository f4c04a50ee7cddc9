import { type LaneMode, NORMAL } from '../core/lane/lane-mode.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** What operators made of the lanes; written with the journal entry that says so. */
export interface LaneModeStore {
	get(laneId: string): LaneMode;
	set(laneId: string, mode: LaneMode): void;
	/** Takes reasons away that name somebody. */
	forgetReasons(names: (reason: string) => boolean): void;
}

/** Stands where a reason named somebody who was erased. */
export const FORGOTTEN_REASON = '•••';

export function createLaneModes(db: Sqlite, transactions: Transactions): LaneModeStore {
	const select = db.prepare<[string], string>('SELECT mode FROM lane_modes WHERE lane_id = ?').pluck();
	const all = db.prepare<[], { readonly laneId: string; readonly stored: string }>(
		'SELECT lane_id AS laneId, mode AS stored FROM lane_modes',
	);
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
		forgetReasons: (names) =>
			transactions.run(() => {
				for (const { laneId, stored } of all.all()) {
					const mode = JSON.parse(stored) as LaneMode;
					if (mode.kind === 'normal' || !names(mode.reason)) continue;
					upsert.run(laneId, JSON.stringify({ ...mode, reason: FORGOTTEN_REASON }));
				}
			}),
	};
}
