import { configDefaults, defineConfig } from 'vitest/config';

/** Tests that start programs or browsers, or measure or change the process they run in: each has one of its own. */
const ALONE = [
	'test/*.test.ts',
	'test/{contract,end-to-end,scripts,simulation,systemd}/**/*.test.ts',
	'test/**/*browser.test.ts',
	'test/api/cli/{completion,program,terminal}.test.ts',
	'test/api/console/{connection-test,imports,stay-duration}.test.ts',
	'test/api/http/imports.test.ts',
	'test/compose/{device-subscriptions,doctor-ports}.test.ts',
	'test/config/config-problems.test.ts',
	'test/drivers/ports/*.test.ts',
	'test/drivers/{hikvision-push/event,modbus-relay/independent-peer,osdp/tty,supervisor/line-in-use}.test.ts',
	'test/gateway/services/{export-directory,evidence/evidence-flood}.test.ts',
	'test/gateway/store/{directory-failures,evidence-files,killed-writer,site-store,staging-power-cut}.test.ts',
	'test/sync/{asyncapi-document,doctor-of-broker,link-problems,mosquitto-*}.test.ts',
];

export default defineConfig({
	test: {
		setupFiles: ['test/support/compile-cache.ts', 'test/support/property-seed.ts'],
		// Real ports, brokers and browsers: each file brings its own, and waits for them half of its time; two cores run four at once.
		maxWorkers: 4,
		// A bound for what hangs, not a measure: a busy machine is slow, and no test asserts how long something took.
		testTimeout: 120_000,
		hookTimeout: 120_000,
		expect: { poll: { timeout: 30_000 } },
		projects: [
			{ extends: true, test: { name: 'alone', include: ALONE, sequence: { groupOrder: 1 } } },
			{
				extends: true,
				test: {
					// The sources keep nothing between two uses, so these load them once for many files.
					name: 'together',
					include: ['test/**/*.test.{ts,tsx}'],
					exclude: [...configDefaults.exclude, ...ALONE],
					isolate: false,
					sequence: { groupOrder: 2 },
				},
			},
		],
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
