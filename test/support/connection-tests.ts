import {
	CONNECTION_STEPS,
	type ConnectionStepState,
	type ConnectionTest,
	type ConnectionTester,
} from '../../src/gateway/services/connection-test.ts';

/** One in which everything held, but for what is said. */
export function aConnectionTest(
	result: ConnectionTest['result'] = 'passed',
	changes: Partial<Record<ConnectionStepState['step'], Partial<ConnectionStepState>>> = {},
): ConnectionTest {
	const steps = CONNECTION_STEPS.map(
		(step): ConnectionStepState => ({
			...{ step, result: 'ok', durationMs: 12, text: 'It holds.' },
			...changes[step],
		}),
	);
	return { atMs: Date.UTC(2026, 0, 1, 9, 30), result, steps };
}

/** Knows what tests say it found. */
export function createScriptedTester(): ConnectionTester & { found: ConnectionTest | null; runs: number } {
	const self = {
		found: null as ConnectionTest | null,
		runs: 0,
		async run() {
			self.runs += 1;
			self.found ??= aConnectionTest();
			return self.found;
		},
		last: () => self.found,
	};
	return self;
}
