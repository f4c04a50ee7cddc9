import { afterEach, beforeEach, expect, test } from 'vitest';
import { licenceKindsOf } from '../../../src/compose/operators-of-site.ts';
import type { LicenceKind } from '../../../src/gateway/core/licence/licence-kinds.ts';
import { type ConsoleSite, createConsoleSite, form, type Visitor } from '../../support/console-site.ts';
import { SITE } from '../../support/http-site.ts';
import { createOperatorsBench, PASSWORD } from '../../support/operators.ts';

let site: ConsoleSite;
let user: Visitor;
beforeEach(async () => {
	const licenceKinds = licenceKindsOf(() => site.services.services.licenceGrants);
	site = createConsoleSite({ site: SITE, bench: createOperatorsBench({ licenceKinds }) });
	user = await site.signIn('user');
});
afterEach(() => site.close());

const give = (...kinds: LicenceKind[]) =>
	expect(site.services.services.licenceGrants.set(user.operatorId, kinds, { operatorId: null })).toMatchObject({
		result: 'changed',
	});
const status = async (path: string) => (await user.get(path)).status;

test('I2, I3, A5: a kind that is given or taken acts on the very next request of a login that is there', async () => {
	expect(await status('/api/v1/review-queue')).toBe(403);
	expect(await status('/review')).toBe(403);
	give('zReview');
	expect(await status('/api/v1/review-queue')).toBe(200);
	expect(await user.page('/review')).toContain('href="/review"');
	expect(await status('/api/v1/scan?text=1ABC234')).toBe(403);
	give('zReview', 'zScan');
	expect(await status('/api/v1/scan?text=1ABC234')).toBe(200);
	give('zScan');
	expect(await status('/api/v1/review-queue')).toBe(403);
});

test('I7, I8: consultation sees operations and changes nothing; standard does both', async () => {
	give('salesConsultation');
	expect(await status('/api/v1/holders')).toBe(200);
	const vend = () => user.post('/lanes/L1/vend', { reason: 'test' });
	expect((await vend()).status).toBe(403);
	give('salesStandard');
	expect((await vend()).status).not.toBe(403);
	expect(await status('/api/v1/configuration')).toBe(403);
});

test('I9, I13, I14: services write hand-overs, Marketing has campaigns and leads, Signature lets people sign', async () => {
	give('serviceStandard');
	expect(await status('/hand-overs/new')).toBe(200);
	const made = await user.post('/hand-overs/new', { subject: 'lane L1', checks: '', remarks: '' });
	const report = made.headers.get('location') ?? '';
	const sign = () => user.post(`${report}/signatures`, { name: 'Ada', strokes: '' });
	expect((await sign()).status).toBe(403);
	expect(await status('/api/v1/leads')).toBe(403);
	give('signature');
	expect((await sign()).status).toBe(303);
	expect(await status('/hand-overs/new')).toBe(403);
	give('marketing');
	expect((await sign()).status).toBe(403);
	for (const path of ['/api/v1/leads', '/api/v1/campaigns', '/leads', '/campaigns'])
		expect(await status(path)).toBe(200);
});

test('I15: z·analytics has the figures and nothing of anybody', async () => {
	expect(await status('/api/v1/analytics')).toBe(403);
	give('zAnalytics');
	for (const path of ['/api/v1/analytics', '/analytics', '/api/v1/occupancy']) expect(await status(path)).toBe(200);
	expect(await status('/api/v1/decisions')).toBe(403);
});

test('I15: each mobile kind opens its own page and routes, and without it both are refused', async () => {
	const own = [
		['zScan', '/scan', '/api/v1/scan?text=1ABC234'],
		['zLogistic', '/logistic', '/api/v1/standing-vehicles'],
		['zReview', '/review', '/api/v1/review-queue'],
		['zModeration', '/moderation', '/api/v1/evidence'],
	] as const;
	const paths = own.flatMap(([, page, route]) => [page, route]);
	for (const path of paths) expect([path, await status(path)]).toEqual([path, 403]);
	for (const [kind, page, route] of own) {
		give(kind);
		expect([kind, await status(page), await status(route)]).toEqual([kind, 200, 200]);
	}
	give('zScan', 'zLogistic');
	expect(await Promise.all(paths.map(status))).toEqual([200, 200, 200, 200, 403, 403, 403, 403]);
	const move = (stayId: string) => user.post(`/logistic/${stayId}`, { place: 'A1' });
	expect((await move('gone')).status).toBe(422);
	give('zScan');
	expect((await move('gone')).status).toBe(403);
});

test('I12: who becomes a Resource is signed out at once, and never signs in', async () => {
	give('serviceResource');
	expect(await status('/')).toBe(303);
	const answer = await site.request('/login', form({ email: 'user@example.org', password: PASSWORD }));
	expect(answer.headers.get('set-cookie')).toBeNull();
});
