import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createHttpSite, type HttpSite } from '../../support/http-site.ts';
import { signLicence } from '../../support/licensing-bench.ts';

let site: HttpSite;
beforeEach(() => {
	site = createHttpSite();
});
afterEach(() => site.close());

const json = async (answer: Response | Promise<Response>) => (await (await answer).json()) as Record<string, unknown>;
const DAY_MS = 86_400_000;

const marketer = () => site.signIn('administrator');

/** Visitors of these names. @returns the ids of their rights. */
function addVisits(...names: readonly string[]): readonly string[] {
	const { edits, visitors } = site.services;
	const kind = { id: 'visits', name: 'Visitors', strategy: 'visitor', areaIds: [], scheduleId: null };
	edits.edit([{ op: 'create', table: 'rightSpecifications', row: kind }], { operatorId: null });
	const nowMs = site.bench.clock.nowMs();
	return names.map((name) => {
		const times = { validFromMs: nowMs - 1, validToMs: nowMs + DAY_MS };
		const visit = { name, phone: '+32 2 1', credential: { kind: 'qr' }, specificationId: 'visits', ...times } as const;
		const answer = visitors.create(visit, { operatorId: null });
		if (answer.result === 'refused') throw new Error(JSON.stringify(answer.problems));
		return answer.visit.id;
	});
}

/** A stay by a right, over or not. */
function stay(id: string, rightId: string, openedAtMs: number, closedAtMs?: number): void {
	const { parkingSessions } = site.bench.store;
	const nobody = { holderId: null, credentialId: null, decisionId: null, laneInId: 'L1' };
	parkingSessions.open({ id, ...nobody, areaId: 'A1', counted: false, openedAtMs, rightIds: [rightId] });
	if (closedAtMs !== undefined) parkingSessions.close(id, { atMs: closedAtMs, laneOutId: null, by: 'passage' });
}

describe('I13: campaigns', () => {
	test('tell how many came: stays that began in the period by one of its rights, open ones too', async () => {
		const who = await marketer();
		const [one = '', two = '', three = ''] = addVisits('Ada', 'Grace', 'Alan');
		const startMs = site.bench.clock.nowMs();
		const [from, to] = [startMs - 2 * DAY_MS, startMs + DAY_MS].map((ms) => new Date(ms).toISOString());
		const { id } = await json(who.post('/api/v1/campaigns', { name: 'Open day', from, to }));
		stay('before', one, startMs - 3 * DAY_MS, startMs - DAY_MS);
		stay('first', one, startMs - DAY_MS, startMs - DAY_MS / 2);
		stay('again', one, startMs - 10);
		stay('other', three, startMs - 10, startMs - 5);
		const added = await who.post(`/api/v1/campaigns/${id}/rights`, { add: [one, two] });
		expect(added.status).toBe(200);
		expect(await json(who.get(`/api/v1/campaigns/${id}`))).toMatchObject({ rights: 2, visits: 2, came: 1 });
		expect(await json(who.get('/api/v1/campaigns'))).toMatchObject({ items: [{ id, visits: 2 }], nextCursor: null });

		stay('later', two, startMs + 1);
		expect(await json(who.get(`/api/v1/campaigns/${id}`)), 'counted a moment ago').toMatchObject({ visits: 2 });
		site.bench.clock.advance(LIMITS.campaignCountedMs);
		expect(await json(who.get(`/api/v1/campaigns/${id}`))).toMatchObject({ visits: 3, came: 2 });
		expect((await who.post(`/api/v1/campaigns/${id}/rights`, { add: ['nothing'] })).status).toBe(422);
		await who.post(`/api/v1/campaigns/${id}/rights`, { remove: [one] });
		expect(await json(who.get(`/api/v1/campaigns/${id}`))).toMatchObject({ rights: 1, visits: 1, came: 1 });
	});

	test('are changed with the ETag they were read with, taken along, and removed with their leads kept', async () => {
		const who = await marketer();
		const span = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };
		expect((await who.post('/api/v1/campaigns', { name: 'x', from: span.to, to: span.from })).status).toBe(422);
		const made = await who.post('/api/v1/campaigns', { name: '=1+1', ...span });
		const { id } = await json(made.clone());
		const ifMatch = { 'if-match': made.headers.get('etag') ?? '' };
		expect((await who.send('PATCH', `/api/v1/campaigns/${id}`, { name: '=2+2' }, ifMatch)).status).toBe(200);
		expect((await who.send('PATCH', `/api/v1/campaigns/${id}`, { name: 'x' }, ifMatch)).status).toBe(412);
		const csv = await (await who.get('/api/v1/campaigns/export')).text();
		expect(csv).toContain("\r\n'=2+2,");
		const { id: leadId } = await json(
			who.post('/api/v1/leads', { source: 'maintenance', name: 'Ada', phone: '1', campaignId: id }),
		);
		expect(await json(who.get(`/api/v1/leads?campaign=${id}`))).toMatchObject({ items: [{ id: leadId }] });
		expect((await who.send('DELETE', `/api/v1/campaigns/${id}`)).status).toBe(200);
		expect(await json(who.get(`/api/v1/leads/${leadId}`))).toMatchObject({ campaignId: null });
		expect(site.bench.audits().map(({ action }) => action)).toEqual(
			expect.arrayContaining(['campaignCreated', 'campaignChanged', 'campaignRemoved', 'campaignsExported']),
		);
	});
});

describe('I13: leads', () => {
	test('of visitors and of customers go from new over contacted to closed; the journal has no name', async () => {
		const who = await marketer();
		const [visit = ''] = addVisits('Visitor one');
		const fromVisit = await json(who.post('/api/v1/leads', { source: 'operations', sourceId: visit }));
		expect(fromVisit).toMatchObject({ name: 'Visitor one', phone: '+32 2 1', state: 'new', sourceId: visit });
		const made = await who.post('/api/v1/leads', {
			...{ source: 'maintenance', sourceId: 'intervention-7', name: 'Grace Hopper', email: 'grace@example.org' },
			message: 'A second barrier',
		});
		expect(made.status).toBe(201);
		const { id } = await json(made.clone());
		const ifMatch = { 'if-match': made.headers.get('etag') ?? '' };
		const patch = (body: object, headers = {}) => who.send('PATCH', `/api/v1/leads/${id}`, body, headers);
		expect(await json(patch({ state: 'contacted' }, ifMatch))).toMatchObject({ state: 'contacted' });
		expect((await patch({ state: 'closed' }, ifMatch)).status).toBe(412);
		expect(await json(who.get('/api/v1/leads?state=contacted&source=maintenance&q=hop'))).toMatchObject({
			items: [{ id, message: 'A second barrier' }],
		});
		expect(await json(who.get('/api/v1/leads?state=closed'))).toMatchObject({ items: [] });
		const told = JSON.stringify(site.bench.audits().filter(({ action }) => action.startsWith('lead')));
		expect(told).toContain('leadChanged');
		expect(told).not.toMatch(/Grace|Visitor|example/);
	});

	test('what does not fit is refused with what to mend', async () => {
		const who = await marketer();
		const lead = { source: 'operations', name: 'Ada', phone: '1' };
		const late = new Date(site.bench.clock.nowMs() + LIMITS.leadKeptMs + DAY_MS).toISOString();
		for (const body of [
			{ ...lead, phone: null },
			{ ...lead, sourceId: 'no-visit' },
			{ ...lead, campaignId: 'no-campaign' },
			{ ...lead, expiresAt: late },
		])
			expect((await who.post('/api/v1/leads', body)).status, JSON.stringify(body)).toBe(422);
		expect((await who.post('/api/v1/leads', { ...lead, expiresAt: late, hasAgreed: true })).status).toBe(201);
		for (const body of [
			{ ...lead, source: 'x' },
			{ ...lead, name: '' },
			{ ...lead, other: 1 },
		])
			expect((await who.post('/api/v1/leads', body)).status).toBe(400);
		expect((await who.send('PATCH', '/api/v1/leads/nothing', { state: 'closed' })).status).toBe(404);
	});

	test('end by themselves once their time has passed, also after a restart', async () => {
		const who = await marketer();
		const lead = { source: 'maintenance', name: 'Ada', phone: '1' };
		const soon = new Date(site.bench.clock.nowMs() + 60_000).toISOString();
		const { id: short } = await json(who.post('/api/v1/leads', { ...lead, expiresAt: soon }));
		const { id: long } = await json(who.post('/api/v1/leads', lead));
		site.bench.clock.advance(3_600_000 + 1);
		expect(site.bench.store.leads.byId(String(short))).toBeUndefined();
		expect(site.bench.store.leads.byId(String(long))).toMatchObject({ name: 'Ada' });
		expect(site.bench.audits().at(-1)).toMatchObject({ action: 'leadsEnded', operatorId: null, detail: { count: 1 } });
	});

	test('as a file, narrowed as the list; a name that is a formula is text; who took it is journalled', async () => {
		const who = await marketer();
		const hostile = '=HYPERLINK("http://evil.example")';
		for (const [name, source] of [
			[hostile, 'operations'],
			['Ada', 'maintenance'],
		])
			await who.post('/api/v1/leads', { source, name, phone: '+32 1' });
		const csv = await (await who.get('/api/v1/leads/export?lang=en')).text();
		expect(csv).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
		expect(csv).toContain("'+32 1");
		const lines = await (await who.get('/api/v1/leads/export?format=jsonl&source=maintenance')).text();
		expect(JSON.parse(lines)).toMatchObject({ name: 'Ada', state: 'new' });
		const book = Buffer.from(await (await who.get('/api/v1/leads/export?format=xlsx')).arrayBuffer());
		expect(book.subarray(0, 2).toString()).toBe('PK');
		expect(site.bench.audits().at(-1)).toMatchObject({ action: 'leadsExported', operatorId: who.operatorId });
	});

	test('nobody makes any where the product licence has no reports', async () => {
		const admin = await site.signIn('administrator');
		const lead = { source: 'maintenance', name: 'Ada', phone: '1' };
		expect((await admin.post('/api/v1/leads', lead)).status).toBe(201);
		await admin.post('/api/v1/licences/product', { document: await signLicence({ capabilities: ['rfid'] }) });
		const refused = await admin.post('/api/v1/leads', lead);
		expect(await json(refused)).toMatchObject({ status: 403, detail: expect.stringContaining('reports') });
		const campaign = { name: 'x', from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };
		expect((await admin.post('/api/v1/campaigns', campaign)).status).toBe(403);
		expect(await json(admin.get('/api/v1/leads')), 'what is there is still seen').toMatchObject({ items: [{}] });
		const reception = await site.signIn('reception');
		expect((await reception.get('/api/v1/campaigns')).status).toBe(403);
	});

	test('who does not see personal data sees first letters, and does not search by them', async () => {
		site.close();
		site = createHttpSite({ seesPersonalData: () => false });
		const who = await marketer();
		await who.post('/api/v1/leads', { source: 'maintenance', name: 'Grace', phone: '+32 2', message: 'Hush' });
		const told = JSON.stringify(await json(who.get('/api/v1/leads')));
		expect(told).toContain('G•••');
		expect(told).not.toMatch(/Grace|Hush|32 2/);
		expect((await who.get('/api/v1/leads?q=grace')).status).toBe(403);
		expect(await (await who.get('/api/v1/leads/export')).text()).not.toMatch(/Grace|Hush|32 2/);
	});
});
