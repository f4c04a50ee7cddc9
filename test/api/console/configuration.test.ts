import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GATEWAY_YAML } from '../../support/configuration-bench.ts';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';

let site: ConsoleSite;
let technician: Visitor;
beforeEach(async () => {
	site = createConsoleSite();
	technician = await site.signIn('technician');
});
afterEach(() => site.close());

const CHANGED = GATEWAY_YAML.replace('capacity: 80', 'capacity: 90');

/** Sends a file as the form does: it comes last. */
async function send(text: string, reason = 'the deck was measured'): Promise<Response> {
	const page = await technician.page('/configuration');
	const [, proof = ''] = /name="_csrf" value="([^"]+)"/.exec(page) ?? [];
	const form = new FormData();
	form.set('_csrf', proof);
	form.set('reason', reason);
	form.set('file', new Blob([text]), 'gateway.yaml');
	const request = new Request('http://gate.example/', { method: 'POST', body: form });
	return site.request('/configuration', {
		method: 'POST',
		headers: { cookie: technician.cookie, 'content-type': request.headers.get('content-type') ?? '' },
		body: await request.arrayBuffer(),
	});
}

describe('N10: the configuration in the console', () => {
	test('says what runs, in every language, to who may see it', async () => {
		expect(await technician.page('/')).toContain('href="/configuration"');
		const html = await technician.page('/configuration');
		expect(html).toContain('The gateway runs gateway.yaml as it is on the machine.');
		expect(await technician.page('/configuration', { 'accept-language': 'nl' })).toContain('Een versie voorstellen');
		expect(await technician.page('/configuration', { 'accept-language': 'fr' })).toContain('Proposer une version');
		const reception = await site.signIn('reception');
		expect((await reception.get('/configuration')).status).toBe(403);
		expect(await reception.page('/')).not.toContain('href="/configuration"');
	});

	test('a file is checked: mistakes with their places, else what it would change, line by line too', async () => {
		const wrong = await send(GATEWAY_YAML.replace('driver: osdp', 'driver: "<b>osdq</b>"'));
		expect(wrong.status).toBe(422);
		const problems = await wrong.text();
		expect(problems).toContain('It has 1 mistake');
		expect(problems).toContain('gateway.yaml:6:29: devices[0].driver: found the unknown driver');
		expect(problems).not.toContain('<b>osdq');
		expect((await send(CHANGED, ' ')).status).toBe(422);
		expect((await send('')).status).toBe(422);
		expect((await send('#'.repeat(70_000))).status).toBe(413);

		const kept = await send(CHANGED);
		expect(kept.status).toBe(303);
		const html = await technician.page(kept.headers.get('location') ?? '');
		expect(html).toMatch(/Area <bdi>A1<\/bdi><\/th><td>changed<\/td>/);
		expect(html).toMatch(/<del>- .*capacity: 80/);
		expect(html).toMatch(/<ins>\+ .*capacity: 90/);
		expect(html).not.toContain('7C1E5D0943A8F26B90D4E3157A2C86BF');
		const text = await technician.page(`${kept.headers.get('location')}/gateway.yaml`);
		expect(text).toContain('capacity: 90');
		expect(text).toContain('key: "(not shown)"');
	});

	test('a version is tried, kept, and left for the file again', async () => {
		const path = (await send(CHANGED)).headers.get('location') ?? '';
		const fields = { reason: 'measured', minutes: '15' };
		expect((await technician.post(`${path}/apply`, { ...fields, reason: '' })).status).toBe(422);
		const begun = await technician.post(`${path}/apply`, fields);
		expect([begun.status, begun.headers.get('refresh')]).toEqual([200, '5; url=/configuration']);
		expect(site.services.configuration.turn()).toBe(true);

		const onTrial = await technician.page('/configuration');
		expect(onTrial).toContain('is on trial');
		expect(onTrial).toContain('nobody said that it may stay');
		expect((await technician.post('/configuration/file/keep', {})).status).toBe(409);
		expect((await technician.post(`${path}/keep`, {})).status).toBe(303);
		const kept = await technician.page('/configuration');
		expect(kept).toContain('runs this version in the place of gateway.yaml');
		expect(kept).toContain('Kept');

		expect((await technician.post('/configuration/file/apply', fields)).status).toBe(200);
		site.services.configuration.turn();
		expect((await technician.post('/configuration/file/revert', {})).status).toBe(200);
		expect(site.services.configuration.turn()).toBe(true);
		expect(await technician.page('/configuration')).toContain('ended the trial');
	});

	test('nothing is tried while a vehicle is under way, unless it is meant', async () => {
		const path = (await send(CHANGED)).headers.get('location') ?? '';
		site.services.configuration.is({ disturbed: ['a vehicle is under way at L1'] });
		const refused = await technician.post(`${path}/apply`, { reason: 'measured', minutes: '5' });
		expect(refused.status).toBe(409);
		expect(await refused.text()).toContain('a vehicle is under way at L1');
		expect((await technician.post(`${path}/apply`, { reason: 'measured', force: 'yes' })).status).toBe(200);
	});

	test('there is no page for a version that is none', async () => {
		expect((await technician.get('/configuration/nonsense')).status).toBe(404);
		expect((await technician.get(`/configuration/${'f'.repeat(64)}`)).status).toBe(404);
	});
});
