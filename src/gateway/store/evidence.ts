import { createEvidenceReads, type EvidenceReads } from './evidence-reads.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

export interface EvidenceImageRow {
	/** SHA-256 of the bytes that came, hex. */
	readonly id: string;
	/** Of the bytes that are kept; null: deleted. */
	readonly sha256: string | null;
	readonly contentType: 'image/jpeg' | 'image/png';
	readonly widthPx: number;
	readonly heightPx: number;
	/** Its files together. */
	readonly bytes: number;
	/** Names its files: each change of the picture makes new ones. */
	readonly revision: number;
	readonly storedAtMs: number;
	readonly blurredAtMs: number | null;
	readonly blurredBy: string | null;
	readonly heldUntilMs: number | null;
	readonly heldBy: string | null;
	readonly heldReason: string | null;
	readonly deletedAtMs: number | null;
	readonly deletedBy: string | null;
	readonly deletedReason: string | null;
}

/** A read that a picture belongs to. */
export interface EvidenceLinkRow {
	readonly imageId: string;
	readonly observationId: string;
	/** '': no lane looked at it. */
	readonly laneId: string;
	readonly role: 'plate' | 'scene' | 'still';
	readonly deviceId: string;
	readonly decisionId: string | null;
	/** As it is matched; null: no plate was read. */
	readonly plate: string | null;
	readonly atMs: number;
}

export type NewEvidenceImage = Pick<
	EvidenceImageRow,
	'id' | 'contentType' | 'widthPx' | 'heightPx' | 'bytes' | 'storedAtMs'
> & { readonly sha256: string };

/** Which pictures are kept and what they belong to; their bytes are files. Changed in the caller's transaction. */
export interface EvidenceStore extends EvidenceReads {
	/** @returns false: it was known already, perhaps deleted. */
	add(image: NewEvidenceImage): boolean;
	link(link: EvidenceLinkRow): void;
	/** A read was decided on at a lane. */
	decided(observationId: string, laneId: string, decisionId: string | null): void;
	/** @param image as it is from now on; the revision counts up. */
	blur(id: string, image: Pick<NewEvidenceImage, 'sha256' | 'bytes'>, by: string, atMs: number): void;
	/** Its bytes are gone; the row says by whom and why. */
	markDeleted(id: string, by: string, reason: string, atMs: number): void;
	hold(id: string, hold: { readonly untilMs: number; readonly by: string; readonly reason: string } | null): void;
	/** With what it belonged to. */
	forget(id: string): void;
	/** Takes reasons away that name somebody. */
	forgetReasons(names: (reason: string) => boolean, instead: string): void;
}

export function createEvidenceStore(db: Sqlite, { run, read }: Transactions): EvidenceStore {
	const insert = db.prepare<[NewEvidenceImage]>(
		`INSERT INTO evidence_images (id, sha256, content_type, width_px, height_px, bytes, revision, stored_at_ms)
		VALUES (:id, :sha256, :contentType, :widthPx, :heightPx, :bytes, 0, :storedAtMs) ON CONFLICT DO NOTHING`,
	);
	const link = db.prepare<[EvidenceLinkRow]>(
		`INSERT INTO evidence_links (image_id, observation_id, lane_id, role, device_id, decision_id, plate, at_ms)
		VALUES (:imageId, :observationId, :laneId, :role, :deviceId, :decisionId, :plate, :atMs)
		ON CONFLICT DO UPDATE SET decision_id = coalesce(excluded.decision_id, decision_id)`,
	);
	const decide = db.prepare<{ observationId: string; laneId: string; decisionId: string | null }>(
		`INSERT INTO evidence_links (image_id, observation_id, lane_id, role, device_id, decision_id, plate, at_ms)
		SELECT image_id, observation_id, :laneId, role, device_id, :decisionId, plate, at_ms FROM evidence_links
		WHERE observation_id = :observationId GROUP BY image_id
		ON CONFLICT DO UPDATE SET decision_id = coalesce(excluded.decision_id, decision_id)`,
	);
	const removeLaneless = db.prepare<[string]>("DELETE FROM evidence_links WHERE observation_id = ? AND lane_id = ''");
	const blur = db.prepare<[string, number, number, string, string]>(
		`UPDATE evidence_images SET sha256 = ?, bytes = ?, revision = revision + 1, blurred_at_ms = ?, blurred_by = ?
		WHERE id = ? AND sha256 IS NOT NULL`,
	);
	const markDeleted = db.prepare<[number, string, string, string]>(
		`UPDATE evidence_images SET sha256 = NULL, bytes = 0, deleted_at_ms = ?, deleted_by = ?, deleted_reason = ?
		WHERE id = ? AND sha256 IS NOT NULL`,
	);
	const hold = db.prepare<[number | null, string | null, string | null, string]>(
		'UPDATE evidence_images SET held_until_ms = ?, held_by = ?, held_reason = ? WHERE id = ?',
	);
	const forget = db.prepare<[string]>('DELETE FROM evidence_images WHERE id = ?');
	const reasons = db.prepare<[], { id: string; heldReason: string | null; deletedReason: string | null }>(
		`SELECT id, held_reason AS heldReason, deleted_reason AS deletedReason FROM evidence_images
		WHERE held_reason IS NOT NULL OR deleted_reason IS NOT NULL`,
	);
	const setReasons = db.prepare<[string | null, string | null, string]>(
		'UPDATE evidence_images SET held_reason = ?, deleted_reason = ? WHERE id = ?',
	);
	return {
		...createEvidenceReads(db, read),
		add: (image) => run(() => insert.run(image).changes === 1),
		link: (row) => run(() => void link.run(row)),
		decided: (observationId, laneId, decisionId) =>
			run(() => {
				if (decide.run({ observationId, laneId, decisionId }).changes > 0) removeLaneless.run(observationId);
			}),
		blur: (id, { sha256, bytes }, by, atMs) => run(() => void blur.run(sha256, bytes, atMs, by, id)),
		markDeleted: (id, by, reason, atMs) => run(() => void markDeleted.run(atMs, by, reason, id)),
		hold: (id, given) => run(() => void hold.run(given?.untilMs ?? null, given?.by ?? null, given?.reason ?? null, id)),
		forget: (id) => run(() => void forget.run(id)),
		forgetReasons: (names, instead) =>
			run(() => {
				const without = (reason: string | null) => (reason !== null && names(reason) ? instead : reason);
				for (const { id, heldReason, deletedReason } of reasons.all()) {
					const [held, deleted] = [without(heldReason), without(deletedReason)];
					if (held !== heldReason || deleted !== deletedReason) setReasons.run(held, deleted, id);
				}
			}),
	};
}
