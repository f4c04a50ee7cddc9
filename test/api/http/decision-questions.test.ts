import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NextAction } from '../../../src/gateway/core/access/next-actions.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import type { ReplayReport } from '../../../src/gateway/services/decisions/replay.ts';
import { type ApiSite, createApiSite, SITE_YAML } from '../../support/api-site.ts';
import { aPerson, STAFF } from '../../support/directory-seed.ts';
import { createHttpSite, jsonPost, type SignedIn } from '../../support/http-site.ts';

const NINE_TO_FIVE = {
	table: 'schedules',
	id: 'office',
	name: 'Office hours',
	periods: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }],
	specialDays: [],
};

let site: ApiSite;
let reception: SignedIn;
beforeEach(async () => {
	site = await createApiSite();
	await site.give([
		STAFF,
		NINE_TO_FIVE,
		{ ...STAFF, id: 'office', name: 'Office', scheduleId: 'office' },
		...aPerson({ id: 'anna', name: 'Anna Peeters', tag: 'A1', plate: '1ABC234' }),
		...aPerson({ id: 'bob', name: 'Bob', tag: 'B2', right: null }),
		...aPerson({ id: 'olaf', name: 'Olaf', plate: '2XYZ789', right: null }),
		...aPerson({ id: 'carl', name: 'Carl', right: null }),
		{
			...{ table: 'assignedRights', id: 'r-olaf', holderId: 'olaf', specificationId: 'office', state: 'active' },
			...{ validFromMs: null, validToMs: null },
		},
	]);
	for (const loop of ['arming', 'safety', 'closing']) site.input(loop, false);
	reception = await site.signIn('reception');
});
afterEach(() => site.close());

interface Explained {
	readonly at: string;
	readonly decision: {
		readonly outcome: string;
		readonly headline: string | null;
		readonly verdicts: readonly { rule: string; cause?: string; verdict: { detail?: object } }[];
	};
	readonly cause: string | null;
	readonly advice: string | null;
	readonly language: string;
	readonly nearest: object | null;
	readonly nextActions: readonly NextAction[];
	readonly facts: { readonly at: string };
	readonly holderName: string | null;
}

const CHECK = '/api/v1/decisions/check';

async function check(body: object, query = '', headers = {}, by = reception): Promise<Explained> {
	const answer = await by.post(`${CHECK}${query}`, body, headers);
	expect(answer.status).toBe(200);
	const explained = await answer.json();
	const route = site.http.routes.find(({ path }) => path === CHECK);
	expect(route?.answer?.safeParse(explained).error).toBeUndefined();
	return explained as Explained;
}

const tag = (value: string) => ({ kind: 'tag', value });
const plate = (value: string) => ({ kind: 'plate', value });
const actions = ({ nextActions }: Explained) => nextActions.map(({ action }) => action);

describe('N2 what if', () => {
	test('a known tag at an open lane is granted, and nothing is opened, held or written', async () => {
		const before = site.store.journal.lastSeq();
		const answer = await check({ lane: 'L1', credential: tag('a1') });
		expect(answer).toMatchObject({
			at: expect.stringMatching(/^2026-06-16T10:00:00\.\d{3}\+02:00$/),
			laneId: 'L1',
			holderName: 'Anna Peeters',
			decision: { outcome: 'granted', headline: null, holderId: 'anna', reserve: ['A1', 'P1'] },
			cause: null,
			advice: null,
			nearest: null,
			nextActions: [{ action: 'driveThrough', who: 'driver', answers: null }],
		});
		expect(site.pulses).toEqual([]);
		expect(site.store.journal.lastSeq()).toBe(before);
		expect(site.occupancy().map(({ reserved }) => reserved)).toEqual([0, 0, 0]);
	});

	test('a full area is refused with the figures, the nearest reasons and what to do', async () => {
		site.store.occupancy.adjust('A1', 10);
		const answer = await check({ lane: 'L1', credential: plate('1-abc-234') });
		expect(answer).toMatchObject({
			decision: { outcome: 'refused', headline: 'AREA_FULL' },
			cause: 'The car park or area is full.',
			nearest: { onvif: 'Other', bacnet: expect.stringMatching(/^denied-/) },
		});
		expect(actions(answer)).toEqual(['wait', 'correctOccupancy', 'vend']);
		const full = answer.decision.verdicts.find(({ rule }) => rule === 'AREA_FULL');
		expect(full).toMatchObject({
			cause: answer.cause,
			verdict: { result: 'fail', detail: { area: 'A1', capacity: 10, occupied: 10 } },
		});
		expect(answer.decision.verdicts.filter(({ cause }) => cause !== undefined)).toEqual([full]);
	});

	test('speaks the language that was asked for, else the preferred one', async () => {
		const unknown = { lane: 'L1', credential: tag('FFFF') };
		const english = await check(unknown);
		const french = await check(unknown, '?lang=fr', { 'accept-language': 'nl' });
		const dutch = await check(unknown, '', { 'accept-language': 'de, nl-BE;q=0.8, fr;q=0.2' });
		expect([english.language, french.language, dutch.language]).toEqual(['en', 'fr', 'nl']);
		expect(new Set([english.cause, french.cause, dutch.cause]).size).toBe(3);
		const answer = await reception.post(`${CHECK}?lang=nl`, unknown);
		expect(answer.headers.get('content-language')).toBe('nl');
		expect(answer.headers.get('vary')).toContain('Accept-Language');
		expect((await reception.post(`${CHECK}?lang=de`, unknown)).status).toBe(400);
	});

	test('of a holder tries what they carry', async () => {
		expect(await check({ lane: 'L1', holder: 'anna' })).toMatchObject({ decision: { outcome: 'granted' } });
		const bob = await check({ lane: 'L1', holder: 'bob' });
		expect(bob).toMatchObject({ decision: { headline: 'NO_RIGHT' }, holderName: 'Bob' });
		expect(actions(bob)).toEqual(['makeVisitor', 'vend', 'callAdministrator']);
	});

	test('at another time follows the schedule of then', async () => {
		const olaf = { lane: 'L1', holder: 'olaf' };
		expect(await check({ ...olaf, at: '2026-06-17T09:00:00+02:00' })).toMatchObject({
			at: '2026-06-17T09:00:00.000+02:00',
			decision: { outcome: 'granted' },
			facts: { at: '2026-06-17T09:00:00.000+02:00' },
		});
		const evening = await check({ ...olaf, at: '2026-06-17T15:00:00Z' });
		expect(evening).toMatchObject({ at: '2026-06-17T17:00:00.000+02:00', decision: { headline: 'OUTSIDE_SCHEDULE' } });
	});

	test('sees the lane as operators have set it now', async () => {
		const security = await site.signIn('security');
		await site.answered(
			security.post('/api/v1/lanes/L1/lockdown', { reason: 'alarm', until: '2026-06-16T11:00:00+02:00' }),
		);
		const asked = { lane: 'L1', holder: 'anna' };
		const locked = await check(asked);
		expect(locked.decision.headline).toBe('LOCKDOWN');
		expect(actions(locked), 'reception may not end it').toEqual(['wait', 'callAdministrator']);
		expect(actions(await check(asked, '', {}, security))).toEqual(['wait', 'releaseLane']);
		const later = await check({ ...asked, at: '2026-06-16T11:00:00+02:00' });
		expect(later.decision.outcome, 'it is over by then').toBe('granted');
	});

	test.each([
		[{ lane: 'L9', credential: tag('A1') }, 404, { code: 'NOT_FOUND' }],
		[{ lane: 'L1', holder: 'nobody' }, 404, { code: 'NOT_FOUND' }],
		[{ lane: 'L1', holder: 'carl' }, 404, { detail: 'this holder has no tag, plate or PIN' }],
		[{ lane: 'L1', credential: tag('not a tag') }, 400, { code: 'INVALID_REQUEST' }],
		[{ lane: 'L1', credential: plate('—') }, 400, { code: 'INVALID_REQUEST' }],
		[{ lane: 'L1', credential: { kind: 'pin', value: '1234' } }, 400, { errors: [{ path: 'body.credential.kind' }] }],
		[{ lane: 'L1' }, 400, { errors: [{ path: 'body.holder', mend: 'Send either credential or holder.' }] }],
		[{ lane: 'L1', holder: 'anna', credential: tag('A1') }, 400, { errors: [{ path: 'body.holder' }] }],
		[{ lane: 'L1', holder: 'anna', at: 'tomorrow' }, 400, { errors: [{ path: 'body.at' }] }],
	])('%j is refused', async (body, status, expected) => {
		expect(await (await reception.post(CHECK, body)).json()).toMatchObject({ status, ...expected });
	});
});

describe('N1 a decision of the log', () => {
	test('carries cause, advice, nearest reasons and what to do, by what became of it', async () => {
		site.input('arming', true);
		site.tag('FFFF');
		site.clock.advance(2_000);
		const [refused] = site.accessLog.list({}).items;
		const answer = await reception.get(`/api/v1/decisions/${refused?.id}?lang=fr`);
		const explained = (await answer.json()) as Explained;
		expect(explained).toMatchObject({
			decision: { headline: 'UNKNOWN_CREDENTIAL' },
			language: 'fr',
			nearest: { onvif: 'Unauthorized', bacnet: 'denied-unknown-credential' },
		});
		expect(explained.advice).not.toBeNull();
		expect(actions(explained)).toEqual(['presentAgain', 'presentOther', 'makeVisitor', 'vend']);
		const etag = answer.headers.get('etag') ?? '';
		const again = (lang: string) =>
			reception.get(`/api/v1/decisions/${refused?.id}?lang=${lang}`, { 'if-none-match': etag });
		expect((await again('fr')).status).toBe(304);
		expect((await again('en')).status, 'another language is another answer').toBe(200);
	});

	test('a grant whose barrier failed can be opened by hand; one that was used needs nothing', async () => {
		site.answerPulses(() => Promise.resolve({ result: 'failed', problem: 'no relay' }));
		site.input('arming', true);
		site.tag('A1');
		await site.settle();
		const newest = async () =>
			(await (await reception.get(`/api/v1/decisions/${site.accessLog.list({}).items[0]?.id}`)).json()) as Explained;
		expect(actions(await newest())).toEqual(['vend', 'callTechnician']);
		site.answerPulses(() => Promise.resolve({ result: 'done' }));
		site.input('arming', false);
		site.clock.advance(60_000);
		await site.enter('A1');
		expect(actions(await newest())).toEqual([]);
	});
});

const REPLAY = '/api/v1/decisions/replay';
const SINCE = { since: '2026-06-16T00:00:00+02:00' };

describe('N2 replay', () => {
	let technician: SignedIn;
	beforeEach(async () => {
		technician = await site.signIn('technician');
		await site.give(Array.from({ length: 6 }, (_, n) => aPerson({ id: `p${n}`, name: `P${n}`, tag: `C${n}` })).flat());
	});

	async function replay(body: object): Promise<ReplayReport & { complete: boolean }> {
		const answer = await technician.post(REPLAY, body);
		expect(answer.status).toBe(200);
		const report = await answer.json();
		expect(site.http.routes.find(({ path }) => path === REPLAY)?.answer?.safeParse(report).error).toBeUndefined();
		return report as ReplayReport & { complete: boolean };
	}

	/** Six come in one after another, and one unknown. */
	async function traffic(): Promise<void> {
		for (let n = 0; n < 6; n += 1) {
			await site.enter(`C${n}`);
			site.clock.advance(60_000);
		}
		await site.enter('FFFF');
		site.clock.advance(60_000);
	}

	test('of what was decided gives every decision again', async () => {
		await traffic();
		expect(await replay(SINCE)).toEqual({
			decisions: 7,
			identical: 7,
			redacted: 0,
			earlierRules: 0,
			changed: 0,
			complete: true,
			changes: [],
		});
		const unchanged = await replay({ ...SINCE, proposed: SITE_YAML });
		expect(unchanged).toMatchObject({ decisions: 7, identical: 7 });
	});

	test('under a smaller area lists exactly the entries that would have been refused', async () => {
		await traffic();
		const proposed = SITE_YAML.replace('name: Deck, capacity: 10', 'name: Deck, capacity: 4');
		const report = await replay({ ...SINCE, proposed });
		expect(report).toMatchObject({ decisions: 7, identical: 5, changed: 2 });
		expect(report.changes).toEqual(
			['C5', 'C4'].map((subject) => ({
				result: 'changed',
				decisionId: expect.any(String),
				at: expect.stringMatching(/^2026-06-16T10:\d\d:\d\d\.\d{3}\+02:00$/),
				laneId: 'L1',
				subject,
				before: { outcome: 'granted', headline: null },
				after: { outcome: 'refused', headline: 'AREA_FULL' },
				because: ['AREA_FULL'],
				earlierRules: false,
			})),
		);
		const [change] = report.changes;
		const one = await replay({ decision: change?.decisionId, proposed });
		expect(one).toMatchObject({ decisions: 1, changed: 1, changes: [{ subject: 'C5' }] });
		expect(await replay({ decision: change?.decisionId })).toMatchObject({ identical: 1, changes: [] });
	});

	test('of a time decides only what was decided then', async () => {
		await traffic();
		const until = Temporal.Instant.fromEpochMilliseconds(site.accessLog.list({}).items[2]?.atMs ?? 0).toString();
		expect(await replay({ ...SINCE, until })).toMatchObject({ decisions: 4 });
		expect(await replay({ since: '2027-01-01T00:00:00Z' })).toMatchObject({ decisions: 0, complete: true });
	});

	test('of an erased decision is redacted', async () => {
		await traffic();
		const [newest] = site.accessLog.list({}).items;
		site.store.journal.erase([newest?.seq ?? 0]);
		expect(await replay(SINCE)).toMatchObject({ decisions: 7, identical: 6, redacted: 1 });
		expect(await replay({ decision: newest?.id })).toMatchObject({ decisions: 1, redacted: 1, changes: [] });
	});

	test('writes nothing', async () => {
		await traffic();
		const before = site.store.journal.lastSeq();
		await replay({ ...SINCE, proposed: SITE_YAML });
		expect(site.store.journal.lastSeq()).toBe(before);
	});

	test.each([
		[{}, 400, [{ path: 'body.since', mend: 'Send either since or decision.' }]],
		[{ ...SINCE, decision: 'd' }, 400, [{ path: 'body.since' }]],
		[{ ...SINCE, until: SINCE.since }, 400, [{ path: 'body.until' }]],
		[{ since: '7d' }, 400, [{ path: 'body.since' }]],
		[{ ...SINCE, proposed: 'site: {' }, 422, [{ path: expect.stringMatching(/^body\.proposed:1:\d+/) }]],
		[
			{ ...SINCE, proposed: SITE_YAML.replace('to: A1,', 'to: A9,') },
			422,
			[{ path: expect.stringMatching(/^body\.proposed:\d+:\d+: lanes\[0\]\.to$/), mend: expect.any(String) }],
		],
	])('%j is refused with the place of the mistake', async (body, status, errors) => {
		expect(await (await technician.post(REPLAY, body)).json()).toMatchObject({ status, errors });
	});

	test('of a decision nobody made is 404', async () => {
		expect((await technician.post(REPLAY, { decision: 'd-9' })).status).toBe(404);
	});

	test('is not for reception', async () => {
		expect((await reception.post(REPLAY, SINCE)).status).toBe(403);
	});
});

describe('one replay at a time', () => {
	const EMPTY = { decisions: 0, identical: 0, redacted: 0, changed: 0, earlierRules: 0, changes: [] };

	test('a second one is told to come back, until the first is done or failed', async () => {
		const runs: { resolve(report: ReplayReport): void; reject(error: Error): void }[] = [];
		const played = createHttpSite({
			replay: {
				one: () => undefined,
				since: () => new Promise((resolve, reject) => void runs.push({ resolve, reject })),
			},
		});
		const technician = await played.signIn('technician');
		const ask = () => technician.post(REPLAY, SINCE);
		const first = ask();
		await expect.poll(() => runs.length).toBe(1);
		const second = await ask();
		expect(await second.json()).toMatchObject({ status: 409, code: 'REPLAY_RUNNING' });
		runs[0]?.resolve(EMPTY);
		expect((await first).status).toBe(200);
		const third = ask();
		await expect.poll(() => runs.length).toBe(2);
		runs[1]?.reject(new Error('disk'));
		expect((await third).status).toBe(500);
		const fourth = ask();
		await expect.poll(() => runs.length).toBe(3);
		runs[2]?.resolve(EMPTY);
		expect((await fourth).status).toBe(200);
		played.close();
	});

	test('ends when enough was decided, and says so', async () => {
		const played = createHttpSite({
			replay: {
				one: () => undefined,
				async since({ signal, onProgress }) {
					onProgress?.(LIMITS.replayedDecisions - 1);
					expect(signal?.aborted).toBe(false);
					onProgress?.(LIMITS.replayedDecisions);
					expect(signal?.aborted).toBe(true);
					return EMPTY;
				},
			},
		});
		const technician = await played.signIn('technician');
		expect(await (await technician.post(REPLAY, SINCE)).json()).toMatchObject({ complete: false });
		expect.assertions(3);
		played.close();
	});

	test('ends when nobody waits for it any more', async () => {
		const runs: { readonly signal: AbortSignal | undefined; resolve(report: ReplayReport): void }[] = [];
		const played = createHttpSite({
			replay: {
				one: () => undefined,
				since: ({ signal }) => new Promise((resolve) => void runs.push({ signal, resolve })),
			},
		});
		const { cookie, csrf } = await played.signIn('technician');
		const gone = new AbortController();
		const init = jsonPost(SINCE, { cookie, 'x-csrf-token': csrf });
		const asked = played.request(REPLAY, { ...init, signal: gone.signal });
		await expect.poll(() => runs.length).toBe(1);
		expect(runs[0]?.signal?.aborted).toBe(false);
		gone.abort();
		expect(runs[0]?.signal?.aborted).toBe(true);
		runs[0]?.resolve(EMPTY);
		await asked;
		played.close();
	});
});
