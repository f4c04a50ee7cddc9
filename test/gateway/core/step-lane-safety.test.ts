import { describe, expect, test } from 'vitest';
import { aLane } from '../../support/access-facts.ts';
import { createLaneBench, type LaneBench } from '../../support/lane-bench.ts';

type LaneChange = Parameters<typeof aLane>[0];

const hold = { deviceId: 'boom-1', output: 'hold' };
const fire = { deviceId: 'boom-1', input: 'fire' };
const out = { kind: 'exit', from: 'A1', to: 'outside' } as const;
const wired = (name: 'arming' | 'safety' | 'closing') => ({ [name]: { deviceId: 'boom-1', input: name } });
const entry = (change: LaneChange = {}) => createLaneBench({ lane: aLane(change) });
const exit = (change: LaneChange = {}) => createLaneBench({ lane: aLane({ ...out, ...change }) });
const both = (change: LaneChange = {}, storeFailed = false) =>
	createLaneBench({
		lane: aLane({ kind: 'reversible', back: { readers: ['reader-back'], cameras: [] }, ...change }),
		storeFailed,
	});
const arrived = (lane: LaneBench) => lane.loop('arming', true).wait(100);
const opened = (lane: LaneBench) => arrived(lane).tag().vended().wait(1_000);
/** Off the arming loop, over the boom and onto the loop after it. */
const toClosing = (lane: LaneBench) =>
	lane.loop('safety', true).wait(300).loop('arming', false).wait(300).loop('closing', true).wait(300);

interface Case {
	readonly situation: string;
	readonly run: () => LaneBench;
	readonly log: readonly string[];
}

const neverTrapped: readonly Case[] = [
	{
		situation:
			'a vehicle from behind that stays at an exit is let out in the end, also when its tag was refused meanwhile',
		run: () => exit().loop('safety', true).loop('arming', true).tag().clear().wait(40_000),
		log: ['granted', 'vend'],
	},
	{
		situation: 'a closing loop that is stuck holds up the next vehicle for one time-out, not for ever',
		run: () => toClosing(opened(exit())).loop('safety', false).clear().loop('arming', true).wait(36_000),
		log: ['passage low', 'pass anna', 'granted', 'vend'],
	},
	{
		situation: 'both loops at the boom are stuck (their detector failed): the next vehicle is let out',
		run: () => toClosing(opened(exit())).clear().loop('arming', true).wait(36_000),
		log: ['passage low', 'pass anna', 'granted', 'vend'],
	},
	{
		situation: 'the only loop at the boom is stuck: the next vehicle is let out',
		run: () =>
			opened(exit({ loops: { ...wired('arming'), ...wired('safety') } }))
				.loop('safety', true)
				.loop('arming', false)
				.clear()
				.loop('arming', true)
				.wait(36_000),
		log: ['passage low', 'pass anna', 'granted', 'vend'],
	},
	{
		situation: 'a vehicle that broke down under the boom is not through because another waits behind it',
		run: () => opened(exit()).loop('safety', true).loop('arming', false).clear().loop('arming', true).wait(60_000),
		log: [],
	},
	{
		situation: 'a vehicle that a strict exit refused is let out when the fire alarm comes',
		run: () =>
			arrived(exit({ rules: { strictExit: true } }))
				.tag('STRANGE')
				.wait(2_000)
				.clear()
				.fire(true)
				.wait(5_000),
		log: ['fire', 'granted', 'vend'],
	},
	{
		situation: 'one that waits in a lockdown too, and what was read before is not waited for again',
		run: () =>
			arrived(exit({ rules: { strictExit: true } }).mode('lockdown'))
				.tag()
				.clear()
				.fire(true)
				.wait(5_000),
		log: ['fire', 'granted', 'vend'],
	},
	{
		situation: 'under fire the barrier is pulsed while the hold output does not answer',
		run: () => arrived(exit({ hold, fire }).fire(true).clear()).tag(),
		log: ['granted', 'vend'],
	},
	{
		situation: 'fire opens and holds a reversible lane, whichever way it was driven last',
		run: () => both({ hold, fire }).fire(true),
		log: ['fire', 'hold on'],
	},
	{
		situation: 'and holds it again when its board was away',
		run: () => both({ hold, fire }).fire(true).held().clear().barrierBack().wait(1_000),
		log: ['hold on'],
	},
	{
		situation: 'a reversible lane lets out although nothing can be recorded',
		run: () => both({}, true).loop('closing', true).tagBehind(),
		log: ['granted', 'vend'],
	},
	{
		situation: 'and lets nobody in',
		run: () => arrived(both({}, true)).tag().clear(),
		log: [],
	},
	{
		situation: 'a vehicle that came to the other end of a reversible lane while it was busy is let out when it is free',
		run: () =>
			arrived(both()).tag('STRANGE').wait(2_000).loop('closing', true).clear().loop('arming', false).wait(5_000),
		log: ['granted', 'vend'],
	},
	{
		situation: 'an operator opens a strict exit although nothing can be recorded',
		run: () =>
			arrived(
				createLaneBench({ lane: aLane({ ...out, rules: { strictExit: true } }), storeFailed: true }),
			).remoteVend(),
		log: ['vend requested', 'vend'],
	},
	{
		situation: 'a hold that waits to be confirmed does not keep an operator from opening once',
		run: () => arrived(exit({ hold }).mode('heldOpen').held('failed')).clear().remoteVend(),
		log: ['vend requested', 'vend'],
	},
];

describe('an exit traps nobody', () => {
	test.each(neverTrapped)('$situation', ({ run, log }) => {
		expect(run().log()).toEqual(log);
	});
});

const opensNothing: readonly Case[] = [
	{
		situation: 'an exit whose loops are lost is not opened again for a vehicle that may be gone',
		run: () => opened(exit()).loop('arming', null).loop('safety', null).loop('closing', null).clear().wait(600_000),
		log: ['notUsed'],
	},
	{
		situation: 'a tag that stays in the field of a lane without loops opens once',
		run: () => entry({ loops: {} }).tag().vended().clear().wait(500).tag().wait(500).tag(),
		log: [],
	},
	{
		situation: 'and opens again for a re-scan after a while',
		run: () => entry({ loops: {} }).tag().vended().clear().wait(5_000).tag(),
		log: ['granted', 'reserve A1+P1', 'vend'],
	},
];

describe('nothing is opened that nobody asked for', () => {
	test.each(opensNothing)('$situation', ({ run, log }) => {
		expect(run().log()).toEqual(log);
	});
});

const counted: readonly Case[] = [
	{
		situation: 'N4: a second car close behind, under the boom while the first is still on the closing loop',
		run: () =>
			toClosing(opened(entry()))
				.loop('safety', false)
				.clear()
				.loop('safety', true)
				.loop('closing', false)
				.loop('closing', true)
				.loop('safety', false)
				.loop('closing', false),
		log: ['passage high', 'pass anna', 'tailgate', 'passage high', 'pass anonymous'],
	},
	{
		situation: 'N4: a third car on the same opening is counted too',
		run: () => opened(entry()).driveThrough().wait(500).clear().driveThrough().wait(500).driveThrough(),
		log: ['tailgate', 'passage high', 'pass anonymous', 'tailgate', 'passage high', 'pass anonymous'],
	},
	{
		situation: 'a car that arrives behind a tailgater does not come from the wrong side',
		run: () =>
			opened(entry())
				.driveThrough()
				.wait(500)
				.loop('safety', true)
				.loop('closing', true)
				.loop('safety', false)
				.loop('arming', true)
				.tag('1ABC234')
				.clear()
				.loop('closing', false)
				.wait(1),
		log: ['passage high', 'pass anonymous', 'granted', 'reserve A1+P1', 'vend'],
	},
];

describe('every vehicle is counted once', () => {
	test.each(counted)('$situation', ({ run, log }) => {
		expect(run().log()).toEqual(log);
	});
});

const heldUnderFire: readonly Case[] = [
	{
		situation: 'an entry that an operator holds open stays up under fire although the hold ends',
		run: () => entry({ hold, fire }).mode('heldOpen', 60_000).held().fire(true).clear().wait(60_000),
		log: ['modeChanged', 'mode normal'],
	},
	{
		situation: 'and comes down once the fire is over',
		run: () => entry({ hold, fire }).mode('heldOpen', 60_000).held().fire(true).wait(60_000).clear().fire(false),
		log: ['fire', 'hold off'],
	},
	{
		situation: 'after a restart the hold output is left alone until the fire contact told its level',
		run: () => exit({ hold, fire }).barrierBack(),
		log: [],
	},
	{
		situation: 'no fire: a relay left on by an earlier life is switched off then',
		run: () => exit({ hold, fire }).barrierBack().fire(false),
		log: ['hold off'],
	},
	{
		situation: 'fire: it is never let go',
		run: () => exit({ hold, fire }).barrierBack().fire(true),
		log: ['fire', 'hold on'],
	},
];

describe('software never closes under fire', () => {
	test.each(heldUnderFire)('$situation', ({ run, log }) => {
		expect(run().log()).toEqual(log);
	});
});

/** A hold whose end failed. */
const released = () => entry({ hold }).mode('heldOpen').held().wait(2_000).mode('normal').held('failed', false);

const unsureHolds: readonly Case[] = [
	{
		situation: 'a hold that was not confirmed may be on: releasing it switches it off',
		run: () => entry({ hold }).mode('heldOpen').held('unknown').wait(2_000).clear().mode('normal'),
		log: ['modeChanged', 'mode normal', 'hold off'],
	},
	{
		situation: 'an end of a hold that failed is asked for again by the next release',
		run: () => released().clear().mode('normal'),
		log: ['modeChanged', 'mode normal', 'hold off'],
	},
	{
		situation: 'and when the board is back',
		run: () => released().clear().barrierBack(),
		log: ['hold off'],
	},
];

const onBoom = (name: string) => ({ deviceId: 'boom-1', input: name });
const loops = { arming: onBoom('arming'), safety: onBoom('safety') };
const heldLong = (change: Parameters<typeof entry>[0] = {}) =>
	entry({ hold, loops, ...change })
		.loop('safety', false)
		.mode('heldOpen')
		.held()
		.wait(60_000)
		.clear();
const interlocks: readonly Case[] = [
	{
		situation: 'right after it was asked for it is let go only once the drive has had its time',
		run: () => entry({ hold }).mode('heldOpen').held().clear().wait(500).mode('normal').wait(1_499),
		log: ['modeChanged', 'mode normal'],
	},
	{
		situation: 'and then it is',
		run: () => entry({ hold }).mode('heldOpen').held().clear().wait(500).mode('normal').wait(1_500),
		log: ['modeChanged', 'mode normal', 'hold off'],
	},
	{
		situation: 'it is not let go while somebody is under the boom',
		run: () => heldLong().loop('safety', true).clear().mode('normal').wait(60_000),
		log: ['modeChanged', 'mode normal'],
	},
	{
		situation: 'and is, within a second of the loop being free',
		run: () => heldLong().loop('safety', true).mode('normal').wait(10_000).clear().loop('safety', false).wait(1_000),
		log: ['passage medium', 'pass anonymous', 'hold off'],
	},
	{
		situation: 'a loop under the boom that is told as stuck does not hold it for ever',
		run: () =>
			heldLong()
				.loop('safety', true)
				.clear()
				.mode('normal')
				.wait(900_000 + 1_000),
		log: ['modeChanged', 'mode normal', 'loopStuck', 'hold off'],
	},
	{
		situation: 'the end of a fire lets nothing down onto a vehicle either',
		run: () =>
			exit({ hold, fire, loops })
				.loop('safety', false)
				.fire(true)
				.held()
				.wait(60_000)
				.loop('safety', true)
				.clear()
				.fire(false),
		log: ['fire'],
	},
	{
		situation: 'a relay left on by an earlier life is switched off once nobody is under the boom',
		run: () => entry({ hold, loops }).loop('safety', true).barrierBack().wait(5_000).loop('safety', false).wait(1_000),
		log: ['hold off'],
	},
	{
		situation: 'held again while it waits, it is not let go',
		run: () =>
			heldLong()
				.loop('safety', true)
				.mode('normal')
				.wait(500)
				.mode('heldOpen')
				.clear()
				.loop('safety', false)
				.wait(60_000),
		log: ['passage medium', 'pass anonymous'],
	},
];

describe('letting go of the arm', () => {
	test.each(interlocks)('$situation', ({ run, log }) => {
		expect(run().log()).toEqual(log);
	});
});

describe('a hold nobody is sure of', () => {
	test.each(unsureHolds)('$situation', ({ run, log }) => {
		expect(run().log()).toEqual(log);
	});
});

describe('when the store can’t commit', () => {
	const failing = () => createLaneBench({ lane: aLane({ hold }), storeFailed: true });

	test('a hold that could not be recorded is not taken up', () => {
		const lane = failing().mode('heldOpen');
		expect(lane.log()).toEqual([]);
		expect(lane.state().mode.kind).toBe('normal');
	});
});
