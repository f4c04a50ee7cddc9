import type { ProductLicence } from '../../src/gateway/core/licence/product-licence.ts';
import { openSiteStore } from '../../src/gateway/store/site-store.ts';
import { signLicence, VENDOR } from './licensing-bench.ts';
import { createMemoryLog } from './memory-log.ts';

/** For `licence:` in the configuration of a gateway whose store has such a licence. */
export const LICENCE_KEYS = { vendorKey: VENDOR.publicPem };

/** Gives a store its product licence before the gateway starts on it, valid today. */
export async function licenseStore(storeDir: string, change: Partial<ProductLicence>): Promise<void> {
	const issuedAtS = Math.floor(Date.now() / 1_000) - 60;
	const term = { iat: issuedAtS, nbf: issuedAtS, exp: issuedAtS + 86_400 };
	const text = await signLicence({ ...term, ...change });
	const store = openSiteStore({ dir: storeDir, nowMs: Date.now, log: createMemoryLog() });
	const document = { kind: 'productLicence', parkId: null, issuedAtS, serial: 'L-0001', text } as const;
	store.transaction(() => store.licences.addDocument(document));
	store.close();
}
