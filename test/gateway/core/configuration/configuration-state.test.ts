import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	type AskedBy,
	type ConfigurationState,
	configurationStateSchema,
	NO_VERSIONS,
	outcomeOf,
	versionInForce,
	withFile,
	withProposal,
	withTrial,
	withTrialKept,
	withTrialReverted,
} from '../../../../src/gateway/core/configuration/configuration-state.ts';
import { LIMITS } from '../../../../src/gateway/core/limits.ts';

const version = (number: number) => number.toString(16).padStart(64, '0');
const FILE = version(0);
const ASKED: AskedBy = { source: 'central', by: 'Jan', operatorId: null, reason: 'new reader', commandId: 'c1' };
const proposed = (state: ConfigurationState, number: number) =>
	withProposal(state, { version: version(number), asked: ASKED, atMs: number });
const tried = (state: ConfigurationState, target: string | null) =>
	withTrial(state, { version: target, asked: ASKED, atMs: 9, withinMs: 60_000 });

describe('the versions of a configuration', () => {
	it('N10: only a trial that was kept changes what is in force', () => {
		const onTrial = tried(proposed(NO_VERSIONS, 1), version(1));
		expect(versionInForce(onTrial, FILE)).toBeNull();
		expect(versionInForce(withTrialReverted(onTrial, 'enough', 10), FILE)).toBeNull();
		const kept = withTrialKept(onTrial, FILE, 10);
		expect(versionInForce(kept, FILE)).toBe(version(1));
		expect(versionInForce(withTrialKept(tried(kept, null), FILE, 11), FILE)).toBeNull();
	});

	it('N10: an edit of the file on the machine wins over what was applied before, and is remembered', () => {
		const kept = withTrialKept(tried(proposed(NO_VERSIONS, 1), version(1)), FILE, 10);
		const edited = version(99);
		expect(versionInForce(kept, edited)).toBeNull();
		const told = withFile(kept, edited, 11);
		expect(told.applied).toBeNull();
		expect(told.history.at(-1)).toMatchObject({ what: 'fileTookOver', version: version(1), source: 'gateway' });
		// Also when the edit is taken back: what was left is not run without being asked for.
		expect(versionInForce(withFile(told, FILE, 12), FILE)).toBeNull();
		expect(withFile(kept, FILE, 11)).toBe(kept);
	});

	it('N10: who, when, why and what came of it stand in the history, to be found by central’s command', () => {
		const onTrial = tried(proposed(NO_VERSIONS, 1), version(1));
		expect(outcomeOf(onTrial, 'c1')).toBeUndefined();
		const ended = withTrialReverted(onTrial, 'central was not reached', 12);
		expect(outcomeOf(ended, 'c1')).toMatchObject({ what: 'reverted', because: 'central was not reached', atMs: 12 });
		expect(ended.history.map(({ number, what, by, reason }) => ({ number, what, by, reason }))).toEqual([
			{ number: 1, what: 'proposed', by: 'Jan', reason: 'new reader' },
			{ number: 2, what: 'tried', by: 'Jan', reason: 'new reader' },
			{ number: 3, what: 'reverted', by: 'Jan', reason: 'new reader' },
		]);
	});

	it('N10: stay bounded, and what runs is never forgotten', () => {
		const op = fc.oneof(
			fc.record({ do: fc.constant('propose' as const), number: fc.integer({ min: 1, max: 60 }) }),
			fc.record({ do: fc.constantFrom('try' as const, 'keep' as const, 'revert' as const), number: fc.nat(30) }),
		);
		fc.assert(
			fc.property(fc.array(op, { maxLength: 250 }), (ops) => {
				const state = ops.reduce((before, step) => {
					const after = next(before, step);
					expectKept(after);
					return after;
				}, NO_VERSIONS);
				expect(configurationStateSchema.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
				expect(state.versions.length).toBeLessThanOrEqual(LIMITS.configurationVersions);
				expect(new Set(state.versions.map((one) => one.version)).size).toBe(state.versions.length);
				const numbers = state.history.map(({ number }) => number);
				expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 1) + index));
			}),
		);
	});
});

type Step = { readonly do: 'propose' | 'try' | 'keep' | 'revert'; readonly number: number };

function next(state: ConfigurationState, { do: what, number }: Step): ConfigurationState {
	switch (what) {
		case 'propose':
			return proposed(state, number);
		case 'try': {
			const target = state.versions[number % Math.max(1, state.versions.length)]?.version ?? null;
			return state.trial === null ? tried(state, target) : state;
		}
		case 'keep':
			return withTrialKept(state, FILE, 1);
		case 'revert':
			return withTrialReverted(state, 'x'.repeat(1_000), 1);
	}
}

function expectKept({ applied, trial, versions }: ConfigurationState): void {
	const kept = versions.map((one) => one.version);
	for (const inUse of [applied?.version, trial?.version]) {
		if (inUse !== undefined && inUse !== null) expect(kept).toContain(inUse);
	}
}
