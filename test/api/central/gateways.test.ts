import { hash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CentralBench, createCentralBench } from '../../support/central-bench.ts';

const TEXT = 'site: { id: north }\n';
const VERSION = hash('sha256', TEXT, 'hex');
const SITE = '/api/v1/sites/north';
const CHECKED = JSON.stringify({
	changes: [{ part: 'lane', id: 'L1', change: 'rewired', fields: ['barrier'] }],
	warnings: [{ text: 'gateway.yaml:3:1: \u202ereversed advice' }],
});

let bench: CentralBench;
beforeEach(async () => {
	bench = createCentralBench();
	bench.central.start();
	await bench.settle();
});
afterEach(() => bench.end());

async function startSite() {
	const north = await bench.site('north');
	north.born([], 0, { version: VERSION, source: 'file', trial: null });
	await bench.settle();
	return north;
}

describe('gateways of sites from central (X16)', () => {
	it('API: a configuration is proposed, tried, kept and ended; each answers at once and its outcome follows', async () => {
		const { api } = bench;
		const north = await startSite();
		north.answers('done', CHECKED);
		const proposal = { text: TEXT, reason: 'a new barrier' };
		const key = { 'idempotency-key': 'k1' };
		const proposed = await api('technician', 'POST', `${SITE}/configuration/versions`, proposal, key);
		expect(proposed.status).toBe(201);
		const again = await api('technician', 'POST', `${SITE}/configuration/versions`, proposal, key);
		expect(again.body).toEqual(proposed.body);
		await bench.clock.advanceAsync(2_000);
		const found = await api('technician', 'GET', `${SITE}/commands/${proposed.body.commandId}`);
		expect(found.body).toMatchObject({
			...{ op: 'configPropose', target: VERSION, outcome: 'done', by: 'technician', text: TEXT },
			report: { changes: [{ id: 'L1' }] },
		});
		const version = `${SITE}/configuration/versions/${VERSION}`;
		for (const [path, body] of [
			[`${version}/apply`, { reason: 'try', withinS: 60, keep: 'byHand' }],
			[`${version}/keep`, { reason: 'works' }],
			[`${version}/revert`, { reason: 'no' }],
			[`${SITE}/restart`, { reason: 'stuck', force: true }],
			[`${SITE}/diagnostics`, { reason: 'no reads' }],
		] as const) {
			expect((await api('technician', 'POST', path, body)).status, path).toBe(201);
			await bench.settle();
		}
		await bench.clock.advanceAsync(2_000);
		const asked = north.heard.flatMap(({ type, body }) => (type === 'command' ? [body] : []));
		expect(asked).toMatchObject([
			{ op: 'configPropose', target: VERSION, text: TEXT },
			{ op: 'configApply', target: VERSION, withinS: 60, force: false },
			{ op: 'configKeep', target: VERSION },
			{ op: 'configRevert', target: VERSION },
			{ op: 'restart', target: 'gateway', force: true },
			{ op: 'diagnostics', target: 'gateway', by: 'technician' },
		]);
		const { body } = await api('technician', 'GET', `${SITE}/configuration`);
		expect(body).toMatchObject({
			runs: { version: VERSION, source: 'file', onTrial: null },
			proposals: [{ version: VERSION, outcome: 'done', reason: 'a new barrier' }],
		});
	});

	it('API: only for who may, of sites and commands there are, and a version that is one', async () => {
		const { api } = bench;
		await startSite();
		const south = await bench.site('south');
		south.born();
		await bench.settle();
		expect((await api('security', 'GET', `${SITE}/configuration`)).status).toBe(403);
		expect((await api('reception', 'POST', `${SITE}/restart`, { reason: 'no' })).status).toBe(403);
		expect((await api('administrator', 'GET', '/api/v1/sites/none/configuration')).status).toBe(404);
		expect((await api('administrator', 'POST', '/api/v1/sites/none/restart', { reason: 'no' })).status).toBe(404);
		expect((await api('administrator', 'GET', '/api/v1/sites/south/configuration')).body.runs).toBeNull();
		const { body } = await api('administrator', 'POST', `${SITE}/diagnostics`, { reason: 'see' });
		expect((await api('administrator', 'GET', `/api/v1/sites/south/commands/${body.commandId}`)).status).toBe(404);
		const wrong = `${SITE}/configuration/versions/latest/apply`;
		expect((await api('administrator', 'POST', wrong, { reason: 'try' })).status).toBe(400);
	});

	it('pages: propose, see what was found, try it, keep it; restart and diagnostics', async () => {
		const north = await startSite();
		north.answers('done', CHECKED);
		const browser = await bench.browser('technician');
		const textOf = async (path: string) => (await browser.get(path)).text();
		expect(await textOf('/sites/north/gateway')).toContain(VERSION.slice(0, 12));
		const missing = await browser.post('/sites/north/gateway', { op: 'configPropose', text: '', reason: '' });
		expect(missing.status).toBe(422);
		expect((await missing.text()).match(/Fill this in/g)).toHaveLength(2);
		const sent = { op: 'configPropose', text: TEXT.replaceAll('\n', '\r\n'), reason: 'a new barrier' };
		const where = (await browser.post('/sites/north/gateway', sent)).headers.get('location') ?? '';
		expect(await textOf(where)).toContain(`hx-get="/live${where}"`);
		await bench.clock.advanceAsync(2_000);
		const page = await textOf(where);
		for (const words of ['rewired', 'Lane', 'Try it', 'site: { id: north }']) expect(page).toContain(words);
		expect(page).not.toContain('hx-get="/live/sites/north/commands');
		expect(page).not.toContain('\u202e');
		expect(await textOf(`/live${where}`)).not.toContain('<html');
		const apply = { op: 'configApply', target: VERSION, reason: 'try', minutes: '15', byHand: 'yes' };
		expect((await browser.post('/sites/north/gateway', apply)).status).toBe(303);
		north.born([], 0, { version: VERSION, source: 'version', trial: { target: VERSION, commandId: 'x' } });
		await bench.settle();
		const onTrial = await textOf('/sites/north/gateway');
		expect(onTrial).toContain('On trial');
		expect(onTrial).toContain('value="configKeep"');
		for (const op of ['configKeep', 'restart', 'diagnostics']) {
			await browser.post('/sites/north/gateway', { op, target: VERSION, reason: op, force: 'yes' });
			await bench.settle();
		}
		await bench.clock.advanceAsync(2_000);
		const asked = north.heard.flatMap(({ type, body }) => (type === 'command' ? [body] : []));
		expect(asked).toMatchObject([
			{ op: 'configPropose', target: VERSION, text: TEXT },
			{ op: 'configApply', withinS: 900, force: false },
			{ op: 'configKeep' },
			{ op: 'restart', force: true },
			{ op: 'diagnostics' },
		]);
		expect(await textOf('/sites/north/commands')).toContain('Fetch diagnostics');
		const tampered = await browser.post('/sites/north/gateway', { op: 'configApply', target: 'x', reason: 'try' });
		expect(tampered.status).toBe(400);
	});

	it('pages: show what was found as it is, whatever it is, and nothing to who may not', async () => {
		const north = await startSite();
		north.answers('refused', JSON.stringify({ problems: [{ text: '<script>alert(1)</script>' }] }));
		const browser = await bench.browser('administrator');
		const asked = { op: 'configPropose', text: 'x', reason: 'r' };
		const where = (await browser.post('/sites/north/gateway', asked)).headers.get('location') ?? '';
		await bench.clock.advanceAsync(2_000);
		const page = await (await browser.get(where)).text();
		expect(page).toContain('It has 1 mistake');
		expect(page).not.toContain('<script>alert');
		expect(page).not.toContain('Try it');
		north.answers('done', 'no JSON at all');
		const odd = (await browser.post('/sites/north/gateway', { op: 'diagnostics', reason: 'r' })).headers.get(
			'location',
		);
		await bench.clock.advanceAsync(2_000);
		const raw = await browser.get(odd ?? '');
		expect(raw.status).toBe(200);
		expect(await raw.text()).toContain('no JSON at all');
		const reception = await bench.browser('reception');
		expect((await reception.get('/sites/north/gateway')).status).toBe(403);
		expect(await (await reception.get('/sites/north')).text()).not.toContain('/sites/north/gateway');
		expect((await reception.post('/sites/north/gateway', { op: 'restart', reason: 'r' })).status).toBe(403);
	});
});
