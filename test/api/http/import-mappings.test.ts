import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHttpSite, type HttpSite, type SignedIn } from '../../support/http-site.ts';
import { until } from '../../support/program.ts';

const PATH = '/api/v1/import-mappings';
const HR = {
	kind: 'people',
	name: 'HR export',
	columns: [
		{ column: 'Who', field: 'name' },
		{ column: 'Where to write', field: 'email' },
		{ column: 'Salary', field: null },
	],
	emptyCells: 'clear',
};

let site: HttpSite;
let admin: SignedIn;
beforeEach(async () => {
	site = createHttpSite();
	admin = await site.signIn('administrator');
});
afterEach(() => site.close());

interface Saved {
	readonly id: string;
	readonly version: number;
	readonly columns: readonly unknown[];
}

async function save(mapping: object = HR): Promise<Saved> {
	const answer = await admin.post(PATH, mapping);
	expect(answer.status, await answer.clone().text()).toBe(201);
	const saved = (await answer.json()) as Saved;
	expect(answer.headers.get('location')).toBe(`${PATH}/${saved.id}`);
	return saved;
}

async function because(answer: Response): Promise<[number, unknown]> {
	return [answer.status, ((await answer.json()) as { because: unknown }).because];
}

/** Resolves when it is read. */
async function imported(query: string, body: string) {
	const headers = { cookie: admin.cookie, 'x-csrf-token': admin.csrf, 'content-type': 'text/csv' };
	const init = { method: 'POST', body, headers, duplex: 'half' } as RequestInit;
	const answer = await site.request(`/api/v1/imports?kind=people&${query}`, init);
	if (answer.status !== 201) return { status: answer.status, columns: [], counts: {}, fitting: [] };
	const { id } = (await answer.json()) as { id: string };
	let shown = { state: { stage: 'reading' }, preview: { columns: [], counts: {}, fittingMappings: [] } };
	await until(async () => {
		shown = (await (await admin.get(`/api/v1/imports/${id}`)).json()) as typeof shown;
		expect(shown.state.stage).not.toBe('reading');
	}, 60_000);
	const { columns, counts, fittingMappings: fitting } = shown.preview;
	return { status: 201, columns: columns.map(({ field }) => field), counts, fitting };
}

describe('saved mappings of columns', () => {
	test('Z14 a mapping is saved, read, exported to another gateway as it is, changed by its version and removed', async () => {
		const saved = await save();
		const read = await admin.get(`${PATH}/${saved.id}`);
		expect(read.headers.get('etag')).toBe('"1"');
		expect(await read.json()).toMatchObject({ ...HR, version: 1 });

		const { id: _, ...taken } = (await (await admin.get(`${PATH}/${saved.id}`)).json()) as Saved;
		await admin.send('DELETE', `${PATH}/${saved.id}`);
		expect((await admin.get(`${PATH}/${saved.id}`)).status).toBe(404);
		const brought = await save(taken);
		expect(brought.columns).toEqual(HR.columns);

		const one = `${PATH}/${brought.id}`;
		const changed = await admin.send('PUT', one, { ...HR, name: 'Personnel' }, { 'if-match': '"1"' });
		expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"']);
		const late = await admin.send('PUT', one, HR, { 'if-match': '"1"' });
		expect(await because(late)).toEqual([412, 'changed']);
		const audits = site.bench.audits().filter(({ action }) => action.startsWith('importMapping'));
		expect(audits.map(({ action }) => action)).toEqual([
			...['importMappingAdded', 'importMappingRemoved', 'importMappingAdded', 'importMappingChanged'],
		]);
		expect(audits.at(-1)?.detail).toMatchObject({ nameBefore: 'HR export', name: 'Personnel' });
	});

	test('Z14 a file is read with a mapping by its name, and one that fits is suggested', async () => {
		await save();
		const file = 'Who;Where to write;Salary\r\nAnna;anna@example.org;9\r\n';
		const read = await imported('mapping=hr%20EXPORT', file);
		expect(read).toMatchObject({ columns: ['name', 'email', null], counts: { new: 1, withErrors: 0 } });
		expect(read.fitting).toMatchObject([{ name: 'HR export' }]);

		const withoutUnused = await imported('mapping=HR%20export', 'Who;Where to write\r\nAnna;anna@example.org\r\n');
		expect(withoutUnused).toMatchObject({ columns: ['name', 'email'], counts: { new: 1 } });
		const other = await imported('', 'Name\r\nAnna\r\n');
		expect(other).toMatchObject({ columns: ['name'], fitting: [] });
		expect((await imported('mapping=nobody', file)).status).toBe(404);
	});

	test('Z14 a mapping that could not be used is refused and says why', async () => {
		await save();
		const refused = async (change: object) => because(await admin.post(PATH, { ...HR, name: 'Other', ...change }));
		expect(await refused({ name: 'hr-EXPORT' })).toEqual([409, 'nameTaken']);
		expect(await refused({ name: '—' })).toEqual([409, 'nameTaken']);
		expect(await refused({ columns: [{ column: 'Who', field: null }] })).toEqual([422, 'noColumns']);
		expect(await refused({ columns: [{ column: 'Who', field: 'passwordHash' }] })).toEqual([422, 'unknownField']);
		const twice = [
			{ column: 'Who', field: 'name' },
			{ column: 'Whom', field: 'name' },
		];
		expect(await refused({ columns: twice })).toEqual([422, 'twice']);
	});

	test('Z14 who may not invite operators says nothing of how lists of operators are read', async () => {
		const operators = { ...HR, kind: 'operators', columns: [{ column: 'Mail', field: 'email' }] };
		const { id } = await save(operators);
		const role = (await (
			await admin.post('/api/v1/roles', { name: 'Importer', permissions: ['directory:import'] })
		).json()) as { id: string };
		const importer = await site.signIn(role.id);
		expect((await importer.get(`${PATH}/${id}`)).status).toBe(200);
		expect((await importer.post(PATH, { ...operators, name: 'Mine' })).status).toBe(403);
		expect((await importer.send('PUT', `${PATH}/${id}`, { ...HR, name: 'Mine' })).status).toBe(403);
		expect((await importer.send('DELETE', `${PATH}/${id}`)).status).toBe(403);
		expect((await importer.post(PATH, { ...HR, name: 'Mine' })).status).toBe(201);
	});
});
