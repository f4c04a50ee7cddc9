import type { EventName } from '../core/journal.ts';
import type { Migration } from './migrations.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** What is signed stands as the text that was hashed; names and strokes are here alone, hashes in the journal too. */
export const HAND_OVERS_MIGRATION: Migration = {
	name: 'hand-over reports and their signatures',
	sql: `
CREATE TABLE hand_overs (
	id TEXT PRIMARY KEY,
	at_ms INTEGER NOT NULL,
	subject_kind TEXT NOT NULL,
	subject_id TEXT NOT NULL,
	content TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	gateway_epoch TEXT NOT NULL,
	seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX hand_overs_by_time ON hand_overs (at_ms, id);
CREATE INDEX hand_overs_of_subject ON hand_overs (subject_kind, subject_id, at_ms, id);

CREATE TABLE hand_over_signatures (
	hand_over_id TEXT NOT NULL REFERENCES hand_overs ON DELETE CASCADE,
	number INTEGER NOT NULL,
	content TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	gateway_epoch TEXT NOT NULL,
	seq INTEGER NOT NULL,
	PRIMARY KEY (hand_over_id, number)
) STRICT, WITHOUT ROWID;
`,
};

/** A text, its SHA-256 (hex), and the row of the journal that says so too. */
export interface SealedText extends EventName {
	/** Canonical JSON. */
	readonly content: string;
	readonly sha256: string;
}

export interface HandOverRow extends SealedText {
	readonly id: string;
	readonly atMs: number;
	readonly subjectKind: string;
	readonly subjectId: string;
}

export interface HandOverQuery {
	readonly subject?: { readonly kind: string; readonly id: string };
	/** Only those before this one; absent: from the newest. */
	readonly before?: { readonly atMs: number; readonly id: string };
	readonly limit: number;
}

/** Changed in the caller's transaction. */
export interface HandOverStore {
	add(row: HandOverRow): void;
	/** As the next one of its report. */
	addSignature(handOverId: string, signature: SealedText): void;
	byId(id: string): HandOverRow | undefined;
	/** In the order of signing. */
	signaturesOf(id: string): readonly SealedText[];
	/** The newest first. */
	page(query: HandOverQuery): readonly HandOverRow[];
	count(): number;
	/** With its signatures. @returns false: there was none. */
	remove(id: string): boolean;
}

const ROW =
	'id, at_ms AS atMs, subject_kind AS subjectKind, subject_id AS subjectId, content, sha256, gateway_epoch AS gatewayEpoch, seq';

export function createHandOverStore(db: Sqlite, { run, read }: Transactions): HandOverStore {
	const insert = db.prepare<[HandOverRow]>(
		`INSERT INTO hand_overs (id, at_ms, subject_kind, subject_id, content, sha256, gateway_epoch, seq)
		VALUES (:id, :atMs, :subjectKind, :subjectId, :content, :sha256, :gatewayEpoch, :seq)`,
	);
	const sign = db.prepare<[SealedText & { readonly handOverId: string }]>(
		`INSERT INTO hand_over_signatures (hand_over_id, number, content, sha256, gateway_epoch, seq)
		SELECT :handOverId, count(*), :content, :sha256, :gatewayEpoch, :seq FROM hand_over_signatures
		WHERE hand_over_id = :handOverId`,
	);
	const select = db.prepare<[string], HandOverRow>(`SELECT ${ROW} FROM hand_overs WHERE id = ?`);
	const selectSignatures = db.prepare<[string], SealedText>(
		`SELECT content, sha256, gateway_epoch AS gatewayEpoch, seq FROM hand_over_signatures
		WHERE hand_over_id = ? ORDER BY number`,
	);
	const before = '(at_ms, id) < (:atMs, :beforeId) ORDER BY at_ms DESC, id DESC LIMIT :limit';
	const selectAll = db.prepare<[object], HandOverRow>(`SELECT ${ROW} FROM hand_overs WHERE ${before}`);
	const selectOf = db.prepare<[object], HandOverRow>(
		`SELECT ${ROW} FROM hand_overs WHERE subject_kind = :kind AND subject_id = :subjectId AND ${before}`,
	);
	const count = db.prepare<[], number>('SELECT count(*) FROM hand_overs').pluck();
	const remove = db.prepare<[string]>('DELETE FROM hand_overs WHERE id = ?');
	return {
		add: (row) => void run(() => insert.run(row)),
		addSignature: (handOverId, signature) => void run(() => sign.run({ handOverId, ...signature })),
		byId: (id) => read(() => select.get(id)),
		signaturesOf: (id) => read(() => selectSignatures.all(id)),
		page: ({ subject, before: from, limit }) =>
			read(() => {
				const place = { atMs: from?.atMs ?? Number.MAX_SAFE_INTEGER, beforeId: from?.id ?? '', limit };
				if (subject === undefined) return selectAll.all(place);
				return selectOf.all({ ...place, kind: subject.kind, subjectId: subject.id });
			}),
		count: () => read(() => count.get() ?? 0),
		remove: (id) => run(() => remove.run(id).changes === 1),
	};
}
