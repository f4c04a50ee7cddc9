import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { EvidenceFileOf, EvidenceFiles } from '../../store/evidence-files.ts';
import type { EvidencePlace } from '../../store/evidence-reads.ts';
import type { SiteStore } from '../../store/site-store.ts';

/** At the start rows and files are made one again: a crash may have left files without a row, and a disk may have lost some. */
export async function sweepEvidence(deps: {
	readonly store: Pick<SiteStore, 'evidence' | 'transaction'>;
	readonly files: Pick<EvidenceFiles, 'sweep' | 'remove'>;
	readonly log: Log;
	readonly rest: () => Promise<void>;
}): Promise<void> {
	const { store, files, log } = deps;
	const known: EvidenceFileOf[] = [];
	for (let place: EvidencePlace = { storedAtMs: Number.MIN_SAFE_INTEGER, id: '' }; ; ) {
		const rows = store.evidence.oldestAfter(place, LIMITS.evidenceLookedAt);
		known.push(...rows.filter(({ sha256 }) => sha256 !== null));
		const last = rows.at(-1);
		if (last === undefined) break;
		place = last;
		await deps.rest();
	}
	const { removed, missing } = await files.sweep(known);
	const lost = new Set(missing);
	await files.remove(known.filter(({ id }) => lost.has(id)));
	for (let at = 0; at < missing.length; at += LIMITS.evidenceEndedTogether) {
		store.transaction(() => {
			for (const id of missing.slice(at, at + LIMITS.evidenceEndedTogether)) store.evidence.forget(id);
		});
		await deps.rest();
	}
	if (removed + missing.length === 0) return;
	log.warn({ removed, missing: missing.length }, 'evidence was swept: files without a row, rows without a file');
}
