import { afterEach, expect, test } from 'vitest';
import { createHttpSite, type HttpSite } from '../../support/http-site.ts';
import { decisionAbout, readable } from '../../support/privacy-bench.ts';

let site: HttpSite;
afterEach(() => site.close());

const NAME = 'Zwaantje Wit';
const PLATE = '1ZWA001';
const SECRETS = /zwaan|wit\b|1zwa/i;

/** A site where a decision was made about her, seen by a role whose logins see what `sees` says. */
async function seen(sees: boolean) {
	site = createHttpSite({ seesPersonalData: () => sees });
	const { store, clock } = site.bench;
	const entry = decisionAbout({ holderId: 'anna', name: NAME, value: PLATE }, clock.nowMs());
	store.journal.append(entry);
	const lane = site.lanes.list()[0];
	const login = await site.signIn('technician');
	return { entry, lane, login };
}

test('who may not read personal data sees first letters in the log and its details', async () => {
	const { entry, login } = await seen(false);
	const list = await (await login.get('/api/v1/decisions')).text();
	expect(list).not.toMatch(SECRETS);
	expect(JSON.parse(list)).toMatchObject({ items: [{ subject: '1•••', holderName: 'Z•••', holderId: 'anna' }] });
	const detail = await (await login.get(`/api/v1/decisions/${entry.id}`)).text();
	expect(detail).not.toMatch(SECRETS);
	expect(JSON.parse(detail)).toMatchObject({
		facts: {
			presented: [{ value: '1•••', match: { credential: { value: '1•••' }, holder: { name: 'Z•••', email: 'a•••' } } }],
		},
	});
	const replayed = await login.post('/api/v1/decisions/replay', { decision: entry.id });
	expect(await replayed.text()).not.toMatch(SECRETS);
});

test('nor what of a stranger was read, in a decision or an answer', async () => {
	const { login } = await seen(false);
	const { store, clock } = site.bench;
	const entry = decisionAbout({ holderId: null, value: '9QXZ777' }, clock.nowMs());
	store.journal.append(entry);
	expect(await (await login.get(`/api/v1/decisions/${entry.id}`)).text()).not.toMatch(/9qxz/i);
	const asked = await login.post('/api/v1/decisions/check', {
		lane: 'L1',
		credential: { kind: 'plate', value: '9QXZ777' },
	});
	expect(asked.status).toBe(200);
	expect(await asked.text()).not.toMatch(/9qxz/i);
});

test('nor what readers and cameras read last', async () => {
	const { login } = await seen(false);
	const { recentReads } = site.services;
	const read = { id: 'r1', deviceId: 'cam-1', atMs: site.bench.clock.nowMs(), monotonicMs: 1, raw: PLATE } as const;
	const plate = { kind: 'plate', plate: PLATE, confidence: 1, direction: 'unknown', dedupeKey: 'r1' } as const;
	recentReads.seen({ ...read, ...plate, historical: false });
	recentReads.seen({ ...read, id: 'r2', deviceId: 'reader-1', kind: 'tag', tag: 'FE01', label: NAME });
	recentReads.seen({ ...read, id: 'r3', deviceId: 'reader-1', kind: 'pin', pin: '739182' });
	const text = await (await login.get('/api/v1/observations')).text();
	expect(text).not.toMatch(SECRETS);
	expect(text).not.toMatch(/FE01|7391/);
	expect(JSON.parse(text)).toMatchObject({
		items: [{ kind: 'pin' }, { value: 'F•••', label: 'Z•••' }, { value: '1•••' }],
	});
});

test('and can’t find the rest by searching', async () => {
	const { login } = await seen(false);
	expect((await login.get('/api/v1/decisions?q=zwaan')).status).toBe(403);
	expect((await login.get('/api/v1/decisions?holder=anna')).status).toBe(200);
});

test('who may, sees and finds all of it', async () => {
	const { login } = await seen(true);
	const list = await (await login.get('/api/v1/decisions?q=zwaan')).json();
	expect(list).toMatchObject({ items: [{ subject: PLATE, holderName: NAME }] });
});

test('the log of one person is that person’s, and looking at it is written down', async () => {
	const { login } = await seen(true);
	const { store, clock } = site.bench;
	store.journal.append(decisionAbout({ holderId: 'bert', value: '1BER001' }, clock.nowMs()));
	expect(await (await login.get('/api/v1/decisions?holder=bert')).json()).toMatchObject({
		items: [{ holderId: 'bert' }],
		nextCursor: null,
	});
	await login.get('/api/v1/passages?holder=bert');
	await login.get('/api/v1/parking-sessions?holder=anna');
	await login.get('/api/v1/decisions');
	const views = readable(store).flatMap((entry) =>
		entry.type === 'audit' && entry.action === 'personViewed' ? [entry] : [],
	);
	expect(views).toMatchObject([
		{ target: 'bert', operatorId: login.operatorId, detail: { sight: 'accessLog' } },
		{ target: 'anna', detail: { sight: 'stays' } },
	]);
});
