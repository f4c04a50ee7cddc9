import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { LicenceConfig } from '../config/gateway-config.ts';
import { LICENCE_KIND_NAMES } from '../gateway/core/licence/licence-kinds.ts';
import type { ProductLicence } from '../gateway/core/licence/product-licence.ts';
import { CAPABILITIES } from '../gateway/core/licence/product-licence.ts';
import type { Site } from '../gateway/core/site.ts';
import { signDocument } from '../gateway/services/licensing/signed-document.ts';

const YEAR_S = 31_536_000;
/** Of each kind of licence: enough to try them all. */
const SEATS_OF_EACH = 5;

/** For the demo only: signed by keys that are made for one start and thrown away. */
export async function demoLicence(
	site: Pick<Site, 'id' | 'tenant'>,
	nowMs: number,
): Promise<{ readonly keys: LicenceConfig; readonly text: string }> {
	const vendor = generateKeyPairSync('ed25519');
	const support = generateKeyPairSync('ed25519');
	const now = Math.floor(nowMs / 1_000);
	const licence: ProductLicence = {
		...{ jti: randomUUID(), iat: now, nbf: now, exp: now + YEAR_S, aud: `${site.tenant}/${site.id}` },
		instance: 'demo',
		customer: { id: 'demo', name: 'Demo site' },
		vendor: { name: 'Parkgate demo' },
		variant: 'Demo',
		capabilities: [...CAPABILITIES],
		operators: 25,
		cameras: 16,
		seats: Object.fromEntries(LICENCE_KIND_NAMES.map((kind) => [kind, SEATS_OF_EACH])),
		parks: 'all',
	};
	const spki = { type: 'spki', format: 'pem' } as const;
	const privatePem = vendor.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
	return {
		keys: {
			vendorKey: vendor.publicKey.export(spki).toString(),
			supportKey: support.publicKey.export(spki).toString(),
		},
		text: await signDocument(licence, 'productLicence', privatePem),
	};
}
