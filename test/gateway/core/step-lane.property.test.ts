import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActEffect, StoreEffect } from '../../../src/gateway/core/lane/lane-effect.ts';
import type { Lane } from '../../../src/gateway/core/site.ts';
import { aLane } from '../../support/access-facts.ts';
import { createLaneBench, type LaneBench } from '../../support/lane-bench.ts';

const loops = ['arming', 'safety', 'closing'] as const;
const input = { deviceId: 'boom-1', input: 'x' };

const action = fc.oneof(
	{
		weight: 4,
		arbitrary: fc.record({
			do: fc.constant('loop' as const),
			loop: fc.constantFrom(...loops),
			active: fc.constantFrom(true, false, null),
		}),
	},
	{ weight: 3, arbitrary: fc.record({ do: fc.constant('tag' as const), tag: fc.constantFrom('TAG', 'STRANGE') }) },
	{
		weight: 3,
		arbitrary: fc.record({
			do: fc.constant('plate' as const),
			plate: fc.constantFrom('1ABC234', 'STRANGE', '???'),
			confidence: fc.constantFrom(0.3, 0.95),
			historical: fc.boolean(),
		}),
	},
	{
		weight: 3,
		arbitrary: fc.record({
			do: fc.constant('vended' as const),
			result: fc.constantFrom('done' as const, 'failed' as const, 'expired' as const, 'unknown' as const),
		}),
	},
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('remoteVend' as const) }) },
	{
		weight: 4,
		arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 200, 1_600, 6_000, 40_000) }),
	},
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

const lanes: readonly Lane[] = [
	aLane(),
	aLane({ loops: { arming: input, closing: input } }),
	aLane({ loops: { arming: input } }),
	aLane({ loops: {} }),
	aLane({ identify: 'both' }),
	aLane({ identify: 'tagOnly', cameras: [], rules: { useReadsWithoutVehicle: true } }),
	aLane({ kind: 'exit', from: 'A1', to: 'outside' }),
	aLane({ kind: 'exit', from: 'A1', to: 'outside', rules: { strictExit: true } }),
];

function perform(bench: LaneBench, step: Action): void {
	switch (step.do) {
		case 'loop':
			bench.loop(step.loop, step.active);
			return;
		case 'tag':
			bench.tag(step.tag);
			return;
		case 'plate':
			bench.plate(step.plate, step.confidence, step.historical);
			return;
		case 'vended':
			bench.vended(step.result);
			return;
		case 'remoteVend':
			bench.remoteVend();
			return;
		case 'wait':
			bench.wait(step.ms);
	}
}

function runs(check: (bench: LaneBench, lane: Lane) => void) {
	fc.assert(
		fc.property(fc.constantFrom(...lanes), fc.array(action, { maxLength: 60 }), (lane, actions) => {
			const bench = createLaneBench({ lane });
			for (const step of actions) perform(bench, step);
			check(bench, lane);
		}),
		{ numRuns: 1_500 },
	);
}

const storeOf = (bench: LaneBench): StoreEffect[] => bench.steps().flatMap(({ store }) => store);
const actsOf = (bench: LaneBench): ActEffect[] => bench.steps().flatMap(({ act }) => act);

describe('whatever happens at a lane', () => {
	test('a pulse is asked for only in the step that records its decision or its operator', () => {
		runs((bench) => {
			for (const { store, act } of bench.steps()) {
				const vend = act.find((effect) => effect.type === 'vend');
				if (vend?.type !== 'vend') continue;
				const entries = store.flatMap((effect) => (effect.type === 'record' ? [effect.entry] : []));
				expect(entries.some((entry) => 'vendId' in entry && entry.vendId === vend.vendId)).toBe(true);
			}
		});
	});

	test('no pulse is asked for twice', () => {
		runs((bench) => {
			const vends = actsOf(bench).flatMap((effect) => (effect.type === 'vend' ? [effect.vendId] : []));
			expect(new Set(vends).size).toBe(vends.length);
		});
	});

	test('a grant has no failing verdict and a refusal no pulse', () => {
		runs((bench) => {
			for (const effect of storeOf(bench)) {
				if (effect.type !== 'record' || effect.entry.type !== 'decision') continue;
				const { decision, vendId } = effect.entry;
				const failing = decision.verdicts.filter(({ verdict }) => verdict.result === 'fail');
				expect(failing.length === 0).toBe(decision.outcome === 'granted');
				if (decision.outcome === 'refused') expect(vendId).toBeNull();
			}
		});
	});

	test('every place that is held is captured by one passage or given back, and only one is held at a time', () => {
		runs((bench) => {
			const held = new Set<string>();
			for (const effect of storeOf(bench)) {
				if (effect.type === 'reserve') held.add(effect.vendId);
				if (effect.type === 'release') expect(held.delete(effect.vendId)).toBe(true);
				if (effect.type === 'pass' && effect.vendId !== null) held.delete(effect.vendId);
				expect(held.size).toBeLessThanOrEqual(1);
			}
			const { opening } = bench.state();
			expect([...held]).toEqual(opening?.reserved === true ? [opening.vendId] : []);
		});
	});

	test('one vend lets one vehicle be counted; whoever follows is anonymous', () => {
		runs((bench) => {
			const passed = storeOf(bench).flatMap((effect) =>
				effect.type === 'pass' && effect.vendId !== null ? [effect.vendId] : [],
			);
			expect(new Set(passed).size).toBe(passed.length);
		});
	});

	test('a buffered plate alone opens nothing', () => {
		fc.assert(
			fc.property(fc.array(fc.constantFrom(...loops), { maxLength: 20 }), (touched) => {
				const bench = createLaneBench({ lane: aLane() });
				for (const loop of touched) bench.loop(loop, true).plate('1ABC234', 0.99, true).wait(2_000).loop(loop, false);
				expect(bench.log()).not.toContain('vend');
			}),
		);
	});

	test('an exit in its default mode opens for any vehicle that waits, whatever was read before', () => {
		fc.assert(
			fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
				const bench = createLaneBench({ lane: aLane({ kind: 'exit', from: 'A1', to: 'outside' }) });
				for (const step of actions) perform(bench, step);
				for (const loop of loops) bench.loop(loop, false);
				bench.wait(60_000).clear().loop('arming', true).wait(20_000);
				expect(bench.log()).toContain('vend');
			}),
			{ numRuns: 1_500 },
		);
	});

	test('the same inputs give the same steps', () => {
		fc.assert(
			fc.property(fc.constantFrom(...lanes), fc.array(action, { maxLength: 30 }), (lane, actions) => {
				const [one, other] = [createLaneBench({ lane }), createLaneBench({ lane })];
				for (const step of actions) perform(one, step);
				for (const step of actions) perform(other, step);
				expect(other.steps()).toEqual(one.steps());
			}),
			{ numRuns: 200 },
		);
	});
});
