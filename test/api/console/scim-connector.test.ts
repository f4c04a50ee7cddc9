import { afterAll, beforeAll, expect, test } from 'vitest';
import { CATALOGUES } from '../../../src/api/console/catalogue/translator.ts';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';
import { textOf } from '../../support/directory-console.ts';

const { en } = CATALOGUES;
let site: ConsoleSite;
let admin: Visitor;
beforeAll(async () => {
	site = createConsoleSite();
	admin = await site.signIn('administrator');
});
afterAll(() => site.close());

test('Z14 the card of SCIM tells its address, the last request and what went wrong', async () => {
	const before = textOf(await admin.page('/connectors'));
	expect(before).toContain('http://gate.example/scim/v2');
	expect(before).toContain(en['connectors.scim.waiting']);
	expect((await admin.get('/scim/v2/Users/<b>nobody')).status).toBe(404);
	expect((await admin.get('/scim/v2/Users?count=1')).status).toBe(200);
	const after = await admin.page('/connectors');
	expect(textOf(after)).not.toContain(en['connectors.scim.waiting']);
	expect(textOf(after)).toContain('GET /Users/{id}: 404 There is no resource');
	const technician = await site.signIn('technician');
	expect(textOf(await technician.page('/connectors')), 'who may not use it sees nothing of it').not.toContain(
		'/scim/v2',
	);
});
