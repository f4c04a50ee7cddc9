import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { aLane } from '../../support/access-facts.ts';
import { createLaneBench, type LaneBench } from '../../support/lane-bench.ts';

const GRANTED = ['granted', 'reserve A1+P1', 'vend'];
const laneWith = (pin: 'withTag' | 'never' | undefined, change: Parameters<typeof aLane>[0] = {}) =>
	createLaneBench({
		lane: aLane({ identify: 'tagOnly', cameras: [], ...change, rules: pin === undefined ? {} : { pin } }),
		others: ['654321'],
	}).loop('arming', true);

/** The headline and what was missing of the last decision. */
function refusal(bench: LaneBench): unknown {
	const records = bench.steps().flatMap(({ store }) => store);
	const entry = records.findLast((effect) => effect.type === 'record' && effect.entry.type === 'decision');
	if (entry?.type !== 'record' || entry.entry.type !== 'decision') return undefined;
	const { headline, verdicts } = entry.entry.decision;
	const factor = verdicts.find(({ rule }) => rule === 'SECOND_FACTOR_TIMEOUT')?.verdict;
	return [headline, factor?.result === 'fail' ? factor.detail : undefined];
}

function shown(bench: LaneBench): string[] {
	return bench.steps().flatMap(({ act }) => act.flatMap((effect) => (effect.type === 'show' ? [effect.feedback] : [])));
}

describe('D4 a PIN by itself', () => {
	test.each(['tagOnly', 'either'] as const)('lets in as a tag does where a lane is %s', (identify) => {
		expect(laneWith(undefined, { identify }).pin().log()).toEqual(GRANTED);
	});

	test('that is nobody’s is refused, and no tag is asked for', () => {
		const bench = laneWith(undefined).pin('000000');
		expect(refusal(bench)).toEqual(['UNKNOWN_CREDENTIAL', undefined]);
	});

	test('counts as the tag where tag and plate are asked for', () => {
		const bench = laneWith(undefined, { identify: 'both', cameras: ['cam-1'] });
		expect(bench.pin().log()).toEqual([]);
		expect(bench.plate().log()).toEqual(GRANTED);
	});

	test.each([
		['the lane listens to plates only', laneWith(undefined, { identify: 'plateOnly', cameras: ['cam-1'] })],
		['the lane does not listen to keypads', laneWith('never')],
	])('does nothing where %s', (_why, bench) => {
		bench.pin().wait(30_000);
		expect(bench.log()).toEqual([]);
		expect(bench.state().reads).toEqual([]);
	});

	test('is nowhere in what the lane records and shows', () => {
		const bench = laneWith(undefined).pin('000000').wait(10_000).pin();
		const records = bench.steps().flatMap(({ store }) => store);
		const labels = records.flatMap((effect) =>
			effect.type === 'record' && effect.entry.type === 'decision' ? [effect.entry.subject] : [],
		);
		expect(labels).toEqual(['PIN •••', 'PIN •••']);
	});
});

describe('D4 a tag and its holder’s PIN, where the lane asks for both', () => {
	test('opens once both came, in either order, and says meanwhile that it waits', () => {
		const bench = laneWith('withTag').tag();
		expect([bench.log(), shown(bench)]).toEqual([[], ['wait']]);
		bench.wait(8_000);
		expect(bench.pin().log()).toEqual(GRANTED);
		expect(laneWith('withTag').pin().wait(3_000).tag().log()).toEqual(GRANTED);
	});

	test('without the PIN it is refused when the time for it is over', () => {
		const bench = laneWith('withTag')
			.tag()
			.wait(LIMITS.pinWindowMs - 1);
		expect(refusal(bench)).toBeUndefined();
		expect(refusal(bench.wait(2))).toEqual(['SECOND_FACTOR_TIMEOUT', { missing: 'pin' }]);
	});

	test('the PIN alone opens nothing', () => {
		const bench = laneWith('withTag')
			.pin()
			.wait(LIMITS.pinWindowMs + 1);
		expect(refusal(bench)).toEqual(['SECOND_FACTOR_TIMEOUT', { missing: 'tag' }]);
	});

	test.each([
		['somebody else’s', '654321'],
		['nobody’s', '000000'],
	])('a PIN that is %s is refused at once, and the right one is taken then', (_whose, pin) => {
		const bench = laneWith('withTag').tag().pin(pin);
		expect(refusal(bench)).toEqual(['SECOND_FACTOR_TIMEOUT', { missing: 'pin' }]);
		expect(bench.clear().tag().pin().log()).toEqual(GRANTED);
	});

	test('where a plate alone is enough it still is, also after a tag without its PIN', () => {
		const either = { identify: 'either', cameras: ['cam-1'] } as const;
		expect(laneWith('withTag', either).tag().wait(2_000).plate().log()).toEqual(GRANTED);
		expect(laneWith('withTag', either).plate().log()).toEqual(GRANTED);
	});

	test('an unknown plate does not cut off whoever is still pressing keys', () => {
		const bench = laneWith('withTag', { identify: 'either', cameras: ['cam-1'] })
			.tag()
			.wait(500)
			.plate('9XYZ999');
		expect(bench.wait(5_000).log()).toEqual([]);
		expect(bench.pin().log()).toEqual(GRANTED);
	});
});
