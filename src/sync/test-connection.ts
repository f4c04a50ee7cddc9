import type {
	ConnectionStep,
	ConnectionStepState,
	ConnectionTest,
	ConnectionTester,
} from '../gateway/services/connection-test.ts';
import { CONNECTION_STEPS } from '../gateway/services/connection-test.ts';
import { createBrokerProbes } from './broker-probes.ts';
import { type ConnectionTestDeps, RUN_STEP, type Testing } from './connection-steps.ts';

/** Steps whose failure leaves nothing to try behind them. */
const PREREQUISITES: ReadonlySet<ConnectionStep> = new Set(['settings', 'dns', 'tcp', 'tls', 'login']);

/** Tries what a connection needs, over the site's own link where it is up, else by bringing it up now. */
export function createConnectionTester(
	deps: ConnectionTestDeps,
	steps: readonly ConnectionStep[] = CONNECTION_STEPS,
): ConnectionTester {
	let last: ConnectionTest | null = null;
	let running: Promise<ConnectionTest> | undefined;
	async function start(): Promise<ConnectionTest> {
		const testing: Testing = { ...deps, probes: deps.probes ?? createBrokerProbes(deps.clock), access: undefined };
		let test = begun(deps.clock.nowMs(), steps);
		last = test;
		for (const step of steps) {
			const isBlocked = test.steps.some((earlier) => earlier.result === 'failed' && PREREQUISITES.has(earlier.step));
			test = withStep(test, { step, result: isBlocked ? 'skipped' : 'running', durationMs: null, text: null });
			last = test;
			if (isBlocked) continue;
			const fromMs = deps.clock.monotonicMs();
			const probed = await RUN_STEP[step](testing);
			test = withStep(test, { step, durationMs: Math.round(deps.clock.monotonicMs() - fromMs), ...probed });
			last = test;
		}
		const result = test.steps.some((step) => step.result === 'failed') ? 'failed' : 'passed';
		last = { ...test, result };
		return last;
	}
	return {
		run() {
			running ??= start().finally(() => {
				running = undefined;
			});
			return running;
		},
		last: () => last,
	};
}

function begun(atMs: number, names: readonly ConnectionStep[]): ConnectionTest {
	const steps = names.map((step) => ({ step, result: 'waiting', durationMs: null, text: null }) as const);
	return { atMs, result: 'running', steps };
}

function withStep(test: ConnectionTest, changed: ConnectionStepState): ConnectionTest {
	return { ...test, steps: test.steps.map((step) => (step.step === changed.step ? changed : step)) };
}
