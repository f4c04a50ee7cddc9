import { operatorCap } from '../../core/licence/licence-facts.ts';
import type { Site } from '../../core/site.ts';
import type { GatewayKey } from '../../store/gateway-key.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { LicenceStanding } from './licence-standing.ts';
import type { Licensing } from './licensing.ts';
import type { RefusedSentDocument } from './sent-documents.ts';
import { signDocument } from './signed-document.ts';

/** What people ask of a licence, and what the vendor asks of a gateway. */
export interface LicenceOverview extends Pick<LicenceStanding, 'term' | 'problem' | 'clockBehindMs' | 'licence'> {
	/** Documents of central that do not count. */
	readonly refused: readonly RefusedSentDocument[];
	readonly operators: { readonly used: number; readonly available: number };
	readonly cameras: { readonly used: number; readonly available: number };
	readonly gateway: {
		/** `tenant/site`. */
		readonly site: string;
		readonly version: string;
		/** Of this machine, on its networks. */
		readonly addresses: readonly string[];
		/** RFC 7638 thumbprint of its key. */
		readonly key: string;
	};
}

export interface LicenceOverviewDeps {
	readonly site: Pick<Site, 'id' | 'tenant' | 'parks' | 'lanes'>;
	readonly licensing: Pick<Licensing, 'standing'>;
	readonly store: { readonly operators: Pick<SiteStore['operators'], 'seatsTaken'> };
	readonly version: string;
	readonly addresses: () => readonly string[];
	readonly key: GatewayKey;
	/** RFC 7638 thumbprint of `key`. */
	readonly keyThumbprint: string;
	/** Absent: no central sends any. */
	readonly refused?: () => readonly RefusedSentDocument[];
	readonly nowMs: () => number;
	readonly newId: () => string;
}

export function createLicenceOverview(deps: LicenceOverviewDeps) {
	const { site, licensing, store, version, addresses, key, keyThumbprint } = deps;
	const aud = `${site.tenant}/${site.id}`;
	const parks = site.parks.map(({ id }) => id);
	function overview(): LicenceOverview {
		const { licence, term, problem, clockBehindMs, pool } = licensing.standing();
		return {
			...{ licence, term, problem, clockBehindMs, cameras: pool, refused: deps.refused?.() ?? [] },
			operators: { used: store.operators.seatsTaken(), available: operatorCap({ licence }) },
			gateway: { site: aud, version, addresses: addresses(), key: keyThumbprint },
		};
	}
	return {
		overview,
		/** What the vendor needs to make a licence for this gateway: a JWS by the gateway's own key, which it carries. */
		request(): Promise<string> {
			const { licence, operators, cameras } = overview();
			const iat = Math.floor(deps.nowMs() / 1_000);
			const used = { operators: operators.used, cameras: cameras.used };
			const present = licence === null ? {} : { instance: licence.instance, licence: licence.jti };
			const claims = { jti: deps.newId(), iat, aud, version, parks, used, ...present, publicKey: key.publicPem };
			return signDocument(claims, 'licenceRequest', key.privatePem);
		},
	};
}
