import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';
import { PASSWORD } from '../../support/operators.ts';

let site: ConsoleSite;
let admin: Visitor;
beforeAll(async () => {
	site = createConsoleSite();
	admin = await site.signIn('administrator');
});
afterAll(() => site.close());

const wish = { name: '<b>exporter</b>', days: '30', permissions: 'lanes:read', present: PASSWORD };

describe('API tokens on their pages', () => {
	test('issue 9: made on one’s own page, shown once, revoked there', async () => {
		const made = await admin.post('/account/tokens', wish);
		const page = await made.text();
		const [secret] = /pgt_[\w-]{43}/.exec(page) ?? [];
		expect([made.status, page]).toEqual([200, expect.not.stringContaining('<b>exporter')]);
		const later = await admin.page('/account');
		expect(later).toContain('exporter');
		expect(later).not.toContain(secret);
		const asked = await site.request('/api/v1/lanes', { headers: { authorization: `Bearer ${secret}` } });
		expect(asked.status).toBe(200);
		const [, path = ''] = /action="(\/account\/tokens\/[^"]+\/revoke)"/.exec(later) ?? [];
		expect((await admin.post(path, {})).headers.get('location')).toBe('/account?done=saved');
		expect((await admin.post(path, {})).status).toBe(404);
		expect(await admin.page('/account')).toContain('There are none.');
	});

	test('issue 9: a wrong password or an empty name makes none, and is said', async () => {
		const wrong = await admin.post('/account/tokens', { ...wish, present: 'wrong' });
		expect([wrong.status, await wrong.text()]).toEqual([
			422,
			expect.stringContaining('The present password is another'),
		]);
		expect((await admin.post('/account/tokens', { ...wish, name: ' ' })).status).toBe(422);
		expect((await admin.post('/account/tokens', { ...wish, days: '9999' })).status).toBe(422);
		expect(await admin.page('/account')).toContain('There are none.');
	});

	test('issue 9: an administrator sees and revokes those of an operator', async () => {
		const guard = await site.signIn('security');
		await guard.post('/account/tokens', wish);
		const page = await admin.page(`/operators/${guard.operatorId}`);
		const [, path = ''] = new RegExp(`action="(/operators/${guard.operatorId}/tokens/[^"]+/revoke)"`).exec(page) ?? [];
		expect((await admin.post(path, {})).status).toBe(303);
		expect(await admin.page(`/operators/${guard.operatorId}`)).toContain('There are none.');
	});
});
