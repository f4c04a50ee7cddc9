import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** One stay that has not ended. */
export interface OpenParkingSession {
	readonly id: string;
	/** null: a vehicle nobody identified. */
	readonly holderId: string | null;
	readonly credentialId: string | null;
	readonly decisionId: string | null;
	/** Innermost area it is in. */
	readonly areaId: string;
	readonly laneInId: string | null;
	readonly openedAtMs: number;
}

export interface ParkingSessionEnd {
	readonly atMs: number;
	readonly laneOutId: string | null;
	/** `nextEntry`: its exit was missed; `autoClose`: after the set time. */
	readonly by: 'passage' | 'nextEntry' | 'autoClose' | 'operator';
}

/** Changed in the caller's transaction. */
export interface ParkingSessionStore {
	open(session: OpenParkingSession): void;
	/** @returns false when it is not open. */
	moveTo(id: string, areaId: string): boolean;
	/** @returns the session as it was; undefined when it is not open. */
	close(id: string, end: ParkingSessionEnd): OpenParkingSession | undefined;
	/** Oldest first. */
	openFor(holderId: string): readonly OpenParkingSession[];
	/** The anonymous stay that is longest in the area. */
	oldestAnonymous(areaId: string): OpenParkingSession | undefined;
	/** Open stays by holder, anonymous ones first, then by time; at most `limit` of them after the first `offset`. */
	listOpen(page: { readonly limit: number; readonly offset?: number }): readonly OpenParkingSession[];
	countOpen(): number;
}

const COLUMNS =
	'id, holder_id AS holderId, credential_id AS credentialId, decision_id AS decisionId, area_id AS areaId, lane_in_id AS laneInId, opened_at_ms AS openedAtMs';

export function createParkingSessions(db: Sqlite, transactions: Transactions): ParkingSessionStore {
	const insert = db.prepare<[OpenParkingSession]>(
		`INSERT INTO parking_sessions (id, holder_id, credential_id, decision_id, area_id, lane_in_id, opened_at_ms)
		VALUES (:id, :holderId, :credentialId, :decisionId, :areaId, :laneInId, :openedAtMs)`,
	);
	const move = db.prepare<[string, string]>(
		'UPDATE parking_sessions SET area_id = ? WHERE id = ? AND closed_at_ms IS NULL',
	);
	const byId = db.prepare<[string], OpenParkingSession>(
		`SELECT ${COLUMNS} FROM parking_sessions WHERE id = ? AND closed_at_ms IS NULL`,
	);
	const close = db.prepare<[ParkingSessionEnd & { readonly id: string }]>(
		'UPDATE parking_sessions SET closed_at_ms = :atMs, lane_out_id = :laneOutId, closed_by = :by WHERE id = :id',
	);
	const ofHolder = db.prepare<[string], OpenParkingSession>(
		`SELECT ${COLUMNS} FROM parking_sessions WHERE closed_at_ms IS NULL AND holder_id = ? ORDER BY opened_at_ms`,
	);
	const anonymous = db.prepare<[string], OpenParkingSession>(
		`SELECT ${COLUMNS} FROM parking_sessions WHERE closed_at_ms IS NULL AND holder_id IS NULL AND area_id = ?
		ORDER BY opened_at_ms LIMIT 1`,
	);
	const list = db.prepare<[number, number], OpenParkingSession>(
		`SELECT ${COLUMNS} FROM parking_sessions WHERE closed_at_ms IS NULL ORDER BY holder_id, opened_at_ms LIMIT ? OFFSET ?`,
	);
	const count = db.prepare<[], number>('SELECT count(*) FROM parking_sessions WHERE closed_at_ms IS NULL').pluck();
	return {
		open: (session) =>
			transactions.run(() => {
				insert.run(session);
			}),
		moveTo: (id, areaId) => transactions.run(() => move.run(areaId, id).changes === 1),
		close: (id, end) =>
			transactions.run(() => {
				const session = byId.get(id);
				if (session !== undefined) close.run({ ...end, id });
				return session;
			}),
		openFor: (holderId) => ofHolder.all(holderId),
		oldestAnonymous: (areaId) => anonymous.get(areaId),
		listOpen: ({ limit, offset = 0 }) => list.all(limit, offset),
		countOpen: () => count.get() ?? 0,
	};
}
