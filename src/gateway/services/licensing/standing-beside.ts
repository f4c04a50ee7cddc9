import { camerasOfLanes, type LicensedSite } from '../../core/licence/licence-facts.ts';
import { licenceTerm } from '../../core/licence/licence-term.ts';
import type { Log } from '../../core/log.ts';
import type { Site } from '../../core/site.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { storedLicenceTimes } from './licence-time.ts';
import { type LicenceKeys, readDocuments } from './read-documents.ts';

export interface StandingBesideDeps {
	readonly site: Pick<Site, 'lanes'>;
	readonly keys: LicenceKeys;
	readonly store: Pick<SiteStore, 'licences' | 'settings'>;
	readonly nowMs: number;
	readonly log: Log;
}

/** Where the licences stand, as the running gateway last wrote it: for commands that only read beside it. */
export async function standingBeside(
	deps: StandingBesideDeps,
): Promise<LicensedSite & { /** Why the stored licence does not count. */ readonly problem: string | null }> {
	const { site, keys, store, nowMs, log } = deps;
	const { licence, problem, statements } = await readDocuments(store.licences.present(), keys, log);
	const { commissionedAtMs, markMs } = storedLicenceTimes(store.settings);
	const active = store.licences.cameras().flatMap(({ cameraId, active }) => (active ? cameraId : []));
	return {
		...{ licence, problem, statements, cameras: camerasOfLanes(site), activeCameras: new Set(active) },
		term: licenceTerm(licence, commissionedAtMs ?? nowMs, Math.max(markMs, nowMs)),
	};
}
