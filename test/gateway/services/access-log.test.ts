import { describe, expect, test } from 'vitest';
import type { DecisionEntry } from '../../../src/gateway/core/journal.ts';
import { type AccessLogQuery, createAccessLog } from '../../../src/gateway/services/access-log.ts';
import type { SiteStore } from '../../../src/gateway/store/site-store.ts';
import { aLane, aRight, facts, TUESDAY_10H } from '../../support/access-facts.ts';
import { aDecision, aLaneEvent, aPassage, aVend } from '../../support/lane-entries.ts';
import { openTempStore } from '../../support/temp-store.ts';

const HOUR = 3_600_000;
const refused = facts({ rights: [] });
const full = facts({
	areas: [{ areaId: 'A1', level: 'area', entering: true, capacity: 1, occupied: 1, reserved: 0 }],
	rights: [aRight()],
});

function openLog(store: SiteStore = openTempStore()) {
	const log = createAccessLog({
		store,
		directory: { credential: () => undefined },
		lanes: [aLane({ id: 'L1', name: 'North entry' })],
	});
	return {
		store,
		log,
		ids: (query: AccessLogQuery = {}) => log.list(query).items.map(({ id }) => id),
		add: (id: string, change: Partial<Omit<DecisionEntry, 'id' | 'decision'>> = {}, given = facts()) =>
			store.journal.append(aDecision(id, change, given)),
	};
}

describe('the access log', () => {
	test('X14: shows who, where, what and why, newest first', () => {
		const { log, add } = openLog();
		add('d1');
		add('d2', { subject: '1ABC234', holderName: null, laneId: 'gone' }, refused);
		expect(log.list({}).items).toEqual([
			{
				id: 'd2',
				seq: 2,
				atMs: TUESDAY_10H,
				laneId: 'gone',
				laneName: 'gone',
				direction: 'entry',
				outcome: 'refused',
				headline: 'NO_RIGHT',
				subject: '1ABC234',
				holderId: 'anna',
				holderName: null,
				sequel: 'none',
			},
			{
				id: 'd1',
				seq: 1,
				atMs: TUESDAY_10H,
				laneId: 'L1',
				laneName: 'North entry',
				direction: 'entry',
				outcome: 'granted',
				headline: null,
				subject: 'FC 53 CN 48062',
				holderId: 'anna',
				holderName: 'Anna Peeters',
				sequel: 'opening',
			},
		]);
		expect(log.lastOf('L1')?.id).toBe('d1');
		expect(log.lastOf('L9')).toBeNull();
	});

	test.each([
		[['done'], 'opened'],
		[['failed'], 'openFailed'],
		[['unknown'], 'openUnknown'],
		[['unknown', 'passage'], 'passed'],
		[['passage', 'done'], 'passed'],
		[['done', 'backedOut'], 'backedOut'],
		[['done', 'notUsed'], 'notUsed'],
		[['done', 'tailgate'], 'opened'],
	] as const)('tells what became of a grant: %j is %s', (steps, sequel) => {
		const { log, add, store } = openLog();
		add('d1');
		for (const step of steps) {
			if (step === 'passage') store.journal.append(aPassage('d1'));
			else if (step === 'backedOut' || step === 'notUsed' || step === 'tailgate')
				store.journal.append(aLaneEvent('d1', step));
			else if (step === 'done') store.journal.append(aVend('d1', { result: 'done' }));
			else store.journal.append(aVend('d1', { result: step, problem: 'relay' }));
		}
		expect(log.summary('d1')?.sequel).toBe(sequel);
		expect(log.get('d1')?.sequel).toHaveLength(steps.length);
	});

	test('N1: gives a decision back whole, with all that followed', () => {
		const { log, add, store } = openLog();
		add('d1', {}, full);
		add('d2');
		store.journal.append(aVend('d2', { result: 'done' }));
		expect(log.get('d1')).toMatchObject({
			summary: { headline: 'AREA_FULL' },
			entry: aDecision('d1', {}, full),
			sequel: [],
		});
		expect(log.get('d2')?.sequel).toEqual([{ seq: 3, entry: aVend('d2', { result: 'done' }) }]);
		expect(log.get('nobody')).toBeUndefined();
	});

	test('is searched by plate, card and name, whatever the case, accents and separators', () => {
		const { add, ids } = openLog();
		add('plate', { subject: '1ABC234', holderName: 'Élodie Müller' });
		add('card', { subject: 'H10301 FC 53 CN 48062', holderName: 'Bram O’Neil' });
		for (const q of ['1abc', '1-ABC-234', 'elodie', 'MULLER 1abc', ' Élo ']) expect(ids({ q })).toEqual(['plate']);
		for (const q of ['fc 53', '48062', "o'neil"]) expect(ids({ q })).toEqual(['card']);
		expect(ids({ q: 'elodie 48062' })).toEqual([]);
		expect(ids({ q: "%' OR 1=1 --" })).toEqual([]);
		expect(ids({ q: '' })).toHaveLength(2);
	});

	test('is narrowed by lane, outcome and reason', () => {
		const { add, ids } = openLog();
		add('granted');
		add('full', { laneId: 'L2' }, full);
		add('none', {}, refused);
		expect(ids({ laneId: 'L1' })).toEqual(['none', 'granted']);
		expect(ids({ outcome: 'refused' })).toEqual(['none', 'full']);
		expect(ids({ reason: 'AREA_FULL' })).toEqual(['full']);
		expect(ids({ reason: 'AREA_FULL', laneId: 'L1' })).toEqual([]);
	});

	test('a time range is exact, also where the clock jumped back', () => {
		const { add, ids } = openLog();
		for (const [id, hours] of Object.entries({ a: 0, b: 1, c: 9, d: 2, e: 3 }))
			add(id, { atMs: TUESDAY_10H + hours * HOUR });
		const range = (from: number, to: number) =>
			ids({ fromMs: TUESDAY_10H + from * HOUR, toMs: TUESDAY_10H + to * HOUR });
		expect(range(1, 3)).toEqual(['d', 'b']);
		expect(range(2, 10)).toEqual(['e', 'd', 'c']);
		expect(range(4, 8)).toEqual([]);
		expect(ids({ fromMs: TUESDAY_10H + 3 * HOUR })).toEqual(['e', 'c']);
		expect(ids({ toMs: TUESDAY_10H + 1 })).toEqual(['a']);
		expect(ids({ fromMs: TUESDAY_10H + 50 * HOUR })).toEqual([]);
	});

	test('is paged without repeats or gaps while it grows', () => {
		const { log, add, store } = openLog();
		store.transaction(() => {
			for (let n = 0; n < 25; n += 1) add(`d${n}`, {}, n % 2 === 0 ? facts() : refused);
		});
		const seen: string[] = [];
		let cursor: string | null = null;
		do {
			const page = log.list({ outcome: 'refused', limit: 5, ...(cursor === null ? {} : { cursor }) });
			expect(page.items.length).toBeLessThanOrEqual(5);
			seen.push(...page.items.map(({ id }) => id));
			cursor = page.nextCursor;
			add(`later${seen.length}`, {}, refused);
		} while (cursor !== null);
		expect(seen).toEqual(Array.from({ length: 12 }, (_, n) => `d${23 - 2 * n}`));
	});

	test('a long log is searched in bounded pieces, each with a way on', () => {
		const { log, add, store } = openLog();
		add('needle', { subject: 'NEEDLE' });
		store.transaction(() => {
			for (let n = 0; n < 31_000; n += 1) store.journal.append(aLaneEvent(null, 'readIgnored'));
			add('hay');
		});
		const first = log.list({ q: 'needle' });
		expect(first.items).toEqual([]);
		expect(first.nextCursor).not.toBeNull();
		const second = log.list({ q: 'needle', cursor: first.nextCursor ?? '' });
		expect(second.items.map(({ id }) => id)).toEqual(['needle']);
	});

	test('a cursor that is not ours is refused, a limit beyond the bounds is brought within', () => {
		const { log, add } = openLog();
		add('d1');
		for (const cursor of ['', 'x', 'ZHg', '1 OR 1=1']) {
			expect(() => log.list({ cursor })).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' }));
		}
		expect(log.list({ limit: 0 }).items).toHaveLength(1);
		expect(log.list({ limit: 1e9 }).items).toHaveLength(1);
	});

	test('an erased decision keeps its line without the person', () => {
		const { log, add, store } = openLog();
		add('d1');
		store.journal.erase([1]);
		expect(log.list({}).items).toMatchObject([
			{ id: 'd1', subject: '', holderId: null, holderName: null, outcome: 'granted' },
		]);
		expect(log.list({ q: 'anna' }).items).toEqual([]);
		expect(log.get('d1')).toBeUndefined();
	});
});
