import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CentralBench, createCentralBench } from '../../support/central-bench.ts';

const HOLDER = {
	id: 'h1',
	kind: 'person',
	name: 'Anna Peeters',
	email: null,
	status: 'active',
};
const DECISION = {
	type: 'parkgate.decision',
	data: {
		...{ lane: 'L1', direction: 'entry', outcome: 'granted', headline: null, subject: '1ABC123' },
		...{ holder: 'h1', credential: null, right: null, vend: null },
	},
};

let bench: CentralBench;
beforeEach(async () => {
	bench = createCentralBench();
	bench.central.start();
	await bench.settle();
});
afterEach(() => bench.end());

describe('central’s API (N11)', () => {
	it('takes nobody without a token, names how to sign in, and lets a token do what its role includes', async () => {
		const { request, api } = bench;
		const bare = await request('/api/v1/sites');
		expect(bare.status).toBe(401);
		expect(bare.headers.get('www-authenticate')).toBe('Bearer realm="parkgate"');
		expect(bare.headers.get('content-type')).toBe('application/problem+json');
		const wrong = await request('/api/v1/sites', { headers: { authorization: 'Bearer parkgate-central-guess' } });
		expect(wrong.status).toBe(401);
		expect((await api('reception', 'GET', '/api/v1/sites')).status).toBe(200);
		expect((await api('reception', 'GET', '/api/v1/streams')).body).toMatchObject({ status: 403, code: 'FORBIDDEN' });
		const closing = { op: 'close', target: 'L1', reason: 'works' };
		(await bench.site('north')).born();
		await bench.settle();
		expect((await api('reception', 'POST', '/api/v1/sites/north/commands', closing)).status).toBe(403);
		expect((await api('security', 'PUT', '/api/v1/rows/holders/h1', HOLDER)).status).toBe(403);
	});

	it('ends with its token: removed or expired, it is nobody’s at once', async () => {
		const { central, request, clock } = bench;
		const { text } = central.tokens.add({ name: 'short', role: 'administrator', expiresAtMs: clock.nowMs() + 1_000 });
		const ask = () => request('/api/v1/me', { headers: { authorization: `Bearer ${text}` } });
		expect(await (await ask()).json()).toMatchObject({ name: 'short', role: 'administrator' });
		clock.advance(1_000);
		expect((await ask()).status).toBe(401);
		const second = central.tokens.add({ name: 'second', role: 'administrator', expiresAtMs: null });
		const askSecond = () => request('/api/v1/me', { headers: { authorization: `Bearer ${second.text}` } });
		expect((await askSecond()).status).toBe(200);
		expect(central.tokens.remove('second')).toBe(true);
		expect((await askSecond()).status).toBe(401);
		expect(() => central.tokens.add({ name: 'short', role: 'security', expiresAtMs: null })).toThrow(/remove it first/);
	});

	it('shows sites with state, what waits, what is behind, what is missing and what did not fit', async () => {
		const { api, central, clock } = bench;
		const centralEpoch = central.heads()[0]?.centralEpoch ?? '';
		central.change('people', [{ op: 'put', table: 'holders', key: 'h1', row: HOLDER }]);
		const north = await bench.site('north');
		north.born([{ stream: 'people', centralEpoch, rev: 0 }], 5);
		(await bench.site('south')).born([{ stream: 'people', centralEpoch: 'other', rev: 7 }]);
		await bench.settle();
		north.tells([DECISION, { type: 'parkgate.decision', data: { lane: 7 } }]);
		north.tells([DECISION], 1);
		await bench.settle();
		const { body } = await api('technician', 'GET', '/api/v1/sites?limit=1');
		expect(body.items).toEqual([
			{
				...{ site: 'north', online: true, version: '1.0.0', gatewayEpoch: 'e1', clock: 'synced', problem: null },
				...{ storedTo: 2, ahead: 1, rejected: 1, queueDepth: 3, lastSeen: expect.stringMatching(/\+01:00$/) },
				lastEvent: { type: 'parkgate.decision', time: expect.any(String), received: expect.any(String) },
				streams: [{ stream: 'people', rev: 0, behind: 1, parked: 0 }],
				unusable: [],
			},
		]);
		const next = await api('technician', 'GET', `/api/v1/sites?limit=1&cursor=${body.nextCursor}`);
		expect(next.body).toMatchObject({ items: [{ site: 'south', streams: [{ behind: null }] }], nextCursor: null });
		bench.wire.cut('acme-south');
		clock.advance(100);
		expect((await api('technician', 'GET', '/api/v1/sites?online=false')).body.items).toMatchObject([
			{ site: 'south' },
		]);
		expect((await api('technician', 'GET', '/api/v1/status')).body).toMatchObject({
			sites: 2,
			online: 1,
			connected: true,
		});
		expect((await api('technician', 'GET', '/api/v1/sites/nowhere')).body).toMatchObject({ code: 'NOT_FOUND' });
		expect((await api('technician', 'GET', '/api/v1/sites?cursor=x')).body).toMatchObject({ code: 'INVALID_REQUEST' });
	});

	it('pages events newest first across histories, narrowed by type and text', async () => {
		const { api } = bench;
		const first = await bench.site('north', 'e1');
		first.born();
		await bench.settle();
		first.tells([DECISION, { type: 'parkgate.lane', data: { lane: 'L2', event: 'held', decision: null, detail: {} } }]);
		await bench.settle();
		first.lost();
		const second = await bench.site('north', 'e2');
		second.born();
		second.tells([DECISION]);
		await bench.settle();
		const seen: string[] = [];
		for (let cursor = ''; ; ) {
			const { body } = await api('security', 'GET', `/api/v1/sites/north/events?limit=1${cursor}`);
			seen.push(
				...body.items.map((event: { gatewayEpoch: string; seq: number }) => `${event.gatewayEpoch}/${event.seq}`),
			);
			if (body.nextCursor === null) break;
			cursor = `&cursor=${body.nextCursor}`;
		}
		expect(seen).toEqual(['e2/1', 'e1/2', 'e1/1']);
		const lanes = await api('security', 'GET', '/api/v1/sites/north/events?type=parkgate.lane');
		expect(lanes.body.items).toMatchObject([{ data: { lane: 'L2' } }]);
		const plates = await api('security', 'GET', '/api/v1/sites/north/events?q=1abc');
		expect(plates.body.items).toHaveLength(2);
	});

	it('lists what a site told again in a new epoch once, edits among them', async () => {
		const { api } = bench;
		const first = await bench.site('north', 'e1');
		first.born();
		await bench.settle();
		const edit = {
			...{ operator: 'anna', batch: 'b', table: 'holders', key: 'h1', baseRev: 0 },
			row: HOLDER,
		};
		first.tells([
			{ ...DECISION, id: 'd1' },
			{ type: 'parkgate.edit', data: edit, id: 'm1' },
		]);
		await bench.settle();
		first.lost();
		const again = await bench.site('north', 'e2');
		again.born();
		again.tells([
			{ ...DECISION, id: 'd1', first: { epoch: 'e1', seq: 1 } },
			{ type: 'parkgate.edit', data: edit, id: 'm1', first: { epoch: 'e1', seq: 2 } },
			{ ...DECISION, id: 'd2' },
		]);
		await bench.settle();
		const { body } = await api('security', 'GET', '/api/v1/sites/north/events');
		expect(body.items.map(({ id }: { id: string }) => id)).toEqual(['d2', 'm1', 'd1']);
		const edits = await api('administrator', 'GET', '/api/v1/sites/north/edits');
		expect(edits.body.items.map(({ id }: { id: string }) => id)).toEqual(['m1']);
	});

	it('asks a site to act, tells what became of it, and does nothing twice for one key', async () => {
		const { api } = bench;
		const north = await bench.site('north');
		north.born();
		await bench.settle();
		const vend = { op: 'vend', target: 'L1', reason: 'a delivery' };
		const send = (headers = {}) => api('administrator', 'POST', '/api/v1/sites/north/commands', vend, headers);
		const whileTimePasses = async <T>(asked: Promise<T>): Promise<T> => {
			await bench.clock.advanceAsync(25_000);
			return asked;
		};
		north.answers('done');
		const key = { 'idempotency-key': 'k1' };
		const done = await whileTimePasses(send(key));
		expect(done).toMatchObject({ status: 200, body: { outcome: 'done' } });
		expect((await whileTimePasses(send(key))).body).toEqual(done.body);
		expect(north.heard.filter(({ type }) => type === 'command')).toHaveLength(1);
		expect(north.heard.find(({ type }) => type === 'command')?.body).toMatchObject({ by: 'administrator', op: 'vend' });
		north.answers('refused');
		expect(await whileTimePasses(send())).toMatchObject({
			status: 409,
			body: { code: 'COMMAND_REFUSED', detail: 'the lane said no' },
		});
		north.lost();
		await bench.settle();
		expect(await whileTimePasses(send())).toMatchObject({ status: 409, body: { code: 'COMMAND_REFUSED' } });
		const { body } = await api('reception', 'GET', '/api/v1/sites/north/commands');
		expect(body.items.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['refused', 'refused', 'done']);
	});

	it('changes a row only as it was read, and sites have it from the rev it answers', async () => {
		const { api, changed } = bench;
		const path = '/api/v1/rows/holders/h1';
		expect(await api('administrator', 'PUT', path, HOLDER, { 'if-none-match': '*' })).toMatchObject({
			status: 200,
			body: { stream: 'people', rev: 1 },
		});
		expect((await api('administrator', 'PUT', path, HOLDER, { 'if-none-match': '*' })).status).toBe(412);
		const read = await api('administrator', 'GET', path);
		expect(read.body).toMatchObject(HOLDER);
		const match = { 'if-match': read.headers.get('etag') ?? '' };
		const renamed = { ...read.body, name: 'Anna Maes' };
		expect((await api('administrator', 'PUT', path, renamed, match)).body.rev).toBe(2);
		expect((await api('administrator', 'PUT', path, HOLDER, match)).body).toMatchObject({
			status: 412,
			code: 'CHANGED',
		});
		expect((await api('administrator', 'PUT', path, { kind: 'robot' })).body).toMatchObject({
			code: 'INVALID_REQUEST',
		});
		expect((await api('administrator', 'DELETE', path)).body.rev).toBe(3);
		expect((await api('administrator', 'DELETE', path)).status).toBe(404);
		expect((await api('administrator', 'GET', path)).status).toBe(404);
		expect(changed).toEqual(Array(3).fill('administrator holders 1'));
	});

	it('changes many rows all or none, and lists them by key', async () => {
		const { api } = bench;
		const put = (key: string) => ({
			op: 'put',
			table: 'holders',
			key,
			row: { ...HOLDER, id: key, name: `Name ${key}` },
		});
		const send = (ops: readonly object[]) => api('administrator', 'POST', '/api/v1/streams/people/changes', { ops });
		expect((await send([put('a'), put('b'), put('c')])).body).toEqual({ stream: 'people', rev: 3 });
		expect((await send([put('d'), { op: 'put', table: 'holders', key: 'e', row: { id: 'e' } }])).status).toBe(400);
		expect((await send([{ op: 'put', table: 'credentials', key: 'x', row: {} }])).status).toBe(400);
		const page = await api('reception', 'GET', '/api/v1/rows/holders?limit=2');
		expect(page.body.items.map(({ key }: { key: string }) => key)).toEqual(['a', 'b']);
		const last = await api('reception', 'GET', `/api/v1/rows/holders?limit=2&cursor=${page.body.nextCursor}`);
		expect(last.body.items.map(({ key }: { key: string }) => key)).toEqual(['c']);
		expect((await api('reception', 'GET', '/api/v1/rows/holders?q=name%20B')).body.items).toHaveLength(1);
		expect((await bench.api('administrator', 'GET', '/api/v1/rows/nothing')).status).toBe(400);
		const counting = api('technician', 'GET', '/api/v1/streams');
		await bench.settle();
		const { body } = await counting;
		expect(body.items).toMatchObject([
			{ stream: 'access' },
			{ stream: 'licences' },
			{ stream: 'operators' },
			{ stream: 'people', rev: 3, floor: 0 },
		]);
		expect(body.items[3].tables).toContainEqual({ table: 'holders', rows: 3 });
	});

	it('shows what a QR code says only to who may read it, and keeps it where a row comes back masked', async () => {
		const { api, central } = bench;
		const row = {
			id: 'q1',
			holderId: 'h1',
			kind: 'qr',
			value: 'a-very-long-secret-code',
			label: 'QR',
			state: 'active',
		};
		central.change('access', [
			{ op: 'put', table: 'credentials', key: 'q1', row: { ...row, validFromMs: null, validToMs: null } },
		]);
		const path = '/api/v1/rows/credentials/q1';
		const masked = await api('reception', 'GET', path);
		expect(masked.body.value).not.toContain('secret');
		expect(JSON.stringify((await api('administrator', 'GET', '/api/v1/rows/credentials')).body)).not.toContain(
			'secret',
		);
		expect((await api('administrator', 'GET', path)).body.value).toBe(row.value);
		await api('reception', 'PUT', path, { ...masked.body, state: 'lost' });
		expect(central.rows('access').get('credentials/q1')).toMatchObject({ value: row.value, state: 'lost' });
	});

	it('lists edits of a site with central’s word on each', async () => {
		const { api } = bench;
		const north = await bench.site('north');
		north.born();
		await bench.settle();
		const edit = (id: string, row: object | null) => ({
			type: 'parkgate.edit',
			id,
			data: { operator: 'anna', batch: 'b', table: 'holders', key: 'h1', baseRev: 0, row },
		});
		north.tells([edit('m1', HOLDER), edit('m2', { id: 'h1' }), edit('m3', null)]);
		north.tells([edit('m4', HOLDER)], 1);
		await bench.settle();
		const { body } = await api('reception', 'GET', '/api/v1/sites/north/edits?limit=3');
		expect(body.items).toMatchObject([
			{ id: 'm4', answer: null, operator: 'anna' },
			{ id: 'm3', row: null, answer: { result: 'accepted', stream: 'people', rev: 2 } },
			{ id: 'm2', answer: { result: 'rejected', code: 'invalid' } },
		]);
		const older = await api('reception', 'GET', `/api/v1/sites/north/edits?cursor=${body.nextCursor}`);
		expect(older.body.items).toMatchObject([{ id: 'm1', answer: { result: 'accepted', rev: 1 } }]);
	});

	it('X17: rejects an edit of what only central changes in a row that the site knew, and takes the rest and its proposals', async () => {
		const { api, central } = bench;
		const pool = { id: 'p1', name: 'Tenant', capacity: 5 };
		central.change('access', [{ op: 'put', table: 'pools', key: 'p1', row: pool }]);
		const rev = central.heads().find(({ stream }) => stream === 'access')?.rev ?? 0;
		const north = await bench.site('north');
		north.born();
		await bench.settle();
		const edit = (id: string, row: { readonly id: string; readonly [field: string]: unknown }, baseRev: number) => ({
			type: 'parkgate.edit',
			id,
			data: { operator: 'anna', batch: id, table: 'pools', key: row.id, baseRev, row },
		});
		north.tells([
			edit('larger', { ...pool, capacity: 500 }, rev),
			edit('renamed', { ...pool, name: 'Tenants' }, rev),
			edit('proposed', { id: 'p2', name: 'Guests', capacity: 3 }, rev),
			// Before the site has heard that central took it.
			edit('changed', { id: 'p2', name: 'Guests', capacity: 4 }, rev),
			edit('later', { id: 'p2', name: 'Guests', capacity: 9 }, rev + 4),
		]);
		await bench.settle();
		const { body } = await api('administrator', 'GET', '/api/v1/sites/north/edits');
		const answers = Object.fromEntries(
			body.items.map(({ id, answer }: { id: string; answer: { result: string; code?: string } }) => [
				id,
				answer.code ?? answer.result,
			]),
		);
		expect(answers).toEqual({
			...{ larger: 'centralOwned', renamed: 'accepted', proposed: 'accepted', changed: 'accepted' },
			later: 'centralOwned',
		});
		expect(central.rows('access').get('pools/p1')).toMatchObject({ ...pool, name: 'Tenants' });
		expect(central.rows('access').get('pools/p2')).toMatchObject({ capacity: 4 });
	});

	it('describes every route in a document that names bearer tokens', async () => {
		const document = await (await bench.request('/api/openapi.json')).json();
		expect(document.info.title).toBe('Parkgate central');
		expect(document.components.securitySchemes.login).toMatchObject({ type: 'http', scheme: 'bearer' });
		for (const { path, method } of bench.http.routes) expect(document.paths[path]?.[method], path).toBeDefined();
		expect((await bench.request('/api/docs')).status).toBe(200);
		expect((await bench.request('/healthz')).status).toBe(200);
	});

	it('is ready while the broker is reached', async () => {
		expect((await bench.request('/readyz')).status).toBe(200);
		bench.wire.restartEmpty();
		await bench.clock.advanceAsync(1);
		expect(await (await bench.request('/readyz')).json()).toMatchObject({ status: 503, code: 'NOT_READY' });
		expect((await bench.api('technician', 'GET', '/api/v1/status')).body).toMatchObject({
			connected: false,
			problem: 'the broker restarted',
		});
	});
});
