import { networkInterfaces } from 'node:os';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { createLicenceOverview } from '../gateway/services/licensing/licence-overview.ts';
import { createLicenceServices } from '../gateway/services/licensing/licence-services.ts';
import { type LicensingDeps, openLicensing } from '../gateway/services/licensing/licensing.ts';
import { thumbprintOf } from '../gateway/services/licensing/signed-document.ts';
import { openGatewayKey } from '../gateway/store/gateway-key.ts';
import type { SiteStore } from '../gateway/store/site-store.ts';

export interface LicensingWiring extends Omit<LicensingDeps, 'site' | 'keys' | 'gatewayKey' | 'store'> {
	readonly config: Pick<GatewayConfig, 'site' | 'licence'>;
	readonly store: SiteStore;
	readonly version: string;
}

/** What the gateway may do, and what people are told of it. */
export async function wireLicensing(deps: LicensingWiring, stack: AsyncDisposableStack) {
	const { config, store, clock, newId, version } = deps;
	const { site } = config;
	const key = openGatewayKey(store.dir);
	const keyThumbprint = await thumbprintOf(key.publicPem);
	const licensing = await openLicensing({ ...deps, site, keys: config.licence ?? {}, gatewayKey: keyThumbprint });
	stack.defer(() => licensing.stop());
	const licenceOverview = createLicenceOverview({
		...{ site, licensing, store, version, key, keyThumbprint, newId },
		...{ addresses: networkAddresses, nowMs: clock.nowMs },
	});
	return {
		...{ licensing, licenceOverview },
		...createLicenceServices({
			...{ store, licensing, clock, newId, timeZone: site.timeZone, journalGrew: deps.journalGrew },
		}),
	};
}

/** Of this machine, as others on its networks see it. */
function networkAddresses(): readonly string[] {
	return Object.values(networkInterfaces()).flatMap((all) =>
		(all ?? []).filter(({ internal }) => !internal).map(({ address }) => address),
	);
}
