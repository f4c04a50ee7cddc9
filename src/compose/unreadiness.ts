import type { Unready } from '../api/http/routes/health-routes.ts';
import type { LaneService } from '../gateway/services/lanes/lane-service.ts';
import type { DirectoryReader } from '../gateway/store/directory-reader.ts';

/** Why this gateway can't decide or record now. A lost device or broker is no cause: the site goes on without. */
export function unreadinessOf(deps: {
	readonly lanes: Pick<LaneService, 'isStoreFailing'>;
	readonly directory: Pick<DirectoryReader, 'syncedAtMs'>;
	readonly isSynced: boolean;
}): readonly Unready[] {
	const causes: Unready[] = [];
	if (deps.lanes.isStoreFailing()) {
		causes.push({ part: 'store', problem: 'Decisions cannot be written; check the disk of the store.' });
	}
	if (deps.isSynced && deps.directory.syncedAtMs() === null) {
		causes.push({ part: 'directory', problem: 'No people and rights have arrived from central yet.' });
	}
	return causes;
}
