import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DirectoryChange } from '../../../src/gateway/services/directory/directory-edits.ts';
import { createHttpSite, jsonPost, SITE } from '../../support/http-site.ts';
import { makeLogin } from '../../support/logins-without-passwords.ts';
import { addAnnAndBob } from '../../support/own-access-people.ts';

const SPACES = ['S1', 'S2', 'S3'].map((id) => ({ id, name: `Space ${id}` }));
const site = createHttpSite({}, undefined, {
	...SITE,
	areas: [
		{ id: 'A1', name: 'Ground floor', parkId: 'P1', capacity: 80, spaces: SPACES },
		{ id: 'A2', name: 'Roof', parkId: 'P1', capacity: 5, spaces: [{ id: 'R1', name: 'Roof 1' }] },
	],
});
const { bench, services } = site;
const OWN = '/api/v1/me/access';
const HOUR_MS = 3_600_000;
const startMs = bench.clock.nowMs();
const at = (hours: number) => new Date(startMs + hours * HOUR_MS).toISOString();

/** A simple user who is this person. */
function asPerson(holderId: string) {
	const login = makeLogin(bench, { role: 'user' });
	bench.store.offboardings.setHolder(login.operatorId, holderId);
	const headers = { cookie: login.cookie, 'x-csrf-token': login.csrf };
	return {
		...login,
		get: (path: string) => site.request(`${OWN}/${path}`, { headers }),
		post: (path: string, body: object = {}) => site.request(`${OWN}/${path}`, jsonPost(body, headers)),
	};
}

type Person = ReturnType<typeof asPerson>;
let ann: Person;
let bob: Person;
beforeAll(() => {
	addAnnAndBob(services.edits);
	change({
		op: 'create',
		table: 'holders',
		row: {
			id: 'car-2',
			kind: 'vehicle',
			name: 'Second car',
			email: null,
			status: 'active',
			sharingGroupId: 'fleet-ann',
		},
	});
	ann = asPerson('ann');
	bob = asPerson('bob');
});
afterAll(() => site.close());

function change(one: DirectoryChange): void {
	const answer = services.edits.edit([one], { operatorId: null });
	if (answer.result === 'refused') throw new Error(JSON.stringify(answer.problems));
}

const keepFor = (key: string, spaceId: string | null) =>
	change({ op: 'update', table: 'assignedRights', key, fields: { spaceId } });

const book = (who: Person, from: number, to: number, change: object = {}) =>
	who.post('bookings', { rightId: who === ann ? 'ann-booked' : 'bob-booked', start: at(from), end: at(to), ...change });
async function booked(who: Person, from: number, to: number, change: object = {}) {
	const answer = await book(who, from, to, change);
	expect(answer.status).toBe(201);
	return (await answer.json()) as { id: string; spaceId: string | null; areaId: string | null };
}
const move = (who: Person, id: string, change: object) => who.post(`bookings/${id}/move`, change);
async function free(who: Person, from: number, to: number, more = '') {
	const answer = await who.get(`spaces?from=${at(from)}&to=${at(to)}${more}`);
	return ((await answer.json()) as { items: { id: string }[] }).items.map(({ id }) => id);
}
const why = async (answer: Response) => [answer.status, /"because":"(\w+)"/.exec(await answer.text())?.[1]];

describe('X12 N5 one space of one’s choice', () => {
	test('is offered while it is free, only where one’s right opens, and is booked once', async () => {
		expect(await free(ann, 2, 4)).toEqual(['S1', 'S2', 'S3']);
		const mine = await booked(ann, 2, 4, { spaceId: 'S2' });
		expect(mine).toMatchObject({ spaceId: 'S2', areaId: 'A1', state: 'planned', areaIds: ['A1'] });
		expect(await free(bob, 3, 5)).toEqual(['S1', 'S3']);
		expect(await free(bob, 4, 5)).toEqual(['S1', 'S2', 'S3']);
		expect(await free(ann, 3, 5, `&booking=${mine.id}`), 'its own').toEqual(['S1', 'S2', 'S3']);
		expect(await free(bob, 3, 5, `&booking=${mine.id}`), 'somebody else’s').toEqual(['S1', 'S3']);
		const refused = await book(bob, 3, 5, { spaceId: 'S2' });
		const told = await refused.text();
		expect([refused.status, told]).toEqual([409, expect.stringContaining('"because":"spaceBooked"')]);
		expect(told).toContain('Choose another space');
		expect(told).not.toMatch(/Ann|"ann|1ANN/);
		expect(await why(await book(bob, 3, 5, { spaceId: 'R1' }))).toEqual([409, 'wrongArea']);
		expect(await why(await book(bob, 3, 5, { spaceId: 'S3', areaId: 'A2' }))).toEqual([409, 'wrongArea']);
		expect((await book(bob, 3, 5, { spaceId: 'nowhere' })).status).toBe(409);
	});

	test('is asked for by many at the same moment, and one has it', async () => {
		const people = Array.from({ length: 12 }, (_, n) => `p${n}`);
		for (const id of people) {
			change({ op: 'create', table: 'holders', row: { id, kind: 'person', name: id, email: null, status: 'active' } });
			const right = { id: `${id}-right`, holderId: id, specificationId: 'booked', state: 'active' };
			change({ op: 'create', table: 'assignedRights', row: { ...right, validFromMs: null, validToMs: null } });
		}
		const logins = people.map(asPerson);
		const wish = { spaceId: 'S1', start: at(20), end: at(22) };
		const answers = await Promise.all(logins.map((who) => who.post('bookings', wish)));
		expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array.from({ length: 11 }, () => 409)]);
		// Those who have another one want to move there.
		const others = await Promise.all(
			logins.map((who) => who.post('bookings', { ...wish, spaceId: null, areaId: 'A1' })),
		);
		const ids = await Promise.all(others.map(async (answer) => ((await answer.json()) as { id?: string }).id));
		const moved = await Promise.all(
			logins.map((who, n) => move(who, ids[n] ?? 'none', { spaceId: 'S2', start: at(21), end: at(22) })),
		);
		expect(moved.filter(({ status }) => status === 200)).toHaveLength(1);
	});

	test('that is kept for somebody is theirs, unless they give it up for all of the time', async () => {
		keepFor('bob-kept', 'S3');
		expect(await free(ann, 30, 32)).toEqual(['S1', 'S2']);
		expect(await free(bob, 30, 32)).toEqual(['S1', 'S2', 'S3']);
		expect(await why(await book(ann, 30, 32, { spaceId: 'S3' }))).toEqual([409, 'spaceKept']);
		const away = await bob.post('give-ups', { rightId: 'bob-kept', start: at(30), end: at(33) });
		const { id } = (await away.json()) as { id: string };
		expect(await why(await book(ann, 32, 34, { spaceId: 'S3' })), 'longer').toEqual([409, 'spaceKept']);
		const mine = await booked(ann, 30, 32, { spaceId: 'S3' });
		expect(await why(await bob.post(`bookings/${id}/release`)), 'promised since').toEqual([409, 'placeTaken']);
		expect((await ann.post(`bookings/${mine.id}/release`)).status).toBe(200);
		expect((await bob.post(`bookings/${id}/release`)).status).toBe(200);
		keepFor('bob-kept', null);
	});
});

describe('X12 moving a booking of one’s own', () => {
	test('to another time, space and car, each checked as a new one, audited as theirs', async () => {
		const { id } = await booked(ann, 50, 52, { areaId: 'A1', vehicleId: 'car-ann', note: 'Client' });
		const later = await move(ann, id, { start: at(51), end: at(53) });
		expect(await later.json()).toMatchObject({ id, areaId: 'A1', spaceId: null, vehicleId: 'car-ann', note: 'Client' });
		expect(await (await move(ann, id, { spaceId: 'S1' })).json()).toMatchObject({ spaceId: 'S1', areaId: 'A1' });
		expect(await (await move(ann, id, { vehicleId: 'car-2' })).json()).toMatchObject({
			...{ vehicleId: 'car-2', vehicleName: 'Second car', spaceId: 'S1' },
		});
		expect(await (await move(ann, id, { vehicleId: null, note: null })).json()).toMatchObject({
			vehicleId: null,
			note: null,
		});
		await booked(ann, 60, 62, { spaceId: 'S2' });
		expect(await why(await move(ann, id, { start: at(60), end: at(61) })), 'no two at once').toEqual([
			409,
			'rightBooked',
		]);
		await booked(bob, 70, 72, { spaceId: 'S1' });
		expect(await why(await move(ann, id, { start: at(71), end: at(72) }))).toEqual([409, 'spaceBooked']);
		expect((await move(ann, id, { start: at(71), end: at(72), spaceId: null })).status).toBe(200);
		expect(await why(await move(ann, id, { start: at(-9), end: at(-8) }))).toEqual([409, 'past']);
		expect(await why(await move(ann, id, { areaId: 'A2' }))).toEqual([409, 'wrongArea']);
		expect((await move(ann, id, { end: at(71) })).status, 'ends as it begins').toBe(409);
		const told = services.edits.history('plannedUses', id).map(({ operatorId }) => operatorId);
		expect([told.length >= 6, new Set(told)]).toEqual([true, new Set([ann.operatorId])]);
	});

	test('of nobody else, into nobody’s car, and never one that is over or given up', async () => {
		const { id } = await booked(bob, 80, 82, { spaceId: 'S1' });
		const seqBefore = bench.store.journal.lastSeq();
		for (const other of [id, 'nothing']) {
			const answer = await move(ann, other, { start: at(81), end: at(83) });
			expect([answer.status, await answer.text()]).toEqual([404, expect.not.stringMatching(/Maes|2BOB/)]);
		}
		expect((await move(bob, id, { vehicleId: 'car-ann' })).status).toBe(404);
		expect((await move(bob, id, { holderId: 'ann' })).status).toBe(400);
		expect(bench.store.journal.lastSeq()).toBe(seqBefore);
		services.ownAccessRules.set({ ...services.ownAccessRules.get(), mayBook: false }, null);
		expect((await move(bob, id, { end: at(83) })).status).toBe(403);
		services.ownAccessRules.set({ ...services.ownAccessRules.get(), mayBook: true }, null);
		expect((await bob.post(`bookings/${id}/release`)).status).toBe(200);
		const over = await move(bob, id, { end: at(83) });
		expect([over.status, await over.text()]).toEqual([409, expect.stringContaining('BOOKING_ENDED')]);
		const away = await bob.post('give-ups', { rightId: 'bob-kept', start: at(90), end: at(92) });
		expect((await move(bob, ((await away.json()) as { id: string }).id, { end: at(93) })).status).toBe(404);
	});

	test('once one came by it only its end can change', async () => {
		const { id } = await booked(ann, -0.5, 1, { areaId: 'A1' });
		const stay = { id: 'stay', holderId: 'ann', credentialId: null, decisionId: null, areaId: 'A1', counted: true };
		bench.store.transaction(() => {
			bench.store.parkingSessions.open({ ...stay, laneInId: 'L1', openedAtMs: bench.clock.nowMs() });
			bench.store.consumption.useBooking({ bookingId: id, stayId: 'stay', state: 'used', atMs: bench.clock.nowMs() });
		});
		expect(await why(await move(ann, id, { spaceId: 'S2' }))).toEqual([409, 'alreadyUsed']);
		const moved = (await (await move(ann, id, { end: at(1.5) })).json()) as { state: string; end: string };
		expect([moved.state, Date.parse(moved.end)]).toEqual(['in', startMs + 1.5 * HOUR_MS]);
	});
});
