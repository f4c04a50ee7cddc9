import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHttpSite, type HttpSite } from '../../support/http-site.ts';

const WINDOW = '/api/v1/devices/reader-1/key-window';

let site: HttpSite;
beforeEach(() => {
	site = createHttpSite();
});
afterEach(() => site.close());

describe('D3 the key window of a reader over HTTP', () => {
	test('a technician opens it for ten minutes unless told, and closes it; both are journalled', async () => {
		const technician = await site.signIn('technician');
		const opened = await technician.post(WINDOW, {});
		expect(opened.status).toBe(200);
		expect(await opened.json()).toEqual({ deviceId: 'reader-1', end: '2026-01-05T09:10:00.000+01:00' });
		await technician.post(WINDOW, { minutes: 3 });
		expect((await technician.post(`${WINDOW}/close`, {})).status).toBe(200);
		expect(site.windows).toEqual(['open 600000', 'open 180000', 'close']);
		const audits = site.bench.audits().filter(({ action }) => action.startsWith('keyWindow'));
		expect(audits).toMatchObject([
			{ action: 'keyWindow.opened', target: 'reader-1', operatorId: technician.operatorId, detail: { minutes: 10 } },
			{ action: 'keyWindow.opened', detail: { minutes: 3 } },
		]);
	});

	test.each([{ minutes: 11 }, { minutes: 0 }, { minutes: 1.5 }, { hours: 1 }])('%j is refused', async (body) => {
		const technician = await site.signIn('technician');
		expect((await technician.post(WINDOW, body)).status).toBe(400);
		expect(site.windows).toEqual([]);
	});

	test.each(['security', 'reception'] as const)('%s may not', async (role) => {
		const visitor = await site.signIn(role);
		expect((await visitor.post(WINDOW, {})).status).toBe(403);
		expect(site.windows).toEqual([]);
	});

	test('an unknown device is 404', async () => {
		const technician = await site.signIn('technician');
		expect((await technician.post('/api/v1/devices/reader-9/key-window', {})).status).toBe(404);
		expect((await technician.post('/api/v1/devices/reader-9/key-window/close', {})).status).toBe(404);
	});
});
