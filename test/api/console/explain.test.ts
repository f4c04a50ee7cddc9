import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aLane } from '../../support/access-facts.ts';
import { type ConsoleSite, createConsoleSite, LANES, SITE, type Visitor } from '../../support/console-site.ts';
import { aPerson, STAFF } from '../../support/directory-seed.ts';
import { makeLogin } from '../../support/logins-without-passwords.ts';

const BACK_GATE = aLane({ id: 'L4', name: 'Back gate', kind: 'reversible', readers: [], cameras: [] });

let site: ConsoleSite;
let reception: Visitor;
beforeAll(async () => {
	site = createConsoleSite({ site: { ...SITE, lanes: [...LANES, BACK_GATE] } });
	reception = await site.signIn('reception');
	await site.services.fillDirectory([
		STAFF,
		...aPerson({ id: 'anna', name: 'Anna Peeters', plate: '1ABC234', tag: '26:9ADDDF00' }),
		...aPerson({ id: 'anna-2', name: 'Anna Peeters', plate: '2XYZ987', right: 'suspended' }),
		...aPerson({ id: 'zoe', name: 'Zoë Claes', plate: '1ZOE111', right: null }),
		...aPerson({ id: 'bare', name: 'Barbara Nothing' }),
	]);
});
afterAll(() => site.close());

const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
const explain = async (query: string) => textOf(await reception.page(`/explain?${query}`));

describe('X15: explaining an access', () => {
	test('asks for somebody first', async () => {
		expect(await explain('')).toContain('Whose access do you want to understand?');
	});

	test('lists holders of one name with what they carry, so that the right one is chosen', async () => {
		const html = await reception.page('/explain?q=peeters+an&lane=L2');
		expect(textOf(html)).toContain('2 holders of this name');
		expect(textOf(html)).toContain('2XYZ987');
		expect(html).toContain('href="/explain?lane=L2&amp;holder=anna-2"');
	});

	test('answers at once when one fits, whatever the accents', async () => {
		const text = await explain('q=zoe&lane=L1');
		expect(text).toContain('May not enter');
		expect(text).toContain('Holder Zoë Claes');
		expect(text).toContain('What to change 1 rule fails.');
	});

	test('says who may enter, and that nothing has to change', async () => {
		const text = await explain('holder=anna&lane=L1');
		expect(text).toContain('May enter Every rule was met');
		expect(text).toContain('Nothing: every rule is met');
		expect(text).toContain('Right Staff');
		expect(text).toContain('Every rule and its verdict');
	});

	test('lists everything that has to change', async () => {
		const text = await explain('holder=anna-2&lane=L1');
		expect(text).toContain('May not enter');
		expect(text).toContain('The access right is suspended');
		expect(text).toContain('ONVIF CredentialNotEnabled');
	});

	test('an exit lets out also whom nobody knows', async () => {
		expect(await explain('kind=plate&q=9-ZZZ-999&lane=L3')).toContain('May leave');
	});

	test('asks about a reversible lane in either direction', async () => {
		expect(await explain('holder=anna&lane=L4')).toContain('May enter');
		expect(await explain('holder=anna&lane=L4&direction=back')).toContain('May leave');
	});

	test('tells what stays as it is now when another time is asked about', async () => {
		const text = await explain('holder=anna&lane=L1&at=2026-01-06T03:30');
		expect(text).toContain('Tue, 6 January 2026 at 03:30:00');
		expect(text).toContain('Occupancy, bookings, who is inside');
		expect(await explain('holder=anna&lane=L1')).not.toContain('Occupancy, bookings, who is inside');
	});

	test('says what is wrong with a question', async () => {
		expect(await explain('kind=plate&q=%3F%3F')).toContain('This is not a plate.');
		expect(await explain('kind=tag&q=hello+there')).toContain('This is not a tag');
		expect(await explain('q=anna&at=noon')).toContain('This is not a time');
		expect(await explain('q=nobody-has-this')).toContain('Nobody of this name is known here');
		expect(await explain('holder=gone')).toContain('This holder is no longer here.');
		expect(await explain('holder=bare')).toContain('Barbara Nothing has no tag and no plate');
	});

	test('keeps the chosen holder when lane and time are changed', async () => {
		const html = await reception.page('/explain?holder=anna-2&lane=L1');
		expect(html).toContain('<input type="hidden" name="holder" value="anna-2"/>');
		expect(html).not.toContain('name="q"');
	});

	test('answers a script with the answer alone', async () => {
		const part = await reception.page('/explain?holder=anna', { 'hx-request': 'true' });
		expect(part).toMatch(/^<div id="explain-answer"/);
	});

	test('opens and writes nothing', async () => {
		const before = site.bench.store.journal.lastSeq();
		await explain('holder=anna&lane=L1');
		expect(site.bench.store.journal.lastSeq()).toBe(before);
		expect(site.vends).toEqual([]);
	});

	test('A9 who has one lane asks of it alone, and finds nobody whom they do not see', async () => {
		const { cookie } = makeLogin(site.bench, { role: 'reception', scope: 'record:lanes/L2' });
		const ask = async (query: string) => {
			const answer = await site.request(`/explain?${query}`, { headers: { cookie } });
			expect(answer.status).toBe(200);
			return answer.text();
		};
		const page = await ask('lane=L1');
		expect(page.match(/<option[^>]*>[^<]*<\/option>/g)).toEqual([
			'<option value="L2" selected="">South entry</option>',
		]);
		expect(textOf(await ask('q=zoe'))).toContain('Nobody of this name is known here');
		expect(textOf(await ask('holder=anna'))).toContain('This holder is no longer here.');
		const known = textOf(await ask('kind=plate&q=1ABC234'));
		expect(known).toContain('May not enter');
		expect(known).not.toContain('Anna');
		const { cookie: hers } = makeLogin(site.bench, { role: 'reception', scope: 'record:holders/anna' });
		const answer = await site.request('/explain?q=peeters&lane=L1', { headers: { cookie: hers } });
		expect(textOf(await answer.text())).toContain('Holder Anna Peeters');
	});
});
