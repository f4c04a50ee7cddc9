import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../src/api/console/catalogue/translator.ts';
import { mountedRoutes } from '../../../src/api/http/guarded.ts';
import { type CentralBench, createCentralBench } from '../../support/central-bench.ts';

const HOSTILE = '<script>alert(1)</script>\u202e';
const HOLDER = { id: 'h1', kind: 'person', name: HOSTILE, email: null, status: 'active' };

let bench: CentralBench;
beforeEach(async () => {
	bench = createCentralBench();
	bench.central.start();
	await bench.settle();
});
afterEach(() => bench.end());

async function textOf(answer: Response | Promise<Response>): Promise<string> {
	return (await answer).text();
}

describe('central’s pages (N11)', () => {
	it('let in with a token and out again; a wrong one is told so, and nothing is shown before', async () => {
		const { request } = bench;
		const away = await request('/sites/north/events?type=parkgate.decision');
		expect(away.status).toBe(303);
		expect(away.headers.get('location')).toBe('/login?next=%2Fsites%2Fnorth%2Fevents%3Ftype%3Dparkgate.decision');
		const wrong = await request('/login', { method: 'POST', body: new URLSearchParams({ token: 'guess' }) });
		expect(wrong.status).toBe(401);
		expect(await wrong.text()).toContain('This token is not valid');
		expect(wrong.headers.get('set-cookie')).toBeNull();
		const browser = await bench.browser('technician');
		expect((await browser.get('/')).status).toBe(200);
		expect((await browser.post('/logout', {})).headers.get('location')).toBe('/login?after=logout');
		expect((await browser.get('/')).status).toBe(303);
	});

	it('tell of mails of sites, and that a central without a mail server sends none', async () => {
		const page = await textOf((await bench.browser('technician')).get('/mail'));
		expect(page).toContain('Central has no mail server.');
		const { body } = await bench.api('technician', 'GET', '/api/v1/mail');
		expect(body).toEqual({
			from: null,
			counts: { sent: 0, refused: 0, failed: 0, unknown: 0, underWay: 0 },
			newest: [],
		});
		expect((await bench.api('reception', 'GET', '/api/v1/mail')).status).toBe(403);
	});

	it('end a browser’s login with its token', async () => {
		const browser = await bench.browser('technician');
		bench.central.tokens.remove('technician');
		expect((await browser.get('/')).status).toBe(303);
	});

	it('refuse a form that our own page did not make', async () => {
		const { cookie } = await bench.browser('administrator');
		const forged = await bench.request('/rows/holders/h1/delete', {
			method: 'POST',
			headers: { cookie },
			body: new URLSearchParams({ tag: '' }),
		});
		expect(forged.status).toBe(403);
	});

	it('show nothing to a role that its API does not', async () => {
		const reception = await bench.browser('reception');
		expect((await reception.get('/streams')).status).toBe(403);
		expect(await textOf(reception.get('/'))).not.toContain('href="/streams"');
		const security = await bench.browser('security');
		expect((await security.get('/rows/holders/new')).status).toBe(403);
		expect(await textOf(security.get('/rows/holders'))).not.toContain('/rows/holders/new');
	});

	it.each(LANGUAGES)('are written in %s, and leave no page without its words', async (language) => {
		const north = await bench.site('north');
		north.born([{ stream: 'people', centralEpoch: 'other', rev: 3 }], 9);
		await bench.settle();
		north.beats([{ stream: 'people', centralEpoch: 'other', rev: 3 }], 9, 'the disk is full');
		north.tells([{ type: 'parkgate.decision', data: { lane: 1 } }]);
		await bench.settle();
		bench.central.change('people', [{ op: 'put', table: 'holders', key: 'h1', row: HOLDER }]);
		const browser = await bench.browser('administrator');
		const ofSite = ['', '/events', '/commands', '/edits', '/gateway'].map((part) => `/sites/north${part}`);
		const pages = ['/', ...ofSite];
		for (const path of [...pages, '/rows/holders', '/rows/holders/h1', '/rows/credentials/new', '/nowhere']) {
			const answer = await bench.request(path, {
				headers: { cookie: `${browser.cookie}; parkgate-language=${language}` },
			});
			const html = await answer.text();
			expect(html, path).toContain(`<html lang="${language}"`);
			expect(html, path).not.toMatch(/\{\w+\}|undefined|\[object|NaN/);
			expect(answer.status, path).toBe(path === '/nowhere' ? 404 : 200);
			// Untrusted text is text.
			expect(html, path).not.toContain('<script>alert');
			expect(html, path).not.toContain('\u202e');
		}
	});

	it('show what should be looked at of a site', async () => {
		const north = await bench.site('north');
		north.born([], 9);
		await bench.settle();
		north.tells([{ type: 'parkgate.decision', data: { lane: 1 } }]);
		north.tells([{ type: 'parkgate.device', data: { device: 'd', state: 'online', problem: null } }], 2);
		north.beats([], 9, 'the disk is full');
		await bench.settle();
		const browser = await bench.browser('technician');
		const html = await textOf(browser.get('/sites/north'));
		for (const words of ['1 event did not fit', '1 event waits behind', 'the disk is full', '8 events', 'Synchronised'])
			expect(html).toContain(words);
		expect(await textOf(browser.get('/?q=nor&online=true'))).toContain('href="/sites/north"');
		expect(await textOf(browser.get('/?online=false'))).toContain('No site fits');
		const rejected = await textOf(browser.get('/sites/north/events?rejected=true'));
		expect(rejected).toContain('invalidData');
		expect(rejected).toContain('1 event<');
		expect(await textOf(browser.get('/sites/north/events?cursor=wrong'))).toContain('was not from this list');
	});

	it('send a command, tell what became of it, and say what is missing', async () => {
		const north = await bench.site('north');
		north.born();
		await bench.settle();
		const browser = await bench.browser('administrator');
		const missing = await browser.post('/sites/north/commands', { op: 'hold', target: '', reason: '', until: 'soon' });
		expect(missing.status).toBe(422);
		const html = await missing.text();
		expect(html.match(/Fill this in/g)).toHaveLength(2);
		expect(html).toContain('This is not a time');
		north.answers('done');
		const sending = browser.post('/sites/north/commands', {
			op: 'vend',
			target: 'L1',
			reason: 'a delivery',
			until: '',
		});
		await bench.clock.advanceAsync(2_000);
		expect(await textOf(sending)).toContain('role="alert"');
		const command = north.heard.find(({ type }) => type === 'command')?.body;
		expect(command).toMatchObject({ op: 'vend', target: 'L1', reason: 'a delivery', by: 'administrator' });
	});

	it('make, change and delete a row for all sites, and show who has it', async () => {
		const { central } = bench;
		const browser = await bench.browser('administrator');
		const made = await browser.post('/rows/holders', { tag: '', json: JSON.stringify({ ...HOLDER, name: 'Anna' }) });
		expect(made.headers.get('location')).toBe('/rows/holders/h1?stream=people&rev=1');
		const centralEpoch = central.heads()[0]?.centralEpoch ?? '';
		(await bench.site('north')).born([{ stream: 'people', centralEpoch, rev: 1 }]);
		(await bench.site('south')).born([{ stream: 'people', centralEpoch, rev: 0 }]);
		await bench.settle();
		const page = await textOf(browser.get('/rows/holders/h1?stream=people&rev=1'));
		expect(page).toContain('Saved as revision 1 of people');
		expect(page).toContain('1 of 2 connected sites');
		const tag = /name="tag" value="([^"]+)"/.exec(page)?.[1] ?? '';
		const save = (json: string, as = tag) => browser.post('/rows/holders/h1', { tag: as, json });
		expect(await textOf(save('{'))).toContain('This is no JSON object');
		expect(await textOf(save('{"id":"h2"}'))).toContain('can’t be changed');
		const misfit = await save('{"id":"h1","kind":"robot"}');
		expect(misfit.status).toBe(422);
		expect(await misfit.text()).toContain('kind: ');
		expect((await save(JSON.stringify({ ...HOLDER, name: 'Anna Maes' }))).status).toBe(303);
		expect(await textOf(save(JSON.stringify(HOLDER)))).toContain('Somebody else changed this row');
		expect(await textOf(browser.post('/rows/holders', { tag: '', json: JSON.stringify(HOLDER) }))).toContain(
			'Somebody else changed this row',
		);
		const now = /name="tag" value="([^"]+)"/.exec(await textOf(browser.get('/rows/holders/h1')))?.[1] ?? '';
		expect(await textOf(browser.post('/rows/holders/h1/delete', { tag }))).toContain('Somebody else changed this row');
		const gone = await browser.post('/rows/holders/h1/delete', { tag: now });
		expect(gone.headers.get('location')).toBe('/rows/holders?stream=people&rev=3');
		expect(central.rows('people').size).toBe(0);
		expect(bench.changed).toHaveLength(3);
	});

	it('are fetched again in parts, which do not keep a login from going idle', async () => {
		(await bench.site('north')).born();
		await bench.settle();
		const browser = await bench.browser('administrator');
		for (const path of ['/live/sites', '/live/sites/north', '/live/reach?stream=people&rev=1']) {
			const part = await textOf(browser.get(path));
			expect(part, path).not.toContain('<html');
			expect(part, path).toContain('hx-get="/live/');
		}
		await bench.clock.advanceAsync(29 * 60_000);
		await browser.get('/live/sites');
		await bench.clock.advanceAsync(2 * 60_000);
		const late = await bench.request('/live/sites', { headers: { cookie: browser.cookie, 'hx-request': 'true' } });
		expect(late.status).toBe(401);
		expect(late.headers.get('hx-redirect')).toBe('/login');
	});

	it('all say who may see them', () => {
		expect(mountedRoutes(bench.http.app).filter(({ guard }) => guard === undefined)).toEqual([]);
	});
});
