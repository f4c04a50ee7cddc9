import { expect, test } from 'vitest';
import { demoLicence } from '../../src/compose/demo-licence.ts';
import { LICENCE_KIND_NAMES, seatsOfKind } from '../../src/gateway/core/licence/licence-kinds.ts';
import { productLicenceClaims } from '../../src/gateway/core/licence/product-licence.ts';

test('I2, I21: the demo has seats of every kind of licence to try', async () => {
	const { text } = await demoLicence({ id: 'site-1', tenant: 'acme' }, Date.UTC(2026, 0, 5));
	const [, payload = ''] = text.split('.');
	const licence = productLicenceClaims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
	for (const kind of LICENCE_KIND_NAMES) expect(seatsOfKind({ licence }, kind), kind).toBe(5);
});
