import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ConsoleSite, createConsoleSite } from '../../support/console-site.ts';

let site: ConsoleSite;
beforeEach(() => {
	site = createConsoleSite();
});
afterEach(() => site.close());

describe('I14: the pages of hand-over reports', () => {
	test('a report is written, signed on the pad and by the keyboard alone, and removed', async () => {
		const admin = await site.signIn('administrator');
		expect(await admin.page('/hand-overs')).toContain('/hand-overs/new');
		const wrong = await admin.post('/hand-overs/new', { subject: '', checks: 'x' });
		expect(wrong.status).toBe(422);
		const made = await admin.post('/hand-overs/new', {
			...{ subject: 'lane L1', checks: 'Arm opens\r\n\r\nLoops seen', remarks: '<script>alert(1)</script>' },
		});
		expect(made.status).toBe(303);
		const href = made.headers.get('location') ?? '';
		const unlicensed = await admin.page(href);
		expect(unlicensed).toContain('needs a licence of the kind Signature');
		expect(unlicensed).not.toContain('data-signing');
		expect(unlicensed).toContain('&lt;script&gt;');
		expect((await admin.post(`${href}/signatures`, { name: 'Ada', strokes: '' })).status).toBe(403);

		site.services.services.licenceGrants.set(admin.operatorId, ['signature'], { operatorId: null });
		expect(await admin.page(href)).toContain('data-signing');
		expect((await admin.post(`${href}/signatures`, { name: '', strokes: '' })).status).toBe(422);
		expect((await admin.post(`${href}/signatures`, { name: 'Ada', strokes: '9999,1,1' })).status).toBe(422);
		expect((await admin.post(`${href}/signatures`, { name: 'Ada', strokes: '1,2,3 400,500,600;7,8,9' })).status).toBe(
			303,
		);
		expect((await admin.post(`${href}/signatures`, { name: 'Grace', strokes: '' })).status).toBe(303);
		const signed = await admin.page(`${href}?signed`);
		expect(signed).toContain('points="1,2 400,500"');
		expect(signed).toContain('Signed by typing the name');
		expect(signed).toContain('/pdf?lang=en');
		expect(await admin.page('/hand-overs')).toContain('Signed by 2 people');
		expect((await admin.post(`${href}/remove`, {})).headers.get('location')).toBe('/hand-overs?removed');
		expect(await admin.page('/hand-overs?removed')).toContain('No report yet');
	});

	test('without the permission there is neither page nor menu', async () => {
		const reception = await site.signIn('reception');
		expect((await reception.get('/hand-overs')).status).toBe(403);
		expect(await reception.page('/visitors')).not.toContain('href="/hand-overs"');
	});
});
