import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createOperatorsBench, type OperatorsBench } from '../../support/operators.ts';
import type { Race, RacerData } from '../../support/operators-racer.ts';

const THREADS = 5;

let bench: OperatorsBench;
beforeEach(() => {
	bench = createOperatorsBench({ rules: null });
});
afterEach(() => bench.close());

/** Ten tries by each of five threads with connections of their own: as the daemon, the command line and whatever else. */
async function runRace(race: Race): Promise<readonly string[]> {
	const gate = new Int32Array(new SharedArrayBuffer(4));
	const workerData: RacerData = { dir: bench.dir, nowMs: bench.clock.nowMs(), race, tries: 10, gate };
	const racers = Array.from(
		{ length: THREADS },
		() => new Worker(new URL('../../support/operators-racer.ts', import.meta.url), { workerData }),
	);
	await Promise.all(racers.map((racer) => once(racer, 'message')));
	const ends = racers.map((racer) => once(racer, 'message') as Promise<[readonly string[]]>);
	const exits = racers.map((racer) => once(racer, 'exit'));
	Atomics.store(gate, 0, 1);
	Atomics.notify(gate, 0);
	const results = (await Promise.all(ends)).flatMap(([list]) => list);
	await Promise.all(exits);
	expect(results).toHaveLength(50);
	return results;
}

test('X18 of fifty claimants from several programs one wins', async () => {
	const results = await runRace({ kind: 'claim', code: bench.operators.newClaimCode() });
	expect(results.filter((result) => result === 'claimed')).toHaveLength(1);
	expect(bench.store.operators.operatorCount()).toBe(1);
	expect(bench.audits().filter(({ action }) => action === 'claim')).toHaveLength(1);
});

test('B10 of fifty sign-ins to one account through several programs one gets in', async () => {
	await bench.addOperator({ email: 'ada@example.org', role: 'administrator' });
	const results = await runRace({ kind: 'login', email: 'ada@example.org' });
	expect(results.filter((result) => result === 'signedIn')).toHaveLength(1);
	expect(bench.store.operators.loginSessions()).toHaveLength(1);
});

test('X11 fifty tries from several programs to take out every administrator leave one', async () => {
	const emails = ['ada', 'bo', 'cy', 'di'].map((name) => `${name}@example.org`);
	const operatorIds = await Promise.all(emails.map((email) => bench.addOperator({ email, role: 'administrator' })));
	const results = await runRace({ kind: 'takeOut', operatorIds });
	expect(results).toContain('lastAdministrator');
	expect(bench.store.operators.administratorCount()).toBe(1);
	const views = operatorIds.map((id) => bench.operators.administration.get(id));
	const ruling = views.filter(
		(view) => view?.state === 'active' && bench.operators.accessOf(view.id)?.may('operators:write'),
	);
	expect(ruling).toMatchObject([{ roles: [{ id: 'administrator', scope: 'site' }], denials: [] }]);
});
