import { LIMITS } from '../../core/limits.ts';
import type { RetentionSettings } from '../../core/retention.ts';
import type { EvidenceImageRow } from '../../store/evidence.ts';
import type { EvidenceFileOf } from '../../store/evidence-files.ts';
import type { EvidencePlace, EvidenceTerm } from '../../store/evidence-reads.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { RetentionHolds } from '../retention/holds.ts';

export interface EndedEvidence {
	readonly erased: number;
	readonly held: number;
}

/** What ends pictures by their time, and with a person. */
export interface EvidenceEnding {
	/** What is older than its kind is kept. */
	endOld(signal: AbortSignal): Promise<EndedEvidence>;
	/** Of reads of these plates, and of these decisions, which may be erased by now. @returns how many a hold keeps. */
	endOf(of: { readonly plates: readonly string[]; readonly decisionIds: readonly string[] }): Promise<number>;
}

export interface EvidenceEndingDeps {
	readonly store: Pick<SiteStore, 'evidence' | 'decisions'>;
	readonly settings: Pick<RetentionSettings, 'imagesDays' | 'unmatchedDays'>;
	readonly holds: Pick<RetentionHolds, 'kept'>;
	readonly remove: (images: readonly EvidenceFileOf[]) => Promise<void>;
	readonly nowMs: () => number;
	/** Lets the lanes go first; between two slices. */
	readonly rest: () => Promise<void>;
}

const DAY_MS = 86_400_000;
const FIRST: EvidencePlace = { storedAtMs: Number.MIN_SAFE_INTEGER, id: '' };

export function createEvidenceEnding(deps: EvidenceEndingDeps): EvidenceEnding {
	const { store, settings, nowMs } = deps;
	const { evidence } = store;

	/** A moderator, or an incident that one of its reads belongs to. */
	function isHeld({ id, heldUntilMs }: Pick<EvidenceTerm, 'id' | 'heldUntilMs'>): boolean {
		return (heldUntilMs !== null && heldUntilMs > nowMs()) || isKeptForIncident(evidence, deps.holds)(id);
	}

	/** Pictures of which nobody is known by their reads end with those. */
	function isOver({ id, storedAtMs }: EvidenceTerm): boolean {
		const ageMs = nowMs() - storedAtMs;
		// From when the clock ran ahead.
		if (ageMs >= settings.imagesDays * DAY_MS || ageMs < -DAY_MS) return true;
		if (ageMs < Math.min(settings.unmatchedDays * DAY_MS, settings.imagesDays * DAY_MS)) return false;
		return !evidence
			.linksOf(id, LIMITS.evidenceReadsShown)
			.some(({ decisionId }) => decisionId !== null && (store.decisions.byId(decisionId)?.holderId ?? null) !== null);
	}

	return {
		async endOld(signal) {
			let [erased, held] = [0, 0];
			for (let place = FIRST; !signal.aborted; ) {
				const rows = evidence.oldestAfter(place, LIMITS.evidenceEndedTogether);
				const over = rows.filter(isOver);
				const going = over.filter((row) => !isHeld(row));
				await deps.remove(going);
				erased += going.length;
				held += over.length - going.length;
				const last = rows.at(-1);
				if (last === undefined) break;
				place = last;
				// The rest is younger than any picture that ends.
				const youngestMs = Math.min(settings.unmatchedDays, settings.imagesDays) * DAY_MS;
				if (over.length === 0 && nowMs() - last.storedAtMs < youngestMs && last.storedAtMs <= nowMs()) break;
				await deps.rest();
			}
			return { erased, held };
		},
		async endOf({ plates, decisionIds }) {
			let held = 0;
			const ids = evidence.imagesOf(plates, decisionIds);
			for (let at = 0; at < ids.length; at += LIMITS.evidenceEndedTogether) {
				const rows = ids.slice(at, at + LIMITS.evidenceEndedTogether).flatMap((id) => evidence.byId(id) ?? []);
				const going = rows.filter((row: EvidenceImageRow) => !isHeld(row));
				held += rows.length - going.length;
				await deps.remove(going);
				await deps.rest();
			}
			return held;
		},
	};
}

/** Whether a hold of an incident (`retention/holds.ts`) keeps a picture: by its decision, or by its time. */
export function isKeptForIncident(
	evidence: Pick<SiteStore['evidence'], 'linksOf'>,
	holds: Pick<RetentionHolds, 'kept'>,
): (imageId: string) => boolean {
	const { stay: isHeld } = holds.kept();
	return (imageId) =>
		evidence
			.linksOf(imageId, LIMITS.evidenceReadsShown)
			.some(({ decisionId, atMs }) => isHeld({ decisionId, openedAtMs: atMs, closedAtMs: atMs }));
}
