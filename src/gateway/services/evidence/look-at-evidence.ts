import type { Clock } from '../../core/clock.ts';
import { LIMITS } from '../../core/limits.ts';
import type { EvidenceImageRow } from '../../store/evidence.ts';
import type { EvidenceFiles, EvidenceForm } from '../../store/evidence-files.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { AccessLogService } from '../access-log.ts';
import { createListCursor } from '../list-cursor.ts';
import type { Evidence, EvidenceFile, EvidenceItem, EvidenceListQuery } from './evidence.ts';
import { isHeld } from './moderation.ts';

export interface EvidenceSightDeps {
	readonly store: Pick<SiteStore, 'evidence'>;
	readonly files: Pick<EvidenceFiles, 'read'>;
	readonly accessLog: Pick<AccessLogService, 'summary'>;
	readonly clock: Pick<Clock, 'nowMs'>;
	/** Writes down who looks at which picture. */
	readonly viewed: (operatorId: string, imageId: string) => void;
}

/** Shows what is kept. */
export function createEvidenceSight(deps: EvidenceSightDeps): Omit<Evidence, 'status'> {
	const { store, files, clock } = deps;
	const cursors = createListCursor('evidence');

	function itemOf(image: EvidenceImageRow): EvidenceItem {
		const links = store.evidence.linksOf(image.id, LIMITS.evidenceReadsShown);
		const reads = links.map(({ observationId, role, deviceId, atMs, laneId, decisionId }) => ({
			...{ observationId, role, deviceId, atMs, laneId: laneId === '' ? null : laneId },
			decision: decisionId === null ? null : (deps.accessLog.summary(decisionId) ?? null),
		}));
		return { image, isHeld: isHeld(image, clock.nowMs()), reads };
	}

	async function file(row: EvidenceImageRow, form: EvidenceForm): Promise<EvidenceFile | undefined> {
		const bytes = await files.read(row, form);
		if (bytes === undefined) return undefined;
		const contentType = form === 'image' ? row.contentType : 'image/jpeg';
		return { contentType, bytes, version: `${row.id}-${row.revision}-${form}` };
	}

	function kept(id: string): EvidenceImageRow | undefined {
		const row = store.evidence.byId(id);
		return row?.sha256 === null ? undefined : row;
	}

	return {
		list({ cursor, ...query }: EvidenceListQuery) {
			const from = cursor === undefined ? undefined : cursors.decode(cursor);
			const { images, next } = store.evidence.page({
				...{ ...query, nowMs: clock.nowMs(), lookAt: LIMITS.evidenceLookedAt },
				...(from !== undefined && { before: { storedAtMs: from.position, id: from.id } }),
			});
			return { items: images.map(itemOf), nextCursor: next && cursors.encode(next.storedAtMs, next.id) };
		},
		get(id) {
			const row = store.evidence.byId(id);
			return row && itemOf(row);
		},
		ofDecision: (decisionId) => store.evidence.ofDecision(decisionId).map(itemOf),
		async image(id, operatorId) {
			const row = kept(id);
			if (row === undefined) return undefined;
			deps.viewed(operatorId, id);
			return file(row, 'image');
		},
		async thumbnail(id) {
			const row = kept(id);
			return row && file(row, 'thumbnail');
		},
	};
}
