import { randomUUID } from 'node:crypto';
import type { DirectoryOp } from '../../src/gateway/core/directory-change.ts';
import { createLicensing, type LicensingDeps } from '../../src/gateway/services/licensing/licensing.ts';
import { NO_DOCUMENTS } from '../../src/gateway/services/licensing/read-documents.ts';
import { createSentDocuments, type SentDocumentsDeps } from '../../src/gateway/services/licensing/sent-documents.ts';
import { SITE } from './http-site.ts';
import { A_LICENCE, ed25519Pair, GATEWAY_KEY, SUPPORT, signLicence, signStatement, VENDOR } from './licensing-bench.ts';

/** The licences of a gateway that takes what central sends; its looks once a minute are the test's. */
export function createLicensedGateway(
	deps: Pick<LicensingDeps, 'store' | 'clock' | 'log'> & Pick<SentDocumentsDeps, 'directory'>,
) {
	const common = { ...deps, newId: randomUUID, journalGrew: () => undefined };
	const licensing = createLicensing(
		{
			...{ ...common, site: SITE, gatewayKey: GATEWAY_KEY, clockTrust: () => 'synced' as const },
			keys: { vendorKey: VENDOR.publicPem, supportKey: SUPPORT.publicPem },
		},
		NO_DOCUMENTS,
	);
	licensing.stop();
	const sent = createSentDocuments({ ...common, siteId: SITE.id, licensing });
	return {
		...{ licensing, sent },
		/** Why central's rows do not count. */
		refusals: () => new Map(sent.refused().map(({ id, refusal }) => [id, refusal])),
	};
}

/** Of central. `siteId`: for whom the row says that it is. */
export function sentOp(
	id: string,
	document: string,
	{ kind = 'productLicence', siteId = SITE.id }: { kind?: 'productLicence' | 'parkStatement'; siteId?: string } = {},
): DirectoryOp {
	return { op: 'put', table: 'licenceDocuments', key: id, row: { id, siteId, kind, document } };
}

/** Newer than the licence that counts, so that only what is wrong with each stands against it. */
const LATER = { iat: A_LICENCE.iat + 3_600, jti: 'L-0100' };

/** Every way in which a licence may be of no use, and what it is refused with. */
export async function uselessLicences(): Promise<readonly (readonly [id: string, op: DirectoryOp, refusal: string])[]> {
	const altered = (await signLicence(LATER)).replace(/^(.+\..{20})(.)/, (_all, before: string, letter: string) =>
		letter === 'A' ? `${before}B` : `${before}A`,
	);
	const made = [
		['forged', await signLicence(LATER, ed25519Pair()), 'forged'],
		['altered', altered, 'forged'],
		['unsigned', `${(await signLicence(LATER)).split('.').slice(0, 2).join('.')}.`, 'forged'],
		['other-site', await signLicence({ ...LATER, aud: 'acme/site-2' }), 'otherSite'],
		['older', await signLicence({ iat: A_LICENCE.iat - 60, jti: 'L-0000' }), 'older'],
		['run-out', await signLicence({ ...LATER, nbf: 1_700_000_000, exp: 1_760_000_000 }), 'expired'],
		['a-statement', await signStatement(), 'wrongKind'],
	] as const;
	return made.map(([id, text, refusal]) => [id, sentOp(id, text), refusal]);
}
