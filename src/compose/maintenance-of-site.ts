import type { GatewayConfig } from '../config/gateway-config.ts';
import { licenceIncludes } from '../gateway/core/licence/licensed-addition.ts';
import type { LicenceGrants } from '../gateway/services/licensing/licence-grants.ts';
import type { LicenceStanding } from '../gateway/services/licensing/licence-standing.ts';
import {
	createMaintenance,
	type Maintenance,
	type MaintenanceDeps,
} from '../gateway/services/maintenance/maintenance.ts';
import { freeBytes } from '../gateway/store/free-bytes.ts';

/** Work on the equipment that the configuration names. */
export function wireMaintenance(
	deps: Pick<MaintenanceDeps, 'store' | 'clock' | 'log' | 'newId' | 'rest' | 'journalGrew'> & {
		readonly config: Pick<GatewayConfig, 'site' | 'devices'>;
		readonly licences: {
			readonly licenceGrants: LicenceGrants;
			readonly licensing: { standing(): Pick<LicenceStanding, 'licence'> };
		};
	},
	stack: AsyncDisposableStack,
): Maintenance {
	const { config, licences, store } = deps;
	const maintenance = createMaintenance({
		...deps,
		licenceGrants: licences.licenceGrants,
		isIncluded: () => licenceIncludes(licences.licensing.standing(), 'maintenance'),
		hasTarget(target) {
			if (target.kind === 'site') return true;
			return (target.kind === 'lane' ? config.site.lanes : config.devices).some(({ id }) => id === target.id);
		},
		freeBytes: () => freeBytes(store.dir),
	});
	stack.defer(() => maintenance.stop());
	maintenance.start();
	return maintenance;
}
