import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPlaces } from '../../../src/gateway/core/permission/scope.ts';
import { type ConsoleSite, createConsoleSite, SITE, type Visitor } from '../../support/console-site.ts';
import { solidJpeg } from '../../support/images.ts';
import { createOperatorsBench } from '../../support/operators.ts';

let site: ConsoleSite;
let ann: Visitor;
let bob: Visitor;
beforeAll(async () => {
	// What comes of a picture is tested with the process that makes it (own-picture.test.ts).
	const portrait = async (bytes: Uint8Array) => ({ result: 'portrait', bytes }) as const;
	site = createConsoleSite({ bench: createOperatorsBench({ places: createPlaces(SITE), portrait }) });
	ann = await site.signIn('reception');
	bob = await site.signIn('user');
});
afterAll(() => site.close());

const hidden = (page: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';

async function api(who: Visitor, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
	const { csrf } = (await (await who.get('/api/v1/me')).json()) as { csrf: string };
	const sent = { cookie: who.cookie, 'x-csrf-token': csrf, 'content-type': 'application/json', ...headers };
	return site.request(path, { method, headers: sent, ...(body !== undefined && { body: JSON.stringify(body) }) });
}

describe('Z11 Z12 my account', () => {
	test('its own details are read and changed by the API, as they were read, and journalled without what they are', async () => {
		const read = await ann.get('/api/v1/me/account');
		const tag = read.headers.get('etag') ?? '';
		expect(await read.json()).toMatchObject({ email: 'reception@example.org', phone: null, timeFormat: null });
		const change = { name: 'Ann Peeters', phone: '+32 470 12 34 56', timeFormat: '12h', language: 'fr' };
		const changed = await api(ann, 'PATCH', '/api/v1/me/account', change, { 'if-match': tag });
		expect([changed.status, await changed.json()]).toEqual([200, expect.objectContaining(change)]);
		const again = await api(ann, 'PATCH', '/api/v1/me/account', { name: 'Late' }, { 'if-match': tag });
		expect(again.status).toBe(412);
		expect((await api(ann, 'PATCH', '/api/v1/me/account', { email: 'x@example.org' })).status).toBe(400);
		expect((await api(ann, 'PATCH', '/api/v1/me/account', { name: ' ' })).status).toBe(400);
		const told = site.bench.audits().filter(({ action }) => action === 'ownDetailsChanged');
		expect(told.map(({ operatorId, target, detail }) => ({ operatorId, target, detail }))).toEqual([
			{
				...{ operatorId: ann.operatorId, target: ann.operatorId },
				detail: {
					...{ name: true, phone: true, languageBefore: null, language: 'fr' },
					...{ timeFormatBefore: null, timeFormat: '12h' },
				},
			},
		]);
		expect(JSON.stringify(told)).not.toContain('470');
	});

	test('they are changed by the form, and every page is then written so', async () => {
		const page = await ann.page('/account');
		expect(page).toContain('value="Ann Peeters"');
		const fields = { name: '<i>Ann</i>', phone: '', language: 'en', version: hidden(page, 'version') };
		const saved = await ann.post('/account/details', { ...fields, timeFormat: '12h' });
		expect([saved.status, saved.headers.get('location')]).toEqual([303, '/account?done=saved']);
		const shown = await ann.page('/account');
		expect(shown).toContain('&lt;i&gt;Ann');
		expect(shown).toMatch(/Since [^<]* [ap]m, last used/);
		expect((await ann.post('/account/details', { ...fields, timeFormat: '24h' })).status, 'read before').toBe(422);
		expect((await ann.post('/account/details', { ...fields, name: ' ' })).status).toBe(422);
	});

	test('its own logins are listed and ended, nobody else’s', async () => {
		const elsewhere = await site.signIn('reception');
		const list = async (who: Visitor) =>
			((await (await who.get('/api/v1/me/login-sessions')).json()) as { items: { id: string; isThis: boolean }[] })
				.items;
		const others = (await list(ann)).filter(({ isThis }) => !isThis);
		expect([(await list(ann)).length, others.length]).toEqual([2, 1]);
		const id = others[0]?.id ?? '';
		expect((await api(bob, 'DELETE', `/api/v1/me/login-sessions/${id}`)).status).toBe(404);
		expect((await bob.post(`/account/logins/${id}/end`, {})).status).toBe(404);
		expect((await elsewhere.get('/account')).status).toBe(200);
		expect((await ann.post(`/account/logins/${id}/end`, {})).status).toBe(303);
		expect((await elsewhere.get('/account')).headers.get('location')).toMatch(/^\/login/);
		await site.signIn('reception');
		const ended = await api(ann, 'POST', '/api/v1/me/login-sessions/end-others', {});
		expect(await ended.json()).toEqual({ ended: 1 });
		expect(await list(ann)).toHaveLength(1);
		expect(await list(bob)).toHaveLength(1);
	});

	test('a picture given by the form stands in the menu and beside the name, until it is taken away', async () => {
		const { csrf } = (await (await ann.get('/api/v1/me')).json()) as { csrf: string };
		const body = new FormData();
		body.set('_csrf', csrf);
		body.set('picture', new Blob([Buffer.from(solidJpeg('ann'))], { type: 'image/jpeg' }), 'ann.jpg');
		const headers = { cookie: ann.cookie, origin: 'http://gate.example' };
		const sent = await site.request('/account/picture', { method: 'POST', headers, body });
		expect([sent.status, sent.headers.get('location')]).toEqual([303, '/account?done=saved']);
		const own = '<img class="account__badge" src="/api/v1/me/picture"';
		expect(await ann.page('/account')).toContain(own);
		const admin = await site.signIn('administrator');
		const beside = `src="/api/v1/operators/${ann.operatorId}/picture"`;
		expect(await admin.page('/operators')).toContain(beside);
		expect(await admin.page(`/operators/${ann.operatorId}`)).toContain(beside);
		expect((await ann.post('/account/picture/remove', {})).status).toBe(303);
		expect(await ann.page('/account')).not.toContain(own);
	});

	test('Z13 what one did oneself stands on it, and what others did does not', async () => {
		const page = await ann.page('/account');
		expect(page).toContain('id="own-activity-title"');
		expect(page).toContain('done-lines');
		const { items } = (await (await bob.get('/api/v1/me/activity')).json()) as { items: { action: string }[] };
		expect(items.map(({ action }) => action)).not.toContain('ownDetailsChanged');
	});

	test('no program that was lent something reads or changes it', async () => {
		const asked = { name: 'meter', permissions: ['lanes:read'], password: 'heron lifts the gate' };
		const made = (await (await api(ann, 'POST', '/api/v1/me/tokens', asked)).json()) as { secret: string };
		const headers = { authorization: `Bearer ${made.secret}` };
		for (const path of ['/api/v1/me/account', '/api/v1/me/login-sessions']) {
			expect((await site.request(path, { headers })).status, path).toBe(403);
		}
	});
});
