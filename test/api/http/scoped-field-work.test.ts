import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DecisionEntry } from '../../../src/gateway/core/journal.ts';
import { aCredential, anna, aPlateRead, facts } from '../../support/access-facts.ts';
import { aReadWith, keep } from '../../support/evidence-bench.ts';
import { createHttpSite, type HttpSite } from '../../support/http-site.ts';
import { solidJpeg } from '../../support/images.ts';
import { type MadeLogin, makeLogin } from '../../support/logins-without-passwords.ts';
import { askedOf, problemOf, settleTwoParks, TWO_PARKS } from '../../support/two-parks.ts';

type Asked = ReturnType<typeof askedOf>;

let site: HttpSite;
let get: Asked['get'];
let send: Asked['send'];
let itemsOf: Asked['itemsOf'];
let admin: MadeLogin;
let north: MadeLogin;
/** Of the group of tenants that Sam is in. */
let tenants: MadeLogin;
beforeAll(() => {
	site = createHttpSite({}, undefined, TWO_PARKS);
	admin = makeLogin(site.bench, { role: 'administrator' });
	north = makeLogin(site.bench, { role: 'security', scope: 'park:P1' });
	tenants = makeLogin(site.bench, { role: 'security', scope: 'group:tenants' });
	settleTwoParks(site);
	({ get, send, itemsOf } = askedOf(site));
	doubt('L1-a', 'L1', 'nick', 'INOR111');
	doubt('L1-b', 'L1', null, '1SOU11I');
	doubt('M1-a', 'M1', 'sam', '1SOU1I1');
	doubt('M1-b', 'M1', null, '9ZZZ999');
});
afterAll(async () => {
	await site.evidence.stop();
	site.close();
});

/** A plate that was read in doubt at a lane, taken for somebody's. */
function doubt(id: string, laneId: string, holderId: string | null, value: string): void {
	const name = { nick: 'Nick North', sam: 'Sam South' }[holderId ?? ''] ?? null;
	const holder = { ...anna, id: holderId ?? '', name: name ?? '' };
	const credential = aCredential({ id: `${holderId}-plate`, holderId: holder.id, kind: 'plate', value });
	const match = holderId === null ? ({ how: 'none' } as const) : ({ how: 'exact', credential, holder } as const);
	const atMs = site.bench.clock.nowMs();
	const decision: DecisionEntry['decision'] = {
		...{ outcome: 'refused', headline: 'LOW_CONFIDENCE', verdicts: [], holderId, credentialId: null },
		...{ rightId: null, reserve: [], counted: true },
	};
	const presented = [aPlateRead({ value, confidence: 0.4, match, deviceId: laneId === 'L1' ? 'cam-1' : 'cam-2' })];
	site.decide({
		...{ id, laneId, atMs, subject: value, holderName: name, decision },
		facts: facts({ presented, atMs }),
	});
}

interface Item {
	readonly id: string;
	readonly reads: readonly { readonly value: string; readonly holderName: string | null }[];
	readonly hints: readonly { readonly plate: string }[];
}

describe('I15 A9 reads in doubt are seen and judged by who has their lane, or whom they concern', () => {
	test('the queue of a park, of a group of people, and of the whole site, in pages', async () => {
		const idsOf = async (path: string, login: MadeLogin) => (await itemsOf<Item>(path, login)).map(({ id }) => id);
		expect(await idsOf('review-queue', admin)).toEqual(['M1-b', 'M1-a', 'L1-b', 'L1-a']);
		expect(await idsOf('review-queue', north)).toEqual(['L1-b', 'L1-a']);
		expect(await idsOf('review-queue', tenants)).toEqual(['M1-a']);
		const first = (await (await get('review-queue?limit=1', north)).json()) as { nextCursor: string };
		expect(await idsOf(`review-queue?limit=1&cursor=${first.nextCursor}`, north)).toEqual(['L1-a']);
	});

	test('plates and people are named as far as they may be read, hints too', async () => {
		const [strange, own] = await itemsOf<Item>('review-queue', north);
		expect(own?.hints.map(({ plate }) => plate)).toEqual(['1NOR111']);
		expect(own?.reads).toMatchObject([{ value: 'INOR111', holderName: 'Nick North' }]);
		expect(strange?.reads, 'it was read at their lane').toMatchObject([{ value: '1SOU11I' }]);
		expect(strange?.hints, 'Sam is of another park').toEqual([]);
		const [sams] = await itemsOf<Item>('review-queue', tenants);
		expect(sams).toMatchObject({
			reads: [{ value: '1SOU1I1', holderName: 'Sam South' }],
			hints: [{ plate: '1SOU111' }],
		});
	});

	test('a read of elsewhere is as if it was not there, whatever is said of it', async () => {
		for (const [act, body] of [
			['', { verdict: 'confirmed' }],
			['', { verdict: 'corrected', plate: '1SOU111' }],
			['/reopen', {}],
		] as const) {
			const [other, none] = await Promise.all(
				['M1-a', 'X1-a'].map(async (id) => problemOf(await send(`review-queue/${id}${act}`, body, north), id)),
			);
			expect(other, act).toEqual(none);
			expect(other).toMatchObject({ status: 404 });
		}
	});

	test('what it was is a plate of somebody they read by name; any other is as unknown', async () => {
		const said = { verdict: 'corrected', plate: '1SOU111' };
		const [foreign, unknown] = await Promise.all(
			['1SOU111', '7NON777'].map(async (plate) =>
				problemOf(await send('review-queue/L1-b', { ...said, plate }, north), plate),
			),
		);
		expect(foreign).toEqual(unknown);
		expect(foreign).toMatchObject({ status: 422 });
		expect((await send('review-queue/L1-a', { ...said, plate: '1NOR111' }, north)).status).toBe(200);
		expect((await send('review-queue/M1-a', said, tenants)).status).toBe(200);
	});

	test('who sees a read and does not judge is refused; cameras are counted for who has all their lanes', async () => {
		const reader = makeLogin(site.bench, { role: 'security', scope: 'park:P1' });
		site.bench.store.operators.setDenials(reader.operatorId, [{ permission: 'review:write', scope: 'site' }]);
		expect((await itemsOf('review-queue', reader)).length).toBeGreaterThan(0);
		expect((await send('review-queue/L1-b', { verdict: 'dismissed' }, reader)).status).toBe(403);
		const cameras = async (login: MadeLogin) =>
			(await itemsOf<{ deviceId: string }>('review-queue/cameras', login)).map(({ deviceId }) => deviceId);
		expect((await cameras(admin)).toSorted()).toEqual(['cam-1', 'cam-2']);
		expect(await cameras(north)).toEqual(['cam-1']);
		expect(await cameras(tenants)).toEqual([]);
	});

	test('a denial for a group hides its people’s reads at a lane of theirs', async () => {
		const less = makeLogin(site.bench, { role: 'security' });
		const scope = 'group:tenants';
		site.bench.store.operators.setDenials(less.operatorId, [
			{ permission: 'review:read', scope },
			{ permission: 'review:write', scope },
		]);
		expect((await itemsOf<Item>('review-queue', less)).map(({ id }) => id)).not.toContain('M1-a');
	});
});

test('I15 A9 pictures are held and deleted by who has all lanes that read them', async () => {
	const ids = { north: '', south: '', both: '' };
	for (const [name, lanes] of Object.entries({ north: ['L1'], south: ['M1'], both: ['L1', 'M1'] })) {
		const bytes = solidJpeg(name);
		for (const laneId of lanes) {
			const read = aReadWith([bytes]);
			await keep(site.evidence, site.bench.clock, read);
			site.bench.store.evidence.decided(read.id, laneId, `${laneId}-a`);
		}
		ids[name as keyof typeof ids] = createHash('sha256').update(bytes).digest('hex');
	}
	const until = new Date(site.bench.clock.nowMs() + 86_400_000).toISOString();
	const acts = [
		['POST', '/hold', { until, reason: 'Scratched' }],
		['POST', '/release', {}],
		['POST', '/blur', {}],
		['DELETE', '', { reason: 'Not ours' }],
	] as const;
	const none = createHash('sha256').update('none').digest('hex');
	for (const [method, act, body] of acts) {
		const missing = await problemOf(await send(`evidence/${none}${act}`, body, north, method), none);
		expect(missing).toMatchObject({ status: 404 });
		for (const id of [ids.south, ids.both]) {
			expect(await problemOf(await send(`evidence/${id}${act}`, body, north, method), id), act).toEqual(missing);
		}
	}
	for (const [method, act, body] of acts.filter(([, path]) => path !== '/blur')) {
		const answer = await send(`evidence/${ids.north}${act}`, body, north, method);
		expect(answer.status, `${act} ${await answer.clone().text()}`).toBe(200);
	}
	const looker = makeLogin(site.bench, { role: 'reception', scope: 'park:P1' });
	expect((await send(`evidence/${ids.north}/release`, {}, looker)).status, 'reception moderates nothing').toBe(403);
});

describe('I15 A9 scans and moves of vehicles by who has the area, or whom they concern', () => {
	const stays = { nick: 'A1', sam: 'B1' };
	beforeAll(() => {
		for (const [holderId, areaId] of Object.entries(stays)) {
			site.bench.store.parkingSessions.open({
				...{ id: `stay-${holderId}`, holderId, credentialId: `${holderId}-plate`, areaId, decisionId: null },
				...{ laneInId: areaId === 'A1' ? 'L1' : 'M1', counted: true, openedAtMs: site.bench.clock.nowMs() },
			});
		}
	});
	const scan = async (text: string, login: MadeLogin) =>
		(await (await get(`scan?text=${text}`, login)).json()) as Record<string, unknown>;

	test('a scan knows whom they know; anybody else is as nobody', async () => {
		expect(await scan('1NOR111', north)).toMatchObject({
			...{ result: 'known', holder: { name: 'Nick North' }, lanes: [{ laneId: 'L1' }] },
			...{ rights: [{ id: 'nick-right' }], stays: [{ id: 'stay-nick' }], decisions: [{ id: 'L1-a' }] },
		});
		const [foreign, strange] = await Promise.all(
			['1SOU111', '9XYZ999'].map(async (text) => JSON.stringify(await scan(text, north)).replaceAll(text, 'PLATE')),
		);
		expect(foreign).toEqual(strange);
		expect((await scan('1NOR11I', north))['hints']).toMatchObject([{ plate: '1NOR111' }]);
		expect((await scan('1SOU11X', north))['hints']).toEqual([]);
		const [other, none] = await Promise.all(
			['sam-plate', 'no-plate'].map(async (id) => problemOf(await get(`scan?credential=${id}`, north), id)),
		);
		expect(other).toEqual(none);
		const sams = await scan('1SOU111', tenants);
		expect(sams).toMatchObject({ result: 'known', stays: [{ id: 'stay-sam' }], decisions: [{ id: 'M1-a' }] });
		expect(sams['lanes'], 'their people at any lane').toHaveLength(2);
	});

	test('vehicles inside, found and listed', async () => {
		const staysOf = async (login: MadeLogin, q = '') =>
			(await itemsOf<{ stayId: string }>(`standing-vehicles${q}`, login)).map(({ stayId }) => stayId).toSorted();
		expect(await staysOf(admin)).toEqual(['stay-nick', 'stay-sam']);
		expect(await staysOf(north)).toEqual(['stay-nick']);
		expect(await staysOf(tenants)).toEqual(['stay-sam']);
		expect(await staysOf(north, '?q=1SOU111')).toEqual([]);
		expect(await staysOf(tenants, '?q=1SOU111')).toEqual(['stay-sam']);
	});

	test('a vehicle is moved where it is theirs before and after, and brought back likewise', async () => {
		const move = (stay: string, areaId: string, login: MadeLogin, spaceId: string | null = null) =>
			send(`parking-sessions/${stay}/move`, { areaId, spaceId }, login);
		const [other, none] = await Promise.all(
			['stay-sam', 'stay-none'].map(async (id) => problemOf(await move(id, 'A1', north), id)),
		);
		expect(other).toEqual(none);
		const [away, nowhere] = await Promise.all(
			['B1', 'X1'].map(async (areaId) => problemOf(await move('stay-nick', areaId, north), areaId)),
		);
		expect(away).toEqual(nowhere);
		expect(away).toMatchObject({ status: 404 });
		expect((await move('stay-nick', 'A1', north, 'S1')).status).toBe(200);
		const moved = await move('stay-sam', 'A1', tenants, null);
		expect(moved.status, 'their people anywhere').toBe(200);
		const { move: made } = (await moved.json()) as { move: { id: string } };
		expect((await itemsOf<{ id: string }>('moves', north)).map(({ id }) => id)).not.toContain(made.id);
		expect((await send(`moves/${made.id}/undo`, {}, north)).status).toBe(404);
		expect((await itemsOf<{ id: string }>('moves', tenants)).map(({ id }) => id)).toEqual([made.id]);
		const taken = await send('parking-sessions/stay-sam/move', { areaId: 'A1', spaceId: 'S1' }, tenants);
		expect(taken.status).toBe(409);
		expect(await taken.text(), 'who stands there is not told').not.toMatch(/Nick|1NOR/);
		expect((await send(`moves/${made.id}/undo`, {}, tenants)).status).toBe(200);
	});
});
