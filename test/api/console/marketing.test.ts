import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ConsoleSite, createConsoleSite } from '../../support/console-site.ts';

let site: ConsoleSite;
beforeEach(() => {
	site = createConsoleSite();
});
afterEach(() => site.close());

describe('I13: the pages of campaigns and leads', () => {
	test('a campaign is made, changed and removed', async () => {
		const admin = await site.signIn('administrator');
		expect(await admin.page('/campaigns')).toContain('No campaign yet');
		const form = { name: 'Open <day>', from: '2026-01-01T00:00', to: '2026-02-01T00:00' };
		expect((await admin.post('/campaigns', { ...form, to: form.from })).status).toBe(422);
		const made = await admin.post('/campaigns', form);
		expect(made.status).toBe(303);
		const href = made.headers.get('location') ?? '';
		expect(await admin.page(href)).toContain('Nobody is in it yet');
		expect(await admin.page(`${href}?q=nobody`)).toContain('No further right is found');
		expect((await admin.post(`${href}/rights`, { add: 'nothing' })).status).toBe(422);
		expect((await admin.post(href, { ...form, name: 'Closed day' })).status).toBe(303);
		expect(await admin.page('/campaigns')).toContain('Closed day');
		expect((await admin.post(`${href}/remove`, {})).status).toBe(303);
		expect((await admin.get(href)).status).toBe(404);
	});

	test('a lead is written down, contacted, searched and erased', async () => {
		const admin = await site.signIn('administrator');
		const form = { source: 'maintenance', name: '<b>Ada</b>', email: '', phone: '', expires: '' };
		const refused = await admin.post('/leads/new', form);
		expect(refused.status).toBe(422);
		expect(await refused.text()).toContain('An e-mail address or a telephone number is needed');
		const made = await admin.post('/leads/new', { ...form, phone: '+32 2' });
		expect(made.status).toBe(303);
		const href = (made.headers.get('location') ?? '').split('?')[0] ?? '';
		const shown = await admin.page(href);
		expect(shown).toContain('&lt;b&gt;Ada');
		expect((await admin.post(href, { ...form, phone: '1', state: 'contacted', version: '1' })).status).toBe(303);
		const late = await admin.post(href, { ...form, phone: '1', state: 'closed', version: '1' });
		expect(late.status).toBe(422);
		expect(await admin.page('/leads?state=contacted&q=ada')).toContain(href);
		expect(await admin.page('/leads?state=new')).toContain('Nobody');
		expect((await admin.post(`${href}/remove`, {})).status).toBe(303);
		expect((await admin.get(href)).status).toBe(404);
	});

	test('a lead is written down beside the intervention it came from, and each leads to the other', async () => {
		const admin = await site.signIn('administrator');
		const fault = { title: 'Arm bent', description: '', kind: 'repair', priority: 'high', target: 'lane:L1' };
		const reported = await admin.post('/interventions', fault);
		const path = (reported.headers.get('location') ?? '').split('?')[0] ?? '';
		const number = path.split('/').at(-1) ?? '';
		expect(await admin.page(path)).toContain(`href="/leads/new?intervention=${number}"`);
		const form = await admin.page(`/leads/new?intervention=${number}`);
		expect(form).toContain(`name="sourceId" value="${number}"`);
		const said = {
			source: 'maintenance',
			sourceId: number,
			name: '<b>Ada</b>',
			email: '',
			phone: '+32 2',
			expires: '',
		};
		const made = await admin.post('/leads/new', said);
		const href = (made.headers.get('location') ?? '').split('?')[0] ?? '';
		const page = await admin.page(path);
		expect(page).toContain(`href="${href}"`);
		expect(page).toContain('&lt;b&gt;Ada');
		const lead = await admin.page(href);
		expect(lead).toContain(`href="${path}"`);
		expect(lead).toContain(`href="/audit?target=${href.split('/').at(-1)}"`);
		const mechanic = await site.signIn('technician');
		expect(await mechanic.page(path)).not.toContain(href);
		expect(await admin.page('/leads/new?intervention=999')).toContain('name="sourceId" value=""');
	});
});
