import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Site } from '../../../src/gateway/core/site.ts';
import { aLane } from '../../support/access-facts.ts';
import { aReadWith, keep } from '../../support/evidence-bench.ts';
import { createHttpSite, DECISION, DEVICE, type HttpSite, LANE, SITE } from '../../support/http-site.ts';
import { solidJpeg } from '../../support/images.ts';
import { aLaneEvent, aPassage } from '../../support/lane-entries.ts';
import { type MadeLogin, makeLogin } from '../../support/logins-without-passwords.ts';

/** Two parks; the relay board `boom-1` serves a lane of each. */
const TWO_PARKS: Site = {
	...SITE,
	parks: [...SITE.parks, { id: 'P2', name: 'South' }],
	areas: [...SITE.areas, { id: 'B1', name: 'South deck', parkId: 'P2', capacity: 20 }],
	lanes: [...SITE.lanes, aLane({ id: 'M1', name: 'South entry', to: 'B1', readers: ['reader-2'], cameras: ['cam-2'] })],
};
const DEVICES = ['reader-1', 'reader-2', 'boom-1', 'spare'].map((id) => ({ ...DEVICE, id, address: `sim:${id}` }));
const OPEN = { holderId: null, credentialId: null, decisionId: null, counted: true, openedAtMs: 1 };

let site: HttpSite;
let north: MadeLogin;
let pictures: Readonly<Record<'north' | 'south' | 'both', string>>;

beforeAll(async () => {
	site = createHttpSite({ devices: () => DEVICES }, undefined, TWO_PARKS);
	const { store, clock } = site.bench;
	for (const laneId of ['L1', 'M1']) {
		for (let n = 1; n <= 6; n++) {
			const id = `${laneId}-${n}`;
			site.decide({ id, laneId });
			store.journal.append({ ...aPassage(id), laneId });
			store.journal.append({ ...aLaneEvent(id, 'tailgate'), laneId });
		}
	}
	store.parkingSessions.open({ ...OPEN, id: 'stay-north', areaId: 'A1', laneInId: 'L1' });
	store.parkingSessions.open({ ...OPEN, id: 'stay-south', areaId: 'B1', laneInId: 'M1' });
	pictures = {
		north: await picture('north', 'L1'),
		south: await picture('south', 'M1'),
		both: await picture('both', 'L1', 'M1'),
	};
	north = makeLogin(site.bench, { role: 'security', scope: 'park:P1' });
	makeLogin({ store, clock }, { role: 'administrator' });
});
afterAll(async () => {
	await site.evidence.stop();
	site.close();
});

/** A picture that each of these lanes decided by. */
async function picture(name: string, ...laneIds: readonly string[]): Promise<string> {
	const bytes = solidJpeg(name);
	for (const laneId of laneIds) {
		const read = aReadWith([bytes]);
		await keep(site.evidence, site.bench.clock, read);
		site.bench.store.evidence.decided(read.id, laneId, `${laneId}-1`);
	}
	return createHash('sha256').update(bytes).digest('hex');
}

const ask = (path: string, { cookie }: MadeLogin = north) => site.request(path, { headers: { cookie } });

async function itemsOf<T>(path: string, login = north): Promise<readonly T[]> {
	const answer = await ask(path, login);
	expect(answer.status, path).toBe(200);
	return ((await answer.json()) as { items: readonly T[] }).items;
}

describe('A9 who may see a part of the site sees that part, and is not told that there is another', () => {
	test('the access log, in whole pages', async () => {
		const first = (await (await ask('/api/v1/decisions?limit=4')).json()) as {
			items: { id: string }[];
			nextCursor: string;
		};
		expect(first.items.map(({ id }) => id)).toEqual(['L1-6', 'L1-5', 'L1-4', 'L1-3']);
		const next = await itemsOf<{ id: string }>(`/api/v1/decisions?limit=4&cursor=${first.nextCursor}`);
		expect(next.map(({ id }) => id)).toEqual(['L1-2', 'L1-1']);
		expect(await itemsOf('/api/v1/decisions?lane=M1')).toEqual([]);
		expect(await itemsOf('/api/v1/decisions?q=ABC'), 'what they see unmasked they may look for').toHaveLength(6);
	});

	test('one decision; of another part it is as if it was not there', async () => {
		expect((await ask('/api/v1/decisions/L1-1')).status).toBe(200);
		const [other, none] = await Promise.all(
			['M1-1', 'X1-1'].map(async (id) => (await (await ask(`/api/v1/decisions/${id}`)).text()).replaceAll(id, 'ID')),
		);
		const problem = (text = '') => ({ ...(JSON.parse(text) as object), requestId: '' });
		expect(problem(other)).toEqual(problem(none));
		expect(problem(other)).toMatchObject({ status: 404 });
	});

	test('passages and events at lanes, in whole pages', async () => {
		for (const path of [
			'/api/v1/passages?limit=5',
			'/api/v1/lane-events?limit=5',
			'/api/v1/lane-events?only=alarms&limit=5',
		]) {
			const items = await itemsOf<{ laneId: string }>(path);
			expect(
				items.map(({ laneId }) => laneId),
				path,
			).toEqual(['L1', 'L1', 'L1', 'L1', 'L1']);
		}
	});

	test('stays by area, whichever area is asked for', async () => {
		expect(await itemsOf('/api/v1/parking-sessions')).toMatchObject([{ id: 'stay-north' }]);
		expect(await itemsOf('/api/v1/parking-sessions?area=P1')).toMatchObject([{ id: 'stay-north' }]);
		expect(await itemsOf('/api/v1/parking-sessions?area=P2')).toEqual([]);
	});

	test('devices of their lanes; one that serves others too, or none, is the whole site’s', async () => {
		expect((await itemsOf<{ id: string }>('/api/v1/devices')).map(({ id }) => id)).toEqual(['reader-1']);
		for (const id of ['boom-1', 'reader-2', 'spare', 'nothing']) {
			expect((await ask(`/api/v1/devices/${id}`)).status, id).toBe(404);
		}
		const both = makeLogin(site.bench, { role: 'security', scope: 'park:P1' });
		const roles = ['park:P1', 'park:P2'].map((scope) => ({ roleId: 'security', scope }));
		site.bench.store.operators.setRoles(both.operatorId, roles);
		expect((await itemsOf<{ id: string }>('/api/v1/devices', both)).map(({ id }) => id)).toEqual([
			'reader-1',
			'reader-2',
			'boom-1',
		]);
	});

	test('pictures that were read at their lanes only', async () => {
		expect((await itemsOf<{ id: string }>('/api/v1/evidence')).map(({ id }) => id)).toEqual([pictures.north]);
		for (const form of ['', '/image', '/thumbnail']) {
			expect((await ask(`/api/v1/evidence/${pictures.north}${form}`)).status, form).toBe(200);
			expect((await ask(`/api/v1/evidence/${pictures.south}${form}`)).status, form).toBe(404);
			expect((await ask(`/api/v1/evidence/${pictures.both}${form}`)).status, form).toBe(404);
		}
	});

	test('parks and areas, and the places that can be booked there', async () => {
		expect(await itemsOf('/api/v1/parks')).toMatchObject([{ id: 'P1' }]);
		expect(await itemsOf('/api/v1/areas')).toMatchObject([{ id: 'A1' }]);
		expect([(await ask('/api/v1/areas/A1')).status, (await ask('/api/v1/areas/B1')).status]).toEqual([200, 403]);
		const span = 'from=2026-08-01T08:00:00Z&to=2026-08-01T10:00:00Z';
		for (const path of ['/api/v1/availability?area=A1&', '/api/v1/areas/A1/availability?']) {
			expect((await ask(path + span)).status, path).toBe(200);
			expect((await ask(path.replace('A1', 'B1') + span)).status, path).toBe(403);
			expect((await ask(path.replace('A1', 'X1') + span)).status, path).toBe(403);
		}
	});

	test('what knows no parts of the site is refused, and says what it needs', async () => {
		for (const path of ['sync', 'retention', 'licences/overview']) {
			const answer = await ask(`/api/v1/${path}`);
			expect(await answer.json(), path).toMatchObject({
				status: 403,
				detail: expect.stringMatching(/[\w]+:read here/),
			});
		}
	});

	test('names and plates are unmasked where their role says so, and nowhere else', async () => {
		const mixed = makeLogin(site.bench, { role: 'support' });
		const roles = [
			{ roleId: 'support', scope: 'site' },
			{ roleId: 'security', scope: 'park:P1' },
		];
		site.bench.store.operators.setRoles(mixed.operatorId, roles);
		const items = await itemsOf<{ laneId: string; subject: string }>('/api/v1/decisions', mixed);
		expect(items).toHaveLength(12);
		for (const { laneId, subject } of items) expect(subject.includes('ABC'), laneId).toBe(laneId === 'L1');
		expect(await itemsOf('/api/v1/decisions?q=ABC', mixed), 'a search does not find what is masked').toHaveLength(6);
	});
});

test('A5 A9 an open event stream tells of their part, and of another from the moment their role changes', async () => {
	const login = makeLogin(site.bench, { role: 'security', scope: 'park:P1' });
	const answer = await ask('/api/v1/events', login);
	const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
	const next = async () => (await reader?.read())?.value ?? '';
	expect(await next()).toContain('retry');
	const publishBoth = (subject: string) => {
		for (const laneId of ['M1', 'L1']) {
			site.feed.publish({ type: 'decision', decision: { ...DECISION, laneId, subject } });
			site.feed.publish({ type: 'lane', lane: { ...LANE, id: laneId, lastDecision: null } });
		}
		for (const device of DEVICES) site.feed.publish({ type: 'device', device });
	};
	publishBoth('FIRST');
	const heard = [await next(), await next(), await next()];
	expect(heard.join('')).toContain('FIRST');
	expect(heard.join('')).not.toMatch(/M1|reader-2|boom-1|spare/);
	const by = { operatorId: null, access: null };
	site.bench.operators.administration.update(
		login.operatorId,
		{ roles: [{ roleId: 'security', scope: 'park:P2' }] },
		by,
	);
	publishBoth('SECOND');
	const after = [await next(), await next(), await next()];
	expect(after.join('')).toMatch(/SECOND/);
	expect(after.join('')).not.toMatch(/"L1"|reader-1|boom-1|spare/);
	await reader?.cancel();
});
