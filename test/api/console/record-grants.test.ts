import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';

let site: ConsoleSite;
let admin: Visitor;
beforeAll(async () => {
	site = createConsoleSite();
	admin = await site.signIn('administrator');
	await site.bench.addOperator({ email: 'rita@example.org', role: 'user' });
	const person = { kind: 'person', name: 'Anna <b>', status: 'active', email: null };
	const fleet = { id: 'fleet', name: 'Fleet <i>', tag: 'fleet', specificationIds: [] };
	const made = site.services.services.edits.edit(
		[
			{ op: 'create', table: 'holders', row: { ...person, id: 'anna' } },
			{ op: 'create', table: 'bundles', row: fleet },
		],
		{ operatorId: null },
	);
	expect(made).toMatchObject({ result: 'done' });
});
afterAll(() => site.close());

const rita = () => site.bench.store.operators.operatorByEmail('rita@example.org')?.id ?? '';
const may = () => site.bench.operators.accessOf(rita());
const ANNA = { kind: 'record', id: 'holders/anna', groupIds: [] } as const;

test('Z5 who may see and change a person is said, given and taken on the person’s page', async () => {
	expect(await admin.page('/holders/anna')).toContain('Who may see and change this');
	const wish = { record: 'holders/anna', who: 'Rita@example.org', level: 'write', until: '' };
	const given = await admin.post('/record-grants', wish);
	expect(given.headers.get('location')).toBe('/record-grants?record=holders%2Fanna&done=saved');
	expect(may()?.may('holders:write', ANNA)).toBe(true);
	const page = await admin.page('/holders/anna');
	expect(page).toContain('see and change it');
	expect(page).toContain(`href="/operators/${rita()}"`);
	const told = await admin.page(`/operators/${rita()}?permission=holders:read&record=holders/anna`);
	expect(told).toContain('Anna');
	expect(told).not.toContain('<b>');
	await admin.post('/record-grants', { record: 'holders/anna', kind: 'operator', id: rita() });
	expect(may()?.may('holders:read', ANNA)).toBe(false);
});

test('Z5 what was not taken is shown again with what is wrong', async () => {
	const wish = { record: 'holders/anna', level: 'read' };
	const nobody = await admin.post('/record-grants', { ...wish, who: 'none@example.org', until: '' });
	expect(nobody.status).toBe(422);
	expect(await nobody.text()).toContain('value="none@example.org"');
	const never = await admin.post('/record-grants', { ...wish, who: 'rita@example.org', until: 'someday' });
	expect(never.status).toBe(422);
	expect((await admin.get('/record-grants?record=secrets/all')).status).toBe(404);
	expect(may()?.may('holders:read', ANNA)).toBe(false);
});

test('Z7 an access scheme is chosen beside parks and areas, and told by its name', async () => {
	const page = await admin.page(`/operators/${rita()}`);
	expect(page).toContain('value="bundle:fleet"');
	expect(page).not.toContain('<i>');
	const version = /name="version" value="(\d+)"/.exec(page)?.[1] ?? '';
	await admin.post(`/operators/${rita()}/roles`, { give: 'reception', scope: 'bundle:fleet', version });
	expect(await admin.page(`/operators/${rita()}`)).toContain('value="reception@bundle:fleet"');
	expect(may()?.may('holders:read', { ...ANNA, bundleIds: ['fleet'] })).toBe(true);
});
