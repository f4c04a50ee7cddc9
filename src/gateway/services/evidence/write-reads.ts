import type { EvidenceName } from '../../core/journal.ts';
import type { EvidenceLinkRow, NewEvidenceImage } from '../../store/evidence.ts';
import type { SiteStore } from '../../store/site-store.ts';

export type KeptPicture = NewEvidenceImage;

/** One read with its pictures, on their way into the store. */
export interface ReadOfPictures {
	readonly observationId: string;
	readonly deviceId: string;
	/** As it is matched. */
	readonly plate: string | null;
	readonly atMs: number;
	/** Monotonic. */
	readonly sinceMs: number;
	/** Pictures that are still to be looked at. */
	left: number;
	/** What the lanes decided on it; null: nothing. */
	readonly lanes: Map<string, string | null>;
	readonly pictures: {
		readonly id: string;
		readonly role: EvidenceLinkRow['role'];
		/** Who took it: the read's device, or a camera that stands beside it. */
		readonly deviceId: string;
		/** null: kept before. */
		readonly kept: KeptPicture | null;
	}[];
}

interface WriteReadsDeps {
	readonly store: Pick<SiteStore, 'evidence' | 'transaction' | 'journal'>;
	readonly newId: () => string;
	readonly nowMs: number;
}

/** Rows and their events in one commit; throws STORE_*. */
export function writeReads(deps: WriteReadsDeps, reads: readonly ReadOfPictures[]): void {
	deps.store.transaction(() => {
		for (const read of reads) {
			for (const { kept } of read.pictures) if (kept !== null) deps.store.evidence.add(kept);
			const names = namesOf(deps.store, read);
			const lanes = read.lanes.size === 0 ? [['', null] as const] : [...read.lanes];
			for (const [laneId, decisionId] of lanes) writeAtLane(deps, read, names, { laneId, decisionId });
		}
	});
}

function writeAtLane(
	{ store, newId, nowMs }: WriteReadsDeps,
	{ observationId, plate, atMs }: ReadOfPictures,
	names: readonly NamedPicture[],
	{ laneId, decisionId }: Pick<EvidenceLinkRow, 'laneId' | 'decisionId'>,
): void {
	for (const { deviceId, name } of names) {
		const { image, role } = name;
		store.evidence.link({ imageId: image, observationId, laneId, role, deviceId, decisionId, plate, atMs });
	}
	for (const [deviceId, own] of Map.groupBy(names, (named) => named.deviceId)) {
		const images = own.map(({ name }) => name).filter(({ sha256 }) => sha256 !== '');
		if (images.length === 0) continue;
		store.journal.append({
			...{ type: 'evidence', class: 'decision', id: newId(), atMs: nowMs },
			...{ observationId, deviceId, laneId: laneId === '' ? null : laneId, decisionId, images },
		});
	}
}

interface NamedPicture {
	readonly deviceId: string;
	readonly name: EvidenceName;
}

/** Each picture once; `sha256` is '' of one whose bytes are deleted. */
function namesOf({ evidence }: Pick<SiteStore, 'evidence'>, { pictures }: ReadOfPictures): readonly NamedPicture[] {
	const byId = new Map(pictures.map((picture) => [picture.id, picture]));
	return [...byId.values()].flatMap(({ id, role, deviceId }) => {
		const row = evidence.byId(id);
		if (row === undefined) return [];
		const { sha256, contentType, bytes, widthPx, heightPx } = row;
		return [{ deviceId, name: { image: id, sha256: sha256 ?? '', role, contentType, bytes, widthPx, heightPx } }];
	});
}
