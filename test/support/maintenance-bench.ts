import { randomUUIDv7 } from 'node:crypto';
import type { Clock } from '../../src/gateway/core/clock.ts';
import type { Log } from '../../src/gateway/core/log.ts';
import type { Site } from '../../src/gateway/core/site.ts';
import { createMaintenance, type MaintenanceDeps } from '../../src/gateway/services/maintenance/maintenance.ts';
import type { SiteStore } from '../../src/gateway/store/site-store.ts';
import { turn } from './privacy-bench.ts';

/** Maintenance as a gateway wires it; `reader-1`, `reader-2` and `boom-1` are its devices. Nothing ends by itself before `start`. */
export function createTestMaintenance(
	deps: Pick<MaintenanceDeps, 'licenceGrants'> &
		Partial<Pick<MaintenanceDeps, 'isIncluded' | 'freeBytes'>> & {
			readonly store: SiteStore;
			readonly clock: Clock;
			readonly log: Log;
			readonly site: Pick<Site, 'lanes'>;
		},
) {
	const { site, ...given } = deps;
	const devices = ['reader-1', 'reader-2', 'boom-1'];
	return createMaintenance({
		isIncluded: () => true,
		freeBytes: () => Number.MAX_SAFE_INTEGER,
		...given,
		newId: randomUUIDv7,
		rest: turn,
		journalGrew: () => undefined,
		hasTarget(target) {
			if (target.kind === 'site') return true;
			const ids = target.kind === 'device' ? devices : site.lanes.map(({ id }) => id);
			return ids.includes(target.id);
		},
	});
}
