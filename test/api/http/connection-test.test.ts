import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aConnectionTest } from '../../support/connection-tests.ts';
import { createHttpSite, type HttpSite } from '../../support/http-site.ts';

let site: HttpSite;
beforeEach(() => {
	site = createHttpSite();
});
afterEach(() => site.close());

const PATH = '/api/v1/sync/test';

describe('D: the connection test over HTTP', () => {
	test('runs, answers with each step, and is there to be read again', async () => {
		const technician = await site.signIn('technician');
		expect((await technician.get(PATH)).status).toBe(404);
		const text = 'Broker mqtts://broker.example:8883: its certificate has expired; renew it.';
		site.connectionTest.found = aConnectionTest('failed', {
			tls: { result: 'failed', text },
			login: { result: 'skipped', durationMs: null, text: null },
		});
		const answer = await technician.post(PATH);
		expect(answer.status).toBe(200);
		const body = await answer.json();
		expect(body).toMatchObject({ at: '2026-01-01T10:30:00.000+01:00', result: 'failed' });
		const { steps } = body as { steps: readonly object[] };
		expect(steps).toHaveLength(9);
		expect(steps).toContainEqual({ step: 'tls', result: 'failed', durationMs: 12, text });
		expect(steps).toContainEqual({ step: 'login', result: 'skipped', durationMs: null, text: null });
		expect(await (await technician.get(PATH)).json()).toEqual(body);
	});

	test('does it once for one Idempotency-Key', async () => {
		const admin = await site.signIn('administrator');
		const headers = { 'idempotency-key': 'test-1' };
		const [first, second] = [await admin.post(PATH, undefined, headers), await admin.post(PATH, undefined, headers)];
		expect(await second.json()).toEqual(await first.json());
		expect(site.connectionTest.runs).toBe(1);
	});

	test('is for technicians and administrators', async () => {
		for (const role of ['security', 'reception']) expect((await (await site.signIn(role)).post(PATH)).status).toBe(403);
		expect(site.connectionTest.runs).toBe(0);
	});
});
