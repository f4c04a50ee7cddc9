import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { outcomeStatus, phaseStatus } from '../../../src/api/console/components/status.tsx';
import type { LanePhase } from '../../../src/gateway/core/lane/lane-state.ts';
import { anna, aPlateRead, aRight, facts, TUESDAY_10H } from '../../support/access-facts.ts';
import {
	aDevice,
	aLaneView,
	type ConsoleSite,
	createConsoleSite,
	IDLE_SYNC,
	LANES,
	SITE,
	type Visitor,
} from '../../support/console-site.ts';

let site: ConsoleSite;
let admin: Visitor;
beforeEach(async () => {
	site = createConsoleSite();
	admin = await site.signIn('administrator');
});
afterEach(() => site.close());

/** What a reader of the element with this id reads. */
function wordsOf(html: string, id: string): string {
	const [, inside = ''] = new RegExp(`<([a-z]+)[^>]* id="${id}".*?</\\1>`, 's').exec(html)?.[0].split(/^<[^>]*>/) ?? [];
	return inside
		.replaceAll(/<[^>]*>/g, ' ')
		.replaceAll('&#39;', "'")
		.replaceAll(/\s+/g, ' ')
		.trim();
}

const refusedAnna = () =>
	site.decide({
		facts: facts({ rights: [aRight({ validToMs: TUESDAY_10H - 1 })] }),
		subject: '1-ABC-234',
		holderName: anna.name,
	});

describe('a lane', () => {
	test('tells phase, since when, vehicle and barrier in words', async () => {
		const [north] = LANES;
		if (north === undefined) throw new Error('no lane');
		const sinceMs = site.bench.clock.nowMs();
		site.lanes.set(
			'L1',
			aLaneView(north, { phase: 'openWait', phaseSinceMs: sinceMs, vehiclePresent: true, barrier: 'open' }),
		);
		const words = wordsOf(await admin.page('/'), 'lane-L1');
		for (const part of [
			'North entry',
			'Entry · Outside to Deck',
			'Open, waiting',
			'since 09:00:00',
			'On the loop',
			'Barrier Open',
		]) {
			expect(words).toContain(part);
		}
	});

	test('never claims a position of the arm or a vehicle that no input told', async () => {
		const [north] = LANES;
		if (north === undefined) throw new Error('no lane');
		site.lanes.set('L1', aLaneView(north, { vehiclePresent: null, barrier: 'unknown' }));
		const words = wordsOf(await admin.page('/'), 'lane-L1');
		expect(words).toContain('Position unknown');
		expect(words).toContain('No loop is wired');
	});

	test('shows its last decision with who, outcome, reason and advice', async () => {
		const lastDecision = site.accessLog.summary(refusedAnna()) ?? null;
		const [north] = LANES;
		if (north === undefined) throw new Error('no lane');
		site.lanes.set('L1', aLaneView(north, { lastDecision }));
		const words = wordsOf(await admin.page('/live/lanes/L1'), 'lane-L1');
		for (const part of ['Refused', '1-ABC-234', 'Anna Peeters', 'The access right has expired.', 'Extend the right']) {
			expect(words).toContain(part);
		}
	});

	test('has words and a sign of its own for every phase: colour never stands alone', () => {
		const phases: readonly LanePhase[] = [
			'idle',
			'arrived',
			'identifying',
			'refused',
			'opening',
			'openWait',
			'passing',
			'faulted',
			'heldOpen',
			'closedToAll',
		];
		const labels = phases.map((phase) => phaseStatus(phase).label);
		expect(new Set(labels).size).toBe(phases.length);
	});

	test('says what outranks its usual way: fire, or what an operator made of it, with reason and end', async () => {
		const [north] = LANES;
		if (north === undefined) throw new Error('no lane');
		const nowMs = site.bench.clock.nowMs();
		const held = {
			kind: 'heldOpen',
			ownerId: 'o-1',
			reason: 'Fair <today>',
			sinceMs: nowMs,
			confirmed: false,
		} as const;
		site.lanes.set('L1', aLaneView(north, { fire: true, mode: { ...held, untilMs: nowMs + 3_600_000 } }));
		const words = wordsOf(await admin.page('/'), 'lane-L1');
		expect(words).toContain('Fire input active');
		expect(words).toContain('Held open by an operator Fair &lt;today&gt; Until 10:00:00');
		expect(words).toContain('it acts again once somebody confirms it');
		site.lanes.set('L1', aLaneView(north, { mode: { ...held, kind: 'lockdown', untilMs: null, confirmed: true } }));
		const locked = wordsOf(await admin.page('/'), 'lane-L1');
		expect(locked).toContain('Lockdown: nobody enters Fair &lt;today&gt; Until somebody ends it');
		expect(locked).not.toContain('confirms');
	});

	test('offers the barrier only to those who may open it', async () => {
		const live = await admin.page('/');
		expect(live).toContain('href="/lanes/L1/vend"');
		const technician = await site.signIn('technician');
		expect(await technician.page('/')).toContain('href="/lanes/L1/vend"');
	});
});

describe('what became of a decision', () => {
	test('denied by policy and failed by hardware are different outcomes', () => {
		expect(outcomeStatus({ outcome: 'refused', sequel: 'none' }).label).toBe('outcome.refused');
		expect(outcomeStatus({ outcome: 'granted', sequel: 'openFailed' }).label).toBe('outcome.failed');
		expect(outcomeStatus({ outcome: 'granted', sequel: 'openUnknown' }).label).toBe('outcome.unconfirmed');
		expect(outcomeStatus({ outcome: 'granted', sequel: 'passed' }).label).toBe('outcome.granted');
	});

	test('is listed newest first, with the advice beside a refusal', async () => {
		const granted = facts({ presented: [aPlateRead()], atMs: TUESDAY_10H - 60_000 });
		site.decide({ facts: granted, subject: 'first', holderName: anna.name, sequel: 'openFailed' });
		refusedAnna();
		const words = wordsOf(await admin.page('/live/decisions'), 'last-decisions');
		expect(words.indexOf('1-ABC-234')).toBeLessThan(words.indexOf('first'));
		expect(words).toContain('Extend the right, or assign a new one.');
		expect(words).toContain('Not opened first Anna Peeters North entry The barrier did not open');
	});
});

describe('what does not work', () => {
	test('stands above everything else: devices with what to do, the broker with what waits', async () => {
		site.devices.push(
			aDevice({ id: 'cam-1', state: 'offline', problem: 'Check the network cable.' }),
			aDevice({ id: 'reader-1' }),
		);
		site.sync = { ...IDLE_SYNC, configured: true, problem: 'refused', outboxDepth: 1_284 };
		const words = wordsOf(await admin.page('/'), 'problems');
		expect(words).toContain('2 problems');
		expect(words).toContain('cam-1 · Offline Check the network cable.');
		expect(words).toContain('No link to central 1,284 events wait to be sent.');
		expect(words).not.toContain('reader-1');
	});

	test('is one quiet line when all works, also standalone', async () => {
		site.devices.push(aDevice());
		expect(wordsOf(await admin.page('/'), 'problems')).toBe('All systems work');
	});
});

describe('occupancy', () => {
	test('counts what is reserved as taken, puts areas below their park, and knows no limit where there is none', async () => {
		const counter = { level: 'area', parkId: 'P1', parentId: null, capacity: 10, occupied: 0, reserved: 0 } as const;
		site.counters.push(
			{ ...counter, areaId: 'A2', name: 'Inner', parentId: 'A1', occupied: 9, reserved: 1 },
			{ ...counter, areaId: 'A1', name: 'Outer', capacity: 80, occupied: 12, reserved: 3 },
			{ ...counter, areaId: 'P1', name: 'The park', level: 'park', capacity: null, occupied: 12 },
		);
		const words = wordsOf(await admin.page('/live/occupancy'), 'occupancy');
		expect(words).toBe(
			'Occupancy The park 12 inside, not limited Outer 12 of 80 65 places free 3 reserved Inner 9 of 10 Full 1 reserved',
		);
	});
});

describe('a site where nothing happened yet', () => {
	test('says on each page what is missing and what to do', async () => {
		const empty = createConsoleSite({ site: { ...SITE, lanes: [], areas: [], parks: [] } });
		const visitor = await empty.signIn('administrator');
		const live = await visitor.page('/');
		expect(live).toContain('No lane is configured');
		expect(live).toContain('Nothing was decided in the last 30 minutes');
		expect(live).toContain('No area is configured');
		expect(await visitor.page('/log')).toContain('The access log is empty');
		expect(await visitor.page('/devices')).toContain('No device is configured');
		expect(await visitor.page('/sync')).toContain('Standalone');
		await empty.close();
	});
});
