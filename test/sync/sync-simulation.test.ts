import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DirectoryOp } from '../../src/gateway/core/directory-change.ts';
import { NO_FAULTS } from '../support/simulated-broker.ts';
import { createSyncSimulation, EPOCH } from '../support/sync-simulation.ts';

type Simulation = ReturnType<typeof createSyncSimulation>;

const action = fc.oneof(
	{ weight: 5, arbitrary: fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 250 }) }) },
	{ weight: 3, arbitrary: fc.record({ do: fc.constant('change' as const), count: fc.integer({ min: 1, max: 900 }) }) },
	{ weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 30_000 }) }) },
	{
		weight: 2,
		arbitrary: fc.record({
			do: fc.constant('damage' as const),
			at: fc.nat(),
			how: fc.constantFrom('changed' as const, 'missing' as const, 'added' as const),
		}),
	},
	{
		weight: 3,
		arbitrary: fc.record({
			do: fc.constantFrom(
				'cutSite' as const,
				'cutCentral' as const,
				'restartBroker' as const,
				'crashSite' as const,
				'crashCentral' as const,
			),
		}),
	},
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

describe('sync under a broker that drops, doubles and reorders (N11)', () => {
	it('loses no event, doubles none, and brings the directory to central’s rows, whatever is cut, crashes or rots', async () => {
		await fc.assert(
			fc.asyncProperty(run, async ({ seed, faults, actions }) => {
				const simulation = createSyncSimulation(seed);
				try {
					simulation.wire.setFaults(faults);
					let serial = 0;
					for (const step of actions) {
						if (step.do === 'change') {
							publish(simulation, serial, step.count);
							serial += step.count;
						} else await act(simulation, step);
						await simulation.clock.advanceAsync(50);
					}
					simulation.wire.setFaults(NO_FAULTS);
					// Rows are read again ten minutes after a start.
					if (actions.some((step) => step.do === 'damage')) simulation.crashSite();
					await simulation.clock.advanceAsync(20 * 60_000);
					expectAllArrived(simulation);
				} finally {
					await simulation.end();
				}
			}),
			{ numRuns: 25 },
		);
	}, 120_000);

	it('replays the same run from the same seed', async () => {
		const traces = await Promise.all([7, 7].map(trace));
		expect(traces[0]).toEqual(traces[1]);
	});
});

async function act(
	simulation: Simulation,
	step: Exclude<(typeof run extends fc.Arbitrary<infer R> ? R : never)['actions'][number], { do: 'change' }>,
) {
	switch (step.do) {
		case 'append':
			return simulation.append(step.count);
		case 'wait':
			return simulation.clock.advanceAsync(step.ms);
		case 'damage':
			return damage(simulation, step);
		case 'cutSite':
			return simulation.wire.cut('site-1');
		case 'cutCentral':
			return simulation.wire.cut('central');
		case 'restartBroker':
			return simulation.wire.restartEmpty();
		case 'crashSite':
			return simulation.crashSite();
		case 'crashCentral':
			return simulation.crashCentral();
	}
}

function damage({ directory }: Simulation, { at, how }: { at: number; how: 'changed' | 'missing' | 'added' }): void {
	const names = [...directory.rows('people').keys()];
	const name = names[at % names.length];
	if (how === 'added') directory.damage('people', `holders/intruder-${at}`, { id: `intruder-${at}` });
	else if (name !== undefined) directory.damage('people', name, how === 'missing' ? undefined : { id: 'changed' });
}

/** New people, changes of earlier ones and removals. */
function publish(simulation: Simulation, serial: number, count: number): void {
	const ops = Array.from({ length: count }, (_, place): DirectoryOp => {
		const number = serial + place;
		const key = `holder-${number % 5 === 4 ? number >> 1 : number}`;
		if (number % 11 === 10) return { op: 'delete', table: 'holders', key };
		return {
			op: 'put',
			table: 'holders',
			key,
			row: { id: key, kind: 'person', name: `N${number}`, email: null, status: 'active' },
		};
	});
	simulation.central().change('people', ops);
}

function expectAllArrived(simulation: Simulation): void {
	const { outbox, directory, broken } = simulation;
	const central = simulation.central();
	expect(broken).toEqual([]);
	const stored = central.events('site-1', EPOCH, 0, 1_000_000);
	expect(stored.map(({ id }) => id)).toEqual(outbox.ids);
	expect(stored.filter(({ rejected }) => rejected !== null)).toEqual([]);
	expect(simulation.site().status()).toMatchObject({ connected: true, problem: null, outboxDepth: 0 });
	for (const { stream, rev, centralEpoch } of central.heads()) {
		expect(directory.streams().find((ours) => ours.stream === stream)).toMatchObject({ rev, centralEpoch });
	}
	expect(Object.fromEntries(directory.rows('people'))).toEqual(Object.fromEntries(central.rows('people')));
}

async function trace(seed: number): Promise<unknown> {
	const simulation = createSyncSimulation(seed);
	simulation.wire.setFaults({ drop: 0.2, duplicate: 0.2, maxDelayMs: 3_000 });
	publish(simulation, 0, 700);
	for (let round = 0; round < 5; round += 1) {
		simulation.append(120);
		await simulation.clock.advanceAsync(7_000);
		if (round === 2) simulation.crashSite();
	}
	const result = [simulation.site().status(), simulation.site().statistics(), simulation.clock.monotonicMs()];
	await simulation.end();
	return result;
}
