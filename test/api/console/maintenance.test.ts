import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CSRF_FIELD } from '../../../src/api/http/login-context.ts';
import { licenceKindsOf } from '../../../src/compose/operators-of-site.ts';
import type { LicenceKind } from '../../../src/gateway/core/licence/licence-kinds.ts';
import { aDevice, type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';
import { solidJpeg } from '../../support/images.ts';
import { createOperatorsBench, operatorRow } from '../../support/operators.ts';

const EVIL = `"><img src=x onerror=alert(1)>'<script>alert(2)</script>`;
const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
const locationOf = (answer: Response) => answer.headers.get('location') ?? '';

let site: ConsoleSite;
let admin: Visitor;
let user: Visitor;
beforeAll(async () => {
	const licenceKinds = licenceKindsOf(() => site.services.services.licenceGrants);
	site = createConsoleSite({ bench: createOperatorsBench({ licenceKinds }) });
	site.devices.push(aDevice({ state: 'faulted', problem: 'no answer' }));
	site.bench.store.operators.addOperator(operatorRow({ id: 'rex', email: 'rex@example.org', name: 'Rex Resource' }));
	site.services.services.licenceGrants.set('rex', ['serviceResource'], { operatorId: null });
	admin = await site.signIn('administrator');
	user = await site.signIn('user');
});
afterAll(() => site.close());

const give = (...kinds: LicenceKind[]) =>
	site.services.services.licenceGrants.set(user.operatorId, kinds, { operatorId: null });
const versionIn = (html: string) => /name="version" value="(\d+)"/.exec(html)?.[1] ?? '';
const report = async (title: string) => {
	const fields = { title, description: '', kind: 'repair', priority: 'high', target: 'device:reader-1' };
	return locationOf(await admin.post('/interventions', fields)).split('?')[0] ?? '';
};

describe('I9 interventions in the console', () => {
	test('a fault is reported from what does not work, with the device filled in', async () => {
		expect(await admin.page('/')).toContain('href="/interventions/new?device=reader-1&amp;title=Fault"');
		const device = await admin.page('/devices/reader-1');
		expect(device).toContain('href="/interventions/new?device=reader-1"');
		const form = await admin.page('/interventions/new?device=reader-1&title=No+answer');
		expect(form).toContain('value="No answer"');
		expect(form).toMatch(/<option value="device:reader-1" selected/);
		const path = await report('Reader is dead');
		expect(textOf(await admin.page(`${path}?done=reported`))).toContain('Reported. Thank you.');
		expect(textOf(await admin.page('/devices/reader-1'))).toContain('Reader is dead');
		expect(textOf(await admin.page('/interventions?device=reader-1'))).toContain('Reader is dead');
	});

	test('without scripts: planned and given to people, begun, done; each form says what came of it', async () => {
		const path = await report('Arm is bent');
		const version = versionIn(await admin.page(path));
		const fields = { title: 'Arm is bent', description: 'Badly\r\nsince noon', kind: 'repair', priority: 'urgent' };
		const plan = { planStart: '2026-01-06T08:00', planEnd: '2026-01-06T10:00', 'people[]': 'rex' };
		const changed = await admin.post(path, { ...fields, target: 'lane:L1', version, ...plan });
		const text = textOf(await admin.page(locationOf(changed)));
		for (const words of [
			'Saved.',
			'Planned',
			'Badly since noon',
			'Lane North entry',
			'Rex Resource',
			'Status: Open → Planned',
		]) {
			expect(text).toContain(words);
		}
		const stale = await admin.post(path, { ...fields, title: 'Mine', target: 'site', version });
		expect([stale.status, textOf(await stale.text())]).toEqual([422, expect.stringContaining('Somebody changed it')]);
		const noTime = await admin.post(path, { ...fields, target: 'site', planStart: '2026-01-06T08:00' });
		expect(textOf(await noTime.text())).toContain('Enter both times');
		const now = versionIn(await admin.page(path));
		const done = await admin.post(`${path}/status`, { status: 'done', comment: 'New arm', version: now });
		expect(textOf(await admin.page(locationOf(done)))).toContain('New arm');
		expect(textOf(await admin.page('/interventions'))).not.toContain('Arm is bent');
		expect(textOf(await admin.page('/interventions?state=closed'))).toContain('Arm is bent');
	});

	test('markup in titles, comments and parts is text in every language', async () => {
		const path = await report(EVIL);
		await admin.post(`${path}/comments`, { text: EVIL });
		await admin.post(`${path}/parts`, { name: EVIL, reference: EVIL, quantity: '2' });
		for (const language of ['en', 'fr', 'nl']) {
			for (const page of [path, '/interventions?state=all', '/roster', '/devices/reader-1']) {
				const html = await admin.page(page, { 'accept-language': language });
				expect(html).not.toContain('<img src=x');
				expect(html).not.toContain('<script>alert');
			}
		}
		const wrong = await admin.post(`${path}/parts`, { name: 'Belt', reference: '', quantity: 'many' });
		expect([wrong.status, textOf(await wrong.text())]).toEqual([422, expect.stringContaining('whole number')]);
	});

	test('I10 a photo is added by a plain form, shown and deleted', async () => {
		const path = await report('Broken loop');
		const { csrf } = (await (await admin.get('/api/v1/me')).json()) as { csrf: string };
		const send = (bytes: Uint8Array) => {
			const form = new FormData();
			form.set(CSRF_FIELD, csrf);
			form.set('photo', new File([Uint8Array.from(bytes)], 'loop.jpg', { type: 'image/jpeg' }));
			const headers = { cookie: admin.cookie, origin: 'http://gate.example' };
			return site.request(`${path}/photos`, { method: 'POST', body: form, headers });
		};
		const html = await admin.page(locationOf(await send(solidJpeg('loop'))));
		const source = /src="([^"]*\/thumbnail)"/.exec(html)?.[1] ?? '';
		expect((await admin.get(source)).headers.get('content-type')).toBe('image/jpeg');
		const broken = await send(Buffer.from('no picture'));
		expect([broken.status, textOf(await broken.text())]).toEqual([422, expect.stringContaining('no JPEG or PNG')]);
		const photoId = source.split('/').at(-2);
		await admin.post(`${path}/photos/${photoId}/remove`, {});
		expect(await admin.page(path)).not.toContain(source);
	});
});

describe('I9–I12 each kind of licence sees what it may do', () => {
	test('Standard plans, a mechanic works, Consultation looks, and nobody else sees any', async () => {
		const path = await report('Lamp is out');
		const seen = async () => {
			const html = await user.page(path);
			return [`action="${path}"`, `action="${path}/status"`, `action="${path}/photos"`].map((form) =>
				html.includes(form),
			);
		};
		expect((await user.get(path)).status).toBe(403);
		give('serviceStandard');
		expect(await seen()).toEqual([true, true, true]);
		expect(await user.page('/interventions')).toContain('/interventions/new');
		give('serviceMechanic');
		expect(await user.page('/interventions')).toContain(`href="/interventions?assignee=${user.operatorId}"`);
		expect(await seen()).toEqual([false, true, true]);
		expect(await user.page('/interventions')).not.toContain('/interventions/new');
		expect((await user.post(path, { title: 'x' })).status).toBe(403);
		give('serviceConsultation');
		expect(await seen()).toEqual([false, false, false]);
		expect((await user.post(`${path}/comments`, { text: 'x' })).status).toBe(403);
		give();
		expect((await user.get('/roster')).status).toBe(403);
	});

	test('I12 the roster shows Resources, their work, and what clashes, by day and week', async () => {
		const fields = { description: '', kind: 'repair', priority: 'low', target: 'site' };
		for (const title of ['First job', 'Second job']) {
			const path = await report(title);
			const plan = { planStart: '2026-01-08T08:00', planEnd: '2026-01-08T10:00', 'people[]': 'rex' };
			await admin.post(path, { ...fields, title, version: versionIn(await admin.page(path)), ...plan });
		}
		const week = textOf(await admin.page('/roster?date=2026-01-08'));
		for (const words of ['Rex Resource', 'First job', 'At the same time as something else', '1 person has clashes']) {
			expect(week).toContain(words);
		}
		expect(textOf(await admin.page('/roster?view=day&date=2026-01-09'))).toContain('Nothing planned');
		expect((await admin.get('/roster?date=2026-99-99')).status).toBe(200);
	});
});
