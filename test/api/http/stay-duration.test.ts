import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpSite, type HttpSite, type SignedIn } from '../../support/http-site.ts';

const HOUR = 3_600_000;
const PATH = '/api/v1/parking-sessions/stay-1/duration';

let site: HttpSite;
let reception: SignedIn;
let sinceMs: number;
beforeAll(async () => {
	site = createHttpSite();
	reception = await site.signIn('reception');
	const { store, clock } = site.bench;
	sinceMs = clock.nowMs() - HOUR;
	const always = { validFromMs: null, validToMs: null };
	const kind = { areaIds: [], scheduleId: null, maxStayMin: 480 };
	const made = site.services.edits.edit(
		[
			{
				op: 'create',
				table: 'holders',
				row: { id: 'anna', kind: 'person', name: 'Anna', email: null, status: 'active' },
			},
			...(['onTheFly', 'firstCome'] as const).flatMap((strategy) => [
				{
					...({ op: 'create', table: 'rightSpecifications' } as const),
					row: { id: strategy, name: strategy, strategy, ...kind },
				},
				{
					...({ op: 'create', table: 'assignedRights' } as const),
					row: { id: `${strategy}-right`, holderId: 'anna', specificationId: strategy, state: 'active', ...always },
				},
			]),
		],
		{ operatorId: reception.operatorId },
	);
	expect(made.result).toBe('done');
	const at = { credentialId: null, decisionId: null, laneInId: 'L1', openedAtMs: sinceMs, areaId: 'A1', counted: true };
	const open = (id: string, rightId: string) =>
		store.transaction(() => store.parkingSessions.open({ id, holderId: 'anna', rightIds: [rightId], ...at }));
	open('stay-1', 'onTheFly-right');
	open('stay-2', 'firstCome-right');
});
afterAll(() => site.close());

const inHours = (hours: number) => new Date(sinceMs + hours * HOUR).toISOString();
const ms = (text: string) => Date.parse(text);

test('X2: reception chooses how long an on-the-fly stay lasts, within what its kind of right allows', async () => {
	const before = await (await reception.get(PATH)).json();
	expect(before).toMatchObject({ stayId: 'stay-1', rightId: 'onTheFly-right', until: null });
	expect(ms((before as { latest: string }).latest)).toBe(sinceMs + 8 * HOUR);
	const answer = await reception.post(PATH, { until: inHours(3) });
	expect(answer.status).toBe(200);
	expect(ms(((await answer.json()) as { until: string }).until)).toBe(sinceMs + 3 * HOUR);
	expect(ms(((await (await reception.get(PATH)).json()) as { until: string }).until)).toBe(sinceMs + 3 * HOUR);
	expect(site.bench.store.stayDeadlines.of('stay-1')).toMatchObject([
		{ kind: 'overstay', dueAtMs: sinceMs + 3 * HOUR },
	]);
});

test.each([
	['stay-1', 0.5, 422, 'DURATION_REFUSED'],
	['stay-1', 9, 422, 'DURATION_REFUSED'],
	['stay-2', 2, 409, 'NOT_ON_THE_FLY'],
	['nobody', 2, 404, 'NOT_FOUND'],
])('of %s to %d h after the entry is refused with %d in a sentence', async (stay, hours, status, code) => {
	const answer = await reception.post(`/api/v1/parking-sessions/${stay}/duration`, { until: inHours(hours) });
	expect(answer.status).toBe(status);
	expect(await answer.json()).toMatchObject({ code, detail: expect.stringMatching(/\.$/) });
});
