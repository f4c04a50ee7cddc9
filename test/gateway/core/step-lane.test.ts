import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { aLane } from '../../support/access-facts.ts';
import { createLaneBench, type LaneBench } from '../../support/lane-bench.ts';

const arming = { deviceId: 'boom-1', input: 'arming' };
const closing = { deviceId: 'boom-1', input: 'closing' };
const armingOnly = { arming };
const twoLoops = { arming, closing };

const entry = () => createLaneBench({ lane: aLane() });
const exit = (change: Parameters<typeof aLane>[0] = {}) =>
	createLaneBench({ lane: aLane({ kind: 'exit', from: 'A1', to: 'outside', ...change }) });
const arrived = (bench: LaneBench) => bench.loop('arming', true).wait(100);
const opened = (bench: LaneBench) => arrived(bench).tag().vended().wait(1_000);

interface Case {
	readonly situation: string;
	readonly run: () => LaneBench;
	readonly log: readonly string[];
	readonly phase: string;
}

const granted = ['granted', 'reserve A1+P1', 'vend', 'vend done'];

const cases: readonly Case[] = [
	{ situation: 'a car arrives', run: () => arrived(entry()), log: [], phase: 'arrived' },
	{ situation: 'it leaves again', run: () => arrived(entry()).loop('arming', false), log: [], phase: 'idle' },
	{
		situation: 'a known tag: commit, then vend',
		run: () => arrived(entry()).tag(),
		log: ['granted', 'reserve A1+P1', 'vend'],
		phase: 'opening',
	},
	{
		situation: 'a known plate',
		run: () => arrived(entry()).plate(),
		log: ['granted', 'reserve A1+P1', 'vend'],
		phase: 'opening',
	},
	{ situation: 'the barrier confirms', run: () => opened(entry()), log: granted, phase: 'openWait' },
	{
		situation: 'the car passes over all loops',
		run: () => opened(entry()).driveThrough(),
		log: [...granted, 'passage high', 'pass anna'],
		phase: 'idle',
	},
	{
		situation: 'it drives on before the barrier confirmed',
		run: () => arrived(entry()).tag().driveThrough().vended(),
		log: ['granted', 'reserve A1+P1', 'vend', 'passage high', 'pass anna', 'vend done'],
		phase: 'idle',
	},
	{
		situation: 'N4: it backs out',
		run: () => opened(entry()).loop('arming', false).wait(4_000),
		log: [...granted, 'backedOut', 'release'],
		phase: 'idle',
	},
	{
		situation: 'N4: it backs out, another shows a card and leaves: the card opens for nobody who comes then',
		run: () =>
			opened(entry())
				.clear()
				.loop('arming', false)
				.wait(1_000)
				.loop('arming', true)
				.plate()
				.wait(1_000)
				.loop('arming', false)
				.wait(1_000)
				.loop('arming', true)
				.wait(60_000),
		log: ['readWithoutVehicle', 'notUsed', 'release'],
		phase: 'arrived',
	},
	{
		situation: 'it takes its time between two loops',
		run: () => opened(entry()).loop('arming', false).wait(2_000).loop('safety', true),
		log: granted,
		phase: 'passing',
	},
	{
		situation: 'it rolls back from under the boom and leaves',
		run: () =>
			opened(entry()).loop('safety', true).wait(500).loop('safety', false).wait(500).loop('arming', false).wait(4_000),
		log: [...granted, 'backedOut', 'release'],
		phase: 'idle',
	},
	{
		situation: 'it stands and does not drive: the place is given back',
		run: () => opened(entry()).wait(31_000),
		log: [...granted, 'notUsed', 'release'],
		phase: 'arrived',
	},
	{
		situation: 'after that a re-scan works',
		run: () => opened(entry()).wait(31_000).clear().tag(),
		log: ['granted', 'reserve A1+P1', 'vend'],
		phase: 'opening',
	},
	{
		situation: 'it stops under the boom for minutes',
		run: () => opened(entry()).loop('safety', true).wait(200_000),
		log: granted,
		phase: 'passing',
	},
	{
		situation:
			'N4: a long one is slow over the last loop, and the next stands close behind: it is counted when it is through',
		run: () =>
			opened(entry())
				.loop('safety', true)
				.loop('closing', true)
				.wait(25_000)
				.loop('arming', false)
				.loop('arming', true)
				.loop('safety', false)
				.wait(25_000),
		log: granted,
		phase: 'passing',
	},
	{
		situation: 'N4: a second car follows on one vend',
		run: () => opened(entry()).driveThrough().wait(500).driveThrough(),
		log: [...granted, 'passage high', 'pass anna', 'tailgate', 'passage high', 'pass anonymous'],
		phase: 'idle',
	},
	{
		situation: 'a car long after the passage is nobody’s tailgater',
		run: () => opened(entry()).driveThrough().wait(6_000).loop('safety', true),
		log: [...granted, 'passage high', 'pass anna'],
		phase: 'idle',
	},
	{
		situation: 'the next car waits behind',
		run: () =>
			opened(entry())
				.loop('safety', true)
				.loop('arming', false)
				.loop('arming', true)
				.loop('closing', true)
				.loop('safety', false)
				.loop('closing', false),
		log: [...granted, 'passage high', 'pass anna'],
		phase: 'arrived',
	},
	{
		situation: 'the next car’s plate, read while the first passes, is decided when the lane is free',
		run: () =>
			createLaneBench({ lane: aLane(), known: ['TAG', 'NEXT'] })
				.loop('arming', true)
				.tag()
				.vended()
				.loop('safety', true)
				.loop('arming', false)
				.loop('arming', true)
				.plate('NEXT')
				.loop('closing', true)
				.loop('safety', false)
				.loop('closing', false)
				.clear()
				.wait(1),
		log: ['granted', 'reserve A1+P1', 'vend'],
		phase: 'opening',
	},
	{
		situation: 'an unknown tag in a lane with a camera waits for the plate',
		run: () => arrived(entry()).tag('STRANGE'),
		log: [],
		phase: 'identifying',
	},
	{
		situation: 'N3: and the plate opens',
		run: () => arrived(entry()).tag('STRANGE').wait(300).plate(),
		log: ['granted', 'reserve A1+P1', 'vend'],
		phase: 'opening',
	},
	{
		situation: 'or nothing comes and it is refused',
		run: () => arrived(entry()).tag('STRANGE').wait(1_600),
		log: ['refused UNKNOWN_CREDENTIAL'],
		phase: 'refused',
	},
	{
		situation: 'an unknown tag in a lane without a camera is refused at once',
		run: () => arrived(createLaneBench({ lane: aLane({ cameras: [], identify: 'tagOnly' }) })).tag('STRANGE'),
		log: ['refused UNKNOWN_CREDENTIAL'],
		phase: 'refused',
	},
	{
		situation: 'a refused car that leaves frees the lane',
		run: () => arrived(entry()).tag('STRANGE').wait(1_600).loop('arming', false),
		log: ['refused UNKNOWN_CREDENTIAL'],
		phase: 'idle',
	},
	{
		situation: 'several tags in front of a reader while nobody stands there, read in turn, are each logged once',
		run: () => {
			const bench = entry();
			for (let n = 0; n < 20; n++) bench.tag('PARKED-1').tag('PARKED-2').tag('PARKED-3').wait(100);
			return bench;
		},
		log: Array.from({ length: 3 }, () => 'refused NO_VEHICLE_PRESENT'),
		phase: 'refused',
	},
	{
		situation: 'and again once its own time is over, whatever else is read',
		run: () => {
			const bench = entry().tag('PARKED-1').wait(2_000).tag('PARKED-2').wait(500).tag('PARKED-1').tag('PARKED-2');
			return bench.wait(600).tag('PARKED-1').tag('PARKED-2');
		},
		log: Array.from({ length: 3 }, () => 'refused NO_VEHICLE_PRESENT'),
		phase: 'refused',
	},
	{
		situation: 'the refused tag read on and on is logged once',
		run: () => arrived(entry()).tag('STRANGE').wait(1_600).tag('STRANGE').wait(500).tag('STRANGE'),
		log: ['refused UNKNOWN_CREDENTIAL'],
		phase: 'refused',
	},
	{
		situation: 'another tag after a refusal is decided',
		run: () => arrived(entry()).tag('STRANGE').wait(1_600).tag(),
		log: ['refused UNKNOWN_CREDENTIAL', 'granted', 'reserve A1+P1', 'vend'],
		phase: 'opening',
	},
	{
		situation: 'a tag with nobody on the loop opens nothing',
		run: () => entry().tag(),
		log: ['refused NO_VEHICLE_PRESENT'],
		phase: 'refused',
	},
	{
		situation: 'a car that comes after that may use it',
		run: () => entry().tag().clear().loop('arming', true).tag(),
		log: ['granted', 'reserve A1+P1', 'vend'],
		phase: 'opening',
	},
	{
		situation: 'a doubtful plate waits for a second read',
		run: () => arrived(entry()).plate('1ABC234', 0.5),
		log: [],
		phase: 'identifying',
	},
	{
		situation: 'a second agreeing read opens',
		run: () => arrived(entry()).plate('1ABC234', 0.5).wait(200).plate('1-ABC-234', 0.6),
		log: ['granted', 'reserve A1+P1', 'vend'],
		phase: 'opening',
	},
	{
		situation: 'no second read comes',
		run: () => arrived(entry()).plate('1ABC234', 0.5).wait(1_600),
		log: ['refused LOW_CONFIDENCE'],
		phase: 'refused',
	},
	{
		situation: 'a buffered plate never opens',
		run: () => arrived(entry()).plate('1ABC234', 0.95, true),
		log: [],
		phase: 'arrived',
	},
	{
		situation: 'both asked, one comes',
		run: () =>
			arrived(createLaneBench({ lane: aLane({ identify: 'both' }) }))
				.tag()
				.wait(1_600),
		log: ['refused SECOND_FACTOR_TIMEOUT'],
		phase: 'refused',
	},
	{
		situation: 'both asked, both come',
		run: () =>
			arrived(createLaneBench({ lane: aLane({ identify: 'both' }) }))
				.tag()
				.wait(300)
				.plate(),
		log: ['granted', 'reserve A1+P1', 'vend'],
		phase: 'opening',
	},
	{
		situation: 'the pulse fails for certain: everything is given back',
		run: () => arrived(entry()).tag().vended('failed'),
		log: ['granted', 'reserve A1+P1', 'vend', 'vend failed', 'release'],
		phase: 'faulted',
	},
	{
		situation: 'and a re-scan works',
		run: () => arrived(entry()).tag().vended('failed').wait(3_100).clear().tag(),
		log: ['granted', 'reserve A1+P1', 'vend'],
		phase: 'opening',
	},
	{
		situation: 'the pulse came too late to be sent',
		run: () => arrived(entry()).tag().vended('expired'),
		log: ['granted', 'reserve A1+P1', 'vend', 'vend expired', 'release'],
		phase: 'faulted',
	},
	{
		situation: 'an unanswered pulse is never sent again and keeps its place',
		run: () => arrived(entry()).tag().vended('unknown').wait(20_000),
		log: ['granted', 'reserve A1+P1', 'vend', 'vend unknown'],
		phase: 'openWait',
	},
	{
		situation: 'an answer that never comes counts as unknown',
		run: () => arrived(entry()).tag().wait(LIMITS.vendAnswerMs),
		log: ['granted', 'reserve A1+P1', 'vend'],
		phase: 'openWait',
	},
	{
		situation: 'the same tag while the arm goes up changes nothing',
		run: () => arrived(entry()).tag().tag().vended().tag(),
		log: granted,
		phase: 'openWait',
	},
	{
		situation: 'N3: the tag of the car that its plate let in is no second car',
		run: () => arrived(entry()).plate().tag().vended().driveThrough(),
		log: ['granted', 'reserve A1+P1', 'vend', 'vend done', 'passage high', 'pass anna'],
		phase: 'idle',
	},
	{
		situation: 'a plate read behind the car that passes, and nobody comes: logged, and not used',
		run: () => {
			const lane = opened(entry()).loop('safety', true).loop('arming', false).plate('NEXT');
			return lane.loop('closing', true).loop('safety', false).loop('closing', false);
		},
		log: [...granted, 'passage high', 'pass anna', 'readWithoutVehicle'],
		phase: 'idle',
	},
	{
		situation: 'N3: let in by its plate, and then a tag of somebody else: told',
		run: () =>
			arrived(createLaneBench({ lane: aLane(), known: ['1ABC234'], others: ['BOB'] }))
				.plate()
				.tag('BOB'),
		log: ['granted', 'reserve A1+P1', 'vend', 'mismatch'],
		phase: 'opening',
	},
	{
		situation: 'N3: it is told once',
		run: () => {
			const lane = arrived(createLaneBench({ lane: aLane(), known: ['1ABC234'], others: ['BOB'] }));
			return lane.plate().tag('BOB').tag('BOB').vended().tag('BOB');
		},
		log: ['granted', 'reserve A1+P1', 'vend', 'mismatch', 'vend done'],
		phase: 'openWait',
	},
	{
		situation: 'N3: an unknown tag beside a known plate says nothing',
		run: () => arrived(entry()).plate().tag('STRANGE'),
		log: ['granted', 'reserve A1+P1', 'vend'],
		phase: 'opening',
	},
	{
		situation: 'an operator opens for a waiting car',
		run: () => arrived(entry()).remoteVend().vended(),
		log: ['vend requested', 'vend', 'vend done'],
		phase: 'openWait',
	},
	{
		situation: 'the car let in by an operator is counted',
		run: () => arrived(entry()).remoteVend().vended().driveThrough(),
		log: ['vend requested', 'vend', 'vend done', 'passage high', 'pass unknown'],
		phase: 'idle',
	},
	{
		situation: 'an operator can’t open for nobody',
		run: () => entry().remoteVend(),
		log: ['vend refused: noVehicle'],
		phase: 'idle',
	},
	{
		situation: 'an operator can’t open twice',
		run: () => opened(entry()).clear().remoteVend(),
		log: ['vend refused: busy'],
		phase: 'openWait',
	},
	{
		situation: 'a lane without a barrier has nothing to open',
		run: () => arrived(createLaneBench({ lane: without(aLane(), 'barrier') })).remoteVend(),
		log: ['vend refused: noBarrier'],
		phase: 'arrived',
	},
	{
		situation: 'two loops: passage with less certainty',
		run: () =>
			opened(createLaneBench({ lane: aLane({ loops: twoLoops }) }))
				.loop('closing', true)
				.wait(500)
				.loop('arming', false)
				.wait(500)
				.loop('closing', false),
		log: [...granted, 'passage medium', 'pass anna'],
		phase: 'idle',
	},
	{
		situation: 'an arming loop alone: leaving it while open is a passage',
		run: () => opened(createLaneBench({ lane: aLane({ loops: armingOnly }) })).loop('arming', false),
		log: [...granted, 'passage low', 'pass anna'],
		phase: 'idle',
	},
	{
		situation: 'no loops: the confirmed pulse stands for the passage',
		run: () =>
			createLaneBench({ lane: aLane({ loops: {} }) })
				.tag()
				.vended(),
		log: [...granted, 'passage low', 'pass anna'],
		phase: 'idle',
	},
	{ situation: 'exit: a known tag', run: () => arrived(exit()).tag(), log: ['granted', 'vend'], phase: 'opening' },
	{
		situation: 'exit: a car nothing reads is let out',
		run: () => arrived(exit()).wait(5_000),
		log: ['granted', 'vend'],
		phase: 'opening',
	},
	{
		situation: 'exit: an unknown plate is let out after the window',
		run: () => arrived(exit()).plate('STRANGE').wait(1_500),
		log: ['granted', 'vend'],
		phase: 'opening',
	},
	{
		situation: 'exit: a tag waved from outside',
		run: () => exit().tag(),
		log: ['refused NO_VEHICLE_PRESENT'],
		phase: 'refused',
	},
	{
		situation: 'exit: a failed pulse is tried anew for a car that still waits',
		run: () => arrived(exit()).tag().vended('failed').clear().wait(8_100),
		log: ['granted', 'vend'],
		phase: 'opening',
	},
	{
		situation: 'exit: the loop’s device is lost while a car waits',
		run: () => arrived(exit()).loop('arming', null).tag(),
		log: ['granted', 'vend'],
		phase: 'opening',
	},
	{
		situation: 'entry: the loop’s device is lost: nothing opens',
		run: () => arrived(entry()).loop('arming', null).tag(),
		log: ['refused NO_VEHICLE_PRESENT'],
		phase: 'refused',
	},
	{
		situation: 'who was refused drove away while the loop’s device was lost: the lane is free again',
		run: () => arrived(entry()).tag('STRANGE').wait(20_000).clear().loop('arming', null).loop('arming', false),
		log: [],
		phase: 'idle',
	},
	{
		situation: 'and if it is still there, it is there for a better read',
		run: () => arrived(entry()).tag('STRANGE').wait(20_000).loop('arming', null).loop('arming', true).clear().tag(),
		log: ['granted', 'reserve A1+P1', 'vend'],
		phase: 'opening',
	},
];

function without<T extends object, K extends keyof T>(whole: T, key: K): Omit<T, K> & T {
	const { [key]: _, ...rest } = whole;
	return rest as Omit<T, K> & T;
}

describe('the life of a lane', () => {
	test.each(cases)('$situation → $phase', ({ run, log, phase }) => {
		const bench = run();
		expect(bench.log()).toEqual(log);
		expect(bench.state().phase).toBe(phase);
	});

	test('the pulse may leave for 3 s after the decision, not longer', () => {
		const bench = arrived(entry()).tag();
		const vend = bench
			.steps()
			.flatMap(({ act }) => act)
			.find(({ type }) => type === 'vend');
		expect(vend).toMatchObject({ deadlineMonotonicMs: 100 + 3_000 });
	});

	describe('when the store can’t commit', () => {
		const failing = (lane: ReturnType<typeof aLane>) => createLaneBench({ lane, storeFailed: true });

		test('an entry refuses', () => {
			const bench = arrived(failing(aLane())).tag();
			expect(bench.log()).not.toContain('vend');
			expect(bench.state().phase).toBe('refused');
		});

		test('an entry set to open does for who is authorised', () => {
			const lane = aLane({ rules: { onStoreFailure: 'open' } });
			expect(arrived(failing(lane)).tag().log()).toContain('vend');
			expect(arrived(failing(lane)).tag('STRANGE').wait(2_000).log()).not.toContain('vend');
		});

		test('an exit opens, and says in its entry that it was journalled late', () => {
			const bench = arrived(failing(aLane({ kind: 'exit', from: 'A1', to: 'outside' }))).tag();
			expect(bench.log()).toEqual(['granted', 'vend']);
			const entries = bench.steps().flatMap(({ store }) => store);
			expect(entries).toContainEqual(
				expect.objectContaining({ entry: expect.objectContaining({ journalledLate: true }) }),
			);
		});

		test('an operator’s vend is refused: it could not be recorded', () => {
			expect(arrived(failing(aLane())).remoteVend().log()).toEqual(['vend refused: storeFailure']);
		});
	});
});
