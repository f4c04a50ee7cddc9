import type { SharedPlace } from '../core/stay-terms.ts';
import { GRANTED_MISMATCHES_SQL } from './granted-mismatches.ts';
import type { Migration } from './migrations.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** Who people are stands in neither table: both name stays, decisions and credentials, which end in their own time. */
export const FIELD_WORK_MIGRATION: Migration = {
	name: 'moves of vehicles and reviews of reads',
	sql: `
ALTER TABLE parking_sessions ADD COLUMN space_id TEXT;
CREATE INDEX parking_sessions_in_space ON parking_sessions (space_id) WHERE closed_at_ms IS NULL AND space_id IS NOT NULL;

CREATE TABLE stay_moves (
	id TEXT PRIMARY KEY,
	stay_id TEXT NOT NULL,
	at_ms INTEGER NOT NULL,
	operator_id TEXT NOT NULL,
	from_area_id TEXT NOT NULL,
	from_space_id TEXT,
	to_area_id TEXT NOT NULL,
	to_space_id TEXT,
	left_shared TEXT NOT NULL,
	undone_at_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX stay_moves_by_time ON stay_moves (at_ms);

CREATE TABLE read_reviews (
	decision_id TEXT PRIMARY KEY,
	verdict TEXT NOT NULL,
	credential_id TEXT,
	device_id TEXT,
	at_ms INTEGER NOT NULL,
	operator_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX read_reviews_by_time ON read_reviews (at_ms);
${GRANTED_MISMATCHES_SQL}`,
};

/** A vehicle that was moved by people, not by a lane. */
export interface StayMove {
	readonly id: string;
	readonly stayId: string;
	readonly atMs: number;
	readonly operatorId: string;
	readonly from: StandingPlace;
	readonly to: StandingPlace;
	/** Places of pools and groups that it gave back with the area it left. */
	readonly leftShared: readonly SharedPlace[];
	/** null: it stands. */
	readonly undoneAtMs: number | null;
}

/** An area, and the space in it where it is known. */
export interface StandingPlace {
	readonly areaId: string;
	readonly spaceId: string | null;
}

/** Changed in the caller's transaction. */
export interface StayMoveStore {
	/** Of all but the newest `keep` nothing is left. */
	add(move: Omit<StayMove, 'undoneAtMs'>, keep: number): void;
	byId(id: string): StayMove | undefined;
	/** The newest first. */
	newest(limit: number): readonly StayMove[];
	/** The last one of a stay that was not undone. */
	lastOf(stayId: string): StayMove | undefined;
	setUndone(id: string, atMs: number): void;
}

interface StoredMove extends Omit<StayMove, 'from' | 'to' | 'leftShared'> {
	/** JSON. */
	readonly leftShared: string;
	readonly fromAreaId: string;
	readonly fromSpaceId: string | null;
	readonly toAreaId: string;
	readonly toSpaceId: string | null;
}

const MOVE = `id, stay_id AS stayId, at_ms AS atMs, operator_id AS operatorId, from_area_id AS fromAreaId,
	from_space_id AS fromSpaceId, to_area_id AS toAreaId, to_space_id AS toSpaceId, left_shared AS leftShared,
	undone_at_ms AS undoneAtMs`;

export function createStayMoves(db: Sqlite, { run, read }: Transactions): StayMoveStore {
	const insert = db.prepare<[Omit<StoredMove, 'undoneAtMs'>]>(
		`INSERT INTO stay_moves (id, stay_id, at_ms, operator_id, from_area_id, from_space_id, to_area_id, to_space_id, left_shared)
		VALUES (:id, :stayId, :atMs, :operatorId, :fromAreaId, :fromSpaceId, :toAreaId, :toSpaceId, :leftShared)`,
	);
	const prune = db.prepare<[number]>(
		'DELETE FROM stay_moves WHERE at_ms < (SELECT at_ms FROM stay_moves ORDER BY at_ms DESC LIMIT 1 OFFSET ?)',
	);
	const select = db.prepare<[string], StoredMove>(`SELECT ${MOVE} FROM stay_moves WHERE id = ?`);
	const selectNewest = db.prepare<[number], StoredMove>(
		`SELECT ${MOVE} FROM stay_moves ORDER BY at_ms DESC, id DESC LIMIT ?`,
	);
	const selectLast = db.prepare<[string], StoredMove>(
		`SELECT ${MOVE} FROM stay_moves WHERE stay_id = ? AND undone_at_ms IS NULL ORDER BY at_ms DESC, id DESC LIMIT 1`,
	);
	const undo = db.prepare<[number, string]>('UPDATE stay_moves SET undone_at_ms = ? WHERE id = ?');
	const one = (stored: StoredMove | undefined) => stored && toMove(stored);
	return {
		add: ({ from, to, leftShared, ...move }, keep) =>
			run(() => {
				insert.run({
					...move,
					leftShared: JSON.stringify(leftShared),
					...{ fromAreaId: from.areaId, fromSpaceId: from.spaceId, toAreaId: to.areaId, toSpaceId: to.spaceId },
				});
				prune.run(keep - 1);
			}),
		byId: (id) => read(() => one(select.get(id))),
		newest: (limit) => read(() => selectNewest.all(limit).map(toMove)),
		lastOf: (stayId) => read(() => one(selectLast.get(stayId))),
		setUndone: (id, atMs) =>
			run(() => {
				undo.run(atMs, id);
			}),
	};
}

function toMove({ fromAreaId, fromSpaceId, toAreaId, toSpaceId, leftShared, ...move }: StoredMove): StayMove {
	return {
		...move,
		from: { areaId: fromAreaId, spaceId: fromSpaceId },
		to: { areaId: toAreaId, spaceId: toSpaceId },
		leftShared: JSON.parse(leftShared) as SharedPlace[],
	};
}

/** `confirmed`: it was read rightly. `corrected`: it was a plate that is known. `dismissed`: nobody can tell, or nobody cares. */
export type ReviewVerdict = 'confirmed' | 'corrected' | 'dismissed';

export interface ReadReview {
	readonly decisionId: string;
	readonly verdict: ReviewVerdict;
	/** The one it really was, of a correction. */
	readonly credentialId: string | null;
	/** Whose read it was; null: of several. */
	readonly deviceId: string | null;
	readonly atMs: number;
	readonly operatorId: string;
}

export interface ReviewCount {
	readonly deviceId: string;
	readonly verdict: ReviewVerdict;
	readonly count: number;
}

/** Changed in the caller's transaction. */
export interface ReadReviewStore {
	get(decisionId: string): ReadReview | undefined;
	add(review: ReadReview): void;
	/** @returns false: there was none. */
	remove(decisionId: string): boolean;
	/** Of devices, from then on. */
	counts(fromMs: number): readonly ReviewCount[];
	/** The newest first. */
	newest(limit: number): readonly ReadReview[];
	removeBefore(atMs: number): void;
}

const REVIEW =
	'decision_id AS decisionId, verdict, credential_id AS credentialId, device_id AS deviceId, at_ms AS atMs, operator_id AS operatorId';

export function createReadReviews(db: Sqlite, { run, read }: Transactions): ReadReviewStore {
	const select = db.prepare<[string], ReadReview>(`SELECT ${REVIEW} FROM read_reviews WHERE decision_id = ?`);
	const selectNewest = db.prepare<[number], ReadReview>(
		`SELECT ${REVIEW} FROM read_reviews ORDER BY at_ms DESC, decision_id DESC LIMIT ?`,
	);
	const insert = db.prepare<[ReadReview]>(
		`INSERT INTO read_reviews (decision_id, verdict, credential_id, device_id, at_ms, operator_id)
		VALUES (:decisionId, :verdict, :credentialId, :deviceId, :atMs, :operatorId)`,
	);
	const remove = db.prepare<[string]>('DELETE FROM read_reviews WHERE decision_id = ?');
	const removeOld = db.prepare<[number]>('DELETE FROM read_reviews WHERE at_ms < ?');
	const count = db.prepare<[number], ReviewCount>(
		`SELECT device_id AS deviceId, verdict, count(*) AS count FROM read_reviews
		WHERE at_ms >= ? AND device_id IS NOT NULL GROUP BY device_id, verdict ORDER BY device_id, verdict`,
	);
	return {
		get: (decisionId) => read(() => select.get(decisionId)),
		add: (review) =>
			run(() => {
				insert.run(review);
			}),
		remove: (decisionId) => run(() => remove.run(decisionId).changes === 1),
		counts: (fromMs) => read(() => count.all(fromMs)),
		newest: (limit) => read(() => selectNewest.all(limit)),
		removeBefore: (atMs) =>
			run(() => {
				removeOld.run(atMs);
			}),
	};
}
