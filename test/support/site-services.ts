import { randomUUID } from 'node:crypto';
import { proposedSite } from '../../src/compose/proposed-site.ts';
import type { EquipmentFacts } from '../../src/gateway/core/access/facts.ts';
import type { Site } from '../../src/gateway/core/site.ts';
import { createReplay } from '../../src/gateway/services/decisions/replay.ts';
import { createWhatIf } from '../../src/gateway/services/decisions/what-if.ts';
import { createFactsLoader } from '../../src/gateway/services/lanes/load-facts.ts';
import { createOccupancyCare } from '../../src/gateway/services/occupancy-care.ts';
import { createParkingSessionList } from '../../src/gateway/services/parking-sessions.ts';
import { createPassages } from '../../src/gateway/services/passages.ts';
import { openDirectory } from '../../src/gateway/store/directory.ts';
import type { OperatorsBench } from './operators.ts';

const LICENSED: EquipmentFacts = {
	productLicence: 'valid',
	rfidEnabled: true,
	unlicensedCameras: [],
	parkActive: true,
};

/** What is asked and corrected about a site, on a real store with a directory of its own that nobody has filled. */
export function createSiteServices({ dir, store, clock, log }: OperatorsBench, site: Site) {
	const directory = openDirectory({ dir, store, log });
	const { reader } = directory;
	const loadFacts = createFactsLoader({
		site,
		store,
		directory: reader,
		equipment: () => LICENSED,
		lastUse: () => undefined,
		clockTrust: () => 'synced',
	});
	const occupancyCare = createOccupancyCare({
		site,
		store,
		clock,
		log,
		directory: reader,
		newId: randomUUID,
		changed: () => undefined,
		journalGrew: () => undefined,
	});
	// No samples by themselves: the virtual clock's timers are the test's.
	occupancyCare.stop();
	return {
		services: {
			occupancyCare,
			proposedSite,
			replay: createReplay(store),
			whatIf: createWhatIf({ site, directory: reader, loadFacts, modeOf: store.laneModes.get }),
			passages: createPassages({ store }),
			parkingSessions: createParkingSessionList({ site, store, directory: reader }),
		},
		close() {
			occupancyCare.stop();
			// Nothing was written through the worker, so nothing is left to wait for.
			void directory.close();
		},
	};
}
