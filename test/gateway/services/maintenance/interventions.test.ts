import { beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../../src/gateway/core/limits.ts';
import type { InterventionReport, Interventions } from '../../../../src/gateway/services/maintenance/interventions.ts';
import type { SiteStore } from '../../../../src/gateway/store/site-store.ts';
import { EVENT_DATA, eventOf } from '../../../../src/sync/event-data.ts';
import { SITE } from '../../../support/console-site.ts';
import { createSiteLicensing } from '../../../support/licensing-bench.ts';
import { createTestMaintenance } from '../../../support/maintenance-bench.ts';
import { createMemoryLog } from '../../../support/memory-log.ts';
import { operatorRow } from '../../../support/operators.ts';
import { openTempStore, tempDir } from '../../../support/temp-store.ts';
import { createVirtualClock, type VirtualClock } from '../../../support/virtual-clock.ts';

const HOUR = 3_600_000;
const FAULT: InterventionReport = {
	...{ kind: 'repair', target: { kind: 'device', id: 'boom-1' }, title: 'Arm does not close', description: '' },
	...{ priority: 'high', plan: null, people: [] },
};

let dir: string;
let store: SiteStore;
let clock: VirtualClock;
let isIncluded: boolean;
let bench: ReturnType<typeof open>;
let interventions: Interventions;

function open() {
	const log = createMemoryLog();
	const { licenceGrants } = createSiteLicensing({ dir, store, clock, log }, SITE);
	const maintenance = createTestMaintenance({
		...{ store, clock, log, licenceGrants, site: SITE },
		isIncluded: () => isIncluded,
	});
	return { licenceGrants, ...maintenance };
}

beforeEach(() => {
	dir = tempDir();
	store = openTempStore(dir);
	clock = createVirtualClock();
	isIncluded = true;
	for (const id of ['ann', 'ben', 'rex']) {
		store.operators.addOperator(operatorRow({ id, email: `${id}@example.org`, name: id.toUpperCase() }));
	}
	bench = open();
	interventions = bench.interventions;
	bench.licenceGrants.set('ann', ['serviceStandard'], { operatorId: null });
	bench.licenceGrants.set('ben', ['serviceMechanic'], { operatorId: null });
	bench.licenceGrants.set('rex', ['serviceResource'], { operatorId: null });
});

const report = (change: Partial<InterventionReport> = {}) => {
	const answer = interventions.report({ ...FAULT, ...change }, 'ann');
	if (answer.result === 'refused') throw new Error(answer.because);
	return answer.intervention;
};
const planAt = (hours: number, forHours = 2) => ({
	startMs: clock.nowMs() + hours * HOUR,
	endMs: clock.nowMs() + (hours + forHours) * HOUR,
});
const audits = () => store.journal.after(0, 1_000).flatMap(({ entry }) => (entry?.type === 'audit' ? [entry] : []));
const numbers = (query: Partial<Parameters<Interventions['list']>[0]>) =>
	interventions.list({ limit: 50, ...query }).items.map(({ number }) => number);

describe('I9 interventions', () => {
	test('are numbered from 1, and a number never comes twice, also after a restart', () => {
		expect([report().number, report().number]).toEqual([1, 2]);
		store.interventions.removeIntervention(2);
		store.close();
		store = openTempStore(dir);
		interventions = open().interventions;
		expect(report().number).toBe(3);
		expect(interventions.get(1)).toMatchObject({ title: 'Arm does not close', status: 'open', version: 1 });
	});

	test('are planned with their time, and every change is told with who, when, before and after', () => {
		const { number } = report();
		clock.advance(HOUR);
		const plan = planAt(24);
		const answer = interventions.change(number, { plan, people: ['rex', 'ben'], priority: 'urgent' }, 'ann', 1);
		expect(answer).toMatchObject({ intervention: { status: 'planned', plan, version: 2 } });
		interventions.setStatus(number, { status: 'inProgress', comment: 'Opened the box' }, 'ben', 2);
		const [status, changed, reported] = interventions.entries(number, { limit: 10 }).items;
		expect(reported).toMatchObject({ what: 'reported', operatorId: 'ann', detail: { target: 'device boom-1' } });
		expect(changed).toMatchObject({
			...{ what: 'changed', operatorId: 'ann', atMs: clock.nowMs() },
			detail: {
				...{ priorityBefore: 'high', priority: 'urgent', peopleBefore: '', people: 'ben, rex' },
				...{ statusBefore: 'open', status: 'planned', planStartBefore: null, planStart: plan.startMs },
			},
		});
		expect(status).toMatchObject({ operatorId: 'ben', detail: { status: 'inProgress', text: 'Opened the box' } });
		expect(Object.keys(changed?.detail ?? {})).not.toContain('title');
	});

	test('are told to central with each change, in the transaction that makes it', () => {
		const { number, id } = report();
		interventions.comment(number, 'Belt is torn', 'ben');
		interventions.setStatus(number, { status: 'done', comment: '' }, 'ben');
		const [reported, said, closed] = audits().slice(-3);
		const named = { intervention: id, number: 1 };
		expect(reported && eventOf(reported)).toMatchObject({
			type: 'parkgate.intervention',
			data: {
				...{ ...named, event: 'created', operator: 'ann', target: 'device boom-1' },
				...{ title: 'Arm does not close', priority: 'high', status: 'open', people: [] },
			},
		});
		expect(said && eventOf(said).data).toMatchObject({ ...named, event: 'commented', comment: 'Belt is torn' });
		expect(closed && eventOf(closed).data).toMatchObject({
			event: 'closed',
			status: 'done',
			before: { status: 'open' },
		});
	});

	test('tell central who is to do it, how far it is and what was used, each as its published schema says', () => {
		const { number } = report();
		interventions.change(
			number,
			{ people: ['ben'], plan: { startMs: clock.nowMs(), endMs: clock.nowMs() + 3_600_000 } },
			'ann',
		);
		interventions.setStatus(number, { status: 'inProgress', comment: 'Opened the box' }, 'ben');
		interventions.addPart(number, { name: 'Belt', reference: 'B-1', quantity: 2 }, 'ben');
		interventions.change(number, { title: 'Belt' }, 'ann');
		const told = audits().slice(-5).map(eventOf);
		for (const { data } of told) expect(EVENT_DATA['parkgate.intervention'].strict().parse(data)).toEqual(data);
		expect(told.map(({ data }) => Object(data).event)).toEqual([
			'created',
			'assigned',
			'stateChanged',
			'partAdded',
			'changed',
		]);
		expect(told[1]?.data).toMatchObject({
			people: ['ben'],
			plan: { start: expect.any(String) },
			before: { people: '' },
		});
		expect(told[3]?.data).toMatchObject({ part: { name: 'Belt', reference: 'B-1', quantity: 2 } });
	});

	test('of two who change it at once the second is refused, and nothing of theirs is kept', () => {
		const { number } = report();
		expect(interventions.change(number, { title: 'Arm stays open' }, 'ann', 1)).toMatchObject({ result: 'done' });
		const before = audits().length;
		const late = interventions.change(number, { title: 'Mine' }, 'ben', 1);
		expect(late).toEqual({ result: 'refused', because: 'changedMeanwhile' });
		expect(interventions.setStatus(number, { status: 'done', comment: '' }, 'ben', 1)).toMatchObject({
			because: 'changedMeanwhile',
		});
		expect(interventions.get(number)?.title).toBe('Arm stays open');
		expect(audits().length).toBe(before);
	});

	test('a comment or a part is no change of what others edit, and changes that change nothing are none', () => {
		const { number, version } = report();
		interventions.comment(number, 'Seen', 'ben');
		interventions.addPart(number, { name: '=1+1', reference: '<b>', quantity: 2 }, 'ben');
		interventions.change(number, { title: FAULT.title }, 'ann');
		expect(interventions.get(number)?.version).toBe(version);
		const [part] = interventions.parts(number);
		expect(part).toMatchObject({ name: '=1+1', reference: '<b>', quantity: 2, operatorId: 'ben' });
		expect(interventions.removePart(number, part?.id ?? '', 'ben')).toMatchObject({ result: 'done' });
		expect(interventions.removePart(number, part?.id ?? '', 'ben')).toMatchObject({ because: 'noSuchPart' });
		expect(interventions.entries(number, { limit: 10 }).items.map(({ what }) => what)).toEqual([
			...['partRemoved', 'partAdded', 'comment', 'reported'],
		]);
	});

	test.each([
		['a device the site does not have', { target: { kind: 'device', id: 'gone' } }, 'unknownTarget'],
		['a lane the site does not have', { target: { kind: 'lane', id: 'L9' } }, 'unknownTarget'],
		['somebody who is no operator', { people: ['nobody'] }, 'unknownPerson'],
		['an end before the beginning', { plan: { startMs: 2, endMs: 1 } }, 'badPlan'],
		['a time years ago', { plan: { startMs: 0, endMs: HOUR } }, 'badPlan'],
	] as const)('with %s are refused', (_, change, because) => {
		expect(interventions.report({ ...FAULT, ...change }, 'ann')).toEqual({ result: 'refused', because });
		const { number } = report();
		expect(interventions.change(number, change, 'ann')).toEqual({ result: 'refused', because });
	});

	test('what is closed is opened again before it is changed, and then planned anew', () => {
		const { number } = report({ plan: planAt(1) });
		interventions.setStatus(number, { status: 'done', comment: '' }, 'ben');
		expect(interventions.get(number)?.closedAtMs).toBe(clock.nowMs());
		expect(interventions.change(number, { title: 'x' }, 'ann')).toMatchObject({ because: 'closed' });
		interventions.setStatus(number, { status: 'open', comment: 'Again' }, 'ben');
		expect(interventions.get(number)).toMatchObject({ status: 'open', plan: null, closedAtMs: null });
	});

	test('without maintenance in the product licence nothing new is begun, and what is there goes on', () => {
		const { number } = report();
		isIncluded = false;
		expect(interventions.report(FAULT, 'ann')).toMatchObject({ because: 'notIncluded' });
		expect(interventions.setStatus(number, { status: 'done', comment: '' }, 'ben')).toMatchObject({ result: 'done' });
	});

	test('are found by state, status, device, who does them and whether their time is over', () => {
		report();
		report({ target: { kind: 'lane', id: 'L1' }, plan: planAt(1), people: ['rex'] });
		report({ target: { kind: 'site' }, plan: planAt(100), people: ['rex', 'ben'] });
		interventions.setStatus(1, { status: 'cancelled', comment: '' }, 'ann');
		clock.advance(4 * HOUR);
		expect(numbers({})).toEqual([3, 2, 1]);
		expect(numbers({ state: 'unfinished' })).toEqual([3, 2]);
		expect(numbers({ state: 'closed' })).toEqual([1]);
		expect(numbers({ status: 'planned', person: 'ben' })).toEqual([3]);
		expect(numbers({ person: 'rex' })).toEqual([3, 2]);
		expect(numbers({ target: { kind: 'device', id: 'boom-1' } })).toEqual([1]);
		expect(numbers({ target: { kind: 'site' } })).toEqual([3]);
		expect(numbers({ overdue: true })).toEqual([2]);
		expect(interventions.get(2)?.isOverdue).toBe(true);
	});

	test('pages meet every one once, also while new ones come', () => {
		for (let count = 0; count < 7; count += 1) report();
		const first = interventions.list({ limit: 3 });
		report();
		const seen = first.items.map(({ number }) => number);
		for (let cursor = first.nextCursor; cursor !== null; ) {
			const page = interventions.list({ limit: 3, cursor });
			seen.push(...page.items.map(({ number }) => number));
			cursor = page.nextCursor;
		}
		expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1]);
		expect(() => interventions.list({ limit: 3, cursor: 'bm9uZQ' })).toThrow('start without one');
	});
});

describe('I12 the roster', () => {
	test('shows Resources and mechanics with what they have, what clashes, and what nobody was put on', () => {
		report({ title: 'A', plan: planAt(1), people: ['rex'] });
		report({ title: 'B', plan: planAt(2), people: ['rex', 'ben'] });
		report({ title: 'C', plan: planAt(30), people: ['rex'] });
		report({ title: 'D', plan: planAt(1) });
		const { lines, unassigned, isCut } = bench.roster.view(clock.nowMs(), clock.nowMs() + 24 * HOUR);
		const told = lines.map(({ person, entries }) => [
			`${person.name} ${person.role}`,
			entries.map(({ title, clashes }) => `${title}${clashes ? '!' : ''}`).join(),
		]);
		expect(told).toEqual([
			['ANN staff', ''],
			['BEN mechanic', 'B'],
			['REX resource', 'A!,B!'],
		]);
		expect(unassigned.map(({ title }) => title)).toEqual(['D']);
		expect(isCut).toBe(false);
	});

	test('work that is done clashes with nothing, and who left keeps a line while there is some', () => {
		report({ plan: planAt(1), people: ['rex'] });
		report({ plan: planAt(1), people: ['rex'] });
		interventions.setStatus(1, { status: 'done', comment: '' }, 'ben');
		bench.licenceGrants.set('rex', [], { operatorId: null });
		const { lines } = bench.roster.view(clock.nowMs(), clock.nowMs() + 24 * HOUR);
		expect(lines.at(-1)).toMatchObject({ person: { id: 'rex', role: 'former' } });
		expect(lines.at(-1)?.entries.map(({ clashes }) => clashes)).toEqual([false, false]);
		const { number } = report();
		expect(interventions.change(number, { people: ['rex'] }, 'ann')).toMatchObject({ because: 'unknownPerson' });
		expect(interventions.change(1, { people: ['rex'] }, 'ann')).toMatchObject({ because: 'closed' });
		expect(interventions.change(2, { people: ['rex', 'ben'] }, 'ann'), 'who is on it stays').toMatchObject({
			result: 'done',
		});
	});

	test('an operator who is inactive or has no such kind gets no work', () => {
		bench.licenceGrants.set('ben', ['salesStandard'], { operatorId: null });
		store.operators.updateOperator({ id: 'ann', email: 'ann@example.org', name: 'ANN', state: 'inactive' });
		expect(bench.roster.people().map(({ id }) => id)).toEqual(['rex']);
	});
});

test('interventions end ten years after they were closed, those that are not closed never', async () => {
	report();
	report();
	interventions.setStatus(1, { status: 'done', comment: '' }, 'ben');
	clock.jumpWallClock(LIMITS.interventionKeptMs + HOUR);
	bench.start();
	await bench.settled();
	expect(numbers({})).toEqual([2]);
	await bench.stop();
});
