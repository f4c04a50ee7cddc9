import { describe, expect, test } from 'vitest';
import { runSeed } from './run-seed.ts';

const SEEDS = [1, 2, 3, 4];
const VEHICLES = 25;

describe('N1, N3, N4: a whole site lived through from a seed', () => {
	test.each(SEEDS)(
		'seed %i breaks nothing that has to hold',
		async (seed) => {
			const { records } = await runSeed({ seed, vehicles: VEHICLES });
			expect(records.violations).toEqual([]);
			expect(records.journal.some(({ entry }) => entry.type === 'passage')).toBe(true);
		},
		90_000,
	);

	test('the same seed gives the same journal, another one another', async () => {
		const [once, again, other] = [
			await runSeed({ seed: 1, vehicles: VEHICLES }),
			await runSeed({ seed: 1, vehicles: VEHICLES }),
			await runSeed({ seed: 2, vehicles: VEHICLES }),
		];
		expect(again?.journalHash).toBe(once?.journalHash);
		expect(other?.journalHash).not.toBe(once?.journalHash);
	}, 180_000);

	test('a count that goes wrong is found', async () => {
		const { records } = await runSeed({
			seed: 1,
			vehicles: VEHICLES,
			tamper: {
				store: (store) => ({
					...store,
					occupancy: { ...store.occupancy, move: () => ({ counters: [], corrections: [] }) },
				}),
			},
		});
		expect(records.violations.map(({ invariant }) => invariant)).toContain('bookkeeping');
	}, 180_000);
});
