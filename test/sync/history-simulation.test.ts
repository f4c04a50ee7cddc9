import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkLedger, effectsOf } from '../support/event-ledger.ts';
import { createHistorySimulation } from '../support/history-simulation.ts';
import { NO_FAULTS } from '../support/simulated-broker.ts';

type Simulation = ReturnType<typeof createHistorySimulation>;

const DISASTERS = [
	'backUpSite',
	'backUpCentral',
	'restoreSite',
	'restoreSiteNamed',
	'replaceSiteDisk',
	'restoreCentral',
	'crashSite',
	'crashCentral',
	'cutSite',
	'cutCentral',
] as const;

const action = fc.oneof(
	{ weight: 5, arbitrary: fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 250 }) }) },
	{ weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 30_000 }) }) },
	{ weight: 5, arbitrary: fc.record({ do: fc.constantFrom(...DISASTERS) }) },
);

const run = fc.record({
	seed: fc.integer({ min: 0, max: 2 ** 31 }),
	faults: fc.record({
		drop: fc.double({ min: 0, max: 0.3, noNaN: true }),
		duplicate: fc.double({ min: 0, max: 0.3, noNaN: true }),
		maxDelayMs: fc.integer({ min: 1, max: 4_000 }),
	}),
	actions: fc.array(action, { minLength: 3, maxLength: 20 }),
});

type Action = (typeof run extends fc.Arbitrary<infer R> ? R : never)['actions'][number];

async function act(simulation: Simulation, step: Action): Promise<void> {
	switch (step.do) {
		case 'append':
			simulation.append(step.count);
			return;
		case 'wait':
			return simulation.clock.advanceAsync(step.ms);
		case 'cutSite':
			return simulation.wire.cut('site-1');
		case 'cutCentral':
			return simulation.wire.cut('central');
		case 'restoreSiteNamed':
			return simulation.restoreSite(true);
		case 'restoreSite':
			return simulation.restoreSite(false);
		default:
			return simulation[step.do]();
	}
}

/** Long enough for every wait of the protocol, the ten minutes between two new epochs among them. */
async function settle(simulation: Simulation): Promise<void> {
	simulation.wire.setFaults(NO_FAULTS);
	await simulation.clock.advanceAsync(45 * 60_000);
}

function expectSettled(simulation: Simulation): void {
	const { store, outbox, sync } = simulation.site();
	const central = simulation.central();
	expect(checkLedger(outbox, central, 'site-1')).toEqual([]);
	expect(effectsOf(central, 'site-1').filter((id) => !simulation.isOurs(id))).toEqual([]);
	expect(sync.status()).toMatchObject({ connected: true, problem: null, outboxDepth: 0 });
	for (const { gatewayEpoch } of store.journal.epochs())
		expect(store.journal.verify(0, 1_000_000, gatewayEpoch)).toMatchObject({ result: 'holds', finished: true });
}

describe('N11: histories of a site under a broker that drops, doubles and reorders', () => {
	it('lose nothing that a disk still has and count nothing twice, whoever is restored from a copy, replaced, cut or crashes', async () => {
		await fc.assert(
			fc.asyncProperty(run, async ({ seed, faults, actions }) => {
				const simulation = createHistorySimulation(seed);
				try {
					simulation.wire.setFaults(faults);
					for (const step of actions) {
						await act(simulation, step);
						await simulation.clock.advanceAsync(50);
					}
					await settle(simulation);
					expectSettled(simulation);
				} finally {
					await simulation.end();
				}
			}),
			{ numRuns: 15 },
		);
	}, 300_000);

	it('replay the same run from the same seed', async () => {
		const traces = await Promise.all([11, 11].map(trace));
		expect(traces[0]).toEqual(traces[1]);
	}, 180_000);

	it('let new events reach central beside a backlog of days, and count them once', async () => {
		const simulation = createHistorySimulation(3);
		try {
			simulation.wire.setFaults({ drop: 0, duplicate: 0, maxDelayMs: 200 });
			simulation.wire.cut('site-1');
			simulation.append(15_000);
			await simulation.clock.advanceAsync(1_500);
			expect(simulation.site().sync.status()).toMatchObject({ connected: true });
			const fresh = simulation.append(5);
			await simulation.clock.advanceAsync(1_000);
			const newest = simulation
				.central()
				.view.events('site-1', { limit: 5 })
				.items.map(({ id }) => id);
			expect(newest.toReversed()).toEqual(fresh);
			expect(simulation.site().sync.status().outboxDepth).toBeGreaterThan(3_000);
			expect(effectsOf(simulation.central(), 'site-1').length).toBeLessThan(12_000);
			await settle(simulation);
			expectSettled(simulation);
		} finally {
			await simulation.end();
		}
	}, 180_000);
});

/** What happened, with epochs by their order: their names are random. */
async function trace(seed: number): Promise<unknown> {
	const simulation = createHistorySimulation(seed);
	try {
		simulation.wire.setFaults({ drop: 0.2, duplicate: 0.2, maxDelayMs: 3_000 });
		const steps: unknown[] = [];
		for (const step of DISASTERS) {
			simulation.append(60);
			await act(simulation, { do: step });
			await simulation.clock.advanceAsync(9_000);
			const { outbox, sync } = simulation.site();
			const { eventsSent, batchesSent, connections } = sync.statistics();
			const epochs = outbox.epochs().map(({ reason, lastSeq, ackedSeq }) => [reason, lastSeq, ackedSeq]);
			steps.push([step, epochs, eventsSent, batchesSent, connections, effectsOf(simulation.central(), 'site-1')]);
		}
		return steps;
	} finally {
		await simulation.end();
	}
}
