import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';
import { PASSWORD } from '../../support/operators.ts';

let site: ConsoleSite;
let admin: Visitor;
beforeAll(async () => {
	site = createConsoleSite();
	admin = await site.signIn('administrator');
});
afterAll(() => site.close());

const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
const titles = (html: string) => [...html.matchAll(/id="(\w+)-title"/g)].map(([, widget]) => widget);

test('is the page after the sign-in, and everybody has one (Z13)', async () => {
	await site.signIn('reception');
	const body = new URLSearchParams({ email: 'reception@example.org', password: PASSWORD });
	const answer = await site.request('/login', { method: 'POST', body });
	expect(answer.headers.get('location')).toBe('/home');
	const user = await site.signIn('user');
	const html = await user.page('/home');
	expect(titles(html)).toEqual(['tasks', 'ownActivity']);
	expect(textOf(html)).toContain('Nothing waits for you.');
});

test('shows widgets, tasks with their age and way, and fetches each again when it changes (Z13)', async () => {
	site.sync = { ...site.sync, deadLetters: { count: 3, newest: [] } };
	const html = await admin.page('/home');
	expect(titles(html).slice(0, 2)).toEqual(['tasks', 'lanes']);
	expect(html).toContain('hx-get="/live/widgets/lanes"');
	expect(html).toContain('parkgate:lane from:body');
	expect(textOf(html)).toContain('Events that central could not use 3');
	expect(textOf(await admin.page('/live/widgets/lanes'))).toContain('North entry');
	expect((await admin.get('/live/widgets/nothing')).status).toBe(404);
	const user = await site.signIn('user');
	expect(textOf(await user.page('/live/widgets/lanes')).trim()).toBe('');
});

test('the form chooses widgets and their order, and an old form is told of (Z13)', async () => {
	const fields = { version: '0', widgets: 'ownActivity', 'place-ownActivity': '1' };
	expect((await admin.post('/home', fields)).headers.get('location')).toBe('/home?done=saved');
	expect(titles(await admin.page('/home'))).toEqual(['ownActivity']);
	expect((await admin.post('/home', fields)).status).toBe(409);
});
