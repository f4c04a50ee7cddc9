import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.{ts,tsx}'],
		// Real ports, brokers and browsers: each file brings its own, and waits for them half of its time; two cores run three at once.
		maxWorkers: 3,
		// A bound for what hangs, not a measure: a busy machine is slow, and no test asserts how long something took.
		testTimeout: 60_000,
		hookTimeout: 120_000,
		coverage: {
			provider: 'v8',
			include: ['src/**/*.{ts,tsx}'],
			reporter: ['text-summary', 'json-summary'],
			// What runs only in child processes (main, compose, workers) counts as not covered: tests of the built program hold it.
			thresholds: {
				lines: 80,
				branches: 75,
				'src/gateway/core/**': { lines: 90, branches: 85 },
				'src/drivers/**': { lines: 95, branches: 85 },
				'src/config/**': { lines: 95, branches: 85 },
			},
		},
	},
});
