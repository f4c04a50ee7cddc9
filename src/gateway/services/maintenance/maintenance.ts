import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { InterventionTarget } from '../../core/maintenance/intervention.ts';
import { createEvidenceFiles, PHOTOS_DIR } from '../../store/evidence-files.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { createImageProcess } from '../evidence/image-client.ts';
import type { LicenceGrants } from '../licensing/licence-grants.ts';
import { createInterventions } from './create-interventions.ts';
import { createInterventionEnding } from './end-interventions.ts';
import { createInterventionPhotos, type InterventionPhotos } from './intervention-photos.ts';
import type { Interventions } from './interventions.ts';
import { createRoster, type Roster } from './roster.ts';
import { createInterventionWriter } from './write-interventions.ts';

/** Work on the equipment, its photos, and who does it. */
export interface Maintenance {
	readonly interventions: Interventions;
	readonly photos: InterventionPhotos;
	readonly roster: Roster;
}

export interface MaintenanceDeps {
	readonly store: SiteStore;
	readonly licenceGrants: Pick<LicenceGrants, 'page' | 'kindsOf'>;
	readonly hasTarget: (target: InterventionTarget) => boolean;
	/** Whether the product licence lets anything new be begun. */
	readonly isIncluded: () => boolean;
	readonly freeBytes: () => number;
	readonly clock: Clock;
	readonly log: Log;
	readonly newId: () => string;
	/** Lets the lanes go first. */
	readonly rest: () => Promise<void>;
	readonly journalGrew: () => void;
}

export function createMaintenance(deps: MaintenanceDeps): Maintenance & {
	/** From then on what is over ends. */
	start(): void;
	/** Resolves when nothing is under way. */
	settled(): Promise<void>;
	stop(): Promise<void>;
} {
	const { store, clock, log } = deps;
	const roster = createRoster(deps);
	const files = createEvidenceFiles(store.dir, PHOTOS_DIR);
	const images = createImageProcess({ dir: files.dir, clock, log });
	const ending = createInterventionEnding({ ...deps, files });
	return {
		interventions: createInterventions({
			...deps,
			isAssignable: (operatorId) => roster.person(operatorId) !== undefined,
		}),
		photos: createInterventionPhotos({
			...{ ...deps, files, images },
			...{ writer: createInterventionWriter(deps), ready: ending.swept },
		}),
		roster,
		start: ending.start,
		settled: ending.settled,
		async stop() {
			await ending.stop();
			await images.stop();
		},
	};
}
