import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../../src/api/console/catalogue/translator.ts';
import { FACES } from '../../../src/api/console/pages/directory/face-links.ts';
import { directoryLabels } from '../../../src/gateway/core/directory-texts/directory-labels.ts';
import type { ConsoleSite, Visitor } from '../../support/console-site.ts';
import { createDirectoryConsole, formOf, sendFields, sendForm, textOf } from '../../support/directory-console.ts';

let site: ConsoleSite;
let admin: Visitor;
beforeAll(async () => {
	({ site, admin } = await createDirectoryConsole());
});
afterAll(() => site.close());

const EXAMPLES: Readonly<Record<string, string>> = {
	holders: 'h0',
	vehicles: 'v1',
	groups: 'acme-it',
	credentials: 'c4',
	'right-specifications': 'board',
	rights: 'r4',
	pools: 'p-acme',
	bundles: 'b-staff',
	'planned-uses': 'u1',
	schedules: 'office',
};
const faces = FACES.map((face) => [face.face.path, face, EXAMPLES[face.face.path] ?? ''] as const);
const row = (table: Parameters<typeof edits.get>[0], id: string) => edits.get(table, id)?.row;
let edits: ConsoleSite['services']['services']['edits'];
beforeAll(() => {
	edits = site.services.services.edits;
});
const send = (page: string, change: Readonly<Record<string, string | readonly string[]>>, visitor = admin) =>
	sendForm({ site, visitor }, page, { step: 'save', ...change });
const follow = async (answer: Response) => admin.page(answer.headers.get('location') ?? 'it led nowhere');

describe('a row of every face', () => {
	test.each(faces)(
		'%s: is read first, with the words of its declaration, and changed in a step of its own',
		async (path, face, id) => {
			const html = await admin.page(`/${path}/${id}`);
			expect(html).not.toMatch(/<input(?![^>]*type="hidden")[^>]*name="(?!id)/);
			expect(html).toContain(`href="/${path}/${id}/edit"`);
			expect(html).toContain('Changes made here');
			const form = await admin.page(`/${path}/${id}/edit`);
			for (const { group, fields } of face.face.form) {
				for (const field of fields) {
					const { label } = directoryLabels('en').field(face.table, field);
					if (field !== 'spaceId') expect(form, `${group} ${field}`).toContain(label);
				}
			}
		},
	);

	test.each(faces)('%s: sent back as it was changes nothing', async (path, face, id) => {
		const before = row(face.table, id);
		const answer = await send(`/${path}/${id}/edit`, {});
		expect(answer.status).toBe(303);
		expect(await follow(answer)).toContain('nothing was changed');
		expect(row(face.table, id)).toEqual(before);
		expect(edits.history(face.table, id)).toHaveLength(1);
	});

	test.each(faces)(
		'%s: a new one without what it needs says so at the field, and keeps what was typed',
		async (path, face) => {
			const answer = await send(`/${path}/new`, {});
			const html = await answer.text();
			expect(answer.status).toBe(422);
			expect(textOf(html)).toContain('It is not saved yet');
			expect(html).toContain('class="field__error"');
			expect(html).toContain(`<h1>${directoryLabels('en').face(face.face.path).add}</h1>`);
		},
	);

	test('that is not there is a page that says so, in each of its pages', async () => {
		for (const [path] of faces) {
			for (const page of [`/${path}/nothing`, `/${path}/nothing/edit`, `/${path}/nothing/delete`]) {
				expect((await admin.get(page)).status, page).toBe(404);
			}
		}
	});

	test.each(LANGUAGES)('speaks %s on every page', async (language) => {
		const visitor = await site.signIn('technician');
		await visitor.post('/account/language', { language, back: '/' });
		const labels = directoryLabels(language);
		for (const [path, , id] of faces) {
			expect(await visitor.page(`/${path}`)).toContain(`<h1>${labels.face(path).title}</h1>`);
			const html = await visitor.page(`/${path}/${id}`);
			expect(html).toContain(`<html lang="${language}"`);
			expect(html.replaceAll(/data-[a-z]+="[^"]*"/g, ''), path).not.toMatch(/\{\w+\}/);
		}
	});
});

describe('a change', () => {
	test('is saved, told with an undo, and kept with who, before and after', async () => {
		const answer = await send('/holders/h1/edit', {
			name: 'Bram Claes-Maes',
			tags: 'staff, night shift',
			language: '',
		});
		const html = await follow(answer);
		expect(row('holders', 'h1')).toMatchObject({
			name: 'Bram Claes-Maes',
			tags: ['staff', 'night shift'],
			language: null,
		});
		expect(textOf(html)).toContain('Saved.');
		const history = textOf(html.slice(html.indexOf('id="history-title"')));
		expect(history).toContain('The administrator');
		expect(history).toMatch(/Name Bram Claes → Bram Claes-Maes/);
		const undone = await sendFields(site, admin, '/directory/undo', formOf(html, '/directory/undo'));
		expect(textOf(await follow(undone))).toContain('everything is as it was');
		expect(row('holders', 'h1')).toMatchObject({ name: 'Bram Claes', tags: ['staff'] });
	});

	test('reads moments in the site’s zone, numbers and money as people write them', async () => {
		await send('/rights/r1/edit', { validToMs: '2026-07-01T08:30' });
		expect(row('assignedRights', 'r1')?.['validToMs']).toBe(Date.UTC(2026, 6, 1, 6, 30));
		await send('/right-specifications/booked/edit', {
			priceMinor: '3,5',
			currency: 'EUR',
			graceMin: '20',
			areaIds: ['A1', 'A1-vip'],
		});
		expect(row('rightSpecifications', 'booked')).toMatchObject({
			priceMinor: 350,
			graceMin: 20,
			areaIds: ['A1', 'A1-vip'],
		});
		expect(textOf(await admin.page('/right-specifications/booked'))).toContain('€3.50');
	});

	test('that can’t be is told at its field in the reader’s language, and what was typed is still there', async () => {
		const reader = await site.signIn('reception');
		await reader.post('/account/language', { language: 'fr', back: '/' });
		const answer = await send('/holders/h2/edit', { name: '', email: 'kept@example.org' }, reader);
		const html = await answer.text();
		expect(answer.status).toBe(422);
		expect(html).toMatch(/id="name-error">.*?Complétez ce champ./s);
		expect(html).toContain('value="kept@example.org"');
		expect(html).toContain('aria-invalid="true"');
		expect(row('holders', 'h2')?.['email']).toBe('chloé@acme.example');
	});

	test('that other rows do not allow is told at its field: a value twice, an end before its beginning', async () => {
		const twice = await (await send('/credentials/c2/edit', { value: '1-ABC-100' })).text();
		expect(textOf(twice)).toContain('Another one has this already.');
		const backwards = await (
			await send('/rights/r4/edit', { validFromMs: '2026-05-01T00:00', validToMs: '2026-04-01T00:00' })
		).text();
		expect(textOf(backwards)).toContain('The start must be before the end.');
	});

	test('of one person while another changed the same: both are shown, and nothing is lost', async () => {
		const form = formOf(await admin.page('/holders/h6/edit'), '/holders/h6/edit');
		const other = await site.signIn('reception');
		await send('/holders/h6/edit', { phone: '+32 2 000', note: 'from the desk' }, other);
		const answer = await sendFields(site, admin, '/holders/h6/edit', {
			...form,
			step: 'save',
			phone: '+32 2 999',
			name: 'Gert J.',
		});
		const html = await answer.text();
		expect(answer.status).toBe(422);
		expect(textOf(html)).toContain('Somebody changed this meanwhile');
		expect(textOf(html)).toContain('The reception changed it at');
		expect(html).toContain('value="+32 2 999"');
		expect(textOf(html)).toContain('Now stored: +32 2 000');
		expect(row('holders', 'h6')).toMatchObject({ phone: '+32 2 000', name: 'Gert Jacobs' });
		const saved = await sendFields(site, admin, '/holders/h6/edit', {
			...formOf(html, '/holders/h6/edit'),
			step: 'save',
		});
		expect(saved.status).toBe(303);
		expect(row('holders', 'h6')).toMatchObject({ phone: '+32 2 999', name: 'Gert J.', note: 'from the desk' });
	});

	test('is undone only by who made it, and only while nobody changed it since', async () => {
		const html = await follow(await send('/holders/h7/edit', { phone: '1' }));
		const undo = formOf(html, '/directory/undo');
		const other = await site.signIn('reception');
		const proof = formOf(await other.page('/'), '/logout');
		const foreign = await sendFields(site, other, '/directory/undo', { ...undo, ...proof });
		expect(foreign.status).toBe(400);
		await send('/holders/h7/edit', { phone: '2' });
		expect(textOf(await follow(await sendFields(site, admin, '/directory/undo', undo)))).toContain(
			'It can’t be undone',
		);
		expect(row('holders', 'h7')?.['phone']).toBe('2');
	});
});

describe('a new row', () => {
	test('is made from a person’s page with what is needed only, and leads back to the person', async () => {
		const page = '/credentials/new?holderId=h8';
		const html = await admin.page(page);
		expect(textOf(html)).toContain('Holder Ibrahim Diallo');
		const fields = formOf(html, '/credentials/new');
		const answer = await sendFields(site, admin, '/credentials/new', {
			...fields,
			step: 'save',
			kind: 'plate',
			value: '2-xyz 987',
		});
		expect(answer.headers.get('location')).toMatch(/^\/holders\/h8\?done=created/);
		const [made] = (
			await site.services.services.directoryLists.page({ table: 'credentials', q: '2XYZ987' }, { limit: 5 })
		).items;
		expect(made).toMatchObject({
			holderId: 'h8',
			kind: 'plate',
			value: '2XYZ987',
			label: '2-xyz 987',
			state: 'active',
		});
		expect(textOf(await follow(answer))).toContain('2-xyz 987');
	});

	test('in a dialog answers a script with the form in place, and then with where to go', async () => {
		const script = { 'hx-request': 'true' };
		const dialog = await admin.page('/rights/new?holderId=h8', script);
		expect(dialog).toMatch(/^<header class="dialog__head">/);
		const fields = formOf(dialog, '/rights/new');
		const refused = await sendFields(
			site,
			admin,
			'/rights/new',
			{ ...fields, step: 'save', specificationId: '' },
			script,
		);
		expect(await refused.text()).toMatch(/^<form class="row-form row-form--short"/);
		const done = await sendFields(
			site,
			admin,
			'/rights/new',
			{ ...fields, step: 'save', specificationId: 'board' },
			script,
		);
		expect(done.headers.get('hx-redirect')).toMatch(/^\/holders\/h8\?done=created/);
	});

	test('chooses among many by a search, without scripts too, and loses nothing typed', async () => {
		const found = await (
			await send('/credentials/new', { step: 'find:holderId', value: 'AABB', 'holderId.q': 'gert' })
		).text();
		expect(found).toMatch(/<input type="radio" name="holderId" value="h6"/);
		expect(textOf(found)).toContain('1-ABC-106');
		expect(found).toContain('value="AABB"');
		const byEnter = await (await send('/credentials/new', { step: '', value: 'AABB', 'holderId.q': 'gert' })).text();
		expect(byEnter).toMatch(/<input type="radio" name="holderId" value="h6"/);
		const part = await admin.page('/credentials/choose/holderId?holderId=h1&holderId.q=gert', { 'hx-request': 'true' });
		expect(part).toMatch(/value="h1" checked/);
		expect(part).toContain('value="h6"');
		expect(part).not.toContain('<html');
	});

	test('offers of somebody’s rights only theirs, once it is known whose', async () => {
		expect(textOf(await admin.page('/planned-uses/new'))).toContain('Choose first: Holder.');
		const html = await admin.page('/planned-uses/new?holderId=h0');
		expect(html).toContain('value="r0"');
		expect(html).not.toContain('value="r1"');
	});

	test('of a vehicle is one, whatever was sent', async () => {
		const answer = await send('/vehicles/new', { name: 'Pool car 2', kind: 'person' });
		expect(answer.headers.get('location')).toMatch(/^\/vehicles\/[^/]+\?done=created/);
	});
});

describe('deleting', () => {
	test('says first what goes with it, then leads to the list with an undo that brings all of it back', async () => {
		const html = await admin.page('/holders/h9/delete');
		expect(textOf(html)).toContain('2 credentials');
		expect(row('holders', 'h9')).toBeDefined();
		const answer = await sendFields(site, admin, '/holders/h9/delete', formOf(html, '/holders/h9/delete'));
		expect([row('holders', 'h9'), row('credentials', 'c9')]).toEqual([undefined, undefined]);
		const list = await follow(answer);
		expect(textOf(list)).toContain('Deleted.');
		await sendFields(site, admin, '/directory/undo', formOf(list, '/directory/undo'));
		expect([row('holders', 'h9')?.['name'], row('credentials', 'c9')?.['value']]).toEqual(['Julie Lefèvre', '1ABC109']);
	});

	test('what others need says what they are, and offers no button', async () => {
		const html = await admin.page('/right-specifications/board/delete');
		expect(textOf(html)).toMatch(/\d rights need it/);
		expect(html).not.toContain('action="/right-specifications/board/delete"');
	});

	test('what changed since it was asked about is asked about again', async () => {
		const fields = formOf(await admin.page('/holders/n1/delete'), '/holders/n1/delete');
		await send('/holders/n1/edit', { phone: '5' });
		const answer = await sendFields(site, admin, '/holders/n1/delete', fields);
		expect(answer.status).toBe(422);
		expect(textOf(await answer.text())).toContain('Somebody changed this meanwhile');
		expect(row('holders', 'n1')).toBeDefined();
	});
});

describe('a schedule', () => {
	test('gets and loses hours and special days by buttons alone, and is saved as it stands there', async () => {
		const action = '/schedules/new';
		let html = await admin.page(action);
		const step = async (name: string, change: Readonly<Record<string, string | readonly string[]>> = {}) => {
			const answer = await sendFields(site, admin, action, { ...formOf(html, action), step: name, ...change });
			html = answer.status === 303 ? await follow(answer) : await answer.text();
		};
		await step('add:periods', { name: 'Night watch' });
		await step('add:periods', { 'periods.0.from': '21:00', 'periods.0.to': '05:30' });
		await step('remove:periods.1');
		await step('add:specialDays', { 'periods.0.days': ['1', '3'] });
		await step('add:specialDays.0.periods', { 'specialDays.0.date': '2026-12-25', 'specialDays.0.name': 'Christmas' });
		await step('save', { 'specialDays.0.periods.0.to': '24:00' });
		expect(textOf(html)).toContain('Mon, Wed 21:00–05:30 (next day)');
		const { items } = await site.services.services.directoryLists.page(
			{ table: 'schedules', q: 'night' },
			{ limit: 2 },
		);
		expect(items).toMatchObject([
			{
				periods: [{ days: [1, 3], from: '21:00', to: '05:30' }],
				specialDays: [{ date: '2026-12-25', name: 'Christmas', periods: [{ from: '08:00', to: '24:00' }] }],
			},
		]);
	});

	test('says which hours are none', async () => {
		const answer = await send('/schedules/office/edit', { 'periods.1.from': '25:00' });
		expect(textOf(await answer.text())).toContain('Give period 2 times such as 08:30.');
		const without = await send('/schedules/office/edit', { 'periods.0.days': [] });
		expect(textOf(await without.text())).toContain('Choose the days of period 1.');
	});
});

describe('who may not read personal data', () => {
	test('sees first letters on every page, finds nobody by searching, and changes the rest without losing what is hidden', async () => {
		let sees = true;
		const hidden = await createDirectoryConsole({ seesPersonalData: () => sees });
		sees = false;
		const { services } = hidden.site.services;
		const secrets = /peeters|anna@|475 12|bicycle|1ABC100|1-ABC-100|0F03685600/i;
		const pages = [
			'/holders',
			'/holders/h0',
			'/holders/h0/edit',
			'/holders/h0/delete',
			'/credentials',
			'/credentials/c0',
		];
		pages.push('/rights', '/rights/r0', '/planned-uses', '/planned-uses/u1', '/credentials/new?holderId=h0');
		for (const page of pages)
			expect([page, secrets.exec(await hidden.admin.page(page))?.[0]]).toEqual([page, undefined]);
		expect(await hidden.admin.page('/holders/h0')).toContain('A•••');
		expect(await hidden.admin.page('/holders')).not.toContain('name="q"');
		for (const page of ['/holders?q=peeters', '/rights?q=peeters']) {
			expect((await hidden.admin.page(page)).match(/data-row=/g)?.length, page).toBeGreaterThan(1);
		}
		const found = await hidden.admin.page('/credentials/choose/holderId?holderId.q=peeters', { 'hx-request': 'true' });
		expect(found).not.toContain('h0');
		await sendForm({ site: hidden.site, visitor: hidden.admin }, '/holders/h0/edit', {
			step: 'save',
			tags: 'staff, late',
		});
		expect(services.edits.get('holders', 'h0')?.row).toMatchObject({ name: 'Anna Peeters', tags: ['staff', 'late'] });
		await hidden.site.close();
	});
});

describe('untrusted text in every field', () => {
	const EVIL = `"><img src=x onerror=alert(1)>'<script>alert(2)</script>\u202e=1+1`;

	test('is shown as text everywhere it comes to', async () => {
		const made = await send('/holders/new', { name: EVIL, tags: '<b>x</b>', note: EVIL, email: EVIL });
		const page = (made.headers.get('location') ?? '').split('?')[0] ?? '';
		const id = page.split('/').at(-1) ?? '';
		await sendFields(site, admin, '/credentials/new', {
			...formOf(await admin.page(`/credentials/new?holderId=${id}`), '/credentials/new'),
			...{ step: 'save', kind: 'pin', value: EVIL.slice(0, 60), label: EVIL, note: EVIL },
		});
		for (const path of [
			page,
			`${page}/edit`,
			`${page}/delete`,
			'/holders?q=img',
			`/holders?tags=${encodeURIComponent(EVIL)}`,
			'/credentials',
			`/credentials/new?holderId=${id}`,
			`/credentials?holderId=${id}`,
		]) {
			const html = await admin.page(path);
			expect(html, path).not.toContain('<img');
			expect(html, path).not.toContain('<script>');
			expect(html, path).not.toContain('<b>x</b>');
		}
		expect(await admin.page(page)).toContain('U+202E');
	});

	test('of any length is refused or cut, never an error', async () => {
		for (const length of [201, 5_000, 900_000]) {
			const answer = await send('/holders/new', { name: 'x'.repeat(length) });
			expect([413, 422], String(length)).toContain(answer.status);
		}
	});
});
