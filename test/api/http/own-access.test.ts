import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpSite, jsonPost } from '../../support/http-site.ts';
import { makeLogin } from '../../support/logins-without-passwords.ts';
import { addAnnAndBob } from '../../support/own-access-people.ts';

const site = createHttpSite();
const { bench, services } = site;
const HOUR_MS = 3_600_000;
const at = (hours: number) => new Date(bench.clock.nowMs() + hours * HOUR_MS).toISOString();
const OWN = '/api/v1/me/access';

/** A simple user who is this person. */
function asPerson(holderId: string | null, role = 'user') {
	const login = makeLogin(bench, { role });
	if (holderId !== null) bench.store.offboardings.setHolder(login.operatorId, holderId);
	const headers = { cookie: login.cookie, 'x-csrf-token': login.csrf };
	return {
		...login,
		get: (path: string) => site.request(path, { headers }),
		post: (path: string, body: object = {}) => site.request(path, jsonPost(body, headers)),
	};
}

type Person = ReturnType<typeof asPerson>;
let ann: Person;
let bob: Person;
beforeAll(() => {
	addAnnAndBob(services.edits);
	ann = asPerson('ann');
	bob = asPerson('bob');
});
afterAll(() => site.close());

const book = (who: Person, change: object = {}) =>
	who.post(`${OWN}/bookings`, { areaId: 'A1', start: at(2), end: at(4), ...change });
const letInvite = (change: object = {}) =>
	services.ownAccessRules.set({ ...services.ownAccessRules.get(), mayInvite: true, ...change }, null);
const invite = (who: Person, change: object = {}) =>
	who.post(`${OWN}/visits`, {
		...{ name: 'Guest', credential: { kind: 'qr' }, validFrom: at(1), validTo: at(3) },
		...change,
	});

describe('X12 my access', () => {
	test('shows one’s own rights, plates and cars in plain terms; codes are masked, and who shares is a number', async () => {
		const { state, person } = (await (await ann.get(OWN)).json()) as {
			state: string;
			person: Record<string, unknown[]>;
		};
		expect([state, person['name'], person['standing']]).toEqual(['known', 'Ann Peeters', 'active']);
		expect(person['rights']).toMatchObject([
			{ id: 'ann-booked', state: 'valid', areaIds: ['A1'], isBookable: true, keepsPlace: false, sharedPlaces: null },
			{ id: 'ann-kept', isBookable: false, keepsPlace: true, sharedPlaces: { name: 'Second floor', others: 1 } },
		]);
		expect(person['credentials']).toMatchObject([{ shown: '1ANN111' }, { shown: '…-ann' }]);
		expect(person['vehicles']).toMatchObject([{ id: 'car-ann', sharedBy: 'Fleet A' }]);
		expect(JSON.stringify(person)).not.toMatch(/bob|2BOB|secret-code/i);
	});

	test('N5 X13 books a place and a shared car, releases it, gives a kept place up and takes it back', async () => {
		const made = await book(ann, { rightId: 'ann-booked', vehicleId: 'car-ann', note: 'With the big one' });
		const booking = (await made.json()) as { id: string };
		expect([made.status, booking]).toEqual([201, expect.objectContaining({ state: 'planned', areaIds: ['A1'] })]);
		const twice = await book(ann);
		expect([twice.status, await twice.text()]).toEqual([409, expect.stringContaining('"because":"rightBooked"')]);
		const list = (await (await ann.get(`${OWN}/bookings`)).json()) as { items: { id: string }[] };
		expect(list.items.map(({ id }) => id)).toEqual([booking.id]);
		const released = await ann.post(`${OWN}/bookings/${booking.id}/release`);
		expect(await released.json()).toMatchObject({ id: booking.id, state: 'released' });
		const given = await ann.post(`${OWN}/give-ups`, { rightId: 'ann-kept', start: at(24), end: at(48) });
		const away = (await given.json()) as { id: string };
		expect([given.status, away]).toEqual([201, expect.objectContaining({ kind: 'release', state: 'planned' })]);
		expect((await ann.post(`${OWN}/bookings/${away.id}/release`)).status).toBe(200);
		const told = services.edits.history('plannedUses', booking.id);
		expect(told.map(({ operatorId }) => operatorId)).toEqual([ann.operatorId, ann.operatorId]);
	});

	test('books nothing in the past, nothing where the site lets nobody, and no more than one may', async () => {
		expect((await book(ann, { start: at(-5), end: at(-4) })).status).toBe(409);
		services.ownAccessRules.set({ ...services.ownAccessRules.get(), mayBook: false }, null);
		expect((await book(ann)).status).toBe(403);
		services.ownAccessRules.set({ ...services.ownAccessRules.get(), mayBook: true }, null);
		for (let day = 0; day < 60; day += 1) {
			const times = { start: at(100 + 24 * day), end: at(101 + 24 * day) };
			expect((await book(bob, { rightId: 'bob-booked', ...times })).status).toBe(201);
		}
		const more = await book(bob, { start: at(5_000), end: at(5_001) });
		expect([more.status, await more.text()]).toEqual([409, expect.stringContaining('TOO_MANY_BOOKINGS')]);
	});

	test('V3 invites a guest only where the site lets people, within its number and length; audited as theirs', async () => {
		expect((await invite(ann)).status).toBe(403);
		letInvite({ visitsAtOnce: 2, visitHours: 4, visitDaysAhead: 2 });
		const made = await invite(ann);
		const { visit } = (await made.json()) as { visit: { id: string; credential: { value: string } } };
		expect([made.status, visit]).toEqual([201, expect.objectContaining({ name: 'Guest', areaIds: ['A1'] })]);
		expect(visit.credential.value).toMatch(/^[\w-]{22}$/);
		expect(services.visitors.get(visit.id)).toMatchObject({ host: { id: 'ann' } });
		expect(services.visitors.madeBy(visit.id)).toMatchObject({ operatorId: ann.operatorId });
		expect(await (await invite(ann, { validTo: at(6) })).text()).toContain('"tooLong"');
		expect(await (await invite(ann, { validFrom: at(60), validTo: at(61) })).text()).toContain('"tooFarAhead"');
		expect((await invite(ann, { name: 'Another' })).status).toBe(201);
		expect(await (await invite(ann, { name: 'Third' })).text()).toContain('TOO_MANY_GUESTS');
		expect(await (await ann.post(`${OWN}/visits/${visit.id}/end`)).json()).toMatchObject({ result: 'cancelled' });
		expect((await invite(ann, { name: 'Third' })).status).toBe(201);
	});

	test('a plate that is somebody’s is refused without a word of whose', async () => {
		letInvite({ visitsAtOnce: 20 });
		const taken = await (await invite(ann, { credential: { kind: 'plate', value: '2-BOB-222' } })).text();
		expect(taken).toContain('"plateNotPossible"');
		expect(taken).not.toMatch(/Bob|Maes|"bob"/);
		expect((await invite(ann, { credential: { kind: 'plate', value: '9-NEW-999' } })).status).toBe(201);
		const again = await (await invite(bob, { credential: { kind: 'plate', value: '9-NEW-999' } })).text();
		expect(again).not.toMatch(/Ann|Guest/);
	});

	test('X14 one’s own log tells why, and what to do about it', async () => {
		const refused = { outcome: 'refused', headline: 'NO_BOOKING', verdicts: [], credentialId: null } as const;
		const of = (holderId: string) => ({ ...refused, holderId, rightId: null, reserve: [], counted: true });
		site.decide({ id: 'd-ann', decision: of('ann'), subject: '1ANN111', holderName: 'Ann Peeters' });
		site.decide({ id: 'd-bob', decision: of('bob'), subject: '2BOB222', holderName: 'Bob Maes' });
		const { items } = (await (await ann.get(`${OWN}/log`)).json()) as { items: object[] };
		expect(items).toMatchObject([{ id: 'd-ann', headline: 'NO_BOOKING', advice: 'book', subject: '1ANN111' }]);
		expect(await (await bob.get(`${OWN}/log`)).text()).not.toMatch(/ann/i);
		expect((await ann.get(`${OWN}/log?cursor=none`)).status).toBe(400);
	});

	test('X15 asks whether one may come in now, at ways in only', async () => {
		const answer = (await (await ann.get(`${OWN}/check?lane=L1`)).json()) as { result: string };
		expect(['granted', 'refused']).toContain(answer.result);
		expect((await ann.get(`${OWN}/check?lane=nowhere`)).status).toBe(404);
	});

	test('credits and prices are told, newest first', async () => {
		const charge = { stayId: 's1', segment: 0, price: { minor: 250, currency: 'EUR' }, credits: 0 } as const;
		bench.store.consumption.charge({ ...charge, rightId: 'ann-booked', holderId: 'ann', atMs: 1 });
		bench.store.consumption.charge({ ...charge, rightId: 'ann-kept', holderId: 'ann', atMs: 2 });
		bench.store.consumption.charge({ ...charge, rightId: 'bob-booked', holderId: 'bob', atMs: 3 });
		const { items } = (await (await ann.get(`${OWN}/charges`)).json()) as { items: { at: string }[] };
		expect(items.map((item) => Date.parse(item.at))).toEqual([2, 1]);
	});
});

describe('X12 nothing of somebody else’s is reached by its id', () => {
	test('whatever id is sent, it is not there: bookings, rights, cars and guests of the other', async () => {
		letInvite({ visitsAtOnce: 20 });
		const guest = (await (await invite(bob)).json()) as { visit: { id: string } };
		const bookings = (await (await bob.get(`${OWN}/bookings`)).json()) as { items: { id: string }[] };
		const seqBefore = bench.store.journal.lastSeq();
		const ids = [guest.visit.id, bookings.items[0]?.id ?? '', 'bob', 'bob-booked', 'bob-kept', 'car-bob', 'nothing'];
		for (const id of ids) {
			const tried: readonly (readonly [string, object])[] = [
				[`${OWN}/bookings/${id}/release`, {}],
				[`${OWN}/visits/${id}/end`, {}],
				[`${OWN}/give-ups`, { rightId: id, start: at(200), end: at(201) }],
				[`${OWN}/bookings`, { rightId: id, areaId: 'A1', start: at(200), end: at(201) }],
				[`${OWN}/bookings`, { vehicleId: id, start: at(200), end: at(201) }],
			];
			for (const [path, body] of tried) {
				const answer = await ann.post(path, body);
				expect([path, id, answer.status]).toEqual([path, id, 404]);
				expect(await answer.text()).not.toMatch(/Maes|2BOB/);
			}
		}
		expect(bench.store.journal.lastSeq()).toBe(seqBefore);
	});

	test('a guest’s earlier visit to another host is not told to the next one', async () => {
		letInvite({ visitsAtOnce: 20 });
		const by = { credential: { kind: 'plate', value: '7-CAR-777' }, name: 'Same Guest' };
		await invite(ann, { ...by, validFrom: at(0.1), validTo: at(0.2) });
		bench.clock.advance(HOUR_MS / 4);
		expect((await invite(bob, { ...by, validFrom: at(0.1), validTo: at(0.2) })).status).toBe(201);
		const { items } = (await (await bob.get(`${OWN}/visits`)).json()) as { items: { name: string }[] };
		expect(items.filter(({ name }) => name === 'Same Guest')).toHaveLength(1);
	});

	test('no other field says whose it is, and no directory is open to them', async () => {
		const sent = { areaId: 'A1', start: at(300), end: at(301), holderId: 'bob' };
		expect((await ann.post(`${OWN}/bookings`, sent)).status).toBe(400);
		for (const path of [
			'holders/ann',
			'holders/bob',
			'credentials/ann-plate',
			'decisions',
			'planned-uses',
			'visitors',
		]) {
			expect((await ann.get(`/api/v1/${path}`)).status, path).toBe(403);
		}
	});

	test('who is linked to nobody, or to somebody who was deleted, is told so', async () => {
		const nobody = asPerson(null);
		expect(await (await nobody.get(OWN)).json()).toMatchObject({ state: 'none', person: null });
		const told = await nobody.get(`${OWN}/log`);
		expect([told.status, await told.text()]).toEqual([409, expect.stringContaining('"because":"none"')]);
		const gone = asPerson('was-here');
		expect(await (await gone.get(OWN)).json()).toMatchObject({ state: 'gone' });
		expect((await book(gone)).status).toBe(409);
	});

	test('who is blocked still sees what is theirs, but books and invites nothing', async () => {
		const block = (status: string) =>
			services.edits.edit([{ op: 'update', table: 'holders', key: 'ann', fields: { status } }], { operatorId: null });
		block('blocked');
		const seen = (await (await ann.get(OWN)).json()) as { person: { standing: string; mayBook: boolean } };
		expect(seen.person).toMatchObject({ standing: 'blocked', mayBook: false, mayInvite: false });
		expect((await book(ann, { start: at(400), end: at(401), rightId: 'ann-booked' })).status).toBe(409);
		expect((await invite(ann)).status).toBe(403);
		block('active');
	});
});

describe('X12 X11 a person’s login', () => {
	test('reception invites them from their page in one click; they have one login at most', async () => {
		bench.store.offboardings.setHolder(bob.operatorId, null);
		const reception = asPerson(null, 'reception');
		const path = '/api/v1/holders/bob/login';
		expect(await (await reception.get(path)).json()).toEqual({ login: null });
		const invited = await reception.post(path);
		const { code, login } = (await invited.json()) as { code: string; login: { operatorId: string } };
		expect([invited.status, login]).toEqual([200, expect.objectContaining({ state: 'invited', isSimple: true })]);
		expect(bench.operators.accessOf(login.operatorId)?.everywhere()).toEqual([]);
		expect(bench.store.offboardings.holderOf(login.operatorId)).toBe('bob');
		const activated = await site.request('/api/v1/activate', jsonPost({ code, password: 'plover counts the cars' }));
		expect(activated.status).toBe(200);
		const again = (await (await reception.post(path)).json()) as { login: { operatorId: string; state: string } };
		expect(again.login).toMatchObject({ operatorId: login.operatorId, state: 'active' });
		const other = await bench.addOperator({ email: 'second@example.org', role: 'user' });
		const admin = asPerson(null, 'administrator');
		const linked = await site.request(`/api/v1/operators/${other}/holder`, {
			...jsonPost({ holderId: 'bob' }, { cookie: admin.cookie, 'x-csrf-token': admin.csrf }),
			method: 'PUT',
		});
		expect([linked.status, await linked.text()]).toEqual([409, expect.stringContaining('holderTaken')]);
		const audit = bench.audits().filter(({ target }) => target === login.operatorId);
		expect(audit.filter(({ action }) => action === 'operatorLinked')).toMatchObject([
			{ operatorId: reception.operatorId, detail: { holderId: 'bob' } },
		]);
	});

	test('nobody gets into a colleague’s account by the person they are', async () => {
		const reception = asPerson(null, 'reception');
		bench.store.offboardings.setHolder(ann.operatorId, null);
		const colleague = asPerson('ann', 'reception');
		const answer = await reception.post('/api/v1/holders/ann/login');
		expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining('notSimple')]);
		expect((await colleague.get('/api/v1/lanes')).status).toBe(200);
		expect((await ann.post('/api/v1/holders/ann/login')).status).toBe(403);
		bench.store.offboardings.setHolder(colleague.operatorId, null);
	});

	test('without an e-mail address there is none; a vehicle signs in nowhere', async () => {
		const reception = asPerson(null, 'reception');
		expect((await reception.post('/api/v1/holders/car-ann/login')).status).toBe(404);
		const fields = { email: null };
		services.edits.edit([{ op: 'update', table: 'holders', key: 'ann', fields }], { operatorId: null });
		const answer = await reception.post('/api/v1/holders/ann/login');
		expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining('noEmail')]);
	});

	test('who signs in as a person sees what is theirs: linking takes seeing it', async () => {
		const body = { name: 'Hosts', permissions: ['operators:read', 'operators:write'] };
		const admin = asPerson(null, 'administrator');
		const { id } = (await (await admin.post('/api/v1/roles', body)).json()) as { id: string };
		const host = asPerson(null, id);
		const linked = await site.request(`/api/v1/operators/${host.operatorId}/holder`, {
			...jsonPost({ holderId: 'ann' }, { cookie: host.cookie, 'x-csrf-token': host.csrf }),
			method: 'PUT',
		});
		expect(linked.status).toBe(403);
	});

	test('P5 the login goes with the person who is erased', async () => {
		const operatorId = bench.store.offboardings.operatorOf('bob') ?? '';
		const erased = services.personalData.erase('bob', { operatorId: 'op', reason: 'asked for it' });
		expect(erased.result).toBe('begun');
		expect(bench.store.operators.operatorById(operatorId)).toBeUndefined();
	});
});
