import { afterAll, beforeAll, expect, test } from 'vitest';
import { aDevice, type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';

let site: ConsoleSite;
let admin: Visitor;
beforeAll(async () => {
	site = createConsoleSite();
	site.devices.push(aDevice());
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

test.each([
	['/lanes/L1', 'lanes/L1', 'North entry', 'lanes:vend'],
	['/devices/reader-1', 'devices/reader-1', 'reader-1', 'devices:read'],
	['/parks/P1', 'parks/P1', 'North car park', 'occupancy:adjust'],
	['/areas/A1', 'areas/A1', 'Deck', 'occupancy:adjust'],
])(
	'Z5 %s has a page of its own, where it is given and its history is found',
	async (path, record, name, permission) => {
		const page = await admin.page(path);
		expect(page).toContain('Who may see and change this');
		expect(page).toContain(`href="/record-grants?record=${encodeURIComponent(record)}"`);
		expect(page).toContain(`href="/audit?target=${record.split('/')[1]}"`);
		const level = record.startsWith('devices') ? 'read' : 'write';
		const given = await admin.post('/record-grants', { record, who: 'rita@example.org', level, until: '' });
		expect(given.status).toBe(303);
		expect(await admin.page(path)).toContain(`href="/operators/${rita()}"`);
		const told = await admin.page(`/operators/${rita()}?permission=${encodeURIComponent(permission)}&record=${record}`);
		expect(told).toMatch(new RegExp(`Yes: The user may “[^”]+”, for ${name}\\.`, 'u'));
		await admin.post('/record-grants', { record, kind: 'operator', id: rita() });
	},
);

test('Z5 whoever may not see who works here is shown a lane without it', async () => {
	const security = await site.signIn('security');
	expect(await security.page('/lanes/L1')).not.toContain('Who may see and change this');
	const user = await site.signIn('user');
	for (const path of ['/lanes/L1', '/parks/P1', '/areas/A1']) expect((await user.get(path)).status).toBe(403);
	expect((await admin.get('/lanes/none')).status).toBe(404);
});
