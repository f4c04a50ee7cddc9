import type { EquipmentFacts } from '../../core/access/facts.ts';
import { parkOfLane } from '../../core/area-chain.ts';
import { licenceFacts } from '../../core/licence/licence-facts.ts';
import { licenceTerm } from '../../core/licence/licence-term.ts';
import type { Log } from '../../core/log.ts';
import type { Lane, Site } from '../../core/site.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { storedLicenceTimes } from './licence-time.ts';
import { type LicenceKeys, readDocuments } from './read-documents.ts';

/** What the licences allow at a lane, as the running gateway last wrote it: for commands that only read beside it. */
export async function equipmentBeside(deps: {
	readonly site: Site;
	readonly keys: LicenceKeys;
	readonly store: Pick<SiteStore, 'licences' | 'settings'>;
	readonly nowMs: number;
	readonly log: Log;
}): Promise<(lane: Lane) => EquipmentFacts> {
	const { site, keys, store, nowMs, log } = deps;
	const { licence, statements } = await readDocuments(store.licences.present(), keys, log);
	const { commissionedAtMs, markMs } = storedLicenceTimes(store.settings);
	const term = licenceTerm(licence, commissionedAtMs ?? nowMs, Math.max(markMs, nowMs));
	const active = store.licences.cameras().flatMap(({ cameraId, active }) => (active ? cameraId : []));
	const cameras = site.lanes.flatMap((lane) => [...lane.cameras, ...lane.back.cameras]);
	const licensed = { licence, statements, term, cameras, activeCameras: new Set(active) };
	return (lane) => licenceFacts(licensed, parkOfLane(site, lane));
}
