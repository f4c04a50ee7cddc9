import { randomUUIDv7 } from 'node:crypto';
import { nearestPlates } from '../../src/gateway/services/decisions/nearest-plate.ts';
import { NO_MODERATION } from '../../src/gateway/services/evidence/moderation.ts';
import { createFieldWork, type FieldWorkDeps } from '../../src/gateway/services/field/field-work.ts';
import { createPresentedReads } from '../../src/gateway/services/field/presented-reads.ts';
import { createParkingSessionList } from '../../src/gateway/services/parking-sessions.ts';
import type { DirectoryReader } from '../../src/gateway/store/directory-reader.ts';
import type { SiteStore } from '../../src/gateway/store/site-store.ts';

/** The work on the ground, as a gateway wires it. */
export function createTestFieldWork(
	deps: Pick<FieldWorkDeps, 'site' | 'whatIf' | 'accessLog' | 'clock' | 'isLicensed'> & {
		readonly moderation?: FieldWorkDeps['moderation'];
		readonly site: Parameters<typeof createParkingSessionList>[0]['site'];
		readonly store: SiteStore;
		readonly directory: DirectoryReader;
	},
) {
	const { site, store, directory, clock } = deps;
	const presentedReads = createPresentedReads(clock);
	const fieldWork = createFieldWork({
		moderation: NO_MODERATION,
		...deps,
		presentedReads,
		newId: randomUUIDv7,
		parkingSessions: createParkingSessionList({ site, store, directory }),
		nearestPlates: (plate) => nearestPlates(directory, plate),
		changed: () => undefined,
		journalGrew: () => undefined,
	});
	return { fieldWork, presentedReads };
}
