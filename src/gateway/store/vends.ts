import type { JournalEntry } from '../core/journal.ts';
import type { Sqlite } from './open-database.ts';

/** A vend whose outcome is not known yet: its pulse may or may not have been sent. */
export interface OpenVend {
	readonly vendId: string;
	readonly laneId: string;
	readonly decisionId: string | null;
	readonly operatorId: string | null;
	readonly requestedAtMs: number;
}

export interface VendStore {
	/** Opens and closes vends as the journal tells; called by `JournalStore.append` only. */
	follow(entry: JournalEntry): void;
	/** After a restart these are appended as `unknown` and never sent again. */
	withoutOutcome(): readonly OpenVend[];
}

export function createVendStore(db: Sqlite): VendStore {
	const open = db.prepare<[OpenVend]>(
		'INSERT INTO vends (vend_id, lane_id, decision_id, operator_id, requested_at_ms) VALUES (:vendId, :laneId, :decisionId, :operatorId, :requestedAtMs)',
	);
	const close = db.prepare<[string]>('DELETE FROM vends WHERE vend_id = ?');
	const select = db.prepare<[], OpenVend>(
		'SELECT vend_id AS vendId, lane_id AS laneId, decision_id AS decisionId, operator_id AS operatorId, requested_at_ms AS requestedAtMs FROM vends ORDER BY requested_at_ms',
	);
	return {
		follow(entry) {
			if (entry.type === 'decision' && entry.vendId !== null) {
				const { vendId, laneId, id, atMs } = entry;
				open.run({ vendId, laneId, decisionId: id, operatorId: null, requestedAtMs: atMs });
			} else if (entry.type === 'vend' && entry.outcome === 'requested') {
				const { vendId, laneId, decisionId, operatorId, atMs } = entry;
				open.run({ vendId, laneId, decisionId, operatorId, requestedAtMs: atMs });
			} else if (entry.type === 'vend') {
				close.run(entry.vendId);
			}
		},
		withoutOutcome: () => select.all(),
	};
}
