import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';

let site: ConsoleSite;
let admin: Visitor;
let guardId: string;
beforeEach(async () => {
	site = createConsoleSite();
	admin = await site.signIn('administrator');
	guardId = await site.bench.addOperator({ email: 'guard@example.org', role: 'security' });
});
afterEach(() => site.close());

const begin = () => admin.post(`/operators/${guardId}/view-as`, {});
const BANNER = 'You see the pages as The security does';

describe('view as another operator', () => {
	test('Z6 pages are seen with their permissions, every change is refused, a banner says so, and it is ended by its button', async () => {
		expect(await admin.page(`/operators/${guardId}`)).toContain('View as this operator');
		expect((await begin()).headers.get('location')).toBe('/');
		const page = await admin.page('/');
		expect(page).toContain(BANNER);
		expect(page, 'guards see no operators').not.toContain('href="/operators"');
		expect((await admin.get('/operators')).status).toBe(403);
		expect((await admin.get('/log')).status).toBe(200);
		for (const path of ['/lanes/L1/vend', '/account/language', `/operators/${guardId}/deactivate`]) {
			expect((await admin.post(path, { reason: 'x', language: 'fr' })).status, path).toBe(403);
		}
		expect((await admin.post('/view-as/end', {})).headers.get('location')).toBe(`/operators/${guardId}`);
		expect(await admin.page('/operators')).not.toContain(BANNER);
		const audited = site.bench.audits().filter(({ action }) => action.startsWith('viewAs'));
		expect(audited.map(({ action, operatorId, target }) => [action, operatorId, target])).toEqual([
			['viewAsBegan', admin.operatorId, guardId],
			['viewAsEnded', admin.operatorId, guardId],
		]);
	});

	test('Z6 it ends with its time, when the other is gone, and when the other could do more', async () => {
		await begin();
		site.bench.clock.advance(LIMITS.viewAsAnotherMs);
		expect((await admin.get('/operators')).status).toBe(200);
		await begin();
		site.bench.store.operators.setDenials(admin.operatorId, [{ permission: 'lanes:vend', scope: 'site' }]);
		expect((await admin.get('/operators')).status, 'their own rights again').toBe(200);
		expect((await begin()).status, 'who may do more').toBe(422);
		site.bench.store.operators.setDenials(admin.operatorId, []);
		await begin();
		site.bench.operators.administration.remove(guardId, { operatorId: null, access: null });
		expect((await admin.get('/operators')).status).toBe(200);
		expect((await admin.post(`/operators/${admin.operatorId}/view-as`, {})).status).toBe(422);
	});

	test('Z6 another login of the same operator sees its own', async () => {
		await begin();
		const other = await site.signIn('administrator');
		expect((await other.get('/operators')).status).toBe(200);
		expect((await admin.get('/operators')).status).toBe(403);
		expect((await admin.post('/logout', {})).status).toBe(303);
	});
});
