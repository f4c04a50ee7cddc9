import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MadeLogin } from '../../support/logins-without-passwords.ts';
import { BOOKING_PEOPLE, createTwoParks, type TwoParks } from '../../support/two-parks-site.ts';

let parks: TwoParks;
let north: MadeLogin;
let tenant: MadeLogin;
let scheme: MadeLogin;
let dayMs: number;
const HOUR = 3_600_000;
const at = (hour: number) => new Date(dayMs + hour * HOUR).toISOString();
const span = () => `from=${at(0)}&to=${at(24)}`;

beforeAll(() => {
	parks = createTwoParks();
	north = parks.at('park:P1');
	tenant = parks.at('group:tenant');
	scheme = parks.at('bundle:scheme');
	dayMs = (Math.floor(parks.site.bench.clock.nowMs() / 86_400_000) + 2) * 86_400_000;
	const booking = { kind: 'booking', spaceId: null };
	const times = (hour: number) => ({ startMs: dayMs + hour * HOUR, endMs: dayMs + (hour + 2) * HOUR });
	parks.fill([
		...BOOKING_PEOPLE,
		['plannedUses', { ...booking, ...times(8), id: 'b-nora', holderId: 'nora', rightId: 'r-nora', areaId: 'A1' }],
		[
			'plannedUses',
			{ ...booking, ...times(8), id: 'b-sven', holderId: 'sven', rightId: 'r-van', areaId: 'B1', vehicleId: 'van' },
		],
		['plannedUses', { ...booking, ...times(8), id: 'b-gina', holderId: 'gina', rightId: 'r-gina', areaId: 'B1' }],
	]);
});
afterAll(() => parks.close());

const date = () => new Date(dayMs).toISOString().slice(0, 10);
const shownIn = (html: string) =>
	['nora', 'sven', 'gina'].filter((id) => html.includes(`/bookings/b-${id}"`) || html.includes(`/bookings/b-${id}?`));
const fieldOf = (hour: number) => `${date()}T${String(hour).padStart(2, '0')}:00`;

describe('A9 N5 bookings as who has a part of them sees and makes them', () => {
	test('the calendar shows those of the part, with the places of its areas and the vehicles of it', async () => {
		for (const [login, theirs] of [
			[parks.admin, ['nora', 'sven', 'gina']],
			[north, ['nora']],
			[parks.at('area:B1'), ['sven', 'gina']],
			[tenant, ['gina']],
			[scheme, ['sven']],
			[parks.at('record:holders/sven'), ['sven']],
		] as const) {
			expect(shownIn(await parks.text(`/bookings?date=${date()}`, login))).toEqual(theirs);
		}
		const calendar = await parks.text(`/bookings?date=${date()}`, north);
		expect(calendar).toContain('Ground floor');
		expect(calendar).toContain('/bookings/new?');
		for (const other of ['South deck', 'South van', 'Sven', 'Gina']) expect(calendar).not.toContain(other);
		expect(await parks.text(`/bookings?date=${date()}`, scheme)).toContain('South van');
		expect(await parks.text('/holders', north)).toContain('href="/bookings"');
	});

	test('a booking, and a vehicle, of another part is as if it was not there', async () => {
		for (const act of ['', '/move', '/release']) {
			expect((await parks.get(`/bookings/b-nora${act}`, north)).status).toBe(200);
			const [hidden, unknown] = await Promise.all(
				['b-sven', 'b-none'].map((id) => parks.get(`/bookings/${id}${act}`, north)),
			);
			expect([hidden?.status, unknown?.status]).toEqual([404, 404]);
		}
		for (const act of ['move', 'release']) {
			const fields = { from: fieldOf(10), to: fieldOf(11), area: '' };
			for (const id of ['b-sven', 'b-none']) {
				expect((await parks.form(`/bookings/${id}/${act}`, fields, north)).status).toBe(404);
			}
		}
		const free = (id: string, login: MadeLogin) => parks.get(`/api/v1/vehicles/${id}/availability?${span()}`, login);
		expect((await free('van', parks.at('park:P2'))).status).toBe(200);
		const told = async (id: string) => {
			const answer = await free(id, north);
			return [answer.status, { ...((await answer.json()) as object), requestId: '' }];
		};
		const text = JSON.stringify(await told('van')).replaceAll('van', 'ID');
		expect(text).toBe(JSON.stringify(await told('none')).replaceAll('none', 'ID'));
		expect(text).toContain('404');
	});

	test('whose a booking is leads to them only where they are one’s own, too', async () => {
		const south = parks.at('park:P2');
		const [own, other] = [await parks.text('/bookings/b-sven', south), await parks.text('/bookings/b-gina', south)];
		expect(own).toContain('href="/vehicles/van"');
		expect(own).toContain('href="/holders/sven"');
		expect(other).toContain('Gina Claes');
		expect(other).not.toContain('href="/holders/gina"');
		expect(other).not.toContain('href="/rights/r-gina"');
	});

	test('who sees one without changing it is told so, and offered nothing to change', async () => {
		const reads = parks.at('park:P1', 'security');
		const may = (await parks.text('/api/v1/me', reads)).includes('plannedUses:write');
		expect(may).toBe(false);
		const page = await parks.text('/bookings/b-nora', reads);
		expect(page).not.toContain('/bookings/b-nora/move');
		expect((await parks.get('/bookings/b-nora/move', reads)).status).toBe(403);
	});

	test('is made, moved and given up within the part, and no way leads out of it', async () => {
		const fields = { who: 'Nora', from: fieldOf(12), to: fieldOf(13), area: 'A1' };
		const form = await parks.text('/bookings/new', north);
		expect(form).toContain('Ground floor');
		expect(form).not.toContain('South');
		const made = await parks.form('/bookings/new', fields, north);
		expect(made.status, await made.clone().text()).toBe(303);
		const page = (made.headers.get('location') ?? '').split('?')[0] ?? '';
		const elsewhere = await parks.form(`${page}/move`, { from: fieldOf(14), to: fieldOf(15), area: 'B1' }, north);
		expect(elsewhere.status).toBe(422);
		expect((await parks.form(`${page}/move`, { from: fieldOf(14), to: fieldOf(15), area: 'A1' }, north)).status).toBe(
			303,
		);
		expect((await parks.form(`${page}/release`, {}, north)).status).toBe(303);
		// Whom they do not see is nobody, and where they may not is nowhere.
		for (const change of [
			{ who: 'Sven' },
			{ who: 'Gina', area: 'B1' },
			{ who: '', holderId: 'sven' },
			{ area: 'B1' },
		]) {
			const answer = await parks.form('/bookings/new', { ...fields, ...change }, north);
			expect(answer.status, JSON.stringify(change)).toBe(422);
			expect(await answer.text()).not.toContain('Maes');
		}
	});

	test('the API makes and moves them likewise, and tells of hidden rows what it tells of none', async () => {
		const body = { kind: 'booking', holderId: 'gina', areaId: 'B1', start: at(16), end: at(17) };
		const post = (change: object, login: MadeLogin) =>
			parks.send('POST', '/api/v1/planned-uses', { ...body, rightId: 'r-gina', ...change }, login);
		const made = await post({}, tenant);
		expect(made.status, await made.clone().text()).toBe(201);
		const { id } = (await made.json()) as { id: string };
		const moved = { start: at(18), end: at(19) };
		expect((await parks.send('PATCH', `/api/v1/planned-uses/${id}`, moved, north)).status).toBe(404);
		const tag = (await parks.get(`/api/v1/planned-uses/${id}`, tenant)).headers.get('etag') ?? '';
		expect(tag).not.toBe('');
		const problems = async (rightId: string, holderId: string) => {
			const answer = await post({ areaId: 'A1', rightId, holderId }, north);
			const { requestId: _, ...problem } = (await answer.json()) as { requestId: string };
			return [answer.status, JSON.stringify(problem).replaceAll(rightId, 'RIGHT').replaceAll(holderId, 'HOLDER')];
		};
		expect(await problems('r-sven', 'nora')).toEqual(await problems('r-none', 'nora'));
		expect(await problems('r-sven', 'sven')).toEqual(await problems('r-none', 'nobody'));
		expect((await parks.get(`/api/v1/availability?area=A1&${span()}`, north)).status).toBe(200);
		expect((await parks.get(`/api/v1/availability?area=B1&${span()}`, north)).status).toBe(403);
	});
});
