import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FACES } from '../../../src/api/console/pages/directory/face-links.ts';
import { ROW_PAGE_SIZE } from '../../../src/api/console/pages/directory/list-query.ts';
import { directoryLabels } from '../../../src/gateway/core/directory-texts/directory-labels.ts';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';
import { createDirectoryConsole, formOf, sendFields, sendForm, textOf } from '../../support/directory-console.ts';

let site: ConsoleSite;
let admin: Visitor;
beforeAll(async () => {
	({ site, admin } = await createDirectoryConsole());
});
afterAll(() => site.close());

const rowIds = (html: string) => [...html.matchAll(/data-row="([^"]+)"/g)].map(([, id]) => id);
const titles = (html: string) =>
	[...html.matchAll(/class="row__link"[^>]*>(.*?)<\/a>/gs)].map(([, title]) => textOf(title ?? '').trim());

describe('the list of every face', () => {
	const paths = FACES.map(({ face }) => face.path);

	test('says what it is for and how to begin, while it is empty', async () => {
		const empty = createConsoleSite();
		const visitor = await empty.signIn('administrator');
		for (const path of paths) {
			const html = await visitor.page(`/${path}`);
			expect(textOf(html), path).toContain(directoryLabels('en').face(path).about);
			expect(html.match(new RegExp(`href="/${path}/new"`, 'g')), path).toHaveLength(2);
		}
		await empty.close();
	});

	test.each(paths)('%s: names its columns, counts its rows and leads to each', async (path) => {
		const html = await admin.page(`/${path}`);
		const face = FACES.find((one) => one.face.path === path);
		const labels = directoryLabels('en');
		for (const field of face?.face.columns ?? []) {
			expect(html, field).toContain(labels.field(face?.table ?? 'holders', field).label);
		}
		const ids = rowIds(html);
		expect(ids.length).toBeGreaterThan(0);
		for (const id of ids) expect(html).toContain(`href="/${path}/${id}"`);
		expect(html).toMatch(/id="rows-count" role="status">\d+ /);
	});

	test.each(paths)('%s: is replaced in part by a script, with its count', async (path) => {
		const part = await admin.page(`/${path}`, { 'hx-request': 'true' });
		expect(part).toMatch(/^<div id="rows">/);
		expect(part).not.toContain('<html');
		expect(part).toContain('id="rows-count" role="status" hx-swap-oob="innerHTML"');
	});
});

describe('people', () => {
	test('are found by the beginnings of words in any order, without accents', async () => {
		expect(titles(await admin.page('/holders?q=lam%20elise'))).toEqual(['Élise Lambert']);
		expect(textOf(await admin.page('/holders?q=zzz'))).toContain('Nothing fits');
	});

	test('are narrowed by filters, each shown by name and taken away again', async () => {
		const html = await admin.page('/holders?status=blocked&groupIds=acme');
		expect(titles(html)).toEqual(['Fatima El Amrani']);
		expect(html).toContain('aria-label="Remove the filter Status: Blocked"');
		expect(html).toContain('aria-label="Remove the filter Groups: Acme"');
		expect(html).toContain('href="/holders?groupIds=acme"');
		expect(html).toMatch(/<option value="blocked" selected/);
	});

	test('who name a row are listed by its page, also by what is no filter of the list itself', async () => {
		const html = await admin.page('/holders?organisationId=org');
		expect(rowIds(html)).toHaveLength(12);
		expect(textOf(html)).toContain('Organisation: Acme Belgium');
	});

	test('are led through page by page, each once, also from the end', async () => {
		const seen: (string | undefined)[] = [];
		let next: string | undefined = '/holders';
		while (next !== undefined) {
			const html: string = await admin.page(next);
			seen.push(...rowIds(html));
			expect(rowIds(html).length).toBeLessThanOrEqual(ROW_PAGE_SIZE);
			next = /<a class="button pages__next" href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');
		}
		expect(new Set(seen).size).toBe(seen.length);
		expect(seen.length).toBeGreaterThan(ROW_PAGE_SIZE);
		const fromEnd = rowIds(await admin.page('/holders?sort=descending'));
		expect(fromEnd[0]).toBe(seen.at(-1));
	});

	test('a page that is no longer there leads to the first one, and says so', async () => {
		const html = await admin.page('/holders?cursor=nonsense');
		expect(textOf(html)).toContain('this is its first page');
		expect(rowIds(html)).toHaveLength(ROW_PAGE_SIZE);
	});

	test('the list of vehicles holds vehicles only, and a link to one as a person leads to its own page', async () => {
		expect(titles(await admin.page('/vehicles'))).toEqual(['Pool car 1']);
		const answer = await admin.get('/holders/v1');
		expect([answer.status, answer.headers.get('location')]).toEqual([303, '/vehicles/v1']);
	});
});

test('what a list holds is counted and, where there is none, told in its own words', async () => {
	const vehicles = textOf(await admin.page('/vehicles'));
	expect(vehicles).toMatch(/\b1 vehicle\b/);
	expect(vehicles).not.toContain('person or vehicle');
	const bare = createConsoleSite();
	const first = await bare.signIn('administrator');
	expect(textOf(await first.page('/right-specifications'))).toContain('Kinds of right: none yet');
	expect(textOf(await first.page('/vehicles?status=blocked'))).toContain('0 vehicles');
	await bare.close();
});

describe('a list as a file', () => {
	test('is taken along as it is narrowed, by who may', async () => {
		const html = await admin.page('/holders?q=a&status=active&sort=descending');
		const [, csv = ''] = /href="([^"]*format=csv[^"]*)"/.exec(html) ?? [];
		const asked = new URL(csv.replaceAll('&amp;', '&'), 'http://gate.example');
		expect(asked.pathname).toBe('/api/v1/holders/export');
		expect(Object.fromEntries(asked.searchParams)).toEqual({
			...{ q: 'a', status: 'active', sort: 'desc', format: 'csv', lang: 'en' },
		});
		const reception = await site.signIn('reception');
		expect(await reception.page('/holders')).not.toContain('format=csv');
	});
});

describe('several rows at once', () => {
	const bulk = (fields: Readonly<Record<string, string | readonly string[]>>, visitor = admin) =>
		sendForm({ site, visitor }, '/holders', fields, '/holders/bulk');
	const statusOf = (id: string) => site.services.services.edits.get('holders', id)?.row['status'];
	const tagsOf = (id: string) => site.services.services.edits.get('holders', id)?.row['tags'];

	test('get a status: asked, shown, confirmed, and undone in one', async () => {
		const asked = await (await bulk({ action: 'set.status', id: ['h8', 'h9'] })).text();
		expect(textOf(asked)).toMatch(/2 people and vehicles.*Ibrahim Diallo.*Julie Lefèvre/);
		const shown = await (await sendAgain(asked, { value: 'inactive' })).text();
		expect(textOf(shown)).toContain('These will change');
		expect(statusOf('h8')).toBe('active');
		const done = await sendAgain(shown, { step: 'confirm' });
		expect(done.status).toBe(303);
		expect([statusOf('h8'), statusOf('h9')]).toEqual(['inactive', 'inactive']);
		const list = await admin.page(done.headers.get('location') ?? '');
		expect(textOf(list)).toContain('2 changed.');
		const undone = await sendFields(site, admin, '/directory/undo', formOf(list, '/directory/undo'));
		expect(textOf(await admin.page(undone.headers.get('location') ?? ''))).toContain('everything is as it was');
		expect([statusOf('h8'), statusOf('h9')]).toEqual(['active', 'active']);
	});

	test('get a tag and lose it; those who have it already stay as they are', async () => {
		const asked = await (await bulk({ action: 'add.tags', id: ['h0', 'h8'] })).text();
		await sendAgain(asked, { value: 'fleet', step: 'confirm' });
		expect([tagsOf('h0'), tagsOf('h8')]).toEqual([['staff', 'fleet'], ['fleet']]);
		const removed = await (await bulk({ action: 'remove.tags', id: ['h0', 'h1', 'h8'] })).text();
		await sendAgain(removed, { value: 'fleet', step: 'confirm' });
		expect([tagsOf('h0'), tagsOf('h1'), tagsOf('h8')]).toEqual([['staff'], ['staff'], []]);
	});

	test('are deleted after what goes with them was told', async () => {
		const asked = await (await bulk({ action: 'delete', id: ['h10', 'h11'] })).text();
		expect(textOf(asked)).toContain('4 credentials');
		const done = await sendAgain(asked, { step: 'confirm' });
		expect(site.services.services.edits.get('holders', 'h10')).toBeUndefined();
		const list = await admin.page(done.headers.get('location') ?? '');
		await sendFields(site, admin, '/directory/undo', formOf(list, '/directory/undo'));
		expect(site.services.services.edits.get('credentials', 'c10')).toBeDefined();
	});

	test('all that a search found, on every page of it', async () => {
		const html = await admin.page('/holders?q=visitor&status=active');
		const fields = { ...formOf(html, '/holders/bulk'), action: 'set.status', scope: 'all', id: 'n0' };
		const asked = await (await sendFields(site, admin, '/holders/bulk', fields)).text();
		expect(textOf(asked)).toContain('50 people and vehicles');
		const shown = await (await sendAgain(asked, { value: 'inactive' })).text();
		site.services.services.edits.edit([{ op: 'delete', table: 'holders', key: 'n49' }], { operatorId: null });
		const again = await (await sendAgain(shown, { step: 'confirm' })).text();
		expect(textOf(again)).toContain('49 people and vehicles');
		expect(statusOf('n0')).toBe('active');
		expect((await sendAgain(again, { step: 'confirm' })).status).toBe(303);
		expect([statusOf('n0'), statusOf('n48'), statusOf('h0')]).toEqual(['inactive', 'inactive', 'active']);
	});

	test('none ticked, an action that is none and a value that is none are told', async () => {
		expect(textOf(await (await bulk({ action: 'delete' })).text())).toContain('Choose at least one first');
		expect((await bulk({ action: 'set.name', id: 'h1' })).status).toBe(400);
		const wrong = await bulk({ action: 'set.status', id: 'h1', value: 'king', step: 'preview' });
		expect(wrong.status).toBe(422);
		expect(statusOf('h1')).toBe('active');
	});

	async function sendAgain(html: string, change: Readonly<Record<string, string>>): Promise<Response> {
		return sendFields(site, admin, '/holders/bulk', { ...formOf(html, '/holders/bulk'), ...change });
	}
});

describe('who may see and change what', () => {
	test('reception adds people and their cards, and only reads the rules', async () => {
		const reception = await site.signIn('reception');
		expect(await reception.page('/holders')).toContain('href="/holders/new"');
		const specifications = await reception.page('/right-specifications');
		expect(specifications).not.toContain('/right-specifications/new');
		expect(specifications).not.toContain('name="id"');
		for (const path of ['/right-specifications/new', '/right-specifications/staff/edit', '/schedules/office/delete']) {
			expect((await reception.get(path)).status, path).toBe(403);
		}
		const detail = await reception.page('/right-specifications/staff');
		expect(detail).not.toContain('/edit"');
		expect((await reception.post('/right-specifications/bulk', { action: 'delete', id: 'staff' })).status).toBe(403);
	});

	test('nobody who is not signed in sees anything', async () => {
		for (const { face } of FACES) expect((await site.request(`/${face.path}`)).status, face.path).toBe(303);
	});
});
