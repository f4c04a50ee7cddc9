import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';

let site: ConsoleSite;
let admin: Visitor;
beforeAll(async () => {
	site = createConsoleSite();
	admin = await site.signIn('administrator');
});
afterAll(() => site.close());

async function made(fields: Record<string, string>): Promise<string> {
	const answer = await admin.post('/operator-groups', fields);
	return answer.headers.get('location')?.split('?')[0] ?? '';
}

const versionOf = async (path: string) => /name="version" value="(\d+)"/.exec(await admin.page(path))?.[1] ?? '';

describe('groups of operators on their pages', () => {
	test('Z1 Z3 Z6 made by form, found, filled by search, and they say what they give and deny', async () => {
		const acme = await made({ name: 'Acme <b>', kind: 'company', tags: 'north, vip' });
		const crew = await made({ name: 'Crew', kind: 'role', parentId: acme.split('/').at(-1) ?? '' });
		const list = await admin.page('/operator-groups');
		expect(list).toContain('north, vip');
		expect(list).not.toContain('<b>');
		expect(list, 'only the uppermost').not.toContain('Crew');
		expect(await admin.page('/operator-groups?q=crew')).toContain(`href="${crew}"`);
		const version = await versionOf(acme);
		await admin.post(`${acme}/rules`, { give: 'security', scope: 'area:A1', version });
		await admin.post(`${crew}/rules`, { deny: 'lanes:close', scope: 'site', version: await versionOf(crew) });
		await admin.post(`${crew}/rules`, { grant: 'metrics:read', scope: 'site', version: await versionOf(crew) });
		const page = await admin.page(crew);
		expect(page).toContain('Security · Deck');
		expect(page).toContain('Denied: Close lanes to everybody · the whole site');
		expect(page).toContain('Read technical figures · the whole site');
		const bo = await site.bench.addOperator({ email: 'bo@example.org', role: 'user' });
		expect(await admin.page(`${crew}?member=bo%40`)).toContain(`value="${bo}"`);
		expect((await admin.post(`${crew}/members`, { in: bo })).status).toBe(303);
		const asked = await admin.page(`/operators/${bo}?permission=lanes%3Avend&place=lane%3AL1`);
		expect(asked).toMatch(/the group .{0,10}Acme.{0,20} gives it for Deck/u);
		expect(asked).toContain(`href="${crew}"`);
		const denied = await admin.page(`/operators/${bo}?permission=lanes%3Aclose&place=lane%3AL1`);
		expect(denied).toMatch(/the group .{0,10}Crew.{0,10} denies it for the whole site/u);
		expect((await admin.post(`${crew}/members`, { out: bo })).status).toBe(303);
	});

	test('Z6 moved by search; what can not be is said, and a removal takes a tick', async () => {
		const top = await made({ name: 'Top', kind: 'region', tags: '' });
		const below = await made({ name: 'Below', kind: 'site', tags: '', parentId: top.split('/').at(-1) ?? '' });
		const parentId = below.split('/').at(-1) ?? '';
		expect(await admin.page(`${top}?into=below`)).toContain(`name="parentId" value="${parentId}"`);
		const ring = await admin.post(`${top}/move`, { parentId, version: await versionOf(top) });
		expect([ring.status, await ring.text()]).toEqual([422, expect.stringContaining('can not stand in itself')]);
		expect((await admin.post(`${below}/move`, { parentId: '', version: await versionOf(below) })).status).toBe(303);
		expect((await admin.post(`${top}/remove`, {})).status).toBe(422);
		expect((await admin.post(`${top}/remove`, { sure: 'yes' })).headers.get('location')).toBe(
			'/operator-groups?done=removed',
		);
		expect((await admin.get(top)).status).toBe(404);
	});

	test('the pages are written in French and Dutch', async () => {
		for (const [code, words] of [
			['fr', 'Groupes'],
			['nl', 'Groepen'],
		] as const) {
			expect(await admin.page('/operator-groups', { 'accept-language': code })).toContain(words);
		}
	});
});

describe('many operators, and copies', () => {
	test('Z9 B12 those that are ticked are changed together, each with what came of it', async () => {
		const crew = await made({ name: 'Night shift', kind: 'role', tags: '' });
		const bo = await site.bench.addOperator({ email: 'bulk-bo@example.org', role: 'user' });
		const fields = { action: 'join', group: 'night SHIFT', operators: bo, sure: 'yes' };
		expect(await admin.page('/operators')).toContain(`form="bulk" name="operators" value="${bo}"`);
		const joined = await (await admin.post('/operators/bulk', fields)).text();
		expect(joined).toContain('1 of 1 are done.');
		expect(await admin.page(crew)).toContain('bulk-bo@example.org');
		expect((await admin.post('/operators/bulk', { ...fields, group: 'nowhere' })).status).toBe(422);
		expect((await admin.post('/operators/bulk', { ...fields, operators: '' })).status).toBe(200);
		const own = await admin.post('/operators/bulk', { ...fields, action: 'deactivate', operators: admin.operatorId });
		expect(await own.text()).toContain('Nobody deactivates or removes themselves.');
	});

	test('Z10 a copy of an operator comes in by a code; a copy of a group stands beside it', async () => {
		const bo = await site.bench.addOperator({ email: 'original@example.org', role: 'security', scope: 'area:A1' });
		const copied = await (
			await admin.post(`/operators/${bo}/clone`, { email: 'copy@example.org', name: 'Copy' })
		).text();
		expect(copied).toMatch(/\/activate\?code=[\w-]+/);
		expect(copied).toContain('Security · Deck');
		expect((await admin.post(`/operators/${bo}/clone`, { email: 'copy@example.org', name: 'Copy' })).status).toBe(422);
		const group = await made({ name: 'Original', kind: 'role', tags: 'one' });
		const copy = (await admin.post(`${group}/clone`, { name: 'Second' })).headers.get('location')?.split('?')[0] ?? '';
		expect(await admin.page(copy)).toContain('Second');
		expect((await admin.post(`${group}/clone`, { name: 'Second' })).status).toBe(422);
	});
});

describe('offboarding on its page', () => {
	test('Z9 the page lists what ends before it does, takes a tick, and has the way back', async () => {
		const bo = await site.bench.addOperator({ email: 'leaver@example.org', role: 'reception' });
		const path = `/operators/${bo}/offboarding`;
		expect(await admin.page(`/operators/${bo}`)).toContain(`href="${path}"`);
		expect(await admin.page(path)).toContain('The operator becomes inactive');
		expect((await admin.post(`/operators/${bo}/offboard`, {})).status).toBe(422);
		expect((await admin.post(`/operators/${bo}/offboard`, { sure: 'yes' })).status).toBe(303);
		const left = await admin.page(path);
		expect(left).toContain('They left on');
		expect(left).toContain('Undo the offboarding');
		expect((await admin.post(`/operators/${bo}/offboard/undo`, {})).status).toBe(303);
		expect(await admin.page(path)).not.toContain('They left on');
		expect(await admin.page(path, { 'accept-language': 'nl' })).toContain('Vertrek');
		expect((await admin.post(`/operators/${bo}/holder`, { holderId: 'nobody' })).status).toBe(422);
	});
});
