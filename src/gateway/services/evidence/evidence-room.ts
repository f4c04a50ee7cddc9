import type { Clock } from '../../core/clock.ts';
import type { EvidenceSettings } from '../../core/evidence.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { EvidenceFileOf, EvidenceFiles } from '../../store/evidence-files.ts';
import type { EvidencePlace, EvidenceTerm } from '../../store/evidence-reads.ts';
import type { SiteStore } from '../../store/site-store.ts';

/** What is not in the store yet. */
export interface WantedRoom {
	readonly bytes: number;
	readonly images: number;
}

/** Keeps the pictures within their limits: the oldest that nobody holds go first. */
export interface EvidenceRoom {
	/** For one more, and what is on its way. @returns false: there is no room for so much, nor can any be made. */
	make(wanted: WantedRoom): Promise<boolean>;
	/** What of the disk they may take now. */
	limitBytes(): number;
	/** Takes pictures away, rows first: a file that is left over is swept at the next start. */
	remove(images: readonly EvidenceFileOf[]): Promise<void>;
}

export interface EvidenceRoomDeps {
	readonly settings: EvidenceSettings;
	readonly store: Pick<SiteStore, 'evidence' | 'transaction'>;
	readonly files: Pick<EvidenceFiles, 'remove'>;
	/** Throws where the system does not say. */
	readonly freeBytes: () => number;
	/** An incident needs it. */
	readonly isHeld: () => (imageId: string) => boolean;
	readonly clock: Pick<Clock, 'nowMs'>;
	readonly log: Log;
	/** Lets the lanes go first. */
	readonly rest: () => Promise<void>;
}

/** Once something has to go, a little more does: not one commit for each picture. */
const CLEARED = 0.98;
const FIRST: EvidencePlace = { storedAtMs: Number.MIN_SAFE_INTEGER, id: '' };

export function createEvidenceRoom(deps: EvidenceRoomDeps): EvidenceRoom {
	const { settings, store, files, clock, log } = deps;

	function limitBytes(): number {
		try {
			const spare = deps.freeBytes() - LIMITS.diskForEvidenceBytes;
			return Math.max(0, Math.min(settings.maxBytes, store.evidence.usage().bytes + spare));
		} catch (error) {
			log.debug({ err: error }, 'the system does not say how much room the disk has');
			return settings.maxBytes;
		}
	}

	function fits({ bytes, images }: WantedRoom, share: number): boolean {
		const used = store.evidence.usage();
		return used.bytes + bytes <= limitBytes() * share && used.images + images <= settings.maxImages * share;
	}

	/** The next that may go, the oldest first. */
	function oldest(after: EvidencePlace): {
		readonly over: readonly EvidenceTerm[];
		readonly last: EvidencePlace | null;
	} {
		const nowMs = clock.nowMs();
		const isHeld = deps.isHeld();
		const rows = store.evidence.oldestAfter(after, LIMITS.evidenceEndedTogether);
		const over = rows.filter(
			({ id, sha256, heldUntilMs }) => sha256 !== null && (heldUntilMs ?? nowMs) <= nowMs && !isHeld(id),
		);
		return { over, last: rows.at(-1) ?? null };
	}

	async function remove(images: readonly EvidenceFileOf[]): Promise<void> {
		if (images.length === 0) return;
		store.transaction(() => {
			for (const { id } of images) store.evidence.forget(id);
		});
		await files.remove(images);
	}

	/** As many of them as have to go. */
	function needed(over: readonly EvidenceTerm[], wanted: WantedRoom): readonly EvidenceTerm[] {
		const used = store.evidence.usage();
		const [limit, images] = [limitBytes() * CLEARED, settings.maxImages * CLEARED];
		let [left, count] = [used.bytes + wanted.bytes, used.images + wanted.images];
		const going: EvidenceTerm[] = [];
		for (const term of over) {
			if (left <= limit && count <= images) break;
			going.push(term);
			left -= store.evidence.byId(term.id)?.bytes ?? 0;
			count -= 1;
		}
		return going;
	}

	return {
		limitBytes,
		remove,
		async make(wanted) {
			if (fits(wanted, 1)) return true;
			if (wanted.bytes > settings.maxBytes || wanted.images > settings.maxImages) return false;
			for (let place: EvidencePlace | null = FIRST; place !== null; ) {
				const { over, last } = oldest(place);
				await remove(needed(over, wanted));
				if (fits(wanted, CLEARED)) break;
				place = last;
				await deps.rest();
			}
			return fits(wanted, 1);
		},
	};
}
