import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHttpSite, type HttpSite, type SignedIn } from '../../support/http-site.ts';
import { decisionAbout, readable } from '../../support/privacy-bench.ts';

let site: HttpSite;
let admin: SignedIn;

const person = { kind: 'person', name: 'Zwaantje Wit', email: 'zwaan@example.org', status: 'active' };

async function enrol(): Promise<string> {
	const holder = (await (await admin.post('/api/v1/holders', person)).json()) as { id: string };
	const plate = { holderId: holder.id, kind: 'plate', value: '1ZWA001', label: null, state: 'active' };
	const answer = await admin.post('/api/v1/credentials', { ...plate, validFrom: null, validTo: null });
	expect(answer.status).toBe(201);
	return holder.id;
}

function pass(holderId: string): string {
	const entry = decisionAbout({ holderId, name: person.name, value: '1ZWA001' }, site.bench.clock.nowMs());
	site.bench.store.journal.append(entry);
	return entry.id;
}

const audits = () => readable(site.bench.store).flatMap((entry) => (entry.type === 'audit' ? [entry] : []));

beforeEach(async () => {
	site = createHttpSite();
	admin = await site.signIn('administrator');
});
afterEach(() => site.close());

describe('one person', () => {
	test('is told how much is kept of them, and looking is written down once an hour', async () => {
		const holderId = await enrol();
		pass(holderId);
		const path = `/api/v1/holders/${holderId}/personal-data`;
		const answer = await admin.get(path);
		expect(await answer.json()).toMatchObject({ credentials: 1, decisions: 1, edits: 2, stays: 0, held: 0 });
		await admin.get(path);
		const views = () => audits().filter(({ action }) => action === 'personViewed');
		expect(views()).toMatchObject([
			{ operatorId: admin.operatorId, target: holderId, detail: { sight: 'personalData' } },
		]);
		site.bench.clock.advance(3_600_000);
		admin = await site.signIn('administrator');
		await admin.get(path);
		expect(views()).toHaveLength(2);
		expect((await admin.get('/api/v1/holders/nobody/personal-data')).status).toBe(404);
	});

	test('gets all of it as one JSON document, and that is written down', async () => {
		const holderId = await enrol();
		const decisionId = pass(holderId);
		const answer = await admin.get(`/api/v1/holders/${holderId}/personal-data/export`);
		expect(answer.headers.get('content-disposition')).toMatch(/^attachment/);
		const all = (await answer.json()) as Record<string, { id: string }[]>;
		expect(Object.keys(all)).toEqual(['holders', 'credentials', 'assignedRights', 'plannedUses', 'journal']);
		expect(all).toMatchObject({ holders: [{ name: person.name }], credentials: [{ value: '1ZWA001' }] });
		expect(all['journal']?.map(({ id }) => id)).toContain(decisionId);
		const exported = audits().filter(({ action }) => action === 'personExported');
		expect(exported).toMatchObject([{ target: holderId, operatorId: admin.operatorId }]);
	});

	test('is erased with a reason and a word of confirmation, for good', async () => {
		const holderId = await enrol();
		pass(holderId);
		const path = `/api/v1/holders/${holderId}/personal-data/erase`;
		expect((await admin.post(path, { reason: 'asked by letter' })).status).toBe(400);
		const named = await admin.post(path, { reason: 'Zwaantje Wit asked', confirm: 'erase' });
		expect(named.status).toBe(422);
		expect(await named.json()).toMatchObject({ code: 'ERASURE_REFUSED', because: 'namedInReason' });
		const answer = await admin.post(path, { reason: 'asked by letter', confirm: 'erase' });
		const { erasureId } = (await answer.json()) as { erasureId: string };
		expect((await admin.get(`/api/v1/holders/${holderId}`)).status).toBe(404);
		expect((await admin.post(path, { reason: 'again', confirm: 'erase' })).status).toBe(404);
		const list = await (await admin.get('/api/v1/erasures')).json();
		expect(list).toMatchObject({ items: [{ id: erasureId, state: 'waiting', operatorId: admin.operatorId }] });
		expect((await admin.post(`/api/v1/edits/${erasureId}/undo`, {})).status).not.toBe(500);
		expect(JSON.stringify(audits())).not.toContain(person.name);
	});

	test('is erased and handed over by administrators only', async () => {
		for (const role of ['technician', 'security', 'reception']) {
			const other = await site.signIn(role);
			expect((await other.get('/api/v1/holders/x/personal-data')).status).toBe(403);
			expect((await other.get('/api/v1/holders/x/personal-data/export')).status).toBe(403);
			expect((await other.post('/api/v1/holders/x/personal-data/erase', {})).status).toBe(403);
		}
	});
});

describe('retention', () => {
	test('says how long each kind is kept', async () => {
		expect(await (await admin.get('/api/v1/retention')).json()).toMatchObject({
			...{ unmatchedDays: 7, decisionsDays: 90, staysDays: 180, editsDays: 400, telemetryDays: 30 },
			...{ at: '02:30', last: null },
		});
	});

	test('an incident is held by security, for a decision or a period, and released', async () => {
		const decisionId = pass('anna');
		const guard = await site.signIn('security');
		const path = '/api/v1/retention/holds';
		const until = new Date(site.bench.clock.nowMs() + 86_400_000).toISOString();
		const both = { decision: decisionId, from: until, to: until, reason: 'damage', until };
		expect((await guard.post(path, both)).status).toBe(400);
		expect((await guard.post(path, { reason: 'damage', until })).status).toBe(400);
		expect((await guard.post(path, { decision: 'none', reason: 'damage', until })).status).toBe(404);
		const held = (await (await guard.post(path, { decision: decisionId, reason: 'damage', until })).json()) as {
			id: string;
		};
		expect(held).toMatchObject({ decisionId, from: null, to: null, reason: 'damage', operatorId: guard.operatorId });
		expect(await (await guard.get(path)).json()).toMatchObject({ items: [{ id: held.id }] });
		expect((await guard.post(`${path}/${held.id}/release`)).status).toBe(200);
		expect((await guard.post(`${path}/${held.id}/release`)).status).toBe(404);
		expect(await (await guard.get(path)).json()).toEqual({ items: [] });
		expect((await (await site.signIn('reception')).post(path, {})).status).toBe(403);
	});
});
