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
	/** After a restart these are appended as `unknown` and never sent again; oldest first. */
	withoutOutcome(): readonly OpenVend[];
}

/** Operators' vends; those of grants stand with their decision. */
export interface OperatorVends extends VendStore {
	/** Opens and closes vends as the journal tells; called by the journal only. */
	follow(entry: JournalEntry): void;
}

export function createOperatorVends(db: Sqlite): OperatorVends {
	const open = db.prepare<[OpenVend]>(
		'INSERT INTO operator_vends (vend_id, lane_id, decision_id, operator_id, requested_at_ms) VALUES (:vendId, :laneId, :decisionId, :operatorId, :requestedAtMs)',
	);
	const close = db.prepare<[string]>('DELETE FROM operator_vends WHERE vend_id = ?');
	const select = db.prepare<[], OpenVend>(
		'SELECT vend_id AS vendId, lane_id AS laneId, decision_id AS decisionId, operator_id AS operatorId, requested_at_ms AS requestedAtMs FROM operator_vends ORDER BY requested_at_ms',
	);
	return {
		follow(entry) {
			if (entry.type !== 'vend') return;
			const { vendId, laneId, decisionId, operatorId, atMs, outcome } = entry;
			if (outcome !== 'requested') close.run(vendId);
			else open.run({ vendId, laneId, decisionId, operatorId, requestedAtMs: atMs });
		},
		withoutOutcome: () => select.all(),
	};
}
