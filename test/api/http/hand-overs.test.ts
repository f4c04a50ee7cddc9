import { inflateSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createHttpSite, type HttpSite, type SignedIn } from '../../support/http-site.ts';
import { signLicence } from '../../support/licensing-bench.ts';

let site: HttpSite;
beforeEach(() => {
	site = createHttpSite();
});
afterEach(() => site.close());

const PATH = '/api/v1/hand-overs';
const STROKES = [
	[
		[10, 20, 500],
		[400, 300, 900],
	],
	[[2_900, 990, 0]],
];

const json = async (answer: Response | Promise<Response>) => (await (await answer).json()) as Record<string, unknown>;

async function written(who: SignedIn, change: object = {}): Promise<string> {
	const report = { subject: { kind: 'lane', id: 'L1' }, checks: ['Opens and closes'], remarks: 'Spare key left' };
	const answer = await who.post(PATH, { ...report, ...change });
	expect(answer.status).toBe(201);
	return String((await json(answer))['id']);
}

/** What the pages show: the streams inflated, hexadecimal texts read. */
async function textOfPdf(answer: Response): Promise<string> {
	const bytes = Buffer.from(await answer.arrayBuffer());
	expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
	const streams = bytes.toString('latin1').matchAll(/stream\n([\s\S]*?)\nendstream/g);
	const pages = [...streams].map(([, stream = '']) => inflateSync(Buffer.from(stream, 'latin1')).toString('latin1'));
	return pages
		.join('\n')
		.replaceAll(/<([0-9a-f]+)> ?-?[\d.]* ?/g, (_, hex: string) => Buffer.from(hex, 'hex').toString('latin1'));
}

describe('I14: signing a hand-over report', () => {
	test('is refused without a licence of the kind Signature, whatever the role, and allowed on the very next request', async () => {
		const admin = await site.signIn('administrator');
		const id = await written(admin);
		const sign = () => admin.post(`${PATH}/${id}/signatures`, { name: 'Ada', strokes: STROKES });
		const refused = await sign();
		expect(refused.status).toBe(403);
		expect(await json(refused)).toMatchObject({ code: 'FORBIDDEN', detail: expect.stringContaining('Signature') });
		site.services.licenceGrants.set(admin.operatorId, ['signature'], { operatorId: null });
		expect((await sign()).status).toBe(201);
		// A product licence without the capability takes it away at once.
		await admin.post('/api/v1/licences/product', { document: await signLicence({ capabilities: ['rfid'] }) });
		expect((await sign()).status).toBe(403);
	});

	test('keeps who signed, when and at whose login, and the journal has the hash and no name', async () => {
		const admin = await site.signIn('administrator');
		const id = await written(admin);
		site.services.licenceGrants.set(admin.operatorId, ['signature'], { operatorId: null });
		await admin.post(`${PATH}/${id}/signatures`, { name: 'Grace Hopper', strokes: STROKES });
		const report = await json(admin.post(`${PATH}/${id}/signatures`, { name: 'Ada' }));
		expect(report).toMatchObject({
			...{ id, subject: { kind: 'lane', id: 'L1' }, checks: ['Opens and closes'], intact: true },
			signatures: [
				{ name: 'Grace Hopper', typed: false, operatorId: admin.operatorId, at: expect.stringContaining('+01:00') },
				{ name: 'Ada', typed: true },
			],
		});
		const hashes = (report['signatures'] as { sha256: string }[]).map(({ sha256 }) => sha256);
		const audits = site.bench.audits().filter(({ target }) => target === id);
		expect(audits.map(({ action, detail }) => [action, detail['sha256']])).toEqual([
			['handOverWritten', report['sha256']],
			...hashes.map((hash) => ['handOverSigned', hash]),
		]);
		expect(JSON.stringify(audits)).not.toMatch(/Grace|Ada/);
		expect(await json(admin.get(PATH))).toMatchObject({ items: [{ id }], nextCursor: null });
		expect(await json(admin.get(`${PATH}?kind=lane&subject=L2`))).toMatchObject({ items: [] });
	});

	test('who does not see personal data sees first letters, and no PDF', async () => {
		site.close();
		site = createHttpSite({ seesPersonalData: () => false });
		const admin = await site.signIn('administrator');
		const id = await written(admin);
		site.services.licenceGrants.set(admin.operatorId, ['signature'], { operatorId: null });
		await admin.post(`${PATH}/${id}/signatures`, { name: 'Grace Hopper' });
		expect(await json(admin.get(`${PATH}/${id}`))).toMatchObject({ signatures: [{ name: 'G•••' }] });
		expect((await admin.get(`${PATH}/${id}/pdf`)).status).toBe(403);
	});

	test('a report that was changed in the store is told, and neither printed nor signed', async () => {
		const admin = await site.signIn('administrator');
		const id = await written(admin);
		site.services.licenceGrants.set(admin.operatorId, ['signature'], { operatorId: null });
		const db = new Database(`${site.bench.dir}/site.db`);
		// Whoever changes both, content and hash, still does not match the journal.
		db.prepare("UPDATE hand_overs SET content = replace(content, 'Spare', 'No spare')").run();
		db.close();
		expect(await json(admin.get(`${PATH}/${id}`))).toMatchObject({ intact: false });
		expect((await admin.get(`${PATH}/${id}/pdf`)).status).toBe(409);
		const answer = await admin.post(`${PATH}/${id}/signatures`, { name: 'Ada' });
		expect(await json(answer)).toMatchObject({ status: 409, because: 'notIntact' });
	});

	test('strokes out of the box, too many of them, and unknown lanes and devices are refused', async () => {
		const admin = await site.signIn('administrator');
		site.services.licenceGrants.set(admin.operatorId, ['signature'], { operatorId: null });
		const id = await written(admin);
		const sign = (body: object) => admin.post(`${PATH}/${id}/signatures`, body);
		const points = Array.from({ length: LIMITS.signaturePoints }, () => [1, 2, 3]);
		for (const strokes of [[[[3_001, 0, 0]]], [[[0.5, 0, 0]]], [[]], [[['1', 2, 3]]]])
			expect((await sign({ name: 'Ada', strokes })).status).toBe(400);
		expect((await sign({ name: 'Ada', strokes: [points, [[1, 2, 3]]] })).status).toBe(422);
		expect((await sign({ name: ' ' })).status).toBe(400);
		for (let signed = 0; signed < LIMITS.handOverSignatures; signed += 1)
			expect((await sign({ name: 'Ada' })).status).toBe(201);
		expect(await json(sign({ name: 'Ada' }))).toMatchObject({ status: 409, because: 'full' });
		expect((await admin.post(PATH, { subject: { kind: 'device', id: 'nothing' } })).status).toBe(404);
		expect((await admin.post(`${PATH}/nothing/signatures`, { name: 'Ada' })).status).toBe(404);
	});

	test('as a PDF: the same bytes for the same report, untrusted text as text, its hash on the page', async () => {
		const admin = await site.signIn('administrator');
		site.services.licenceGrants.set(admin.operatorId, ['signature'], { operatorId: null });
		const subject = { kind: 'device', id: 'reader-1' };
		const remarks = `${'long '.repeat(700)}\n(a) \\) <b>Été</b> Дом \u202e`;
		const id = await written(admin, { subject, remarks });
		await admin.post(`${PATH}/${id}/signatures`, { name: 'Žofia', strokes: STROKES });
		const pdf = () => admin.get(`${PATH}/${id}/pdf?lang=fr`);
		const first = await pdf();
		expect(first.headers.get('content-type')).toBe('application/pdf');
		expect(first.headers.get('content-disposition')).toContain('.pdf"');
		const text = (await textOfPdf(first)).replaceAll(/[[\]\n]|TJ/g, '');
		expect(text).toContain('<b>\u00c9t\u00e9</b>');
		expect(text).toContain('\\u{414}');
		expect(text).toContain('\\u{202e}');
		const again = await Promise.all(
			[pdf(), pdf()].map(async (answer) => Buffer.from(await (await answer).arrayBuffer())),
		);
		expect(again[0]).toEqual(again[1]);
		expect(text).toContain(String((await json(admin.get(`${PATH}/${id}`)))['sha256']));
	});

	test('a removed report is gone with its signatures, and its hash stays in the journal', async () => {
		const admin = await site.signIn('administrator');
		const id = await written(admin);
		const { sha256 } = await json(admin.get(`${PATH}/${id}`));
		expect((await admin.send('DELETE', `${PATH}/${id}`)).status).toBe(200);
		expect((await admin.get(`${PATH}/${id}`)).status).toBe(404);
		expect(site.bench.audits().at(-1)).toMatchObject({ action: 'handOverRemoved', target: id, detail: { sha256 } });
	});
});
