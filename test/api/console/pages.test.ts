import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../../src/api/console/catalogue/translator.ts';
import { mountedRoutes } from '../../../src/api/http/guarded.ts';
import { SCRIPT_PATH } from '../../../src/api/http/login-context.ts';
import { aTagRead, facts } from '../../support/access-facts.ts';
import {
	aDevice,
	aLaneView,
	type ConsoleSite,
	createConsoleSite,
	form,
	LANES,
	type Visitor,
} from '../../support/console-site.ts';

/** As names of the configuration might hold it; what is read at the lanes hides characters too. */
const MARKUP = '"><img src=x onerror=alert(1)>';
const EVIL = `"><img src=x onerror=alert(1)>'<script>alert(2)</script>\u202e&lt;`;

let site: ConsoleSite;
let admin: Visitor;
let decisionId: string;
beforeAll(async () => {
	site = createConsoleSite();
	admin = await site.signIn('administrator');
	const unknown = facts({ presented: [aTagRead({ value: EVIL, match: { how: 'none' } })], rights: [] });
	decisionId = site.decide({ facts: unknown, subject: EVIL, holderName: EVIL });
	const lastDecision = site.accessLog.summary(decisionId) ?? null;
	const [north, south] = LANES;
	if (north) site.lanes.set('L1', aLaneView(north, { name: MARKUP, problems: [EVIL], lastDecision }));
	if (south) site.lanes.set('L2', aLaneView(south, { vehiclePresent: null, barrier: 'unknown' }));
	site.devices.push(
		aDevice({ state: 'faulted', problem: EVIL, identity: { vendor: EVIL }, inputs: { [MARKUP]: true } }),
	);
	site.counters.push({
		areaId: 'A1',
		level: 'area',
		name: MARKUP,
		parkId: 'P1',
		parentId: null,
		capacity: 80,
		occupied: 79,
		reserved: 1,
	});
});
afterAll(() => site.close());

const pages = () => [
	'/',
	'/log',
	`/log?q=${encodeURIComponent(EVIL)}&from=${encodeURIComponent(EVIL)}`,
	`/log/${decisionId}`,
	'/devices',
	'/devices/reader-1',
	'/sync',
	'/lanes/L1/vend',
	'/lanes/L1/mode',
	'/clock',
	'/explain',
	`/explain?kind=plate&q=${encodeURIComponent(EVIL)}`,
	`/explain?q=${encodeURIComponent(EVIL)}&at=${encodeURIComponent(EVIL)}`,
	'/explain?kind=plate&q=1-ABC-234',
	`/interventions?state=${encodeURIComponent(EVIL)}&status=${encodeURIComponent(EVIL)}`,
	`/interventions/new?title=${encodeURIComponent(EVIL)}&device=${encodeURIComponent(MARKUP)}`,
	`/roster?date=${encodeURIComponent(EVIL)}`,
	'/occupancy',
	'/occupancy/A1/adjust',
	'/occupancy/presence',
	'/occupancy/presence?who=all',
	`/nothing/${encodeURIComponent(EVIL)}`,
];

describe('every page', () => {
	test('shows text from outside as text: no markup of it, and its hidden characters by name', async () => {
		for (const page of pages()) {
			const html = await (await admin.get(page)).text();
			expect(html, page).not.toContain('<img');
			expect(html, page).not.toContain('<script>');
			expect(html, page).not.toMatch(/onerror=alert\(1\)>/);
			if (!/^\/(log|explain|interventions\/new)\?/.test(page)) expect(html, page).not.toContain('\u202e');
		}
		expect(await admin.page('/')).toContain('U+202E');
	});

	test('has nothing inline: no style, no script, no handler in an attribute', async () => {
		for (const page of pages()) {
			const html = await (await admin.get(page)).text();
			const tags = html.match(/<[a-z][^>]*>/gi) ?? [];
			for (const tag of tags) {
				const names = tag.replaceAll(/"[^"]*"/g, '""');
				expect(names, page).not.toMatch(/\sstyle=|\son[a-z]+=/);
				if (names.startsWith('<script')) expect(names, page).toMatch(/\ssrc=""/);
			}
			expect(html, page).not.toMatch(/<style|javascript:/i);
		}
	});

	test('takes everything from this host', async () => {
		for (const page of pages()) {
			const html = await (await admin.get(page)).text();
			const addresses = [...html.matchAll(/\s(?:href|src|action|hx-get|hx-post)="([^"]*)"/g)].map(
				([, url]) => url ?? '',
			);
			expect(addresses.length).toBeGreaterThan(5);
			for (const url of addresses) expect(url, page).toMatch(/^(\/(?!\/)|#)/);
		}
	});

	test.each(LANGUAGES)('speaks %s, says so, and has one heading of the first level', async (language) => {
		await admin.post('/account/language', { language, back: '/' });
		for (const page of pages()) {
			const html = await (await admin.get(page)).text();
			expect(html, page).toContain(`<html lang="${language}"`);
			expect(html.match(/<h1/g), page).toHaveLength(1);
			expect(html, page).toContain('class="skip-link" href="#content"');
			expect(html, page).toMatch(/<main[^>]* id="content"/);
			expect(html.replaceAll(/data-template="[^"]*"/g, ''), page).not.toMatch(/\{\w+\}/);
		}
	});

	test('names each control: fields have a label, buttons have words', async () => {
		for (const page of pages()) {
			const html = await (await admin.get(page)).text();
			for (const [field, id] of html.matchAll(
				/<(?:input|select)\b(?![^>]*type="(?:hidden|radio)")[^>]*\sid="([^"]+)"[^>]*>/g,
			)) {
				expect(html, `${page} ${field}`).toContain(`<label class="field__label" for="${id}"`);
			}
			for (const [button] of html.matchAll(/<button[^>]*>.*?<\/button>/gs)) {
				const words = button.replaceAll(/<[^>]*>/g, '').trim();
				expect(words !== '' || /aria-label="[^"]+"/.test(button), `${page} ${button}`).toBe(true);
			}
		}
	});

	test('leaves someone who is not signed in the same choices of language and appearance', async () => {
		const html = await (
			await site.request('/login', { headers: { 'accept-language': 'de;q=0.9, nl-BE;q=0.8, fr;q=0.7' } })
		).text();
		expect(html).toContain('<html lang="nl" data-theme="auto"');
		expect(html).toContain('action="/preferences/language"');
		expect(html).not.toMatch(/\sstyle=|<script(?![^>]*\ssrc=)/);
	});

	test('carries the proof of the login in every form that changes something', async () => {
		for (const page of pages()) {
			const html = await (await admin.get(page)).text();
			for (const [found, action] of html.matchAll(/<form[^>]*method="post"[^>]*action="([^"]+)".*?<\/form>/gs)) {
				if (action?.startsWith('/preferences/') || action === '/login') continue;
				expect(found, page).toMatch(/name="_csrf" value="[^"]+"/);
			}
		}
	});
});

describe('what scripts fetch by themselves', () => {
	test('lies where it does not keep a login from going idle', async () => {
		const fetching: string[] = [];
		for (const page of pages()) {
			const html = await (await admin.get(page)).text();
			for (const [tag] of html.matchAll(/<[a-z]+[^>]*hx-trigger="[^"]*(?:from:body|every )[^"]*"[^>]*>/g)) {
				fetching.push(/hx-get="([^"]+)"/.exec(tag)?.[1] ?? tag);
			}
		}
		expect(fetching.length).toBeGreaterThan(6);
		for (const url of fetching) expect(url.startsWith(SCRIPT_PATH), url).toBe(true);
	});

	test('is the same element it replaces', async () => {
		for (const [page, part, id] of [
			['/', '/live/lanes/L2', 'lane-L2'],
			['/', '/live/decisions', 'last-decisions'],
			['/', '/live/occupancy', 'occupancy'],
			['/occupancy', '/live/counters?area=A1&period=today', 'counters'],
			['/occupancy', '/live/occupancy-history?area=A1&period=today', 'history'],
			['/devices', '/live/devices', 'devices'],
			['/devices/reader-1', '/live/devices/reader-1', 'device'],
			['/sync', '/live/sync', 'sync'],
		] as const) {
			const whole = await admin.page(page);
			const fetched = await admin.page(part, { 'hx-request': 'true' });
			expect(fetched, part).toMatch(new RegExp(`^<[a-z]+ [^>]*id="${id}"`));
			expect(fetched, part).not.toContain('<html');
			// What is swapped elsewhere comes after it.
			expect(whole, page).toContain(fetched.split(/<[a-z]+ [^>]*hx-swap-oob/)[0]);
		}
	});
});

describe('who may see what', () => {
	test('every page says who may use it', () => {
		const open = mountedRoutes(site.http.app).filter(({ guard }) => guard === undefined);
		expect(open).toEqual([]);
	});

	test('somebody who is not signed in is led to the sign-in and back', async () => {
		for (const page of ['/', '/log', '/devices/reader-1', '/log?q=abc']) {
			const answer = await site.request(page);
			expect(answer.status, page).toBe(303);
			const expected = page === '/' ? '/login' : `/login?next=${encodeURIComponent(page)}`;
			expect(answer.headers.get('location')).toBe(expected);
		}
	});

	test('a script of a page whose login ended is told to leave the whole page', async () => {
		const answer = await site.request('/live/lanes/L1', {
			headers: { 'hx-request': 'true', 'hx-current-url': 'http://gate.example/log?q=1' },
		});
		expect(answer.status).toBe(401);
		expect(answer.headers.get('hx-redirect')).toBe('/login?next=%2Flog%3Fq%3D1');
	});

	test('reception sees neither devices nor sync, in the menu or by their address, and is not told that all is well', async () => {
		const reception = await site.signIn('reception');
		const live = await reception.page('/');
		expect(live).not.toContain('href="/devices');
		expect(live).not.toContain('href="/sync"');
		expect(live).not.toContain('All systems work');
		for (const page of ['/devices', '/devices/reader-1', '/sync', '/live/devices']) {
			const answer = await reception.get(page);
			expect(answer.status, page).toBe(403);
			expect(await answer.text()).toContain('You may not see this');
		}
	});

	test('what does not exist is a page too, for those inside and outside', async () => {
		for (const ask of [(page: string) => admin.get(page), (page: string) => site.request(page)]) {
			const answer = await ask('/no/such/page');
			expect(answer.status).toBe(404);
			expect(await answer.text()).toContain('id="content"');
		}
		for (const page of ['/log/nothing', '/devices/nothing', '/lanes/nothing/vend']) {
			expect((await admin.get(page)).status, page).toBe(404);
		}
	});

	test('what breaks inside is told with the number of the request, and logged', async () => {
		const broken = createConsoleSite();
		const visitor = await broken.signIn('administrator');
		broken.lanes.values = () => {
			throw new Error('secret of the inside');
		};
		const answer = await visitor.get('/');
		const html = await answer.text();
		expect(answer.status).toBe(500);
		expect(html).not.toContain('secret of the inside');
		const requestId = answer.headers.get('x-request-id') ?? 'none';
		expect(html).toContain(requestId);
		expect(broken.bench.log.lines.filter(({ level }) => level === 'error')).toMatchObject([{ fields: { requestId } }]);
		await broken.close();
	});

	test('a form without the proof of the login changes nothing', async () => {
		const answer = await site.request(
			'/lanes/L2/vend',
			form({ reason: 'announced', intention: 'x' }, { cookie: admin.cookie }),
		);
		expect(answer.status).toBe(403);
		expect(site.vends).toEqual([]);
	});
});
