import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';
import { formOf, sendFields, sendForm, textOf } from '../../support/directory-console.ts';

const PAGE = '/right-specifications/staff/edit';
const STAFF = {
	...{ table: 'rightSpecifications', id: 'staff', name: 'Staff', strategy: 'credits', areaIds: [], scheduleId: null },
	...{ creditCost: 2, priceMinor: 300, currency: 'EUR' },
};

let site: ConsoleSite;
let admin: Visitor;
beforeAll(async () => {
	site = createConsoleSite();
	admin = await site.signIn('administrator');
	await site.services.fillDirectory([STAFF]);
});
afterAll(() => site.close());

const held = () => site.services.services.edits.get('rightSpecifications', 'staff')?.row;

test('X17: what central decides is shown with that hint and not asked, and the rest can be saved', async () => {
	const html = await admin.page(PAGE);
	expect(textOf(html)).toContain('Only the central platform changes this.');
	for (const field of ['strategy', 'priceMinor', 'creditCost', 'mayOverdraw']) {
		expect(html, field).not.toMatch(new RegExp(`<(?:select|input)(?![^>]*type="hidden")[^>]*name="${field}"`));
	}
	expect(textOf(html)).toContain('€3.00');
	expect((await sendForm({ site, visitor: admin }, PAGE, { name: 'All staff' })).status).toBe(303);
	expect(held()).toMatchObject({ name: 'All staff', strategy: 'credits', priceMinor: 300, creditCost: 2 });
});

test('X17: nor does it get in by a form that was tampered with; what was typed stays', async () => {
	const fields = { ...formOf(await admin.page(PAGE), PAGE), creditCost: '0', name: 'Everybody' };
	const answer = await sendFields(site, admin, PAGE, fields);
	expect(answer.status).toBe(422);
	const html = await answer.text();
	expect(html).toContain('id="creditCost-error"');
	expect(html).toContain('value="Everybody"');
	expect(held()).toMatchObject({ name: 'All staff', creditCost: 2 });
});

test('X17: a new one is the site’s proposal: all of it is asked', async () => {
	const html = await admin.page('/right-specifications/new');
	expect(html).toMatch(/name="creditCost"/);
	expect(html).not.toContain('form-field--owned');
});
