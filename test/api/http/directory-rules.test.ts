import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DIRECTORY_FACES, type DirectoryFace } from '../../../src/api/http/directory-faces.ts';
import { isMasked, maskText } from '../../../src/gateway/core/directory/mask.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { fillWithSamples, type SampleIds, sampleBody } from '../../support/directory-samples.ts';
import { createHttpSite, type HttpSite, type SignedIn } from '../../support/http-site.ts';

type Body = Record<string, unknown>;

let site: HttpSite;
let admin: SignedIn;
let ids: SampleIds;
beforeAll(async () => {
	site = createHttpSite();
	admin = await site.signIn('administrator');
	ids = fillWithSamples(site.services.edits);
});
afterAll(() => site.close());

const jsonOf = async (answer: Response) => (await answer.json()) as Body;
const person = (change: Body = {}) => ({ kind: 'person', name: 'Anna Peeters', status: 'active', ...change });
const plate = (value: string, change: Body = {}) => ({
	...{ kind: 'plate', value, holderId: ids['holders'], state: 'active' },
	...change,
});

async function made(path: string, body: Body): Promise<{ at: string; row: Body; batch: string }> {
	const answer = await admin.post(`/api/v1/${path}`, body);
	const row = await jsonOf(answer);
	expect(answer.status, JSON.stringify(row)).toBe(201);
	return { at: answer.headers.get('location') ?? '', row, batch: answer.headers.get('edit-batch') ?? '' };
}

async function refusal(answer: Response): Promise<{ status: number; code: unknown; errors: Body[] }> {
	const body = await jsonOf(answer);
	expect(answer.headers.get('content-type')).toBe('application/problem+json');
	return { status: answer.status, code: body['code'], errors: (body['errors'] ?? []) as Body[] };
}

test.each([
	['tag', '0f0368568b', 'Send 0F0368568B.'],
	['tag', '26:9a-dd-df-00', 'Send 26:9ADDDF00.'],
	['tag', 'my card', 'hexadecimal digits'],
	['pin', '12a4', 'Send 4 to 12 digits.'],
	['pin', '123', 'Send 4 to 12 digits.'],
])(
	'X7 a %s of the value %s is what nothing at a lane ever tells: refused, with how to write it',
	async (kind, value, mend) => {
		const answer = await admin.post('/api/v1/credentials', plate(value, { kind }));
		expect(await refusal(answer)).toMatchObject({
			...{ status: 400, code: 'INVALID_REQUEST' },
			errors: [{ path: 'body.value', mend: expect.stringContaining(mend) }],
		});
	},
);

test('X7 an id says of what it may consist', async () => {
	const { errors } = await refusal(await admin.post('/api/v1/holders', person({ id: '../x' })));
	expect(errors).toMatchObject([{ path: 'body.id', mend: expect.stringContaining('letters (a-z), digits') }]);
});

describe('a collection of some rows of a table', () => {
	test('X13 vehicles are holders of one kind: others are not there, and its own stay in it', async () => {
		const { at: anna } = await made('holders', person());
		const asVehicle = anna.replace('/holders/', '/vehicles/');
		for (const answer of [
			await admin.get(asVehicle),
			await admin.get(`${asVehicle}/history`),
			await admin.send('PATCH', asVehicle, { name: 'x' }),
			await admin.send('DELETE', asVehicle),
		]) {
			expect(answer.status).toBe(404);
		}
		const { at, row } = await made('vehicles', { name: 'Van', status: 'active', make: 'Fiat' });
		expect(row).toMatchObject({ kind: 'vehicle', make: 'Fiat' });
		expect(await jsonOf(await admin.get(at.replace('/vehicles/', '/holders/')))).toEqual(row);
		const other = await refusal(await admin.send('PATCH', at, { kind: 'person' }));
		expect(other).toMatchObject({ status: 400, errors: [{ path: 'body.kind', mend: 'Send "vehicle".' }] });
		expect((await admin.post('/api/v1/vehicles', { ...person(), name: 'x' })).status).toBe(400);
		const { items } = await jsonOf(await admin.get('/api/v1/vehicles?limit=200'));
		for (const item of items as Body[]) expect(item['kind']).toBe('vehicle');
		const id = anna.split('/').at(-1);
		const batch = await refusal(await admin.post('/api/v1/vehicles/batch', { changes: [{ op: 'delete', id }] }));
		expect(batch).toMatchObject({ status: 409, code: 'GONE', errors: [{ path: 'body.changes.0', code: 'notFound' }] });
	});
});

describe('what other rows have to say', () => {
	test('a value that another row has is refused with which one', async () => {
		const { row } = await made('credentials', plate('1ABC001'));
		const { status, code, errors } = await refusal(await admin.post('/api/v1/credentials', plate('1ABC001')));
		expect([status, code]).toEqual([409, 'NOT_UNIQUE']);
		expect(errors).toEqual([
			{
				path: 'body.value',
				code: 'notUnique',
				problem: expect.stringContaining(String(row['id'])),
				mend: `Send another value, or change /api/v1/credentials/${row['id']} first.`,
			},
		]);
	});

	test('X17 an id that names nothing is refused with where to find one', async () => {
		const unknown = await refusal(await admin.post('/api/v1/credentials', plate('1ABC002', { holderId: 'nobody' })));
		expect(unknown).toMatchObject({
			...{ status: 422, code: 'UNKNOWN_REFERENCE' },
			errors: [{ path: 'body.holderId', mend: 'Send an id of GET /api/v1/holders.' }],
		});
		const area = await refusal(await admin.send('PATCH', `/api/v1/pools/${ids['pools']}`, { areaId: 'nowhere' }));
		expect(area).toMatchObject({
			errors: [{ path: 'body.areaId', mend: 'Send an id of the areas in GET /api/v1/areas.' }],
		});
	});

	test('what rows need stays, and its refusal links to them', async () => {
		const url = `/api/v1/right-specifications/${ids['rightSpecifications']}`;
		for (const answer of [await admin.send('DELETE', url), await admin.send('DELETE', `${url}?preview`)]) {
			const { status, code, errors } = await refusal(answer);
			expect([status, code, errors[0]?.['path']]).toEqual([409, 'IN_USE', 'path.id']);
			const [, link] = /GET (\S+)/.exec(String(errors[0]?.['mend'])) ?? [];
			const { items } = await jsonOf(await admin.get(link ?? ''));
			expect(items).toMatchObject([{ specificationId: ids['rightSpecifications'] }]);
		}
	});

	test('a holder goes with credentials, is said to before, and not when only alone', async () => {
		const { at, row } = await made('holders', person());
		const { row: card } = await made('credentials', plate('1ABC003', { holderId: row['id'] }));
		const preview = await jsonOf(await admin.send('DELETE', `${at}?preview=true`));
		expect(preview['rows']).toEqual([
			{ collection: 'credentials', id: card['id'], deleted: true },
			{ collection: 'holders', id: row['id'], deleted: true },
		]);
		expect((await refusal(await admin.send('DELETE', `${at}?alone`))).code).toBe('IN_USE');
		const gone = await admin.send('DELETE', at);
		expect(gone.status).toBe(204);
		expect((await admin.get(`/api/v1/credentials/${card['id']}`)).status).toBe(404);
		await admin.post(`/api/v1/edits/${gone.headers.get('edit-batch')}/undo`);
		expect(await jsonOf(await admin.get(`/api/v1/credentials/${card['id']}`))).toEqual(card);
	});

	test('an order of two moments is checked, in the names of the API', async () => {
		const wrong = plate('1ABC004', { validFrom: '2026-08-02T00:00:00+02:00', validTo: '2026-08-01T00:00:00Z' });
		const { errors } = await refusal(await admin.post('/api/v1/credentials', wrong));
		expect(errors).toMatchObject([{ path: 'body.validTo', problem: 'is not after validFrom' }]);
	});

	test('what contradicts another row says how to mend it', async () => {
		await made('bundles', { name: 'Default', tag: 'one', specificationIds: [], isDefault: true });
		const second = { name: 'Second', tag: 'two', specificationIds: [], isDefault: true };
		expect(await refusal(await admin.post('/api/v1/bundles', second))).toMatchObject({
			...{ status: 409, code: 'CONFLICT' },
			errors: [
				{ path: 'body.isDefault', problem: 'Default is the default already', mend: expect.stringMatching(/^Choose/) },
			],
		});
		const { row } = await made('groups', { name: 'Outer', kind: 'role' });
		const { row: inner } = await made('groups', { name: 'Inner', kind: 'role', parentId: row['id'] });
		const looped = await admin.send('PATCH', `/api/v1/groups/${row['id']}`, { parentId: inner['id'] });
		expect((await refusal(looped)).errors).toMatchObject([{ path: 'body.parentId', code: 'conflict' }]);
	});

	test('ids are fit for a path, and stay as they are', async () => {
		for (const id of ['a/b', '..', '', ' ', 'export', 'ä', 'x'.repeat(65), '.hidden', 'a\nb']) {
			const { errors } = await refusal(await admin.post('/api/v1/holders', person({ id })));
			expect(errors, id).toMatchObject([{ path: 'body.id' }]);
		}
		const { at } = await made('holders', person({ id: 'payroll:1207' }));
		expect(at).toBe('/api/v1/holders/payroll%3A1207');
		expect((await admin.get(at)).status).toBe(200);
		const again = await refusal(await admin.post('/api/v1/holders', person({ id: 'payroll:1207' })));
		expect(again).toMatchObject({ status: 409, code: 'EXISTS', errors: [{ path: 'body.id' }] });
		const moved = await refusal(await admin.send('PATCH', at, { id: 'other' }));
		expect(moved).toMatchObject({ status: 400, errors: [{ path: 'body.id' }] });
	});
});

describe('several changes together', () => {
	const batch = (path: string, changes: unknown[], headers = {}) =>
		admin.post(`/api/v1/${path}/batch`, { changes }, headers);

	test('X7 are made, changed and deleted in one go, and undone in one', async () => {
		const { row: old } = await made('holders', person({ name: 'Old' }));
		const { row: kept } = await made('holders', person({ name: 'Kept' }));
		const answer = await batch('holders', [
			{ op: 'create', row: person({ id: 'new-1', name: 'New' }) },
			{ op: 'update', id: 'new-1', fields: { note: 'twice' } },
			{ op: 'update', id: kept['id'], fields: { name: 'Renamed' } },
			{ op: 'delete', id: old['id'] },
		]);
		const { batchId, rows } = await jsonOf(answer);
		expect(rows).toMatchObject([
			{ collection: 'holders', id: 'new-1', deleted: false, row: { name: 'New', note: 'twice' } },
			{ id: kept['id'], row: { name: 'Renamed' } },
			{ id: old['id'], deleted: true, row: null },
		]);
		expect((await admin.post(`/api/v1/edits/${batchId}/undo`)).status).toBe(200);
		expect((await admin.get('/api/v1/holders/new-1')).status).toBe(404);
		for (const row of [old, kept]) expect(await jsonOf(await admin.get(`/api/v1/holders/${row['id']}`))).toEqual(row);
	});

	test('are all refused when one is, with the place of each', async () => {
		const before = site.bench.store.journal.lastSeq();
		const { status, errors } = await refusal(
			await batch('credentials', [
				{ op: 'create', row: plate('1ABC010') },
				{ op: 'create', row: plate('1ABC010') },
				{ op: 'update', id: 'nobody', fields: { note: 'x' } },
			]),
		);
		expect(status).toBe(409);
		expect(errors).toMatchObject([{ path: 'body.changes.2', code: 'notFound' }]);
		const twice = await refusal(
			await batch('credentials', [
				{ op: 'create', row: plate('1ABC010') },
				{ op: 'create', row: plate('1ABC010') },
			]),
		);
		expect(twice.errors[0]).toMatchObject({ path: expect.stringMatching(/^body\.changes\.[01]\.row\.value$/) });
		const field = await refusal(await batch('holders', [{ op: 'update', id: 'x', fields: { status: 'asleep' } }]));
		expect(field).toMatchObject({ status: 400, errors: [{ path: 'body.changes.0.fields.status' }] });
		expect(site.bench.store.journal.lastSeq()).toBe(before);
	});

	test('hold to the ETag each was read with', async () => {
		const { at, row } = await made('holders', person());
		const etag = (await admin.get(at)).headers.get('etag');
		const update = { op: 'update', id: row['id'], fields: { name: 'First' }, ifMatch: etag };
		expect((await batch('holders', [update])).status).toBe(200);
		const late = await refusal(await batch('holders', [{ ...update, fields: { name: 'Second' } }]));
		expect(late).toMatchObject({ status: 409, code: 'CHANGED', errors: [{ path: 'body.changes.0' }] });
	});

	test('are at most so many, and sent again they are made once', async () => {
		const many = Array.from({ length: LIMITS.changesAsked + 1 }, () => ({ op: 'create', row: person() }));
		expect(await refusal(await batch('holders', many))).toMatchObject({
			status: 400,
			errors: [{ path: 'body.changes' }],
		});
		expect((await batch('holders', [])).status).toBe(400);
		const headers = { 'idempotency-key': 'batch-1' };
		const [first, second] = [
			await batch('holders', [{ op: 'create', row: person() }], headers),
			await batch('holders', [{ op: 'create', row: person() }], headers),
		];
		expect(await jsonOf(second)).toEqual(await jsonOf(first));
	});
});

describe('undo', () => {
	test('is refused when somebody changed the row since, and for what never was', async () => {
		const { at, batch } = await made('holders', person());
		await admin.send('PATCH', at, { name: 'Anna Maes' });
		const late = await refusal(await admin.post(`/api/v1/edits/${batch}/undo`));
		expect(late).toMatchObject({ status: 409, code: 'CHANGED', errors: [{ path: 'path.batchId' }] });
		expect((await admin.post('/api/v1/edits/nosuch/undo')).status).toBe(404);
	});

	test('needs the permission for every table that the batch changed', async () => {
		const reception = await site.signIn('reception');
		const { batch } = await made('schedules', { name: 'Office', periods: [], specialDays: [] });
		expect((await refusal(await reception.post(`/api/v1/edits/${batch}/undo`))).status).toBe(403);
		const { batch: own } = await made('holders', person());
		expect((await reception.post(`/api/v1/edits/${own}/undo`)).status).toBe(200);
	});
});

describe('any text', () => {
	const nasty = fc.oneof(
		fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
		fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
		fc.constantFrom(
			'<script>alert(1)</script>',
			"'; DROP TABLE holders;--",
			'=HYPERLINK("http://evil")',
			'\u202Egnp.exe',
			'a\u0000b',
			'\r\nSet-Cookie: a=b',
			'__proto__',
			'{{7*7}}',
			'%00%0d',
		),
	);

	test('in any field of text is stored and shown as it is', async () => {
		const texts = DIRECTORY_FACES.flatMap((collection: DirectoryFace) =>
			Object.entries(collection.aggregate.fields)
				.filter(
					([name, { input, schema }]) => name !== 'id' && input.kind === 'text' && schema.safeParse('a b').success,
				)
				.map(([name]) => ({ collection, name })),
		);
		expect(texts.length).toBeGreaterThan(20);
		let n = 1_000;
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(...texts), nasty, async ({ collection, name }, text) => {
				fc.pre(!isMasked(text));
				const sent = { ...sampleBody(collection, n++, ids), [name]: `${text}` };
				const answer = await admin.post(collection.path, sent);
				const row = await jsonOf(answer);
				if (answer.status === 201) {
					expect(row[name]).toBe(text);
					const at = answer.headers.get('location') ?? '';
					expect((await jsonOf(await admin.get(at)))[name]).toBe(text);
					expect((await jsonOf(await admin.get(`${at}/history`)))['items']).toMatchObject([
						{ after: { [name]: text } },
					]);
					expect((await admin.send('DELETE', at)).status).toBe(204);
				} else expect(row).toMatchObject({ status: expect.any(Number), errors: [{ path: `body.${name}` }] });
			}),
			{ numRuns: 150 },
		);
		const errors = site.bench.log.lines.filter(({ level }) => level === 'error');
		expect(errors).toEqual([]);
	});

	test('in a search, a filter, a cursor or a path finds nothing and breaks nothing', async () => {
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(...DIRECTORY_FACES), nasty, async ({ path, face }, text) => {
				const asked = encodeURIComponent(text);
				for (const url of [
					`${path}?q=${asked}`,
					`${path}?cursor=${asked}`,
					`${path}/${asked}`,
					`${path}/${asked}/history`,
				]) {
					expect([200, 400, 404]).toContain((await admin.get(url)).status);
				}
				for (const name of face.filters)
					expect([200, 400]).toContain((await admin.get(`${path}?${name}=${asked}`)).status);
			}),
			{ numRuns: 60 },
		);
	});

	test('half a character is refused: stored it would be another', async () => {
		const { csrf, cookie } = admin;
		const headers = { cookie, 'x-csrf-token': csrf, 'content-type': 'application/json' };
		for (const body of [
			'{"kind":"person","status":"active","name":"\\ud800"}',
			'{"kind":"person","status":"active","name":"x","tags":["\\uDFFF"]}',
		]) {
			const answer = await site.request('/api/v1/holders', { method: 'POST', body, headers });
			expect((await refusal(answer)).errors).toMatchObject([{ path: 'body' }]);
		}
		const whole = '{"kind":"person","status":"active","name":"\\ud83d\\ude97 \\\\ud800"}';
		const answer = await site.request('/api/v1/holders', { method: 'POST', body: whole, headers });
		expect((await jsonOf(answer))['name']).toBe('🚗 \\ud800');
		const deep = `{"name":"\\ud800","x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
		expect((await site.request('/api/v1/holders', { method: 'POST', body: deep, headers })).status).toBe(400);
	});

	test('names of an object’s own innards are just unknown fields', async () => {
		const { csrf, cookie } = admin;
		const headers = { cookie, 'x-csrf-token': csrf, 'content-type': 'application/json' };
		for (const name of ['__proto__', 'constructor', 'toString']) {
			const body = `{"kind":"person","status":"active","name":"x","${name}":{"polluted":true}}`;
			const answer = await site.request('/api/v1/holders', { method: 'POST', body, headers });
			expect(answer.status, name).toBe(400);
		}
		expect('polluted' in {}).toBe(false);
	});
});

describe('a list as a file', () => {
	test('carries what the list is narrowed to, opens in no spreadsheet as a formula, and is journalled', async () => {
		await made('holders', person({ name: '=HYPERLINK("x")', externalId: 'taken-1' }));
		await made('vehicles', { name: 'Taken van', status: 'active', make: 'Fiat' });
		const answer = await admin.get('/api/v1/holders/export?format=csv&q=hyperlink&lang=en');
		expect(answer.status).toBe(200);
		expect(answer.headers.get('content-type')).toContain('text/csv');
		expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="holders-\d{4}-\d\d-\d\d\.csv"$/);
		const csv = await answer.text();
		expect(csv).toContain('HYPERLINK');
		expect(csv).not.toMatch(/(^|[,;"])=/m);
		expect(csv).not.toContain('Taken van');
		const vehicles = await (await admin.get('/api/v1/vehicles/export?format=jsonl')).text();
		const rows = vehicles
			.trim()
			.split('\n')
			.map((line) => JSON.parse(line) as Body);
		expect(rows.map(({ name }) => name)).toContain('Taken van');
		expect(vehicles).not.toContain('HYPERLINK');
		const workbook = await admin.get('/api/v1/credentials/export?format=xlsx&kind=plate');
		expect(new Uint8Array(await workbook.arrayBuffer()).subarray(0, 2)).toEqual(new TextEncoder().encode('PK'));
		const journalled = () => site.bench.audits().filter(({ action }) => action === 'directoryExported');
		expect(journalled()).toMatchObject([
			{ operatorId: admin.operatorId, target: 'holders', detail: { rows: 1, isWhole: true } },
			{ target: 'vehicles' },
			{ target: 'credentials' },
		]);
		expect((await admin.get('/api/v1/holders/export?format=doc')).status).toBe(400);
		expect((await admin.get('/api/v1/holders/export?limit=1')).status).toBe(400);
	});

	test('who stops taking it ends it, told as not whole', async () => {
		const changes = Array.from({ length: 400 }, () => ({ op: 'create', row: person({ note: 'n'.repeat(1_900) }) }));
		await admin.post('/api/v1/holders/batch', { changes });
		const answer = await admin.get('/api/v1/holders/export');
		const reader = answer.body?.getReader();
		await reader?.read();
		await reader?.cancel();
		await expect
			.poll(() => site.bench.audits().findLast(({ action }) => action === 'directoryExported')?.detail)
			.toMatchObject({ isWhole: false });
	});
});

describe('who may not read personal data', () => {
	let masked: HttpSite;
	let clerk: SignedIn;
	beforeAll(async () => {
		masked = createHttpSite({
			seesPersonalData: ({ operator }) => operator.roles.some(({ id }) => id === 'administrator'),
		});
		clerk = await masked.signIn('reception');
	});
	afterAll(() => masked.close());

	test('sees names, plates and contacts masked wherever rows are shown, and their length nowhere', async () => {
		const boss = await masked.signIn('administrator');
		const holder = await boss.post(
			'/api/v1/holders',
			person({ id: 'anna', email: 'anna@example.org', note: 'Knows Zoë' }),
		);
		const card = await boss.post('/api/v1/credentials', { ...plate('1ABC234'), holderId: 'anna' });
		expect([holder.status, card.status]).toEqual([201, 201]);
		const batch = await clerk.post('/api/v1/holders/batch', {
			changes: [{ op: 'update', id: 'anna', fields: { tags: ['a'] } }],
		});
		const pages = [
			await clerk.get('/api/v1/holders/anna'),
			await clerk.get('/api/v1/holders?status=active'),
			await clerk.get('/api/v1/holders/anna/history'),
			await clerk.get('/api/v1/credentials?kind=plate'),
			batch,
			await clerk.send('PATCH', '/api/v1/holders/anna', { tags: ['b'] }),
		];
		for (const page of pages) {
			expect(page.status).toBe(200);
			const text = await page.text();
			expect(text).not.toMatch(/Peeters|example\.org|1ABC|Zoë/);
			expect(text).toMatch(/"(A|1)•••"/);
		}
		expect(await jsonOf(await clerk.get('/api/v1/holders/anna'))).toMatchObject({
			name: 'A•••',
			email: 'a•••',
			phone: null,
		});
		expect(await jsonOf(await boss.get('/api/v1/holders/anna'))).toMatchObject({ name: 'Anna Peeters' });
	});

	test('does not search by what is masked: it would be found letter by letter', async () => {
		for (const path of ['holders', 'vehicles', 'credentials']) {
			expect(await refusal(await clerk.get(`/api/v1/${path}?q=a`))).toMatchObject({ status: 403, code: 'FORBIDDEN' });
		}
		expect((await clerk.get('/api/v1/groups?q=a')).status).toBe(200);
	});

	test('gets ETags that tell nothing of what is masked, and that hold all the same', async () => {
		const boss = await masked.signIn('administrator');
		await boss.post('/api/v1/holders', person({ id: 'bob', name: 'Bob' }));
		const url = '/api/v1/holders/bob';
		const own = (await clerk.get(url)).headers.get('etag') ?? '';
		expect(own).not.toBe((await boss.get(url)).headers.get('etag'));
		expect((await clerk.get(url, { 'if-none-match': own })).status).toBe(304);
		const update = { op: 'update', id: 'bob', fields: { tags: ['c'] }, ifMatch: own };
		expect((await clerk.post('/api/v1/holders/batch', { changes: [update] })).status).toBe(200);
		expect((await clerk.send('PATCH', url, { tags: ['d'] }, { 'if-match': own })).status).toBe(412);
		const now = (await clerk.get(url)).headers.get('etag') ?? '';
		expect((await clerk.send('PATCH', url, { tags: ['d'] }, { 'if-match': now })).status).toBe(200);
	});

	test('does not write a mask in the place of a name: a row is refused as it was shown', async () => {
		const boss = await masked.signIn('administrator');
		await boss.post('/api/v1/holders', person({ id: 'carl', name: 'Carl' }));
		const row = await jsonOf(await clerk.get('/api/v1/holders/carl'));
		const { status, errors } = await refusal(await clerk.send('PATCH', '/api/v1/holders/carl', row));
		expect(status).toBe(400);
		expect(errors).toMatchObject([{ path: 'body.name', mend: expect.stringContaining('Leave it out') }]);
		const fields = { name: row['name'] };
		const behind = masked.services.edits.preview([{ op: 'update', table: 'holders', key: 'carl', fields }]);
		expect(behind, 'whichever way it comes').toMatchObject({ result: 'refused', problems: [{ field: 'name' }] });
		const { name: _, ...rest } = row;
		expect((await clerk.send('PATCH', '/api/v1/holders/carl', { ...rest, tags: ['x'] })).status).toBe(200);
		expect(await jsonOf(await boss.get('/api/v1/holders/carl'))).toMatchObject({ name: 'Carl', tags: ['x'] });
	});
});

test('a mask keeps the first letter, whole, and is known as one', () => {
	expect(maskText('Anna')).toBe('A•••');
	expect(maskText('🚗x')).toBe('🚗•••');
	fc.assert(
		fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
			expect(isMasked(maskText(text))).toBe(true);
			if (isMasked(text)) expect(maskText(text)).toBe(text);
		}),
	);
	for (const real of ['', 'Anna', '…', null, 7]) expect(isMasked(real)).toBe(false);
});

test('no list is narrowed by a personal field: who sees it masked would find it letter by letter', () => {
	for (const { aggregate, face } of DIRECTORY_FACES) {
		for (const name of face.filters) expect(aggregate.fields[name]?.personal, name).toBe(false);
	}
});

test('every moment is named after its unit, so that the API can leave it out', () => {
	for (const { aggregate } of DIRECTORY_FACES) {
		for (const [name, { input }] of Object.entries(aggregate.fields)) {
			expect(name.endsWith('Ms'), name).toBe(input.kind === 'instant');
		}
	}
});
