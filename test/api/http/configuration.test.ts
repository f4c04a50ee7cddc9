import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MASK } from '../../../src/config/mask-secrets.ts';
import { GATEWAY_YAML } from '../../support/configuration-bench.ts';
import { createHttpSite, type HttpSite } from '../../support/http-site.ts';

let site: HttpSite;
beforeEach(() => {
	site = createHttpSite();
});
afterEach(() => site.close());

const BASE = '/api/v1/configuration';
const CHANGED = GATEWAY_YAML.replace('capacity: 80', 'capacity: 90');

async function propose(signed: Awaited<ReturnType<HttpSite['signIn']>>, text = CHANGED) {
	const answer = await signed.post(`${BASE}/versions`, { text, reason: 'the deck was measured' });
	return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe('the configuration over HTTP', () => {
	it('N10: is seen and changed by technicians and administrators only', async () => {
		for (const role of ['security', 'reception'] as const) {
			const signed = await site.signIn(role);
			expect((await signed.get(BASE)).status).toBe(403);
			expect((await propose(signed)).status).toBe(403);
		}
		const technician = await site.signIn('technician');
		expect(await (await technician.get(BASE)).json()).toMatchObject({
			runs: 'file',
			trial: null,
			versions: [],
			history: [],
		});
	});

	it('N10: a proposal says what it would change; one with mistakes where they are', async () => {
		const technician = await site.signIn('technician');
		const valid = await propose(technician);
		expect(valid).toMatchObject({
			status: 201,
			body: { changes: [{ part: 'area', id: 'A1', change: 'changed', fields: ['capacity'] }] },
		});
		const version = String(valid.body['version']);
		const shown = (await (await technician.get(`${BASE}/versions/${version}`)).json()) as Record<string, unknown>;
		expect(shown).toMatchObject({ valid: true, changes: valid.body['changes'] });
		expect(shown['text']).toContain('capacity: 90');
		expect(shown['text']).toContain(`key: "${MASK}"`);
		const wrong = await propose(technician, GATEWAY_YAML.replace('driver: osdp', 'driver: osdq'));
		expect(wrong).toMatchObject({ status: 422, body: { code: 'CONFIG_INVALID' } });
		expect(wrong.body['errors']).toMatchObject([
			{ path: 'body.text:6:29: devices[0].driver', problem: expect.stringContaining('gateway.yaml:6:29: ') },
		]);
		const moved = await propose(technician, GATEWAY_YAML.replace('id: site-1', 'id: site-2'));
		expect(moved).toMatchObject({ status: 422, body: { errors: [{ path: 'body.text:2:13: site.id' }] } });
		expect((await technician.get(`${BASE}/versions/${'f'.repeat(64)}`)).status).toBe(404);
	});

	it('N10: a version is applied on trial, kept by whoever says so, and given up for the file', async () => {
		const technician = await site.signIn('technician');
		const version = String((await propose(technician)).body['version']);
		const apply = (target: string) => technician.post(`${BASE}/versions/${target}/apply`, { reason: 'measured' });
		const view = async () => (await (await technician.get(BASE)).json()) as Record<string, unknown>;
		expect((await apply(version)).status).toBe(200);
		expect(site.configuration.turn()).toBe(true);
		expect(await view()).toMatchObject({ runs: version, trial: { version, waitsFor: 'nobody said that it may stay' } });
		expect((await apply('file')).status).toBe(409);
		expect(await (await technician.post(`${BASE}/versions/file/keep`, {})).json()).toMatchObject({ code: 'CONFLICT' });
		expect(await (await technician.post(`${BASE}/versions/${version}/keep`, {})).json()).toEqual({
			result: 'noted',
			waitsFor: null,
		});
		expect(await view()).toMatchObject({ runs: version, trial: null });
		expect((await apply('file')).status).toBe(200);
		site.configuration.turn();
		expect((await technician.post(`${BASE}/versions/file/revert`, {})).status).toBe(200);
		expect(site.configuration.turn()).toBe(true);
		const { runs, history } = await view();
		expect(runs).toBe(version);
		expect((history as { what: string }[]).map(({ what }) => what)).toEqual([
			'reverted',
			'tried',
			'kept',
			'tried',
			'proposed',
		]);
	});

	it('N10: nothing is applied while a vehicle is under way, unless it is meant so', async () => {
		const technician = await site.signIn('technician');
		const version = String((await propose(technician)).body['version']);
		site.configuration.is({ disturbed: ['a vehicle is under way at L1'] });
		const refused = await technician.post(`${BASE}/versions/${version}/apply`, { reason: 'measured' });
		expect([refused.status, await refused.json()]).toMatchObject([409, { because: 'disturbs' }]);
		const forced = await technician.post(`${BASE}/versions/${version}/apply`, { reason: 'measured', force: true });
		expect(forced.status).toBe(200);
	});
});
