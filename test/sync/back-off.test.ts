import { describe, expect, it } from 'vitest';
import { backOffMs } from '../../src/sync/back-off.ts';

describe('coming back after a loss', () => {
	it('waits anywhere between 1 s and a bound that doubles up to 5 minutes', () => {
		expect([0, 1, 2, 8, 40].map((attempt) => backOffMs(attempt, 0))).toEqual([1_000, 1_000, 1_000, 1_000, 1_000]);
		const longest = [0, 1, 2, 8, 40].map((attempt) => Math.ceil(backOffMs(attempt, 0.999_999) / 1_000));
		expect(longest).toEqual([2, 4, 8, 300, 300]);
	});

	it('spreads a thousand sites over the whole wait', () => {
		const waits = Array.from({ length: 1_000 }, (_, site) => backOffMs(9, site / 1_000));
		for (let from = 0; from < 300_000; from += 30_000)
			expect(waits.filter((wait) => wait >= from && wait < from + 30_000).length).toBeGreaterThan(80);
	});
});
