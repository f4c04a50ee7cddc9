import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aReadWith, keep } from '../../support/evidence-bench.ts';
import { createHttpSite, type HttpSite, type SignedIn } from '../../support/http-site.ts';
import { noiseJpeg, pixelsOf, solidJpeg } from '../../support/images.ts';

const idOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

interface Told {
	readonly id: string;
	readonly state: string;
	readonly reads: readonly { readonly observationId: string; readonly decision: { readonly subject: string } | null }[];
}

describe('I15: evidence over HTTP', () => {
	let site: HttpSite;
	let guard: SignedIn;
	let bytes: Buffer;
	let id: string;
	let observationId: string;

	beforeEach(async () => {
		site = createHttpSite();
		guard = await site.signIn('security');
		bytes = await noiseJpeg(400, 300);
		id = idOf(bytes);
		site.decide();
		const read = aReadWith([bytes]);
		observationId = read.id;
		await keep(site.evidence, site.bench.clock, read, aReadWith([solidJpeg('other')], { deviceId: 'cam-2' }));
		site.bench.store.evidence.decided(read.id, 'L1', 'd-1');
	});

	afterEach(async () => {
		await site.evidence.stop();
		site.close();
	});

	const list = async (query: string, who = guard) =>
		((await (await who.get(`/api/v1/evidence${query}`)).json()) as { items: readonly Told[] }).items;
	const audits = (action: string) => site.bench.audits().filter((entry) => entry.action === action);

	test('finds pictures by lane, device, decision, read, outcome and state', async () => {
		expect(await list('')).toHaveLength(2);
		const queries = ['?lane=L1', '?device=cam-1', '?decision=d-1', `?observation=${observationId}`, '?outcome=refused'];
		for (const query of queries) {
			expect(await list(query), query).toMatchObject([
				{ id, state: 'kept', reads: [{ observationId, decision: { subject: '<b>1-ABC-123</b>' } }] },
			]);
		}
		for (const query of ['?lane=L9', '?outcome=granted', '?state=held', '?state=blurred', '?state=deleted']) {
			expect(await list(query), query).toEqual([]);
		}
		expect((await list('?outcome=none')).map((image) => image.id)).toEqual([idOf(solidJpeg('other'))]);
		const first = (await (await guard.get('/api/v1/evidence?limit=1')).json()) as { nextCursor: string };
		expect(await list(`?limit=1&cursor=${first.nextCursor}`)).toHaveLength(1);
		expect((await guard.get('/api/v1/evidence?cursor=x')).status).toBe(400);
	});

	test('gives a picture as nothing but a picture, and writes down who looked, once an hour', async () => {
		for (let turn = 0; turn < 2; turn += 1) {
			const answer = await guard.get(`/api/v1/evidence/${id}/image`);
			expect(answer.status).toBe(200);
			expect(Object.fromEntries(answer.headers)).toMatchObject({
				'content-type': 'image/jpeg',
				'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
				'x-content-type-options': 'nosniff',
				'cache-control': 'private, no-cache',
				'cross-origin-resource-policy': 'same-origin',
			});
			const got = Buffer.from(await answer.arrayBuffer());
			expect((await pixelsOf(got)).data.equals((await pixelsOf(bytes)).data)).toBe(true);
		}
		expect(audits('evidenceViewed')).toMatchObject([{ operatorId: guard.operatorId, target: id }]);
		const small = await guard.get(`/api/v1/evidence/${id}/thumbnail`);
		const again = await guard.get(`/api/v1/evidence/${id}/thumbnail`, {
			'if-none-match': small.headers.get('etag') ?? '',
		});
		expect([small.status, again.status]).toEqual([200, 304]);
	});

	test('no name that a client sends leads to another file', async () => {
		const names = ['..%2F..%2Fsite.db', '%2e%2e', `${id}%00`, `${id}.jpg`, id.toUpperCase(), 'a'.repeat(64)];
		for (const name of names) {
			for (const form of ['', '/image', '/thumbnail']) {
				expect([400, 404], `${name}${form}`).toContain((await guard.get(`/api/v1/evidence/${name}${form}`)).status);
			}
		}
	});

	test('shows no picture to who may not see plates', async () => {
		const masked = createHttpSite({ seesPersonalData: () => false });
		await keep(masked.evidence, masked.bench.clock, aReadWith([bytes]));
		const reader = await masked.signIn('security');
		expect((await reader.get(`/api/v1/evidence/${id}`)).status).toBe(200);
		for (const form of ['image', 'thumbnail']) {
			expect((await reader.get(`/api/v1/evidence/${id}/${form}`)).status).toBe(403);
		}
		await masked.evidence.stop();
		masked.close();
	});

	test('blurs, holds, releases and deletes, each with who and why', async () => {
		const at = (act: string) => `/api/v1/evidence/${id}/${act}`;
		const before = (await guard.get(at('thumbnail'))).headers.get('etag');
		const blurred = await guard.post(at('blur'), { areas: [{ x: 0, y: 0, width: 0.5, height: 0.5 }] });
		expect(await blurred.json()).toMatchObject({ id, state: 'blurred', blurred: { by: guard.operatorId } });
		expect((await guard.get(at('thumbnail'))).headers.get('etag')).not.toBe(before);
		const until = new Date(site.bench.clock.nowMs() + 86_400_000).toISOString();
		expect(await (await guard.post(at('hold'), { until, reason: 'claim 7' })).json()).toMatchObject({
			...{ state: 'held', held: { by: guard.operatorId, reason: 'claim 7' } },
		});
		const refused = await guard.send('DELETE', `/api/v1/evidence/${id}`, { reason: 'x' });
		expect([refused.status, await refused.json()]).toMatchObject([
			409,
			{ code: 'MODERATION_REFUSED', because: 'held' },
		]);
		expect((await guard.post(at('release'), {})).status).toBe(200);
		const deleted = await guard.send('DELETE', `/api/v1/evidence/${id}`, { reason: 'a child is on it' });
		expect(await deleted.json()).toMatchObject({
			state: 'deleted',
			sha256: null,
			deleted: { reason: 'a child is on it' },
		});
		const gone = await guard.get(at('image'));
		expect([gone.status, await gone.json()]).toMatchObject([410, { code: 'EVIDENCE_DELETED' }]);
		expect(await list('?state=deleted')).toMatchObject([{ id }]);
		const actions = ['evidenceBlurred', 'evidenceHeld', 'evidenceReleased', 'evidenceDeleted'];
		for (const action of actions)
			expect(audits(action), action).toMatchObject([{ operatorId: guard.operatorId, target: id }]);
	});

	test.each([
		[{ areas: [] }],
		[{ areas: [{ x: -1, y: 0, width: 1, height: 1 }] }],
		[{ areas: [{ x: 0, y: 0, width: 1 }] }],
		[{ areas: Array.from({ length: 21 }, () => ({ x: 0, y: 0, width: 1, height: 1 })) }],
		[{ file: '/etc/passwd' }],
	])('refuses to blur %j', async (body) => {
		expect((await guard.post(`/api/v1/evidence/${id}/blur`, body)).status).toBe(400);
	});

	test('reception sees pictures and changes none', async () => {
		const desk = await site.signIn('reception');
		expect(await list('', desk)).toHaveLength(2);
		expect((await desk.post(`/api/v1/evidence/${id}/blur`, {})).status).toBe(403);
		expect((await desk.send('DELETE', `/api/v1/evidence/${id}`, { reason: 'x' })).status).toBe(403);
	});

	test('metrics tell how much is kept and what was not', async () => {
		await keep(site.evidence, site.bench.clock, aReadWith([Buffer.from('<svg/>')]));
		const metrics = await (await (await site.signIn('administrator')).get('/metrics')).text();
		expect(metrics).toMatch(/parkgate_evidence_images 2/);
		expect(metrics).toMatch(/parkgate_evidence_bytes [1-9]/);
		expect(metrics).toMatch(/parkgate_evidence_refused\{reason="notAnImage"\} 1/);
	});
});
