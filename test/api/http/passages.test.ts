import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiSite, createApiSite } from '../../support/api-site.ts';
import { aPerson, STAFF } from '../../support/directory-seed.ts';
import type { SignedIn } from '../../support/http-site.ts';

let site: ApiSite;
let reception: SignedIn;
/** When each vehicle's drive began. */
let times: string[];
beforeEach(async () => {
	site = await createApiSite();
	await site.give([
		STAFF,
		...Array.from({ length: 4 }, (_, n) => aPerson({ id: `p${n}`, name: `Person ${n}`, tag: `C${n}` })).flat(),
	]);
	times = [];
	for (let n = 0; n < 4; n += 1) {
		times.push(Temporal.Instant.fromEpochMilliseconds(site.clock.nowMs()).toString());
		await site.enter(`C${n}`);
		site.clock.advance(3_600_000);
	}
	for (const loop of ['arming', 'safety', 'closing']) site.input(loop, false, 'boom-2');
	times.push(Temporal.Instant.fromEpochMilliseconds(site.clock.nowMs()).toString());
	site.input('arming', true, 'boom-2');
	site.tag('C1', 'reader-2');
	await site.settle();
	site.driveThrough('boom-2');
	reception = await site.signIn('reception');
});
afterEach(() => site.close());

type Row = Readonly<Record<string, unknown>>;
interface List {
	readonly items: readonly Row[];
	readonly nextCursor: string | null;
}

async function list(path: string, query = ''): Promise<List> {
	const answer = await reception.get(`${path}${query}`);
	expect(answer.status).toBe(200);
	const body = await answer.json();
	expect(site.http.routes.find((route) => route.path === path)?.answer?.safeParse(body).error).toBeUndefined();
	return body as List;
}

/** Every page from the cursor on, to the end. */
async function walk(path: string, query: string, from: string | null = ''): Promise<readonly Row[]> {
	const rows: Row[] = [];
	let cursor = from;
	for (let page = 0; cursor !== null; page += 1) {
		expect(page, 'an end is reached').toBeLessThan(20);
		const found: List = await list(path, `${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
		rows.push(...found.items);
		cursor = found.nextCursor;
	}
	return rows;
}

describe('N4 passages', () => {
	const PATH = '/api/v1/passages';
	const holders = (rows: readonly Row[]) => rows.map(({ holderId }) => holderId);

	test('are those of the journal, newest first, with how sure they are', async () => {
		const { items, nextCursor } = await list(PATH);
		expect(holders(items)).toEqual(['p1', 'p3', 'p2', 'p1', 'p0']);
		expect(nextCursor).toBeNull();
		expect(items[0]).toEqual({
			id: expect.any(String),
			seq: expect.any(Number),
			at: expect.stringMatching(/^2026-06-16T14:00:\d\d\.\d{3}\+02:00$/),
			laneId: 'L2',
			from: 'A1',
			to: 'outside',
			certainty: 'high',
			decisionId: expect.any(String),
			vendId: expect.any(String),
			holderId: 'p1',
		});
		const decided = await reception.get(`/api/v1/decisions/${items[0]?.['decisionId']}`);
		expect(decided.status).toBe(200);
	});

	test('are found by lane, holder and time', async () => {
		expect(holders((await list(PATH, '?lane=L2')).items)).toEqual(['p1']);
		expect(holders((await list(PATH, '?holder=p1')).items)).toEqual(['p1', 'p1']);
		expect(holders((await list(PATH, `?from=${times[1]}&to=${times[3]}`)).items)).toEqual(['p2', 'p1']);
		expect(holders((await list(PATH, '?lane=L9')).items)).toEqual([]);
	});

	test('follow each other page by page, also while vehicles pass', async () => {
		const first = await list(PATH, '?limit=2');
		await site.enter('C1');
		const rest = await walk(PATH, '?limit=2', first.nextCursor);
		expect(holders([...first.items, ...rest])).toEqual(['p1', 'p3', 'p2', 'p1', 'p0']);
	});

	test.each(['?cursor=forged', '?limit=0', '?from=monday', '?lnae=L1'])('%s is refused', async (query) => {
		expect((await reception.get(`${PATH}${query}`)).status).toBe(400);
	});
});

describe('parking sessions', () => {
	const PATH = '/api/v1/parking-sessions';
	const names = (rows: readonly Row[]) => rows.map(({ holderName }) => holderName);

	test('that are open say who is inside, since when and by which lane', async () => {
		const { items } = await list(PATH);
		expect(names(items)).toEqual(['Person 3', 'Person 2', 'Person 0']);
		expect(items[0]).toEqual({
			id: expect.any(String),
			holderId: 'p3',
			holderName: 'Person 3',
			credentialId: 'p3-tag',
			decisionId: expect.any(String),
			areaId: 'A1',
			counted: true,
			laneInId: 'L1',
			openedAt: expect.stringMatching(/^2026-06-16T13:00:\d\d\.\d{3}\+02:00$/),
			laneOutId: null,
			closedAt: null,
			closedBy: null,
			rightIds: ['p3-right'],
			spaceId: null,
		});
	});

	test('that are closed say how they ended', async () => {
		const { items } = await list(PATH, '?state=closed');
		expect(items).toMatchObject([{ holderId: 'p1', laneInId: 'L1', laneOutId: 'L2', closedBy: 'passage' }]);
		expect(items[0]?.['closedAt']).toMatch(/^2026-06-16T14:00:/);
		expect((await list(PATH, `?state=closed&to=${times[4]}`)).items).toEqual([]);
	});

	test('are found by holder, by time, and by area with what lies within', async () => {
		expect(names((await list(PATH, '?holder=p2')).items)).toEqual(['Person 2']);
		expect(names((await list(PATH, '?area=P1')).items)).toHaveLength(3);
		expect(names((await list(PATH, '?area=A1-vip')).items)).toEqual([]);
		expect(names((await list(PATH, `?from=${times[1]}&to=${times[3]}`)).items)).toEqual(['Person 2']);
	});

	test('follow each other page by page', async () => {
		expect(names(await walk(PATH, '?limit=1'))).toEqual(['Person 3', 'Person 2', 'Person 0']);
	});

	test('of somebody who is no longer in the directory keep their id', async () => {
		site.store.parkingSessions.open({
			...{ id: 's-gone', holderId: 'gone', credentialId: null, decisionId: null, areaId: 'A1' },
			...{ counted: true, laneInId: null, openedAtMs: site.clock.nowMs() },
		});
		expect((await list(PATH, '?holder=gone')).items).toMatchObject([{ holderId: 'gone', holderName: null }]);
	});

	test('of passages are another list: their cursor is not taken', async () => {
		const { nextCursor } = await list('/api/v1/passages', '?limit=1');
		const answer = await reception.get(`${PATH}?cursor=${nextCursor}`);
		expect(await answer.json()).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
	});

	test.each(['?state=maybe', '?cursor=ZA', '?limit=1000', '?from=2026-06-16'])('%s is refused', async (query) => {
		expect((await reception.get(`${PATH}${query}`)).status).toBe(400);
	});
});
