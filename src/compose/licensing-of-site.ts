import { networkInterfaces } from 'node:os';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { EditSettlement } from '../gateway/services/directory/settle-edits.ts';
import { createLicenceOverview } from '../gateway/services/licensing/licence-overview.ts';
import { createLicenceServices, type LicenceServicesDeps } from '../gateway/services/licensing/licence-services.ts';
import { type LicensingDeps, openLicensing } from '../gateway/services/licensing/licensing.ts';
import { createSentDocuments, type SentDocuments } from '../gateway/services/licensing/sent-documents.ts';
import { thumbprintOf } from '../gateway/services/licensing/signed-document.ts';
import type { Directory } from '../gateway/store/directory.ts';
import { openGatewayKey } from '../gateway/store/gateway-key.ts';
import type { SiteStore } from '../gateway/store/site-store.ts';

export interface LicensingWiring extends Omit<LicensingDeps, 'site' | 'keys' | 'gatewayKey' | 'store'> {
	readonly config: Pick<GatewayConfig, 'site' | 'licence'>;
	readonly store: SiteStore;
	/** Absent: nobody sends licences here. */
	readonly directory?: Directory;
	readonly version: string;
	/** Looks operators up on another thread; here unless given. */
	readonly findOperators?: NonNullable<LicenceServicesDeps['findOperators']>;
}

/** What the gateway may do, and what people are told of it. */
export async function wireLicensing(deps: LicensingWiring, stack: AsyncDisposableStack) {
	const { config, store, clock, newId, version, directory } = deps;
	const { site } = config;
	const key = openGatewayKey(store.dir);
	const keyThumbprint = await thumbprintOf(key.publicPem);
	const licensing = await openLicensing({ ...deps, site, keys: config.licence ?? {}, gatewayKey: keyThumbprint });
	stack.defer(() => licensing.stop());
	const sent = directory && createSentDocuments({ ...deps, siteId: site.id, directory: directory.reader, licensing });
	if (sent !== undefined) stack.defer(() => sent.stop());
	const licenceOverview = createLicenceOverview({
		...(sent && { refused: sent.refused }),
		...{ site, licensing, store, version, key, keyThumbprint, newId },
		...{ addresses: networkAddresses, nowMs: clock.nowMs },
	});
	return {
		...{ licensing, licenceOverview, sentDocuments: sent },
		...createLicenceServices({
			...{ store, licensing, clock, newId, timeZone: site.timeZone, journalGrew: deps.journalGrew },
			...(deps.findOperators && { findOperators: deps.findOperators }),
		}),
	};
}

/** Whatever moves in the stream of licences is looked at, and what is there when sync starts. */
export function lookingAtLicences<T extends Pick<EditSettlement, 'reached'>>(
	settlement: T,
	sent: Pick<SentDocuments, 'look'> | undefined,
): T {
	void sent?.look();
	return {
		...settlement,
		reached(stream, rev, keys) {
			settlement.reached(stream, rev, keys);
			if (stream === 'licences') void sent?.look();
		},
	};
}

/** Of this machine, as others on its networks see it. */
function networkAddresses(): readonly string[] {
	return Object.values(networkInterfaces()).flatMap((all) =>
		(all ?? []).filter(({ internal }) => !internal).map(({ address }) => address),
	);
}
