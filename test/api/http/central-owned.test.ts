import { expect, onTestFinished, test } from 'vitest';
import { createHttpSite } from '../../support/http-site.ts';

const STAFF = {
	...{ table: 'rightSpecifications', id: 'staff', name: 'Staff', strategy: 'credits', areaIds: [], scheduleId: null },
	...{ creditCost: 2, priceMinor: 300, currency: 'EUR' },
};

test('X17: what central decides is refused over HTTP with its field and where to change it, alone or in a batch', async () => {
	const site = createHttpSite();
	onTestFinished(() => site.close());
	await site.fillDirectory([STAFF]);
	const admin = await site.signIn('administrator');
	const path = '/api/v1/right-specifications';
	const problem = (errorPath: string) => ({
		code: 'CENTRAL_OWNED',
		errors: [
			{ path: errorPath, code: 'centralOwned', mend: 'Change it on the central platform.' },
			{ code: 'centralOwned' },
		],
	});
	const price = { priceMinor: 1, creditCost: 0 };
	const patched = await admin.send('PATCH', `${path}/staff`, price);
	expect(patched.status).toBe(403);
	expect(await patched.json()).toMatchObject(problem('body.priceMinor'));
	const batch = await admin.post(`${path}/batch`, { changes: [{ op: 'update', id: 'staff', fields: price }] });
	expect(batch.status).toBe(403);
	expect(await batch.json()).toMatchObject(problem('body.changes.0.fields.priceMinor'));
	expect((await admin.send('PATCH', `${path}/staff`, { name: 'All staff', priceMinor: 300 })).status).toBe(200);
	const document = JSON.stringify(await (await site.request('/api/openapi.json')).json());
	expect(document).toContain('Only the central platform changes it, where there is one');
});
