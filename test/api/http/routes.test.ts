import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createHttpSite, type HttpSite, jsonPost, type SignedIn } from '../../support/http-site.ts';
import { PASSWORD } from '../../support/operators.ts';

let site: HttpSite;
beforeEach(() => {
	site = createHttpSite();
});
afterEach(() => site.close());

/** The body, held to what the route declared about its answers. */
async function bodyOf(response: Response, path: string): Promise<Record<string, unknown>> {
	expect(response.status).toBe(200);
	const route = site.http.routes.find((found) => found.path === path);
	const body = await response.json();
	expect(route?.answer?.safeParse(body).error, `the answer of ${path} fits its schema`).toBeUndefined();
	return body;
}

describe('health', () => {
	test('/healthz is alive whatever else is wrong', async () => {
		site.causes.push({ part: 'store', problem: 'The disk is full.' });
		expect(await (await site.request('/healthz')).json()).toEqual({ status: 'alive' });
	});

	test('/readyz tells the causes with 503 and is ready without any', async () => {
		expect(await (await site.request('/readyz')).json()).toEqual({ status: 'ready' });
		site.causes.push({ part: 'store', problem: 'The disk is full.' });
		const answer = await site.request('/readyz');
		expect(answer.status).toBe(503);
		expect(answer.headers.get('content-type')).toBe('application/problem+json');
		expect(await answer.json()).toMatchObject({ code: 'NOT_READY', causes: site.causes });
	});

	test('/metrics carries the metrics of the contract', async () => {
		const admin = await site.signIn('administrator');
		const text = await (await admin.get('/metrics')).text();
		for (const line of [
			'parkgate_outbox_depth 4',
			'parkgate_sync_rev{stream="people"} 17',
			'parkgate_sync_connected 1',
			'parkgate_device_up{device="reader-1"} 1',
			'parkgate_lane_state{lane="L1",state="idle"} 1',
			'parkgate_occupancy{area="A1"} 12',
		]) {
			expect(text).toContain(line);
		}
		for (const name of [
			'decision_latency_seconds',
			'decisions_total',
			'store_commit_seconds',
			'event_loop_lag_seconds',
		]) {
			expect(text).toContain(`# TYPE parkgate_${name} `);
		}
	});

	test('/metrics is open to this machine itself and to nobody who only claims to be', async () => {
		const ask = (socket: string, headers: Record<string, string>) =>
			site.request('/metrics', { headers }, { remoteAddress: socket });
		expect((await ask('127.0.0.1', { host: 'localhost:8080' })).status).toBe(200);
		expect((await ask('::1', { host: '[::1]:8080' })).status).toBe(200);
		expect((await ask('::ffff:127.0.0.1', { host: '127.0.0.1:8080' })).status).toBe(200);
		expect((await ask('10.0.0.9', { host: 'localhost:8080' })).status).toBe(401);
		expect((await ask('127.0.0.1', { host: 'rebound.example' })).status, 'DNS rebinding').toBe(401);
		const proxied = { host: 'localhost:8080', 'x-forwarded-for': '10.0.0.9' };
		expect((await ask('127.0.0.1', proxied)).status, 'a proxy asks for somebody else').toBe(401);
	});
});

describe('claim, login, logout, me', () => {
	const claimant = { email: 'ada@example.org', name: 'Ada', password: PASSWORD };

	test('X18 a claim makes the administrator, who then signs in, is known, and signs out', async () => {
		const code = site.bench.operators.newClaimCode();
		const claimed = await bodyOf(await site.request('/api/v1/claim', jsonPost({ code, ...claimant })), '/api/v1/claim');
		expect(claimed).toMatchObject({ operator: { email: 'ada@example.org', roles: [{ id: 'administrator' }] } });
		const admin = await site.signIn('administrator');
		const me = await bodyOf(await admin.get('/api/v1/me'), '/api/v1/me');
		expect(me).toMatchObject({ csrf: admin.csrf, permissions: expect.arrayContaining(['lanes:vend', 'devices:test']) });
		const bye = await admin.post('/api/v1/logout');
		expect(bye.headers.get('set-cookie')).toMatch(/^parkgate=; Max-Age=0; Path=\//);
		expect((await admin.get('/api/v1/me')).status).toBe(401);
	});

	test.each([
		[{ code: 'WRNG-WRNG-WRNG' }, 403, 'CLAIM_CODE_WRONG'],
		[{ password: 'password1234' }, 422, 'PASSWORD_TOO_WEAK'],
		[{ email: 'no address' }, 400, 'INVALID_REQUEST'],
		[{ role: 'administrator' }, 400, 'INVALID_REQUEST'],
	])('a claim with %o is refused', async (change, status, code) => {
		const good = { code: site.bench.operators.newClaimCode(), ...claimant };
		const answer = await site.request('/api/v1/claim', jsonPost({ ...good, ...change }));
		expect(answer.status).toBe(status);
		expect(await answer.json()).toMatchObject({ code, status });
	});

	test('a second claim is told that the gateway has its administrator', async () => {
		const code = site.bench.operators.newClaimCode();
		await site.request('/api/v1/claim', jsonPost({ code, ...claimant }));
		const again = await site.request('/api/v1/claim', jsonPost({ code, ...claimant }));
		expect(again.status).toBe(409);
		expect(await again.json()).toMatchObject({ code: 'ALREADY_CLAIMED' });
	});

	test('a wrong password is refused, and many of them with Retry-After', async () => {
		await site.bench.addOperator({ email: 'ada@example.org', role: 'reception' });
		const wrong = jsonPost({ email: 'ada@example.org', password: 'not this one' });
		const refused = await site.request('/api/v1/login', wrong);
		expect(refused.status).toBe(401);
		expect(refused.headers.get('set-cookie')).toBeNull();
		expect(await refused.json()).toMatchObject({ code: 'LOGIN_REFUSED' });
		for (let n = 1; n < LIMITS.loginFreeTries; n++) await site.request('/api/v1/login', wrong);
		const slowed = await site.request('/api/v1/login', wrong);
		expect(slowed.status).toBe(429);
		expect(slowed.headers.get('retry-after')).toBe('1');
		expect(await slowed.json()).toMatchObject({ code: 'TOO_MANY', retryAfterS: 1 });
	});

	test('signing in again ends the login that came with the request', async () => {
		const first = await site.signIn('reception');
		const second = await site.request(
			'/api/v1/login',
			jsonPost({ email: 'reception@example.org', password: PASSWORD }, { cookie: first.cookie }),
		);
		expect(second.status).toBe(200);
		expect((await first.get('/api/v1/me')).status).toBe(401);
	});
});

describe('lanes', () => {
	test('show what they do now, with times in the offset of the site', async () => {
		const reception = await site.signIn('reception');
		const { items } = await bodyOf(await reception.get('/api/v1/lanes'), '/api/v1/lanes');
		expect(items).toMatchObject([
			{
				id: 'L1',
				phaseSince: '2026-01-01T01:00:00.000+01:00',
				lastDecision: { at: '2026-07-01T10:00:00.000+02:00', subject: '<b>1-ABC-123</b>' },
			},
		]);
		await bodyOf(await reception.get('/api/v1/lanes/L1'), '/api/v1/lanes/{laneId}');
		expect((await reception.get('/api/v1/lanes/L9')).status).toBe(404);
	});

	test('an unchanged lane answers 304 to who has it', async () => {
		const reception = await site.signIn('reception');
		const etag = (await reception.get('/api/v1/lanes/L1')).headers.get('etag') ?? '';
		expect((await reception.get('/api/v1/lanes/L1', { 'if-none-match': etag })).status).toBe(304);
		expect((await reception.get('/api/v1/lanes/L1', { 'if-none-match': '"other"' })).status).toBe(200);
	});

	test('a vend opens for the operator who asks, with the reason', async () => {
		const reception = await site.signIn('reception');
		const answer = await reception.post('/api/v1/lanes/L1/vend', { reason: '  visitor on the intercom ' });
		expect(await bodyOf(answer, '/api/v1/lanes/{laneId}/vend')).toEqual({ result: 'opened', vendId: 'v-1' });
		const request = { laneId: 'L1', operatorId: reception.operatorId, reason: 'visitor on the intercom' };
		expect(site.lanes.vends).toEqual([request]);
	});

	test.each([
		[{ result: 'refused', because: 'noVehicle' } as const, 409, { code: 'VEND_REFUSED', because: 'noVehicle' }],
		[{ result: 'refused', because: 'busy' } as const, 409, { code: 'VEND_REFUSED', because: 'busy' }],
		[{ result: 'refused', because: 'storeFailure' } as const, 503, { code: 'VEND_REFUSED' }],
		[{ result: 'failed', vendId: 'v', problem: 'no answer' } as const, 502, { code: 'VEND_FAILED', vendId: 'v' }],
		[{ result: 'unknown', vendId: 'v', problem: 'no answer' } as const, 504, { code: 'VEND_UNKNOWN', vendId: 'v' }],
		[{ result: 'expired', vendId: 'v', problem: 'too late' } as const, 504, { code: 'VEND_EXPIRED', vendId: 'v' }],
	])('a vend that ends as %o is told apart', async (outcome, status, body) => {
		const reception = await site.signIn('reception');
		site.lanes.answer = outcome;
		const answer = await reception.post('/api/v1/lanes/L1/vend', { reason: 'test' });
		expect(answer.status).toBe(status);
		expect(await answer.json()).toMatchObject(body);
	});

	test.each([
		[{}, 'body.reason'],
		[{ reason: '   ' }, 'body.reason'],
		[{ reason: 'x'.repeat(LIMITS.reasonLength + 1) }, 'body.reason'],
		[{ reason: 7 }, 'body.reason'],
		[[], 'body'],
	])('a vend with the body %j names the field and how to mend it, and opens nothing', async (body, path) => {
		const reception = await site.signIn('reception');
		const answer = await reception.post('/api/v1/lanes/L1/vend', body);
		expect(answer.status).toBe(400);
		const { errors } = (await answer.json()) as { errors: { path: string; mend: string }[] };
		expect(errors[0]?.path).toBe(path);
		expect(errors[0]?.mend).toMatch(/^Send /);
		expect(site.lanes.vends).toEqual([]);
	});

	test('an unknown lane is 404 and opens nothing', async () => {
		const reception = await site.signIn('reception');
		expect((await reception.post('/api/v1/lanes/L9/vend', { reason: 'test' })).status).toBe(404);
		expect(site.lanes.vends).toEqual([]);
	});
});

describe('Idempotency-Key', () => {
	const path = '/api/v1/lanes/L1/vend';

	test('the same request sent again, even at once, opens once and gets the first answer', async () => {
		const reception = await site.signIn('reception');
		const send = () => reception.post(path, { reason: 'test' }, { 'idempotency-key': 'key-1' });
		const answers = await Promise.all([send(), send(), send()]);
		answers.push(await send());
		for (const answer of answers) expect(await answer.json()).toEqual({ result: 'opened', vendId: 'v-1' });
		expect(site.lanes.vends).toHaveLength(1);
	});

	test('a new key, another operator or a key that was forgotten is a new intention', async () => {
		const reception = await site.signIn('reception');
		const technician = await site.signIn('technician');
		const headers = { 'idempotency-key': 'key-1' };
		await reception.post(path, { reason: 'test' }, headers);
		await reception.post(path, { reason: 'test' }, { 'idempotency-key': 'key-2' });
		await technician.post(path, { reason: 'test' }, headers);
		expect(site.lanes.vends).toHaveLength(3);
		site.bench.clock.advance(LIMITS.idempotencyKeptMs);
		const later = await site.signIn('reception');
		await later.post(path, { reason: 'test' }, headers);
		expect(site.lanes.vends).toHaveLength(4);
	});

	test('a key used for another request is refused', async () => {
		const reception = await site.signIn('reception');
		await reception.post(path, { reason: 'test' }, { 'idempotency-key': 'key-1' });
		const other = await reception.post(path, { reason: 'other' }, { 'idempotency-key': 'key-1' });
		expect(other.status).toBe(422);
		expect(site.lanes.vends).toHaveLength(1);
	});

	test('keys remembered are bounded', async () => {
		const reception = await site.signIn('reception');
		for (let n = 0; n < LIMITS.idempotencyKeys + 2; n++) {
			await reception.post(path, { reason: 'test' }, { 'idempotency-key': `key-${n}` });
		}
		const count = site.lanes.vends.length;
		await reception.post(path, { reason: 'test' }, { 'idempotency-key': `key-${count - 1}` });
		expect(site.lanes.vends, 'the newest is remembered').toHaveLength(count);
		await reception.post(path, { reason: 'test' }, { 'idempotency-key': 'key-0' });
		expect(site.lanes.vends, 'the oldest is forgotten').toHaveLength(count + 1);
	});
});

describe('decisions', () => {
	const HOUR_MS = 3_600_000;
	const START_MS = Date.parse('2026-07-01T10:00:00+02:00');

	/** Six refusals an hour apart; every second one is Zoë's on L1, the others a stranger's on L2. */
	beforeEach(() => {
		for (let n = 0; n < 6; n++) {
			const stranger = n % 2 === 1 && { laneId: 'L2', holderName: null, subject: '2-XYZ-999' };
			site.decide({ id: `d-${n}`, atMs: START_MS + n * HOUR_MS, ...stranger });
		}
	});

	async function list(login: SignedIn, query: string): Promise<{ ids: string[]; nextCursor: string | null }> {
		const body = await bodyOf(await login.get(`/api/v1/decisions?${query}`), '/api/v1/decisions');
		const { items, nextCursor } = body as { items: { id: string }[]; nextCursor: string | null };
		return { ids: items.map(({ id }) => id), nextCursor };
	}

	test('X14 the access log is searched and filtered', async () => {
		const reception = await site.signIn('reception');
		expect((await list(reception, '')).ids).toEqual(['d-5', 'd-4', 'd-3', 'd-2', 'd-1', 'd-0']);
		expect((await list(reception, 'q=ZOE')).ids).toEqual(['d-4', 'd-2', 'd-0']);
		expect((await list(reception, 'lane=L2&outcome=refused&reason=NO_RIGHT')).ids).toEqual(['d-5', 'd-3', 'd-1']);
		expect((await list(reception, 'outcome=granted')).ids).toEqual([]);
		const range = 'from=2026-07-01T11:00:00%2B02:00&to=2026-07-01T11:00:00Z';
		expect((await list(reception, range)).ids, 'from is in, to is not').toEqual(['d-2', 'd-1']);
	});

	test('X14 pages follow each other without gap or repetition, also while decisions come in', async () => {
		const reception = await site.signIn('reception');
		const seen: string[] = [];
		let cursor: string | null = '';
		for (let page = 0; cursor !== null && page < 10; page++) {
			const { ids, nextCursor }: { ids: string[]; nextCursor: string | null } = await list(
				reception,
				cursor === '' ? 'limit=2' : `limit=2&cursor=${cursor}`,
			);
			seen.push(...ids);
			cursor = nextCursor;
			site.decide({ id: `new-${page}`, atMs: START_MS + 10 * HOUR_MS });
		}
		expect(seen).toEqual(['d-5', 'd-4', 'd-3', 'd-2', 'd-1', 'd-0']);
	});

	test.each([
		['limit=0', 'query.limit'],
		[`limit=${LIMITS.pageSize + 1}`, 'query.limit'],
		['limit=many', 'query.limit'],
		['outcome=maybe', 'query.outcome'],
		['reason=BAD_MOOD', 'query.reason'],
		['from=yesterday', 'query.from'],
		['from=2026-07-01T00:00:00', 'query.from'],
		['lnae=L1', 'query'],
	])('the query %s names what does not fit and how to mend it', async (query, path) => {
		const reception = await site.signIn('reception');
		const answer = await reception.get(`/api/v1/decisions?${query}`);
		expect(answer.status).toBe(400);
		const { errors } = (await answer.json()) as { errors: { path: string; mend: string }[] };
		expect(errors[0]?.path).toBe(path);
		expect(errors[0]?.mend).not.toBe('');
	});

	test.each(['forged', 'ZA', "d1'; DROP TABLE journal; --"])('the cursor %s is not ours', async (cursor) => {
		const reception = await site.signIn('reception');
		const answer = await reception.get(`/api/v1/decisions?cursor=${encodeURIComponent(cursor)}`);
		expect(answer.status).toBe(400);
		expect(await answer.json()).toMatchObject({ code: 'INVALID_REQUEST' });
	});

	test('X14 one decision tells every verdict and the facts, moments as times and durations as numbers', async () => {
		const reception = await site.signIn('reception');
		const body = await bodyOf(await reception.get('/api/v1/decisions/d-0'), '/api/v1/decisions/{decisionId}');
		expect(body).toMatchObject({
			summary: { id: 'd-0', at: '2026-07-01T10:00:00.000+02:00', subject: '<b>1-ABC-123</b>' },
			decision: { headline: 'NO_RIGHT', verdicts: [{ rule: 'UNKNOWN_CREDENTIAL' }, { rule: 'NO_RIGHT' }] },
			facts: { at: expect.stringMatching(/\+02:00$/), lane: { rules: { passageTimeoutMs: expect.any(Number) } } },
			journalledLate: false,
		});
		expect((await reception.get('/api/v1/decisions/d-9')).status).toBe(404);
	});
});

describe('devices, occupancy, sync', () => {
	test.each([
		['/api/v1/devices', '/api/v1/devices', { items: [{ id: 'reader-1', lastSeen: '2026-01-02T01:00:00.000+01:00' }] }],
		['/api/v1/devices/reader-1', '/api/v1/devices/{deviceId}', { id: 'reader-1', state: 'online' }],
		['/api/v1/occupancy', '/api/v1/occupancy', { items: [{ areaId: 'P1' }, { areaId: 'A1', occupied: 12 }] }],
		['/api/v1/sync', '/api/v1/sync', { outboxDepth: 4, lastAckAt: null, streams: [{ rev: 17 }] }],
		[
			'/api/v1/sync',
			'/api/v1/sync',
			{
				history: { gatewayEpoch: 'epoch-2', reason: 'restored', since: '2026-01-01T01:00:00.000+01:00' },
				deadLetters: { count: 1, newest: [{ seq: 7, code: 'invalidData', at: '2026-01-01T01:00:00.000+01:00' }] },
			},
		],
	])('%s shows them', async (url, path, expected) => {
		const technician = await site.signIn('technician');
		expect(await bodyOf(await technician.get(url), path)).toMatchObject(expected);
	});

	test('an unknown device is 404', async () => {
		const technician = await site.signIn('technician');
		expect((await technician.get('/api/v1/devices/reader-9')).status).toBe(404);
	});
});
