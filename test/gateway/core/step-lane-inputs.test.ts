import { describe, expect, test } from 'vitest';
import { laneDeadline } from '../../../src/gateway/core/lane/lane-state.ts';
import { aLane } from '../../support/access-facts.ts';
import { createLaneBench, type LaneBench } from '../../support/lane-bench.ts';

const input = (name: string) => ({ deviceId: 'inputs-1', input: name });
const open = input('open-limit');
const closed = input('closed-limit');
const bench = (change: Parameters<typeof aLane>[0] = {}) =>
	createLaneBench({ lane: aLane({ position: { open, closed }, ...change }) });
const down = (lane = bench()) => lane.limit('open', false).limit('closed', true);
const up = (lane: LaneBench) => lane.limit('closed', false).limit('open', true);
/** A vehicle that may in stands before it, and the pulse was confirmed. */
const opened = (lane: LaneBench) => lane.loop('arming', true).wait(100).tag().vended().clear();
const { travelMs, stuckLoopMs } = aLane().rules;

interface Case {
	readonly situation: string;
	readonly run: () => LaneBench;
	readonly log: readonly string[];
	/** What is shown of the arm afterwards. */
	readonly fault?: string | null;
}

const cases: readonly Case[] = [
	{
		situation: 'an arm that goes up and down in its time is no fault',
		run: () => {
			const lane = opened(down()).wait(200).limit('closed', false).wait(6_000).limit('open', true);
			return lane
				.driveThrough()
				.clear()
				.wait(4_000)
				.limit('open', false)
				.wait(6_000)
				.limit('closed', true)
				.wait(60_000);
		},
		log: [],
		fault: null,
	},
	{
		situation: 'an arm between its switches for longer than it may travel',
		run: () => opened(down()).wait(200).limit('closed', false).wait(travelMs),
		log: ['armFault'],
		fault: 'betweenLimits',
	},
	{
		situation: 'it is told once, and told again when the arm is seen right',
		run: () => {
			const stuck = down()
				.limit('closed', false)
				.clear()
				.wait(10 * travelMs);
			return stuck.limit('closed', true).wait(60_000);
		},
		log: ['armFault', 'armRecovered'],
		fault: null,
	},
	{
		situation: 'both switches at once are a fault after a second, whoever is under way',
		run: () => down().limit('open', true).wait(1_000),
		log: ['armFault'],
		fault: 'bothLimits',
	},
	{
		situation: 'both switches for a moment, as they change, are none',
		run: () => down().limit('open', true).wait(900).limit('closed', false).clear().wait(500),
		log: [],
		fault: null,
	},
	{
		situation: 'an arm that stayed down after its confirmed opening',
		run: () => opened(down()).wait(travelMs),
		log: ['armFault'],
		fault: 'didNotOpen',
	},
	{
		situation: 'the same with only the lower switch wired',
		run: () => opened(bench({ position: { closed } }).limit('closed', true)).wait(travelMs),
		log: ['armFault'],
		fault: 'didNotOpen',
	},
	{
		situation: 'the same with only the upper switch wired',
		run: () => opened(bench({ position: { open } }).limit('open', false)).wait(travelMs),
		log: ['armFault'],
		fault: 'didNotOpen',
	},
	{
		situation: 'it stays shown until the arm is seen to rise',
		run: () => opened(down()).wait(120_000).clear(),
		log: [],
		fault: 'didNotOpen',
	},
	{
		situation: 'and is over when it does',
		run: () => up(opened(down()).wait(travelMs).clear()).wait(100),
		log: ['armRecovered'],
		fault: null,
	},
	{
		situation: 'a pulse that was not confirmed says nothing of the arm',
		run: () => down().loop('arming', true).wait(100).tag().vended('unknown').clear().wait(travelMs),
		log: [],
		fault: null,
	},
	{
		situation: 'a switch that is not wired is not missed',
		run: () =>
			opened(bench({ position: { closed } }).limit('closed', true))
				.limit('closed', false)
				.wait(25_000),
		log: [],
		fault: null,
	},
	{
		situation: 'a lost device of the switches is no fault, and neither is its first word',
		run: () =>
			down()
				.limit('open', null)
				.limit('closed', null)
				.wait(10 * travelMs)
				.limit('closed', true)
				.wait(travelMs),
		log: [],
		fault: null,
	},
	{
		situation: 'a fault is not over because its device was lost',
		run: () => down().limit('open', true).wait(1_000).clear().limit('open', null).limit('closed', null).wait(60_000),
		log: [],
		fault: 'bothLimits',
	},
	{
		situation: 'a lane with a faulty arm goes on: it may be the switch',
		run: () => opened(down().limit('open', true).wait(2_000)).driveThrough(),
		log: ['passage high', 'pass anna'],
	},
	{
		situation: 'a loop that is on for longer than any vehicle waits is told once',
		run: () => bench().loop('safety', true).wait(stuckLoopMs).wait(stuckLoopMs),
		log: ['loopStuck'],
	},
	{
		situation: 'and told again when it is free',
		run: () => bench().loop('safety', true).wait(stuckLoopMs).loop('safety', false).wait(60_000),
		log: ['loopStuck', 'loopRecovered'],
	},
	{
		situation: 'a loop that is free in between begins anew',
		run: () => {
			const lane = bench()
				.loop('closing', true)
				.wait(stuckLoopMs - 1_000);
			return lane
				.loop('closing', false)
				.loop('closing', true)
				.wait(stuckLoopMs - 1_000);
		},
		log: [],
	},
	{
		situation: 'the same level told again does not begin anew',
		run: () =>
			bench()
				.loop('closing', true)
				.wait(stuckLoopMs / 2)
				.loop('closing', true)
				.wait(stuckLoopMs / 2),
		log: ['loopStuck'],
	},
	{
		situation: 'of a lost device nothing is known',
		run: () => bench().loop('closing', true).wait(60_000).loop('closing', null).wait(stuckLoopMs),
		log: [],
	},
	{
		situation: 'a stuck loop under the boom locks nobody in: the next vehicle is let in and followed',
		run: () => {
			const lane = opened(bench().loop('safety', true).loop('closing', false).wait(stuckLoopMs));
			return lane.clear().loop('closing', true).wait(500).loop('arming', false).wait(500).loop('closing', false);
		},
		log: ['passage medium', 'pass anna'],
	},
	{
		situation: 'where it is turned off no loop is stuck',
		run: () =>
			bench({ rules: { ...aLane().rules, stuckLoopMs: 0 } })
				.loop('safety', true)
				.wait(86_400_000),
		log: [],
	},
];

describe('what the inputs of a lane tell about themselves', () => {
	test.each(cases)('$situation', ({ run, log, fault }) => {
		const lane = run();
		expect(lane.log()).toEqual(log);
		if (fault !== undefined) expect(lane.state().arm.fault).toBe(fault);
	});

	test('nothing is awaited once all was told', () => {
		const lane = bench()
			.loop('safety', true)
			.limit('open', true)
			.limit('closed', true)
			.wait(2 * stuckLoopMs);
		expect(laneDeadline(lane.state())).toBeNull();
	});

	test('a stuck loop of a reversible lane is the same loop whichever way it is driven', () => {
		const lane = bench({ kind: 'reversible', back: { readers: ['reader-back'], cameras: [] } });
		lane.loop('closing', true).wait(stuckLoopMs);
		expect(lane.state().direction).toBe('back');
		expect(lane.state().loopWatch).toMatchObject({ arming: { isStuck: false }, closing: { isStuck: true } });
	});
});
