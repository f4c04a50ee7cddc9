import { Buffer } from 'node:buffer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formFields } from '../../../src/api/console/pages/directory/edit-form.ts';
import { FACES, rowHref } from '../../../src/api/console/pages/directory/face-links.ts';
import { apiName, type DirectoryFace } from '../../../src/api/http/directory-faces.ts';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';
import { sendForm } from '../../support/directory-console.ts';
import { fillWithSamples, type SampleIds, sampleBody } from '../../support/directory-samples.ts';
import { requestOf, SITE, type SignedIn, signIn } from '../../support/http-site.ts';
import { readWhole } from '../../support/tables.ts';

/** Every field of every declaration gets each of these: a field added tomorrow too. */
const HOSTILE = {
	markup: `"><img src=x onerror=alert(1)>'<script>alert(2)</script>`,
	SQL: `'; DROP TABLE holders;--`,
	formula: `=HYPERLINK("http://evil.example","x")`,
	command: `@SUM(1+1)*cmd|' /C calc'!A0`,
	bidi: 'abc\u202egpj.exe\u2066',
	lines: 'a\r\nSet-Cookie: a=b\u0000',
	prototype: '__proto__',
	megabyte: 'x'.repeat(1_048_576),
} as const;

let site: ConsoleSite;
let api: SignedIn;
let admin: Visitor;
let ids: SampleIds;
let made = 5_000;
beforeAll(async () => {
	site = createConsoleSite({ site: SITE });
	admin = await site.signIn('administrator');
	ids = fillWithSamples(site.services.services.edits);
	api = await signIn({ bench: site.bench, request: requestOf(site.http) }, 'administrator');
});
afterAll(() => site.close());

type Body = Record<string, unknown>;
const jsonOf = async (answer: Response) => (await answer.json()) as Body;
const bodyOf = (collection: DirectoryFace) => {
	made += 1;
	return { ...sampleBody(collection, made, ids), id: `hostile-${made}` };
};

/** What programs call the fields that may be sent, and whether they are lists of texts. */
function fieldsOf({ aggregate, face }: DirectoryFace) {
	return Object.entries(aggregate.fields)
		.filter(([name]) => name !== 'id' && face.fixed?.[name] === undefined)
		.map(([name, field]) => ({
			name: apiName(name, field),
			isList: field.input.kind === 'words' || ('many' in field.input && field.input.many === true),
		}));
}

/** Nothing of it is an element or an attribute, whatever page it stands on. */
function expectText(html: string, where: string): void {
	const tags = (html.match(/<[a-z][^>]*>/gi) ?? []).map((tag) => tag.replaceAll(/"[^"]*"/g, '""'));
	const alive = tags.filter((tag) => /<img|<script>|\son\w+=/i.test(tag));
	expect(alive, where).toEqual([]);
}

describe.each(FACES.map((face) => [face.face.path, face] as const))('%s', (path, collection) => {
	test.each(Object.entries(HOSTILE))(
		'X18: %s in any field is stored as it is or refused, of that field',
		async (_, text) => {
			const taken: Body = {};
			for (const { name, isList } of fieldsOf(collection)) {
				const value = isList ? [text] : text;
				const answer = await api.post(`/api/v1/${path}`, { ...bodyOf(collection), [name]: value });
				const row = await jsonOf(answer);
				if (answer.status === 201) {
					expect(row[name], name).toEqual(value);
					expect((await api.send('DELETE', answer.headers.get('location') ?? '')).status).toBe(204);
					taken[name] = value;
				} else {
					expect([400, 409, 413, 422], `${name}: ${JSON.stringify(row)}`).toContain(answer.status);
					expect(answer.headers.get('content-type')).toBe('application/problem+json');
					if (answer.status !== 413) {
						expect(row['errors'], name).toMatchObject([
							{ path: expect.stringMatching(`^body\\.${name}`), mend: expect.stringMatching(/\.$/) },
						]);
					}
					expect(JSON.stringify(row).length, 'no echo of what came').toBeLessThan(4_000);
				}
			}
			const answer = await api.post(`/api/v1/${path}`, { ...bodyOf(collection), ...taken });
			expect(answer.status).toBe(201);
			const row = await jsonOf(await api.get(answer.headers.get('location') ?? ''));
			expect(row, 'read again').toMatchObject(taken);
			await expectShownAsText(collection, String(row['id']), text, Object.keys(taken).length > 0);
			expect((await api.send('DELETE', answer.headers.get('location') ?? '')).status).toBe(204);
		},
	);

	test.each(Object.entries(HOSTILE))('X18: %s in a form is taken as text or told at its field', async (_, text) => {
		const { fields } = collection.aggregate;
		const every = formFields(collection);
		const ofText = every.filter((name) => ['text', 'words'].includes(fields[name]?.input.kind ?? ''));
		for (const names of [every, ofText]) {
			const change = Object.fromEntries(names.map((name) => [name, text]));
			const answer = await sendForm({ site, visitor: admin }, `/${path}/new`, { step: 'save', ...change });
			expect([303, 413, 422], names.join(' ')).toContain(answer.status);
			expectText(await answer.text(), names.join(' '));
			const [, key] = /^\/[\w-]+\/([^/?]+)/.exec(answer.headers.get('location') ?? '') ?? [];
			if (key !== undefined) await api.send('DELETE', `/api/v1/${path}/${key}`);
		}
	});
});

async function expectShownAsText(collection: DirectoryFace, id: string, text: string, isThere: boolean): Promise<void> {
	const { path } = collection.face;
	for (const page of ['', 'edit', 'delete'].map((below) => rowHref(collection, id, below))) {
		expectText(await admin.page(page), page);
	}
	for (const page of [`/${path}`, `/${path}?q=${encodeURIComponent(text.slice(0, 100))}`]) {
		const html = await admin.page(page);
		expectText(html, page);
		const turning = html.match(/>[^<]*[\u202e\u2066][^<]*</g);
		expect(turning, 'what turns the reading order is named, not done').toBeNull();
	}
	if (text === HOSTILE.megabyte) return;
	const csv = Buffer.from(await (await api.get(`/api/v1/${path}/export?format=csv`)).arrayBuffer());
	const calculated = csv.toString().match(/(?:^|[;,\n])"?[=@][^;,]*/g);
	expect(calculated, 'no cell that a spreadsheet calculates').toBeNull();
	const workbook = Buffer.from(await (await api.get(`/api/v1/${path}/export?format=xlsx`)).arrayBuffer());
	if (!isThere) return;
	for (const file of [csv, workbook]) {
		const { rows } = await readWhole(file);
		const cells = rows.find((cells) => cells.includes(id));
		expect(
			cells?.some((cell) => cell.includes(text.slice(0, 10).trim())),
			`${text} in ${cells?.join('|')}`,
		).toBe(true);
	}
}

test('nothing of it was an error, and everything is still there', async () => {
	expect(site.bench.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
	for (const { table, face } of FACES) {
		const key = ids[table] ?? '';
		if (face.fixed === undefined) expect((await api.get(`/api/v1/${face.path}/${key}`)).status, table).toBe(200);
	}
});
