import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MadeLogin } from '../../support/logins-without-passwords.ts';
import { BOOKING_PEOPLE, createTwoParks, type TwoParks } from '../../support/two-parks-site.ts';

let parks: TwoParks;
let north: MadeLogin;
let south: MadeLogin;
const HOUR = 3_600_000;

beforeAll(() => {
	parks = createTwoParks();
	north = parks.at('park:P1');
	south = parks.at('park:P2');
	parks.fill(BOOKING_PEOPLE);
	const right = { state: 'active', validFromMs: null, validToMs: null };
	const kind = { strategy: 'onTheFly', scheduleId: null };
	parks.fill([
		['rightSpecifications', { ...kind, id: 'fly', name: 'On the fly', areaIds: ['A1', 'B1'] }],
		...(['nora', 'gina', 'sven'] as const).map(
			(holderId) => ['assignedRights', { ...right, id: `fly-${holderId}`, holderId, specificationId: 'fly' }] as const,
		),
	]);
	const { store, clock } = parks.site.bench;
	const stay = { credentialId: null, decisionId: null, counted: true, laneInId: null };
	const inside = (holderId: string, areaId: string) => {
		const own = { id: `in-${holderId}`, holderId, areaId, rightIds: [`fly-${holderId}`], openedAtMs: clock.nowMs() };
		store.transaction(() => store.parkingSessions.open({ ...stay, ...own }));
	};
	inside('nora', 'A1');
	inside('gina', 'B1');
	inside('sven', 'B1');
});
afterAll(() => parks.close());

/** What an answer says, without what names the request and what was asked for. */
async function told(answer: Promise<Response>, id: string): Promise<string> {
	const { status, text } = await answer.then(async (one) => ({ status: one.status, text: await one.text() }));
	return `${status} ${text.replaceAll(id, 'ID').replaceAll(/"requestId":"[^"]*"/g, '')}`;
}

describe('A9 stays, and what is done about them, by the part of the site and the people one has', () => {
	test('who is inside is listed by the areas, or the people, that are theirs', async () => {
		for (const [scope, ids] of [
			['site', ['in-gina', 'in-nora', 'in-sven']],
			['park:P1', ['in-nora']],
			['area:B1', ['in-gina', 'in-sven']],
			['group:tenant', ['in-gina']],
			['record:holders/sven', ['in-sven']],
			['bundle:scheme', []],
		] as const) {
			const listed: { items: { id: string; holderName: string }[] } = JSON.parse(
				await parks.text('/api/v1/parking-sessions', parks.at(scope)),
			);
			expect(listed.items.map(({ id }) => id).sort(), scope).toEqual(ids);
			for (const { holderName } of listed.items) expect(holderName).toMatch(/Peeters|Maes|Claes/);
		}
	});

	test('how long an on-the-fly stay lasts is told to, and chosen by, who has it', async () => {
		const path = (id: string) => `/api/v1/parking-sessions/${id}/duration`;
		const until = new Date(parks.site.bench.clock.nowMs() + HOUR).toISOString();
		const choose = (id: string, login: MadeLogin) => parks.send('POST', path(id), { until }, login);
		expect((await parks.get(path('in-nora'), north)).status).toBe(200);
		expect(await told(parks.get(path('in-gina'), north), 'in-gina')).toBe(
			await told(parks.get(path('none'), north), 'none'),
		);
		expect(await told(choose('in-gina', north), 'in-gina')).toBe(await told(choose('none', north), 'none'));
		expect((await choose('in-nora', north)).status).toBe(200);
		expect((await choose('in-gina', parks.at('group:tenant'))).status).toBe(200);
		expect((await choose('in-gina', parks.at('park:P1', 'reception'))).status).toBeGreaterThanOrEqual(403);
	});

	test('anti-passback is reset for whom they have; everybody inside is of the whole site', async () => {
		const reset = (body: object, login: MadeLogin) =>
			parks.send('POST', '/api/v1/presence/reset', { reason: 'Tailgated', ...body }, login);
		expect((await reset({ holders: ['nora'] }, north)).status).toBe(200);
		expect(await told(reset({ holders: ['sven'] }, north), 'sven')).toBe(
			await told(reset({ holders: ['none'] }, north), 'none'),
		);
		expect((await reset({ holders: ['nora', 'sven'] }, north)).status).toBe(404);
		expect((await reset({ all: true }, north)).status).toBe(403);
		expect(await parks.text('/occupancy', north)).toContain('/occupancy/presence');
		const page = await parks.text('/occupancy/presence?q=nora', north);
		expect(page).toContain('Nora Peeters');
		expect(await parks.text('/occupancy/presence?q=sven', north)).not.toContain('Sven Maes');
		expect(page).not.toContain('who=all');
		expect((await parks.get('/occupancy/presence?who=all', north)).status).toBe(403);
		expect((await parks.get('/occupancy/presence?holder=sven', north)).status).toBe(404);
		const form = (fields: Record<string, string>) =>
			parks.form('/occupancy/presence', { reason: 'Tailgated', ...fields }, north);
		expect((await form({ holder: 'nora' })).status).toBe(303);
		expect((await form({ holder: 'sven' })).status).toBe(404);
		expect((await form({ who: 'all', sure: 'yes' })).status).toBe(403);
	});

	test('a reader takes its key, and a tag is presented at it, for who has all its lanes', async () => {
		const key = (id: string, login: MadeLogin) => parks.send('POST', `/api/v1/devices/${id}/key-window`, {}, login);
		expect((await key('reader-1', north)).status).toBe(200);
		expect(await told(key('reader-1', south), 'reader-1')).toBe(await told(key('none', south), 'none'));
		const close = (login: MadeLogin) => parks.send('POST', '/api/v1/devices/reader-1/key-window/close', {}, login);
		expect([(await close(south)).status, (await close(north)).status]).toEqual([404, 200]);
		expect((await parks.form('/devices/reader-1/key-window', {}, south)).status).toBe(404);

		const wait = (device: string, login: MadeLogin) => parks.send('POST', '/api/v1/enrolments', { device }, login);
		expect(await told(wait('reader-1', south), 'reader-1')).toBe(await told(wait('none', south), 'none'));
		const opened = await wait('reader-1', north);
		expect(opened.status, await opened.clone().text()).toBe(201);
		const { id } = (await opened.json()) as { id: string };
		const one = `/api/v1/enrolments/${id}`;
		expect((await parks.get(one, north)).status).toBe(200);
		expect(await told(parks.get(one, south), id)).toBe(await told(parks.get('/api/v1/enrolments/none', south), 'none'));
		expect((await parks.send('POST', `${one}/cancel`, {}, south)).status).toBe(404);
		expect(JSON.parse(await parks.text('/api/v1/enrolments', south))).toEqual({ items: [] });
		expect(await parks.text('/enrolments/new', north)).toContain('reader-1');
		expect(await parks.text('/enrolments/new', south)).not.toContain('reader-1');
		expect((await parks.send('POST', `${one}/cancel`, {}, north)).status).toBe(200);
	});
});
