import { describe, expect, test } from 'vitest';
import { aLane } from '../../support/access-facts.ts';
import { createLaneBench, type LaneBench } from '../../support/lane-bench.ts';

type LaneChange = Parameters<typeof aLane>[0];

const known = ['TAG', 'NEXT', '1ABC234'];
const entry = (change: LaneChange = {}) => createLaneBench({ lane: aLane(change), known });
const arrived = (lane: LaneBench) => lane.loop('arming', true).wait(100);
const opened = (lane: LaneBench) => arrived(lane).tag().vended().wait(1_000);
/** Over the boom and onto the loop after it, with the rear still under the boom. */
const ontoClosing = (lane: LaneBench) =>
	lane.loop('safety', true).wait(300).loop('arming', false).wait(300).loop('closing', true).wait(300);
/** One car through, a second one so near behind that it is under the boom before the first has left the last loop. */
const followed = (lane: LaneBench) =>
	ontoClosing(opened(lane))
		.loop('arming', true)
		.wait(300)
		.loop('safety', false)
		.wait(300)
		.loop('safety', true)
		.wait(300)
		.loop('arming', false)
		.clear()
		.loop('closing', false);
const driveOn = (lane: LaneBench) =>
	lane.wait(300).loop('closing', true).wait(300).loop('safety', false).wait(300).loop('closing', false);

interface Case {
	readonly situation: string;
	readonly run: () => LaneBench;
	readonly log: readonly string[];
	readonly phase: string;
}

const followers: readonly Case[] = [
	{
		situation: 'N4: a second car close behind is told at once and counted when it is through',
		run: () => driveOn(followed(entry())),
		log: ['passage high', 'pass anna', 'tailgate', 'passage high', 'pass anonymous'],
		phase: 'idle',
	},
	{
		situation: 'N4: it stops under the boom and reverses: nobody is counted for it',
		run: () => followed(entry()).loop('arming', true).loop('safety', false).loop('arming', false).wait(60_000),
		log: ['passage high', 'pass anna', 'tailgate'],
		phase: 'idle',
	},
	{
		situation: 'N4: who comes a moment later without an opening is counted when it is through, not before',
		run: () => opened(entry()).driveThrough().clear().wait(500).loop('safety', true),
		log: ['tailgate'],
		phase: 'passing',
	},
	{
		situation: 'a card shown while a follower is still under the boom opens once the follower is through',
		run: () => followed(entry()).clear().loop('arming', true).tag('NEXT').wait(100),
		log: [],
		phase: 'passing',
	},
	{
		situation: 'N4: and the follower’s passage is not taken for that of the card’s holder',
		run: () => driveOn(followed(entry()).clear().loop('arming', true).tag('NEXT').wait(100)).wait(1),
		log: ['passage high', 'pass anonymous', 'granted', 'reserve A1+P1', 'vend'],
		phase: 'opening',
	},
	{
		situation: 'a card that a follower showed leaves with it, and opens for nobody behind',
		run: () =>
			driveOn(
				ontoClosing(opened(entry()))
					.loop('arming', true)
					.tag('NEXT')
					.loop('safety', false)
					.loop('safety', true)
					.clear()
					.loop('arming', false)
					.loop('arming', true)
					.loop('closing', false),
			),
		log: ['readWithoutVehicle', 'passage high', 'pass anna', 'tailgate', 'passage high', 'pass anonymous'],
		phase: 'arrived',
	},
	{
		situation: 'N4: a raised arm that nobody opened: who drives through from the front is told and counted',
		run: () => arrived(entry()).tag('STRANGE').wait(20_000).clear().driveThrough(),
		log: ['tailgate', 'passage high', 'pass anonymous'],
		phase: 'idle',
	},
	{
		situation: 'under an arm that its limit switch shows closed nobody drives through',
		run: () =>
			arrived(entry({ position: { closed: { deviceId: 'boom-1', input: 'down' } } }).limit('closed', true))
				.loop('safety', true)
				.loop('safety', false),
		log: [],
		phase: 'arrived',
	},
	{
		situation: 'somebody walks over the loop under a raised arm: the car in front is still identified',
		run: () => arrived(entry()).loop('safety', true).wait(300).clear().tag().loop('safety', false).wait(100),
		log: ['granted', 'reserve A1+P1', 'vend'],
		phase: 'opening',
	},
	{
		situation: 'N4: while held, cars bumper to bumper are counted once each',
		run: () =>
			driveOn(
				ontoClosing(
					arrived(
						entry({ hold: { deviceId: 'boom-1', output: 'hold' } })
							.mode('heldOpen')
							.held('done'),
					).clear(),
				)
					.loop('safety', false)
					.loop('safety', true)
					.loop('closing', false),
			),
		log: ['passage high', 'pass anonymous', 'passage high', 'pass anonymous'],
		phase: 'idle',
	},
];

describe('who follows under the boom', () => {
	test.each(followers)('$situation', ({ run, log, phase }) => {
		const lane = run();
		expect(lane.log()).toEqual(log);
		expect(lane.state().phase).toBe(phase);
	});
});

const turners: readonly Case[] = [
	{
		situation: 'N4: it rolls back off the loop behind the boom and leaves: nobody was let in',
		run: () =>
			ontoClosing(opened(entry()))
				.clear()
				.loop('arming', true)
				.loop('closing', false)
				.wait(500)
				.loop('safety', false)
				.wait(500)
				.loop('arming', false)
				.wait(10_000),
		log: ['backedOut', 'release'],
		phase: 'idle',
	},
	{
		situation: 'it rolls back off the loop behind the boom and then drives through after all',
		run: () => driveOn(ontoClosing(opened(entry())).clear().loop('arming', true).loop('closing', false).wait(2_000)),
		log: ['passage high', 'pass anna'],
		phase: 'arrived',
	},
	{
		situation: 'a long vehicle whose trailer the loops lose for a moment is one vehicle',
		run: () =>
			opened(entry())
				.loop('safety', true)
				.wait(500)
				.loop('closing', true)
				.wait(500)
				.loop('closing', false)
				.wait(100)
				.loop('closing', true)
				.wait(500)
				.loop('arming', false)
				.wait(500)
				.loop('safety', false)
				.wait(100)
				.loop('safety', true)
				.wait(500)
				.loop('safety', false)
				.clear()
				.wait(500)
				.loop('closing', false),
		log: ['passage high', 'pass anna'],
		phase: 'idle',
	},
	{
		situation: 'a lane without loops: its own opening is no forced arm',
		run: () => {
			const position = { closed: { deviceId: 'boom-1', input: 'down' } };
			const lane = entry({ loops: {}, position }).limit('closed', true).tag().vended().clear();
			return lane.wait(100).limit('closed', false).wait(3_000).limit('closed', true);
		},
		log: [],
		phase: 'idle',
	},
	{
		situation: 'a lane without loops: an arm lifted later is forced',
		run: () => {
			const position = { closed: { deviceId: 'boom-1', input: 'down' } };
			const lane = entry({ loops: {}, position }).limit('closed', true).tag().vended().wait(100);
			return lane.limit('closed', false).wait(3_000).limit('closed', true).clear().wait(60_000).limit('closed', false);
		},
		log: ['forcedOpen'],
		phase: 'idle',
	},
];

describe('who turns round at the boom', () => {
	test.each(turners)('$situation', ({ run, log, phase }) => {
		const lane = run();
		expect(lane.log()).toEqual(log);
		expect(lane.state().phase).toBe(phase);
	});
});
