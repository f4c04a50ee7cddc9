import { compactVerify, importSPKI } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHttpSite, type HttpSite } from '../../support/http-site.ts';
import { A_STATEMENT, ed25519Pair, signLicence, signStatement } from '../../support/licensing-bench.ts';

let site: HttpSite;
beforeEach(() => {
	site = createHttpSite();
});
afterEach(() => site.close());

const OF_SITE = `${'acme'}/site-1`;
const json = async (answer: Response | Promise<Response>) => (await (await answer).json()) as Record<string, unknown>;

describe('B1–B5: the licence overview', () => {
	test('before the first licence tells how long everything is on, and what stops first', async () => {
		const technician = await site.signIn('technician');
		expect(await json(technician.get('/api/v1/licences/overview'))).toEqual({
			...{ phase: 'commissioning', stopped: [], problem: null, clockBehindS: null, refused: [], licence: null },
			phaseEndsAt: '2026-02-04T09:00:00.000+01:00',
			next: { stops: 'activations', at: '2026-02-04T09:00:00.000+01:00' },
			operators: { used: 1, available: 3 },
			cameras: { used: 1, available: 2 },
			gateway: { site: OF_SITE, version: '9.9.9', addresses: ['10.0.0.5'], key: expect.stringMatching(/^[\w-]{43}$/) },
		});
	});

	test('after it shows customer, instance, variant, what it switches on, and whom to call', async () => {
		const admin = await site.signIn('administrator');
		const answer = await admin.post('/api/v1/licences/product', { document: await signLicence({ aud: OF_SITE }) });
		expect(answer.status).toBe(200);
		expect(await answer.json()).toEqual({ result: 'installed', serial: 'L-0001' });
		expect(await json(admin.get('/api/v1/licences/overview'))).toMatchObject({
			phase: 'valid',
			phaseEndsAt: '2027-01-01T01:00:00.000+01:00',
			operators: { used: 1, available: 25 },
			licence: {
				...{ serial: 'L-0001', instance: 'I-0042', variant: 'Professional', seats: { salesStandard: 5 } },
				customer: { id: 'C-7', name: 'Acme Parking' },
				vendor: { name: 'Barrier Works', phone: '+32 2 555 01 00' },
				capabilities: ['rfid', 'anpr', 'bookings', 'visitors'],
				validTo: '2027-01-01T01:00:00.000+01:00',
			},
		});
	});

	test('the request file for the vendor is signed by the key that it carries', async () => {
		const technician = await site.signIn('technician');
		const answer = await technician.get('/api/v1/licences/request');
		expect(answer.headers.get('content-disposition')).toContain('parkgate-licence-request.jws');
		const text = await answer.text();
		const claims = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString());
		expect(claims).toMatchObject({ aud: OF_SITE, version: '9.9.9', used: { operators: 1, cameras: 1 } });
		await expect(compactVerify(text, await importSPKI(claims.publicKey, 'EdDSA'))).resolves.toBeDefined();
	});
});

describe('a document that is refused', () => {
	test.each([
		['forged', () => signLicence({ aud: OF_SITE }, ed25519Pair())],
		['otherSite', () => signLicence({ aud: 'acme/elsewhere' })],
		['malformed', () => Promise.resolve('=HYPERLINK("x")')],
		['wrongKind', () => signStatement({ aud: OF_SITE })],
	])('%s: answers 422 with the reason, and changes nothing', async (because, make) => {
		const admin = await site.signIn('administrator');
		const answer = await admin.post('/api/v1/licences/product', { document: await make() });
		expect(answer.status).toBe(422);
		expect(answer.headers.get('content-type')).toBe('application/problem+json');
		expect(await answer.json()).toMatchObject({ because, detail: expect.stringMatching(/\.$/) });
		expect(await json(admin.get('/api/v1/licences/overview'))).toMatchObject({ licence: null });
	});

	test.each(['technician', 'security', 'reception'])('I18: nothing is installed by %s', async (role) => {
		const who = await site.signIn(role);
		const document = await signStatement({ aud: OF_SITE });
		expect((await who.post('/api/v1/licences/park-statements', { document })).status).toBe(403);
		expect((await who.post('/api/v1/licences/product', { document })).status).toBe(403);
		expect((await who.send('PUT', '/api/v1/licences/equipment/cam-1', { active: false })).status).toBe(403);
	});
});

describe('I16, I18: cameras and parks', () => {
	test('a camera is deactivated and activated, with the pool and the history', async () => {
		const admin = await site.signIn('administrator');
		const put = (active: boolean) => admin.send('PUT', '/api/v1/licences/equipment/cam-1', { active });
		expect(await json(put(false))).toMatchObject({ cameraId: 'cam-1', active: false });
		expect(await json(admin.get('/api/v1/licences/equipment'))).toMatchObject({
			pool: { used: 0, available: 2 },
			items: [{ cameraId: 'cam-1', active: false, since: expect.any(String) }],
		});
		expect(await json(put(true))).toMatchObject({ active: true });
		const first = await json(admin.get('/api/v1/licences/history?limit=2'));
		expect(first['items']).toMatchObject([
			{ what: 'cameraActivated', subject: 'cam-1', operatorId: admin.operatorId },
			{ what: 'cameraDeactivated', subject: 'cam-1', operatorId: admin.operatorId },
		]);
		const second = await json(admin.get(`/api/v1/licences/history?limit=2&cursor=${first['nextCursor']}`));
		expect(second).toMatchObject({ items: [{ what: 'cameraActivated', operatorId: null }], nextCursor: null });
	});

	test('a camera that is none answers 404, a full pool 409 with the figures', async () => {
		const admin = await site.signIn('administrator');
		expect((await admin.send('PUT', '/api/v1/licences/equipment/nobody', { active: true })).status).toBe(404);
		await admin.send('PUT', '/api/v1/licences/equipment/cam-1', { active: false });
		const document = await signLicence({ aud: OF_SITE, cameras: 0 });
		await admin.post('/api/v1/licences/product', { document });
		const full = await admin.send('PUT', '/api/v1/licences/equipment/cam-1', { active: true });
		expect(full.status).toBe(409);
		expect(await full.json()).toMatchObject({ because: 'poolFull', detail: expect.stringContaining('0 of 0') });
	});

	test('a park is inactive by support’s word only; whom to call is shown', async () => {
		const admin = await site.signIn('administrator');
		const document = await signStatement({ aud: OF_SITE, support: { name: 'Help', phone: '+32 2 1' } });
		expect((await admin.post('/api/v1/licences/park-statements', { document })).status).toBe(200);
		expect(await json(admin.get('/api/v1/licences/parks'))).toMatchObject({
			items: [{ parkId: 'P1', active: false, statement: { serial: A_STATEMENT.jti, support: { phone: '+32 2 1' } } }],
		});
	});
});
