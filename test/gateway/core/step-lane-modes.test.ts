import { describe, expect, test } from 'vitest';
import { restoredMode } from '../../../src/gateway/core/lane/lane-mode.ts';
import { aLane, TUESDAY_10H } from '../../support/access-facts.ts';
import { createLaneBench, type LaneBench } from '../../support/lane-bench.ts';

const input = (name: string) => ({ deviceId: 'boom-1', input: name });
const limits = { position: { open: input('open-limit'), closed: input('closed-limit') } };
const hold = { hold: { deviceId: 'boom-1', output: 'hold' } };
const behind = { safety: input('safety'), closing: input('closing') };
const exitWay = { kind: 'exit', from: 'A1', to: 'outside' } as const;

const bench = (change: Parameters<typeof aLane>[0] = {}) => createLaneBench({ lane: aLane(change) });
const entry = () => bench({ ...hold, ...limits });
const exit = (change: Parameters<typeof aLane>[0] = {}) => bench({ ...exitWay, ...hold, ...limits, ...change });
const down = (lane: LaneBench) => lane.limit('open', false).limit('closed', true);
const arrived = (lane: LaneBench) => lane.loop('arming', true).wait(100);
/** For long enough that it may be let go again. */
const held = (lane: LaneBench) => lane.mode('heldOpen').held().wait(2_000).clear();
const reversible = () =>
	bench({ kind: 'reversible', identify: 'tagOnly', cameras: [], back: { readers: ['reader-back'], cameras: [] } });
/** All loops have told that nobody is there. */
const still = (lane: LaneBench) => lane.loop('arming', false).loop('safety', false).loop('closing', false);

interface Case {
	readonly situation: string;
	readonly run: () => LaneBench;
	readonly log: readonly string[];
}

const cases: readonly Case[] = [
	{
		situation: 'hold open switches the hold output, never the opening pulse',
		run: () => entry().mode('heldOpen'),
		log: ['modeChanged', 'mode heldOpen', 'hold on'],
	},
	{
		situation: 'release switches it off',
		run: () => held(entry()).mode('normal'),
		log: ['modeChanged', 'mode normal', 'hold off'],
	},
	{
		situation: 'N4: who drives under the arm when its hold has just ended is counted, also without a loop in front',
		run: () =>
			held(bench({ ...hold, loops: behind }))
				.mode('normal')
				.held('done', false)
				.clear()
				.wait(1_000)
				.driveThrough(),
		log: ['tailgate', 'passage high', 'pass anonymous'],
	},
	{
		situation: 'a hold ends by itself',
		run: () => entry().mode('heldOpen', 60_000).held().clear().wait(60_000),
		log: ['modeChanged', 'mode normal', 'hold off'],
	},
	{
		situation: 'a lane without a hold output holds nothing',
		run: () => bench().mode('heldOpen'),
		log: ['modeChanged', 'mode heldOpen'],
	},
	{
		situation: 'while held a known vehicle is recorded and passes without a pulse',
		run: () => arrived(held(entry())).tag().driveThrough(),
		log: ['granted', 'reserve A1+P1', 'passage high', 'pass anna'],
	},
	{
		situation: 'while held a vehicle nothing reads is counted without a name',
		run: () => arrived(held(entry())).driveThrough(),
		log: ['passage high', 'pass anonymous'],
	},
	{
		situation: 'while held an unknown vehicle is refused in the log and counted',
		run: () => arrived(held(entry())).tag('STRANGE').wait(1_600).driveThrough(),
		log: ['refused UNKNOWN_CREDENTIAL', 'passage high', 'pass anonymous'],
	},
	{
		situation: 'while held two vehicles are two passages and no tailgate',
		run: () => arrived(held(entry())).driveThrough().loop('arming', true).driveThrough(),
		log: ['passage high', 'pass anonymous', 'passage high', 'pass anonymous'],
	},
	{
		situation: 'while held an operator has nothing to open',
		run: () => arrived(held(entry())).remoteVend(),
		log: ['vend refused: heldOpen'],
	},
	{
		situation: 'a hold the board refuses is told and waits to be confirmed',
		run: () => entry().mode('heldOpen').held('failed'),
		log: ['modeChanged', 'mode heldOpen', 'hold on', 'holdFailed', 'mode heldOpen'],
	},
	{
		situation: 'the board was away: an operator’s hold does not come back by itself, and is not left on unseen',
		run: () => held(entry()).barrierBack().wait(60_000),
		log: ['mode heldOpen', 'hold off'],
	},
	{
		situation: 'confirmed, it does',
		run: () => held(entry()).barrierBack().clear().mode('heldOpen'),
		log: ['modeChanged', 'mode heldOpen', 'hold on'],
	},
	{
		situation: 'closed to all: an entry refuses',
		run: () => arrived(entry().mode('closedToAll').clear()).tag(),
		log: ['refused LANE_CLOSED'],
	},
	{
		situation: 'lockdown: an entry refuses',
		run: () => arrived(entry().mode('lockdown').clear()).tag(),
		log: ['refused LOCKDOWN'],
	},
	{
		situation: 'closed to all: an operator opens nothing',
		run: () => arrived(entry().mode('closedToAll').clear()).remoteVend(),
		log: ['vend refused: closed'],
	},
	{
		situation: 'lockdown never keeps anybody in',
		run: () => arrived(exit().mode('lockdown').clear()).tag(),
		log: ['granted', 'vend'],
	},
	{
		situation: 'a strict exit that an administrator closed refuses',
		run: () =>
			arrived(
				exit({ rules: { strictExit: true } })
					.mode('closedToAll')
					.clear(),
			).tag(),
		log: ['refused LANE_CLOSED'],
	},
	{ situation: 'fire opens and holds an exit', run: () => exit().fire(true), log: ['fire', 'hold on'] },
	{ situation: 'fire leaves an entry as it is', run: () => entry().fire(true), log: ['fire'] },
	{
		situation: 'the first level after a start acts',
		run: () => exit().fire(true).held().fire(true),
		log: ['fire', 'hold on'],
	},
	{
		situation: 'a fire input whose device is lost changes nothing',
		run: () => exit().fire(true).held().clear().fire(null),
		log: [],
	},
	{
		situation: 'the end of the fire releases the hold',
		run: () => exit().fire(true).held().wait(2_000).clear().fire(false),
		log: ['fire', 'hold off'],
	},
	{
		situation: 'under fire releasing an operator’s hold closes nothing',
		run: () => held(exit()).fire(true).clear().mode('normal'),
		log: ['modeChanged', 'mode normal'],
	},
	{
		situation: 'under fire a hold that failed is asked for again',
		run: () => exit().fire(true).held('failed').clear().wait(1_000),
		log: ['hold on'],
	},
	{
		situation: 'under fire the hold comes back with the board',
		run: () => exit().fire(true).held().clear().barrierBack().wait(1_000),
		log: ['hold on'],
	},
	{
		situation: 'under fire a closed strict exit lets out all the same',
		run: () =>
			arrived(
				bench({ ...exitWay, rules: { strictExit: true } })
					.mode('closedToAll')
					.fire(true)
					.clear(),
			)
				.tag('STRANGE')
				.wait(1_600),
		log: ['granted', 'vend'],
	},
	{
		situation: 'an arm raised by nobody is forced',
		run: () => down(entry()).clear().limit('closed', false),
		log: ['forcedOpen'],
	},
	{
		situation: 'it is told once until it was down again',
		run: () => down(entry()).clear().limit('closed', false).limit('open', true),
		log: ['forcedOpen'],
	},
	{
		situation: 'an arm raised by a vend is not forced',
		run: () => arrived(down(entry()).clear()).tag().limit('closed', false).limit('open', true),
		log: ['granted', 'reserve A1+P1', 'vend'],
	},
	{
		situation: 'an arm that closes slowly behind a car is not forced',
		run: () =>
			arrived(down(entry()))
				.tag()
				.limit('closed', false)
				.limit('open', true)
				.vended()
				.driveThrough()
				.clear()
				.limit('open', false)
				.limit('closed', true),
		log: [],
	},
	{
		situation: 'an arm that stays up behind a car is an alarm',
		run: () =>
			arrived(down(entry()))
				.tag()
				.limit('closed', false)
				.limit('open', true)
				.vended()
				.driveThrough()
				.clear()
				.wait(60_000),
		log: ['heldOpenTooLong'],
	},
	{
		situation: 'and only one',
		run: () => {
			const opened = arrived(down(entry())).tag().limit('closed', false).limit('open', true).vended();
			return opened.driveThrough().clear().wait(600_000);
		},
		log: ['heldOpenTooLong'],
	},
	{
		situation: 'after a power cut the first position is no event',
		run: () => entry().limit('closed', false).limit('open', true),
		log: [],
	},
	{
		situation: 'a vehicle from behind drives out through an entry',
		run: () =>
			entry()
				.loop('closing', true)
				.loop('safety', true)
				.loop('closing', false)
				.loop('arming', true)
				.loop('safety', false)
				.loop('arming', false),
		log: ['wrongDirection', 'passage medium', 'pass anonymous'],
	},
	{
		situation: 'its tag opens nothing',
		run: () => entry().loop('safety', true).loop('arming', true).tag(),
		log: ['refused WRONG_DIRECTION'],
	},
	{
		situation: 'it turns back',
		run: () => entry().loop('safety', true).loop('arming', true).loop('arming', false).loop('safety', false),
		log: [],
	},
	{
		situation: 'a safety loop that is stuck keeps nobody from leaving',
		run: () => exit().loop('safety', true).wait(60_000).loop('arming', true).tag(),
		log: ['granted', 'vend'],
	},
	{
		situation: 'a vehicle from behind that stays at an exit is let out in the end',
		run: () => exit().loop('safety', true).loop('arming', true).wait(40_000),
		log: ['granted', 'vend'],
	},
	{
		situation: 'reversible: forward',
		run: () => arrived(reversible()).tag(),
		log: ['granted', 'reserve A1+P1', 'vend'],
	},
	{
		situation: 'reversible: from behind, the loop after the boom is the arming loop',
		run: () => reversible().loop('closing', true).tagBehind(),
		log: ['granted', 'vend'],
	},
	{
		situation: 'reversible: the passage is counted the way it was driven',
		run: () =>
			reversible()
				.loop('closing', true)
				.tagBehind()
				.vended()
				.loop('safety', true)
				.loop('closing', false)
				.loop('arming', true)
				.loop('safety', false)
				.loop('arming', false),
		log: ['granted', 'vend', 'vend done', 'passage high', 'pass anna'],
	},
	{
		situation: 'reversible: a card at the other end lets nobody in who stands in front',
		run: () => reversible().loop('arming', true).tagBehind().wait(20_000),
		log: [],
	},
	{
		situation: 'reversible: a vehicle from behind that nothing reads is let out',
		run: () => reversible().loop('closing', true).wait(5_000),
		log: ['granted', 'vend'],
	},
	{
		situation: 'reversible: free again, it is driven the other way',
		run: () => reversible().loop('closing', true).loop('closing', false).clear().loop('arming', true).tag(),
		log: ['granted', 'reserve A1+P1', 'vend'],
	},
	{
		situation: 'N4, reversible: one backs out while another comes to the other end: the first is not taken as through',
		run: () =>
			still(reversible())
				.loop('arming', true)
				.tag()
				.vended()
				.clear()
				.wait(1_000)
				.loop('arming', false)
				.wait(1_000)
				.loop('closing', true)
				.wait(5_000),
		log: ['backedOut', 'release'],
	},
	{
		situation: 'reversible: and the other one is let out when the lane is free',
		run: () =>
			still(reversible())
				.loop('arming', true)
				.tag()
				.vended()
				.loop('closing', true)
				.wait(1_000)
				.loop('arming', false)
				.wait(4_000)
				.clear()
				.wait(5_000),
		log: ['granted', 'vend'],
	},
];

describe('modes, fire, the arm and the way', () => {
	test.each(cases)('$situation', ({ run, log }) => {
		expect(run().log()).toEqual(log);
	});

	test('reversible: the passage from behind leads outside', () => {
		const lane = reversible().loop('closing', true).tagBehind().vended().loop('safety', true).loop('closing', false);
		lane.loop('arming', true).loop('safety', false).loop('arming', false);
		const passes = lane.steps().flatMap(({ store }) => store.filter(({ type }) => type === 'pass'));
		expect(passes).toMatchObject([{ from: 'A1', to: 'outside' }]);
	});

	describe('over a restart', () => {
		const mode = {
			kind: 'heldOpen',
			ownerId: 'op',
			reason: 'r',
			sinceMs: TUESDAY_10H,
			untilMs: null,
			confirmed: true,
		} as const;
		test('a hold is shown and waits to be confirmed', () => {
			expect(restoredMode(mode, TUESDAY_10H)).toEqual({ ...mode, confirmed: false });
		});
		test('one that ended meanwhile is over', () => {
			expect(restoredMode({ ...mode, untilMs: TUESDAY_10H }, TUESDAY_10H + 1)).toEqual({ kind: 'normal' });
		});
		test('a lockdown goes on', () => {
			expect(restoredMode({ ...mode, kind: 'lockdown' }, TUESDAY_10H + 1)).toMatchObject({
				kind: 'lockdown',
				confirmed: true,
			});
		});
	});
});
