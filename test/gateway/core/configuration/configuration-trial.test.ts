import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	NOTHING_MISSING,
	startTrial,
	stepTrial,
	type TrialInput,
	type TrialState,
} from '../../../../src/gateway/core/configuration/configuration-trial.ts';
import { LIMITS } from '../../../../src/gateway/core/limits.ts';

const WITHIN_MS = 60_000;

/** Inputs at their moments, one after the other. */
function live(...steps: readonly (readonly [atMs: number, input: TrialInput])[]): TrialState {
	return steps.reduce((state, [atMs, input]) => stepTrial(state, input, atMs), startTrial(0, WITHIN_MS));
}

const STARTED = { kind: 'started' } as const;
const CONFIRMED = { kind: 'confirmed' } as const;
const TICK = { kind: 'tick' } as const;
const seen = (missing: Partial<typeof NOTHING_MISSING> & { unready?: string[]; devices?: string[] }): TrialInput => ({
	kind: 'seen',
	missing: { ...NOTHING_MISSING, ...missing },
});

describe('a configuration on trial', () => {
	it('N10: is kept when the gateway runs on it, nothing is missing and somebody says so', () => {
		expect(live([1_000, STARTED]).phase).toBe('running');
		expect(live([1_000, STARTED], [2_000, CONFIRMED]).phase).toBe('kept');
		expect(live([500, CONFIRMED], [1_000, STARTED]).phase).toBe('kept');
	});

	it.each([
		['central is not reached', { link: true }, 'central was not reached'],
		['the store fails', { unready: ['no disk'] }, 'the gateway was not ready (no disk)'],
		['devices are gone', { devices: ['boom-1'] }, 'devices that answered before did not answer (boom-1)'],
	])('N10: waits while %s, and ends with that at its time', (_, missing, because) => {
		const waiting = [
			[1_000, STARTED],
			[2_000, seen(missing)],
			[3_000, CONFIRMED],
		] as const;
		expect(live(...waiting).phase).toBe('running');
		expect(live(...waiting, [4_000, seen({})]).phase).toBe('kept');
		expect(live(...waiting, [WITHIN_MS, TICK])).toMatchObject({
			phase: 'reverting',
			because: `within the time given ${because}`,
		});
	});

	it.each([
		[
			'nobody confirms',
			[
				[1_000, STARTED],
				[WITHIN_MS, TICK],
			],
			'within the time given nobody said that it may stay',
		],
		[
			'the word comes too late',
			[
				[1_000, STARTED],
				[WITHIN_MS, CONFIRMED],
			],
			'within the time given nobody said',
		],
		[
			'it never comes up',
			[
				[500, CONFIRMED],
				[WITHIN_MS, TICK],
			],
			'within the time given the gateway did not come up',
		],
		['it does not start', [[900, { kind: 'startFailed', problem: 'port taken' }]], 'did not start with it: port taken'],
		[
			'somebody gives it up',
			[
				[1_000, STARTED],
				[1_500, { kind: 'givenUp', because: 'Anna ended it' }],
			],
			'Anna ended it',
		],
	] as const)('N10: ends in what ran before when %s', (_, steps, because) => {
		const ended = live(...steps);
		expect(ended).toMatchObject({ phase: 'reverting', because: expect.stringContaining(because) });
	});

	it('N10: ends at once when readiness stays lost, and not for a moment’s loss', () => {
		const lost = seen({ unready: ['no disk'] });
		const short = live([1_000, STARTED], [2_000, lost], [2_500, seen({})], [3_000, lost]);
		expect(short.phase).toBe('running');
		expect(stepTrial(short, lost, 3_000 + LIMITS.trialUnreadyMs - 1).phase).toBe('running');
		expect(stepTrial(short, lost, 3_000 + LIMITS.trialUnreadyMs)).toMatchObject({
			phase: 'reverting',
			because: 'the gateway is not ready any more: no disk',
		});
	});

	it('N10: whatever happens in whatever order, it never lasts beyond its time and is never kept without a word', () => {
		const missing = fc.record({
			link: fc.boolean(),
			unready: fc.subarray(['no disk']),
			devices: fc.subarray(['boom-1', 'reader-1']),
		});
		const input: fc.Arbitrary<TrialInput> = fc.oneof(
			fc.constant(STARTED),
			fc.constant(CONFIRMED),
			fc.constant(TICK),
			missing.map((found): TrialInput => ({ kind: 'seen', missing: found })),
			fc.constant<TrialInput>({ kind: 'startFailed', problem: 'port taken' }),
			fc.constant<TrialInput>({ kind: 'givenUp', because: 'enough' }),
		);
		const step = fc.record({ waitMs: fc.nat(20_000), input });
		fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => liveThrough(steps)));
	});
});

function liveThrough(steps: readonly { readonly waitMs: number; readonly input: TrialInput }[]): void {
	let state = startTrial(0, WITHIN_MS);
	let nowMs = 0;
	let told = { started: false, confirmed: false, missing: NOTHING_MISSING };
	for (const { waitMs, input } of steps) {
		nowMs += waitMs;
		const before = state;
		state = stepTrial(state, input, nowMs);
		told = {
			started: told.started || input.kind === 'started',
			confirmed: told.confirmed || input.kind === 'confirmed',
			missing: input.kind === 'seen' ? input.missing : told.missing,
		};
		if (before.phase === 'kept' || before.phase === 'reverting') expect(state).toBe(before);
		else if (nowMs >= WITHIN_MS) expect(state.phase).toBe('reverting');
		else if (state.phase === 'kept') expect(told).toEqual({ started: true, confirmed: true, missing: NOTHING_MISSING });
	}
}
