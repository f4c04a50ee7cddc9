import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpSite, type HttpSite, type SignedIn } from '../../support/http-site.ts';
import { readable } from '../../support/privacy-bench.ts';

const CODE = 'Qr7xJ-2mVbT90sKd_LpaWq';
const PIN = '493817';
const SAYS = new RegExp(`${CODE}|${PIN}`);

let site: HttpSite;
let admin: SignedIn;
let reception: SignedIn;
beforeAll(async () => {
	site = createHttpSite();
	admin = await site.signIn('administrator');
	reception = await site.signIn('reception');
	const valid = { state: 'active', validFromMs: null, validToMs: null, label: null };
	const kept = { holderId: 'anna', ...valid };
	const answer = site.services.edits.edit(
		[
			{
				op: 'create',
				table: 'holders',
				row: { id: 'anna', kind: 'person', name: 'Anna', email: null, status: 'active' },
			},
			{ op: 'create', table: 'credentials', row: { ...kept, id: 'code', kind: 'qr', value: CODE } },
			{ op: 'create', table: 'credentials', row: { ...kept, id: 'pin', kind: 'pin', value: PIN } },
			{ op: 'create', table: 'credentials', row: { ...kept, id: 'card', kind: 'tag', value: '0F0368568B' } },
		],
		{ operatorId: admin.operatorId, batchId: 'first' },
	);
	expect(answer.result).toBe('done');
});
afterAll(() => site.close());

const text = async (answer: Response | Promise<Response>) => (await answer).text();
const audits = (action: string) =>
	readable(site.bench.store).flatMap((entry) => (entry.type === 'audit' && entry.action === action ? [entry] : []));

test('X6: what QR codes and PINs say is in no list, row, history, answer to a change or export, whoever asks', async () => {
	for (const login of [admin, reception]) {
		const list = await text(login.get('/api/v1/credentials'));
		expect(JSON.parse(list)).toMatchObject({
			items: [{ value: '0F0368568B' }, { value: '…paWq' }, { value: '•••' }],
		});
		const seen = [
			list,
			await text(login.get('/api/v1/credentials/code')),
			await text(login.get('/api/v1/credentials/pin/history')),
			await text(login.send('PATCH', '/api/v1/credentials/pin', { note: `by ${login.operatorId}` })),
			await text(
				login.post('/api/v1/credentials/batch', {
					changes: [{ op: 'update', id: 'code', fields: { note: `by ${login.operatorId}` } }],
				}),
			),
		];
		for (const answer of seen) expect(answer).not.toMatch(SAYS);
	}
	for (const format of ['csv', 'jsonl']) {
		const file = await text(admin.get(`/api/v1/credentials/export?format=${format}`));
		expect(file).toContain('0F0368568B');
		expect(file).not.toMatch(SAYS);
	}
	expect(await text(admin.get('/api/v1/holders/anna/personal-data/export'))).not.toMatch(SAYS);
});

test('X6: who may and asks is told, and that is journalled first', async () => {
	expect(await (await admin.get('/api/v1/credentials/code?codes')).json()).toMatchObject({ value: CODE });
	expect(audits('codeShown')).toMatchObject([{ operatorId: admin.operatorId, target: 'code' }]);
	const file = await text(admin.get('/api/v1/credentials/export?format=jsonl&codes'));
	expect(file).toContain(CODE);
	expect(audits('directoryExported').at(-1)).toMatchObject({ detail: { codes: true } });
	for (const path of ['credentials/code?codes', 'credentials/export?codes']) {
		expect((await reception.get(`/api/v1/${path}`)).status).toBe(403);
	}
	expect(audits('codeShown')).toHaveLength(1);
	// Rows without a code have none to ask for.
	expect((await admin.get('/api/v1/holders/anna?codes')).status).toBe(400);
});

test('X6: a mask is not written back, and a code does not become what everybody sees or what can be tried', async () => {
	const mask = await reception.send('PATCH', '/api/v1/credentials/code', { value: '…paWq' });
	expect(mask.status).toBe(400);
	for (const [id, kind] of [
		['code', 'tag'],
		['pin', 'qr'],
	]) {
		const answer = await reception.send('PATCH', `/api/v1/credentials/${id}`, { kind });
		expect(answer.status).toBe(400);
		const problem = await answer.text();
		expect(JSON.parse(problem)).toMatchObject({ errors: [{ path: 'body.kind' }] });
		expect(problem).not.toMatch(SAYS);
	}
	const renewed = await reception.send('PATCH', '/api/v1/credentials/pin', { kind: 'tag', value: '0F0368568C' });
	expect(renewed.status).toBe(200);
	const batch = renewed.headers.get('edit-batch') ?? '';
	expect((await reception.post(`/api/v1/edits/${batch}/undo`)).status).toBe(200);
	expect(site.services.edits.get('credentials', 'pin')?.row).toMatchObject({ kind: 'pin', value: PIN });
});

test('X6: who makes PINs is not told whose the one is that there is already', async () => {
	const made = { holderId: 'anna', state: 'active', validFrom: null, validTo: null, label: null };
	const pin = await reception.post('/api/v1/credentials', { ...made, kind: 'pin', value: PIN });
	expect(pin.status).toBe(409);
	expect(await pin.json()).toMatchObject({
		code: 'NOT_UNIQUE',
		errors: [
			{ path: 'body.value', code: 'notUnique', problem: 'another one has the same', mend: 'Send another value.' },
		],
	});
	const card = await reception.post('/api/v1/credentials', { ...made, kind: 'tag', value: '0F0368568B' });
	expect(await card.json()).toMatchObject({ errors: [{ problem: 'card has the same' }] });
});

test('X6: an ETag does not let who sees a mask try out PINs', async () => {
	const { headers } = await reception.get('/api/v1/credentials/pin');
	const held = site.services.edits.get('credentials', 'pin');
	expect(headers.get('etag')).not.toBe(held?.etag);
	const asked = await admin.get('/api/v1/credentials/pin?codes');
	const changed = await admin.send(
		'PATCH',
		'/api/v1/credentials/pin',
		{ note: 'read with its code' },
		{ 'if-match': asked.headers.get('etag') ?? '' },
	);
	expect(changed.status).toBe(200);
});
