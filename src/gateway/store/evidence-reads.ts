import type { EvidenceImageRow, EvidenceLinkRow } from './evidence.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

export interface EvidenceQuery {
	readonly laneId?: string;
	/** It was read at one of these, and nowhere else. */
	readonly onlyLaneIds?: readonly string[];
	readonly deviceId?: string;
	readonly decisionId?: string;
	readonly observationId?: string;
	/** `none`: read without a decision. */
	readonly outcome?: 'granted' | 'refused' | 'none';
	/** `kept`: all that has bytes. */
	readonly state: 'kept' | 'held' | 'blurred' | 'deleted';
	readonly nowMs: number;
	readonly before?: EvidencePlace;
	readonly limit: number;
	/** Rows looked at for one page. */
	readonly lookAt: number;
}

export interface EvidencePlace {
	readonly storedAtMs: number;
	readonly id: string;
}

export interface EvidencePage {
	/** Newest first. */
	readonly images: readonly EvidenceImageRow[];
	/** Where the next page begins; null: nothing is left. */
	readonly next: EvidencePlace | null;
}

/** What a kept picture belongs to, as far as it says how long it is kept. */
export interface EvidenceTerm extends EvidencePlace {
	readonly revision: number;
	readonly contentType: EvidenceImageRow['contentType'];
	readonly sha256: string | null;
	readonly heldUntilMs: number | null;
}

export interface EvidenceReads {
	byId(id: string): EvidenceImageRow | undefined;
	/** Earliest read first. */
	linksOf(id: string, limit: number): readonly EvidenceLinkRow[];
	/** Of all whose plate or decision is one of these, and of one decision. */
	imagesOf(plates: readonly string[], decisionIds: readonly string[]): readonly string[];
	ofDecision(decisionId: string): readonly EvidenceImageRow[];
	page(query: EvidenceQuery): EvidencePage;
	/** The oldest first, deleted ones too. */
	oldestAfter(place: EvidencePlace, limit: number): readonly EvidenceTerm[];
	usage(): { readonly images: number; readonly bytes: number };
	held(nowMs: number): number;
}

const IMAGE = `id, sha256, content_type AS contentType, width_px AS widthPx, height_px AS heightPx, bytes, revision,
	stored_at_ms AS storedAtMs, blurred_at_ms AS blurredAtMs, blurred_by AS blurredBy, held_until_ms AS heldUntilMs,
	held_by AS heldBy, held_reason AS heldReason, deleted_at_ms AS deletedAtMs, deleted_by AS deletedBy,
	deleted_reason AS deletedReason`;
const STATES = {
	kept: 'sha256 IS NOT NULL',
	held: 'sha256 IS NOT NULL AND held_until_ms > :nowMs',
	blurred: 'sha256 IS NOT NULL AND blurred_at_ms IS NOT NULL',
	deleted: 'sha256 IS NULL',
} as const;
/** No lane that is not listed looked at it. */
const OF_LANES = `NOT EXISTS (SELECT 1 FROM evidence_links WHERE image_id = image.id
	AND lane_id NOT IN (SELECT value FROM json_each(:onlyLaneIds)))`;
const OF_READ = `(:laneId IS NULL OR lane_id = :laneId) AND (:deviceId IS NULL OR device_id = :deviceId)
	AND (:decisionId IS NULL OR decision_id = :decisionId) AND (:observationId IS NULL OR observation_id = :observationId)
	AND (:outcome IS NULL OR :outcome = coalesce((SELECT outcome FROM decisions WHERE decisions.id = decision_id), 'none'))`;

type Values = Record<string, string | number | null>;

export function createEvidenceReads(db: Sqlite, read: Transactions['read']): EvidenceReads {
	const select = db.prepare<[string], EvidenceImageRow>(`SELECT ${IMAGE} FROM evidence_images WHERE id = ?`);
	const links = db.prepare<[string, number], EvidenceLinkRow>(
		`SELECT image_id AS imageId, observation_id AS observationId, lane_id AS laneId, role, device_id AS deviceId,
		decision_id AS decisionId, plate, at_ms AS atMs FROM evidence_links WHERE image_id = ? ORDER BY at_ms LIMIT ?`,
	);
	const named = db
		.prepare<[string, string], string>(
			`SELECT image_id FROM evidence_links WHERE plate IN (SELECT value FROM json_each(?))
			UNION SELECT image_id FROM evidence_links WHERE decision_id IN (SELECT value FROM json_each(?))`,
		)
		.pluck();
	const ofDecision = db.prepare<[string], EvidenceImageRow>(
		`SELECT ${IMAGE} FROM evidence_images WHERE id IN (SELECT image_id FROM evidence_links WHERE decision_id = ?)
		ORDER BY stored_at_ms, id`,
	);
	const pages = Object.fromEntries(
		Object.entries(STATES).map(([state, condition]) => [
			state,
			db.prepare<[Values], EvidenceImageRow>(
				`SELECT * FROM (SELECT ${IMAGE} FROM evidence_images WHERE (stored_at_ms, id) < (:beforeMs, :beforeId)
				AND ${condition} ORDER BY stored_at_ms DESC, id DESC LIMIT :lookAt) AS image
				WHERE (:anyRead OR EXISTS (SELECT 1 FROM evidence_links WHERE image_id = image.id AND ${OF_READ}))
				AND (:onlyLaneIds IS NULL OR ${OF_LANES})
				ORDER BY storedAtMs DESC, id DESC LIMIT :limit`,
			),
		]),
	);
	const lastLookedAt = db.prepare<[Values], { storedAtMs: number; id: string }>(
		`SELECT stored_at_ms AS storedAtMs, id FROM evidence_images WHERE (stored_at_ms, id) < (:beforeMs, :beforeId)
		ORDER BY stored_at_ms DESC, id DESC LIMIT 1 OFFSET :lookAt - 1`,
	);
	const oldest = db.prepare<[number, string, number], EvidenceTerm>(
		`SELECT id, revision, content_type AS contentType, sha256, stored_at_ms AS storedAtMs, held_until_ms AS heldUntilMs
		FROM evidence_images WHERE (stored_at_ms, id) > (?, ?) ORDER BY stored_at_ms, id LIMIT ?`,
	);
	const usage = db.prepare<[], { images: number; bytes: number }>('SELECT images, bytes FROM evidence_usage');
	const held = db
		.prepare<[number], number>('SELECT count(*) FROM evidence_images WHERE held_until_ms > ? AND sha256 IS NOT NULL')
		.pluck();

	function page({ state, before, limit, lookAt, nowMs, ...of }: EvidenceQuery): EvidencePage {
		const { laneId = null, deviceId = null, decisionId = null, observationId = null, outcome = null } = of;
		const place = { beforeMs: before?.storedAtMs ?? Number.MAX_SAFE_INTEGER, beforeId: before?.id ?? '' };
		const onlyLaneIds = of.onlyLaneIds === undefined ? null : JSON.stringify(of.onlyLaneIds);
		const asked = { laneId, deviceId, decisionId, observationId, outcome, onlyLaneIds };
		const anyRead = Object.values(asked).every((value) => value === null) ? 1 : 0;
		const images = pages[state]?.all({ ...place, ...asked, anyRead, nowMs, limit, lookAt }) ?? [];
		const last = images.at(-1);
		if (images.length === limit && last !== undefined) {
			return { images, next: { storedAtMs: last.storedAtMs, id: last.id } };
		}
		return { images, next: lastLookedAt.get({ ...place, lookAt }) ?? null };
	}

	return {
		byId: (id) => read(() => select.get(id)),
		linksOf: (id, limit) => read(() => links.all(id, limit)),
		imagesOf: (plates, decisionIds) => read(() => named.all(JSON.stringify(plates), JSON.stringify(decisionIds))),
		ofDecision: (decisionId) => read(() => ofDecision.all(decisionId)),
		page: (query) => read(() => page(query)),
		oldestAfter: ({ storedAtMs, id }, limit) => read(() => oldest.all(storedAtMs, id, limit)),
		usage: () => read(() => usage.get() ?? { images: 0, bytes: 0 }),
		held: (nowMs) => read(() => held.get(nowMs) ?? 0),
	};
}
