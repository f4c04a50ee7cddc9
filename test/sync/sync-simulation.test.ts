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
		weight: 3,
		arbitrary: fc.record({ do: fc.constant('revoke' as const), at: fc.nat(), count: fc.integer({ min: 2, max: 20 }) }),
	},
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
				'forgetChanges' as const,
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
					// A birth that was dropped is not told again before the next connection.
					else simulation.wire.cut('site-1');
					await simulation.clock.advanceAsync(20 * 60_000);
					expectAllArrived(simulation);
				} finally {
					await simulation.end();
				}
			}),
			{ numRuns: 25 },
		);
	}, 180_000);

	it.each([1, 2, 3, 4, 5])(
		'lets nobody in against a revocation that has arrived before its turn (seed %i)',
		async (seed) => {
			const simulation = createSyncSimulation(seed);
			publish(simulation, 0, 200);
			await simulation.clock.advanceAsync(20_000);
			simulation.wire.setFaults({ drop: 0.2, duplicate: 0.2, maxDelayMs: 3_000 });
			for (let round = 0; round < 3; round += 1) {
				await revoke(simulation, { at: seed * 17 + round * 20, count: 15 });
				if (round === 1) simulation.forgetChanges();
				if (round === 1) simulation.crashSite();
				await simulation.clock.advanceAsync(4_000);
			}
			simulation.wire.setFaults(NO_FAULTS);
			await simulation.clock.advanceAsync(20 * 60_000);
			expectAllArrived(simulation);
			await simulation.end();
		},
	);

	it('has a revocation made online within 2 s, over a link that takes 400 ms each way', async () => {
		const simulation = createSyncSimulation(3);
		publish(simulation, 0, 200);
		await simulation.clock.advanceAsync(20_000);
		simulation.wire.setFaults({ ...NO_FAULTS, maxDelayMs: 400 });
		for (let round = 0; round < 20; round += 1) {
			const revoked = revokeOne(simulation, round);
			await expectRevokedWithin(simulation, revoked, 2_000);
			await simulation.clock.advanceAsync(700);
		}
		expectAllArrived(simulation);
		await simulation.end();
	});

	it('has one made while the link was away with the first exchange after it, while a snapshot is fetched', async () => {
		const simulation = createSyncSimulation(4);
		publish(simulation, 0, 6_000);
		await simulation.clock.advanceAsync(20_000);
		simulation.crashSite();
		publish(simulation, 7_000, 6_000);
		simulation.forgetChanges();
		simulation.wire.setFaults({ ...NO_FAULTS, maxDelayMs: 400 });
		const { rev } = simulation.directory.streams()[0] ?? { rev: 0 };
		await simulation.clock.advanceAsync(1_500);
		simulation.wire.cut('site-1');
		await simulation.clock.advanceAsync(20);
		expect(simulation.site().status().connected).toBe(false);
		const revoked = revokeOne(simulation, 1);
		await untilConnected(simulation);
		// A question and its answer.
		await expectRevokedWithin(simulation, revoked, 900);
		expect(simulation.directory.streams()[0]?.rev).toBe(rev);
		simulation.wire.setFaults(NO_FAULTS);
		await simulation.clock.advanceAsync(60_000);
		expectAllArrived(simulation);
		await simulation.end();
	});

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
		case 'revoke':
			return revoke(simulation, step);
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
		case 'forgetChanges':
			return simulation.forgetChanges();
	}
}

/** One by one, so that some overtake others. */
async function revoke(simulation: Simulation, { at, count }: { at: number; count: number }): Promise<void> {
	const holders = [...simulation.central().rows('people').values()] as { readonly id: string }[];
	for (let place = 0; place < count; place += 1) {
		const row = holders[(at + place) % holders.length];
		if (row === undefined) return;
		const blocked = { op: 'put', table: 'holders', key: row.id, row: { ...row, status: 'blocked' } } as const;
		simulation.central().change('people', [blocked]);
		await simulation.clock.advanceAsync(100);
	}
}

/** @returns its name in the directory, where it is active until central is heard */
function revokeOne(simulation: Simulation, at: number): string {
	const active = [...simulation.directory.rows('people')].filter(([, row]) => (row as Holder).status === 'active');
	const [name, row] = active[at] ?? ['', {}];
	const blocked = { ...(row as Holder), status: 'blocked' };
	simulation.central().change('people', [{ op: 'put', table: 'holders', key: blocked.id, row: blocked }]);
	return name;
}

interface Holder {
	readonly id: string;
	readonly status: string;
}

async function expectRevokedWithin({ clock, directory }: Simulation, name: string, withinMs: number): Promise<void> {
	const isLetIn = () => (directory.visible('people', name) as Holder | undefined)?.status === 'active';
	expect(isLetIn()).toBe(true);
	for (let waitedMs = 0; waitedMs < withinMs && isLetIn(); waitedMs += 20) await clock.advanceAsync(20);
	expect(isLetIn()).toBe(false);
}

async function untilConnected(simulation: Simulation): Promise<void> {
	for (let waited = 0; waited < 500; waited += 1) {
		if (simulation.site().status().connected) return;
		await simulation.clock.advanceAsync(20);
	}
	throw new Error('the site did not come back');
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
		const key = `holder-${number % 3 === 0 ? number : number >> 1}`;
		if (number % 11 === 10) return { op: 'delete', table: 'holders', key };
		return {
			op: 'put',
			table: 'holders',
			key,
			row: {
				id: key,
				kind: 'person',
				name: `N${number}`,
				email: null,
				status: number % 4 === 3 ? 'blocked' : 'active',
			},
		};
	});
	simulation.central().change('people', ops);
}

function expectAllArrived(simulation: Simulation): void {
	const { outbox, directory, broken } = simulation;
	const central = simulation.central();
	expect(broken).toEqual([]);
	expect(simulation.letInAgainst()).toEqual([]);
	const stored = central.events('site-1', EPOCH, 0, 1_000_000);
	expect(stored.map(({ id }) => id)).toEqual(outbox.ids);
	expect(stored.filter(({ rejected }) => rejected !== null)).toEqual([]);
	expect(simulation.site().status()).toMatchObject({ connected: true, problem: null, outboxDepth: 0 });
	for (const { stream, rev, centralEpoch } of central.heads()) {
		expect(directory.streams().find((ours) => ours.stream === stream)).toMatchObject({ rev, centralEpoch });
	}
	const rows = [...central.rows('people')];
	const isOfNoUse = (row: unknown) => String((row as { name: string }).name).endsWith('13');
	expect(Object.fromEntries(directory.rows('people'))).toEqual(
		Object.fromEntries(rows.filter(([, row]) => !isOfNoUse(row))),
	);
	for (const [name, row] of directory.rows('people')) expect(directory.visible('people', name)).toEqual(row);
	const ofNoUse = rows.filter(([, row]) => isOfNoUse(row)).map(([name]) => name);
	const known = central.view.site('site-1');
	expect(known?.streams.find(({ stream }) => stream === 'people')?.parked).toBe(ofNoUse.length);
	const told = known?.unusable.map(({ table, key }) => `${table}/${key}`) ?? [];
	expect(told.toSorted()).toEqual(ofNoUse.toSorted());
	expect(
		simulation
			.site()
			.status()
			.streams.map(({ digest }) => digest),
	).toEqual(['same', 'same', 'same', 'same']);
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
