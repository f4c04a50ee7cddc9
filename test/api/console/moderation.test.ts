import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { facts } from '../../support/access-facts.ts';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';
import { aReadWith, keep } from '../../support/evidence-bench.ts';
import { noiseJpeg, solidJpeg } from '../../support/images.ts';

const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

let seesAll: boolean;
let site: ConsoleSite;
let guard: Visitor;
let id: string;
let path: string;

beforeEach(async () => {
	seesAll = true;
	site = createConsoleSite({ seesPersonalData: () => seesAll });
	const { bench, services } = site;
	const atMs = bench.clock.nowMs();
	const decisionId = site.decide({ facts: facts({ atMs }), subject: '<b>1-EVIL-1</b>', holderName: null });
	const bytes = await noiseJpeg(400, 300);
	id = createHash('sha256').update(bytes).digest('hex');
	path = `/moderation/${id}`;
	const read = aReadWith([bytes], { atMs });
	await keep(services.evidence, bench.clock, read, aReadWith([solidJpeg('other')], { atMs, deviceId: 'cam-2' }));
	bench.store.evidence.decided(read.id, 'L1', decisionId);
	guard = await site.signIn('security');
});

afterEach(async () => {
	await site.services.evidence.stop();
	await site.close();
});

/** Where a form that was taken leads to. */
async function submit(to: string, fields: Record<string, string>): Promise<string | null> {
	const answer = await guard.post(to, fields);
	expect(answer.status, await answer.text()).toBe(303);
	return answer.headers.get('location');
}

const stored = () => site.services.evidence.evidence.get(id)?.image;

describe('I15 pictures of reads', () => {
	test('stand in a gallery with their reads, to be narrowed down', async () => {
		const all = await guard.page('/moderation');
		expect(all.match(/class="picture__image"/g)).toHaveLength(2);
		expect(all).toContain(`src="/api/v1/evidence/${id}/thumbnail?v=0"`);
		expect(all).not.toContain('<b>1-EVIL-1</b>');
		expect(textOf(all)).toContain('No decision');
		expect(await guard.page('/moderation?lane=L1')).toContain(path);
		for (const query of ['?outcome=none', '?state=held', '?lane=nowhere']) {
			expect(await guard.page(`/moderation${query}`), query).not.toContain(path);
		}
		expect(textOf(await guard.page('/moderation?state=deleted'))).toContain('No picture fits');
		expect(textOf(await guard.page('/moderation?cursor=old'))).toContain('That page is gone');
	});

	test('stand with the decision they belong to', async () => {
		const [decision] = site.accessLog.list({}).items;
		expect(await guard.page(`/log/${decision?.id}`)).toContain(`href="${path}"`);
	});

	test('are blurred, held, released and deleted by plain forms', async () => {
		expect(await submit(`${path}/blur`, { what: 'area', x: '10', y: '10', width: '20,5', height: '20' })).toBe(
			`${path}?done=blurred`,
		);
		expect(stored()?.revision).toBe(1);
		expect(await submit(`${path}/blur`, { what: 'whole' })).toBe(`${path}?done=blurred`);
		const until = new Date(site.bench.clock.nowMs() + 5 * 86_400_000).toISOString().slice(0, 16);
		expect(await submit(`${path}/hold`, { until, reason: 'claim 7' })).toBe(`${path}?done=held`);
		const held = await guard.page(`${path}?done=held`);
		expect(textOf(held)).toContain('claim 7');
		expect(held).not.toContain(`${path}/delete`);
		expect(await submit(`${path}/release`, {})).toBe(`${path}?done=released`);
		expect(await submit(`${path}/delete`, { reason: 'a child', sure: 'yes' })).toBe(`${path}?done=deleted`);
		const gone = await guard.page(path);
		expect(textOf(gone)).toContain('a child');
		expect(gone).not.toContain('/image?');
		expect(stored()?.sha256).toBeNull();
	});

	test.each([
		['blur', { what: 'area', x: '', y: '1', width: '1', height: '1' }, 'Enter four numbers'],
		['blur', { what: 'area', x: '0', y: '0', width: '0', height: '5' }, 'Enter four numbers'],
		['hold', { until: 'soon', reason: '' }, 'Say why'],
		['delete', { reason: 'x' }, 'Tick the box'],
		['release', {}, 'It is not held any more'],
	])('%s with %j says what is missing, and changes nothing', async (act, fields, words) => {
		const answer = await guard.post(`${path}/${act}`, fields);
		expect(answer.status).toBe(422);
		expect(textOf(await answer.text())).toContain(words);
		expect(stored()).toMatchObject({ revision: 0, heldUntilMs: null, deletedAtMs: null });
	});

	test('are shown to nobody who sees first letters only, and changed by nobody who may not', async () => {
		const desk = await site.signIn('reception');
		expect(await desk.page(path)).not.toContain(`${path}/blur`);
		expect((await desk.post(`${path}/blur`, { what: 'whole' })).status).toBe(403);
		seesAll = false;
		for (const page of ['/moderation', path]) expect((await guard.get(page)).status).toBe(403);
		const [decision] = site.accessLog.list({}).items;
		expect(await guard.page(`/log/${decision?.id}`)).not.toContain(path);
	});
});
