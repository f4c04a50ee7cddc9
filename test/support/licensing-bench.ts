import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { ParkStatement, ProductLicence } from '../../src/gateway/core/licence/product-licence.ts';
import type { Site } from '../../src/gateway/core/site.ts';
import { createLicenceOverview } from '../../src/gateway/services/licensing/licence-overview.ts';
import { createLicenceServices } from '../../src/gateway/services/licensing/licence-services.ts';
import { createLicensing, type LicensingDeps } from '../../src/gateway/services/licensing/licensing.ts';
import { NO_DOCUMENTS, type ReadDocuments } from '../../src/gateway/services/licensing/read-documents.ts';
import { signDocument } from '../../src/gateway/services/licensing/signed-document.ts';
import { openGatewayKey } from '../../src/gateway/store/gateway-key.ts';
import type { SiteStore } from '../../src/gateway/store/site-store.ts';

export interface KeyPair {
	readonly publicPem: string;
	readonly privatePem: string;
}

export function ed25519Pair(): KeyPair {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	return {
		publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
		privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
	};
}

export const VENDOR = ed25519Pair();
export const SUPPORT = ed25519Pair();
/** Not of any real key: what licences of these tests may be bound to. */
export const GATEWAY_KEY = 'k'.repeat(43);

/** Signed on 2026-01-01, for a year. */
export const A_LICENCE: ProductLicence = {
	jti: 'L-0001',
	iat: Date.UTC(2026, 0, 1) / 1_000,
	nbf: Date.UTC(2026, 0, 1) / 1_000,
	exp: Date.UTC(2027, 0, 1) / 1_000,
	aud: 'acme/site-1',
	instance: 'I-0042',
	customer: { id: 'C-7', name: 'Acme Parking', contact: { name: 'Ada', email: 'ada@acme.example' } },
	vendor: { name: 'Barrier Works', email: 'sales@barrier.example', phone: '+32 2 555 01 00' },
	support: { name: 'Barrier Works support', phone: '+32 2 555 01 01' },
	variant: 'Professional',
	capabilities: ['rfid', 'anpr', 'bookings', 'visitors'],
	operators: 25,
	cameras: 4,
	seats: { salesStandard: 5 },
	parks: 'all',
};

export const A_STATEMENT: ParkStatement = {
	jti: 'S-0001',
	iat: Date.UTC(2026, 0, 2) / 1_000,
	aud: 'acme/site-1',
	park: 'P1',
	active: false,
	reason: 'Works on the roof',
};

export const signLicence = (change: Partial<ProductLicence> = {}, { privatePem } = VENDOR) =>
	signDocument({ ...A_LICENCE, ...change }, 'productLicence', privatePem);
export const signStatement = (change: Partial<ParkStatement> = {}, { privatePem } = SUPPORT) =>
	signDocument({ ...A_STATEMENT, ...change }, 'parkStatement', privatePem);

/** The licences of a site on a real store, with nothing installed unless said. Its look once a minute is stopped: timers are the test's. */
export function createSiteLicensing(
	{ dir, store, clock, log }: Pick<LicensingDeps, 'clock' | 'log'> & { dir: string; store: SiteStore },
	site: Site,
	stored: ReadDocuments = NO_DOCUMENTS,
) {
	const licensing = createLicensing(
		{
			...{ site, store, clock, log, gatewayKey: GATEWAY_KEY, newId: randomUUID },
			keys: { vendorKey: VENDOR.publicPem, supportKey: SUPPORT.publicPem },
			clockTrust: () => 'synced',
			journalGrew: () => undefined,
		},
		stored,
	);
	licensing.stop();
	return {
		licensing,
		...createLicenceServices({
			...{ store, licensing, clock, timeZone: site.timeZone, newId: randomUUID, journalGrew: () => undefined },
		}),
		licenceOverview: createLicenceOverview({
			...{ site, licensing, store, nowMs: clock.nowMs, newId: randomUUID },
			...{ version: '9.9.9', addresses: () => ['10.0.0.5'], key: openGatewayKey(dir), keyThumbprint: GATEWAY_KEY },
		}),
	};
}
