import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SiteStore } from '../../../src/gateway/store/site-store.ts';
import { openTempStore, tempDir } from '../../support/temp-store.ts';

const AREAS = ['A1', 'A1-vip', 'B', 'P1'];
const areas = fc.uniqueArray(fc.constantFrom(...AREAS), { maxLength: 3 });
const id = fc.constantFrom('r1', 'r2', 'r3', 'r4');

type Step =
	| { readonly do: 'reserve'; readonly id: string; readonly areas: string[] }
	| { readonly do: 'release' | 'capture'; readonly id: string }
	| { readonly do: 'move'; readonly leave: string[]; readonly enter: string[] }
	| { readonly do: 'adjust'; readonly area: string; readonly occupied: number }
	| { readonly do: 'reopen' };

const step = fc.oneof(
	fc.record({ do: fc.constant('reserve'), id, areas }),
	fc.record({ do: fc.constantFrom('release', 'capture'), id }),
	fc.record({ do: fc.constant('move'), leave: areas, enter: areas }),
	fc.record({ do: fc.constant('adjust'), area: fc.constantFrom(...AREAS), occupied: fc.integer({ min: -2, max: 9 }) }),
	fc.constant({ do: 'reopen' }),
) as fc.Arbitrary<Step>;

/** Says what must be true in the simplest way there is. */
function createModel() {
	let occupied = new Map<string, number>();
	let held = new Map<string, string[]>();
	const add = (area: string, vehicles: number) => occupied.set(area, Math.max(0, (occupied.get(area) ?? 0) + vehicles));

	function end(id: string): string[] {
		const areas = held.get(id) ?? [];
		held.delete(id);
		return areas;
	}

	return {
		apply(action: Step): void {
			switch (action.do) {
				case 'reserve':
					held.set(action.id, action.areas);
					return;
				case 'release':
					end(action.id);
					return;
				case 'capture':
					for (const area of end(action.id)) add(area, 1);
					return;
				case 'adjust':
					occupied.set(action.area, Math.max(0, action.occupied));
					return;
				case 'move':
					for (const area of action.leave.filter((left) => !action.enter.includes(left))) add(area, -1);
					for (const area of action.enter.filter((entered) => !action.leave.includes(entered))) add(area, 1);
					return;
				case 'reopen':
					return;
			}
		},
		holds: (id: string) => held.has(id),
		counters: () =>
			AREAS.map((areaId) => ({
				areaId,
				occupied: occupied.get(areaId) ?? 0,
				reserved: [...held.values()].filter((places) => places.includes(areaId)).length,
			})),
		save: () => [new Map(occupied), new Map(held)] as const,
		restore([o, h]: readonly [Map<string, number>, Map<string, string[]>]) {
			occupied = o;
			held = h;
		},
	};
}

function perform(store: SiteStore, action: Step): void {
	const { occupancy } = store;
	if (action.do === 'reserve')
		occupancy.reserve({ id: action.id, laneId: 'L1', holderId: null, areaIds: action.areas, atMs: 1 });
	if (action.do === 'release') occupancy.release(action.id);
	if (action.do === 'capture') occupancy.capture(action.id);
	if (action.do === 'move') occupancy.move(action);
	if (action.do === 'adjust') occupancy.adjust(action.area, action.occupied);
}

test('X3: counters and reservations add up over any sequence, roll-backs and restarts', () => {
	fc.assert(
		fc.property(
			fc.array(fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 4 }), fails: fc.boolean() }), {
				maxLength: 15,
			}),
			(transactions) => {
				const dir = tempDir();
				let store = openTempStore(dir);
				const model = createModel();
				for (const { steps, fails } of transactions) {
					if (steps.some((action) => action.do === 'reopen')) {
						store.close();
						store = openTempStore(dir);
					}
					const before = model.save();
					const run = () =>
						store.transaction(() => {
							for (const action of steps) {
								if (action.do === 'reserve' && model.holds(action.id)) continue;
								perform(store, action);
								model.apply(action);
							}
							if (fails) throw new Error('rolled back');
						});
					if (fails) {
						expect(run).toThrow('rolled back');
						model.restore(before);
					} else run();
					expect(AREAS.map((areaId) => store.occupancy.counter(areaId))).toEqual(model.counters());
				}
				store.close();
			},
		),
		{ numRuns: 40 },
	);
});
