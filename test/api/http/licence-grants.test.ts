import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHttpSite, type HttpSite } from '../../support/http-site.ts';
import { signLicence, signStatement } from '../../support/licensing-bench.ts';

let site: HttpSite;
beforeEach(() => {
	site = createHttpSite();
});
afterEach(() => site.close());

const json = async (answer: Response | Promise<Response>) => (await (await answer).json()) as Record<string, unknown>;
const of = (operatorId: string) => `/api/v1/licences/grants/${operatorId}`;

describe('I2–I5: kinds of licence over HTTP', () => {
	test('are given and taken with the ETag they were read with; 412 after somebody else', async () => {
		const admin = await site.signIn('administrator');
		const { operatorId } = await site.signIn('reception');
		const read = await admin.get(of(operatorId));
		expect(await json(read)).toMatchObject({ operatorId, email: 'reception@example.org', grants: [] });
		const ifMatch = { 'if-match': read.headers.get('etag') ?? '' };
		const given = await admin.send('PUT', of(operatorId), { kinds: ['zScan'] }, ifMatch);
		expect(given.status).toBe(200);
		expect(await json(given)).toMatchObject({ grants: [{ kind: 'zScan', since: expect.stringContaining('+01:00') }] });
		const late = await admin.send('PUT', of(operatorId), { kinds: [] }, ifMatch);
		expect(late.status).toBe(412);
		expect(await json(late)).toMatchObject({ code: 'CHANGED' });
		expect(await json(admin.get('/api/v1/licences/grants?q=RECEP'))).toMatchObject({
			items: [{ operatorId, grants: [{ kind: 'zScan' }] }],
			nextCursor: null,
		});
		expect(await json(admin.get('/api/v1/licences/grants?kind=zReview'))).toMatchObject({ items: [] });
		expect((await json(admin.get('/api/v1/licences/kinds')))['items']).toContainEqual({
			...{ kind: 'zScan', used: 1, available: 3, unlocked: true },
		});
		expect(await json(admin.get(`/api/v1/licences/history?subject=${operatorId}`))).toMatchObject({
			items: [{ what: 'kindGiven', kind: 'zScan', operatorId: admin.operatorId }],
		});
	});

	test('a full kind answers 409 with the figures; a kind or operator that is none is refused', async () => {
		const admin = await site.signIn('administrator');
		const document = await signLicence({ seats: { zScan: 0 } });
		await admin.post('/api/v1/licences/product', { document });
		const full = await admin.send('PUT', of(admin.operatorId), { kinds: ['zScan'] });
		expect(full.status).toBe(409);
		expect(await json(full)).toMatchObject({ because: 'poolFull', detail: expect.stringContaining('0 of 0') });
		expect((await admin.send('PUT', of(admin.operatorId), { kinds: ['zNothing'] })).status).toBe(400);
		expect((await admin.send('PUT', of('nobody'), { kinds: [] })).status).toBe(404);
		const locked = await admin.send('PUT', of(admin.operatorId), { kinds: ['serviceResource'] });
		expect(await json(locked)).toMatchObject({ status: 409 });
	});

	test.each(['technician', 'security', 'reception'])('%s gives nobody anything, themselves included', async (role) => {
		const who = await site.signIn(role);
		expect((await who.send('PUT', of(who.operatorId), { kinds: ['salesStandard'] })).status).toBe(403);
	});
});

describe('I19, I20: figures and files over HTTP', () => {
	test('a year of days unless asked otherwise; a span the wrong way round or too long is refused', async () => {
		const admin = await site.signIn('administrator');
		await admin.send('PUT', of(admin.operatorId), { kinds: ['zReview'] });
		const year = await json(admin.get('/api/v1/licences/statistics?kind=zReview'));
		expect(year).toMatchObject({
			from: '2025-01-05',
			to: '2026-01-05',
			kinds: [{ kind: 'zReview', used: 1, most: 1 }],
		});
		expect(year['days']).toHaveLength(366);
		for (const query of ['from=2026-01-06&to=2026-01-01', 'from=1900-01-01', 'from=x', 'kind=nothing'])
			expect((await admin.get(`/api/v1/licences/statistics?${query}`)).status).toBe(400);
	});

	test('both lists as CSV, workbook and lines, narrowed as the list', async () => {
		const admin = await site.signIn('administrator');
		await admin.send('PUT', of(admin.operatorId), { kinds: ['zReview'] });
		const csv = await admin.get('/api/v1/licences/export?kind=zReview');
		expect(csv.headers.get('content-disposition')).toMatch(/filename="licences-2026-01-05\.csv"/);
		expect(await csv.text()).toContain('z·review');
		expect(await (await admin.get('/api/v1/licences/export?kind=zScan&lang=nl')).text()).toMatch(/^\uFEFF?Naam;/);
		const book = await admin.get('/api/v1/licences/history/export?format=xlsx');
		expect(
			Buffer.from(await book.arrayBuffer())
				.subarray(0, 2)
				.toString(),
		).toBe('PK');
		const lines = await (await admin.get('/api/v1/licences/history/export?format=jsonl&kind=zReview')).text();
		expect(JSON.parse(lines)).toMatchObject({ what: 'kindGiven', kind: 'zReview', subject: admin.operatorId });
	});
});

describe('I17: without RFID', () => {
	test('parks are not there for anybody, and what support said of them counts all the same', async () => {
		const admin = await site.signIn('administrator');
		expect((await admin.get('/api/v1/licences/parks')).status).toBe(200);
		await admin.post('/api/v1/licences/product', { document: await signLicence({ capabilities: ['anpr'] }) });
		expect((await admin.get('/api/v1/licences/parks')).status).toBe(404);
		const document = await signStatement();
		expect((await admin.post('/api/v1/licences/park-statements', { document })).status).toBe(404);
	});
});
