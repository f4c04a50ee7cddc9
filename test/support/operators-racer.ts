import { randomUUID } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import type { PasswordHasher } from '../../src/gateway/services/operators/password-hash.ts';
import { createOperators } from '../../src/gateway/services/operators.ts';
import { openSiteStore } from '../../src/gateway/store/site-store.ts';
import { createSystemClock } from '../../src/system-clock.ts';
import { createMemoryLog } from './memory-log.ts';

/** What a thread with a connection of its own does at the same moment as the others. */
export type Race =
	| { readonly kind: 'claim'; readonly code: string }
	| { readonly kind: 'login'; readonly email: string }
	| { readonly kind: 'takeOut'; readonly operatorIds: readonly string[] };

export interface RacerData {
	readonly dir: string;
	/** As the store's own program has it. */
	readonly nowMs: number;
	readonly race: Race;
	readonly tries: number;
	/** One number: threads wait here until it is 1. */
	readonly gate: Int32Array;
}

const { dir, nowMs, race, tries, gate } = workerData as RacerData;
const clock = { ...createSystemClock(), nowMs: () => nowMs };
const log = createMemoryLog();
const store = openSiteStore({ dir, nowMs: clock.nowMs, log });
/** The race is for the rows, not for the processor. */
const hasher: PasswordHasher = { hash: async () => 'hash', verify: async () => 'match', outdated: () => false };
const operators = createOperators({ store, clock, log, newId: randomUUID, journalGrew: () => undefined, hasher });
const BY_THE_MACHINE = { operatorId: null, access: null };

async function attempt(n: number): Promise<string> {
	if (race.kind === 'claim') {
		const person = { email: `${randomUUID()}@example.org`, name: 'Claimant', password: 'heron lifts the gate' };
		return (await operators.claim({ ...person, code: race.code, remoteAddress: `10.0.0.${n}` })).result;
	}
	if (race.kind === 'login') {
		const asked = { email: race.email, password: 'x', remoteAddress: `10.0.0.${n}` };
		return (await operators.login(asked)).result;
	}
	const { administration } = operators;
	const id = race.operatorIds[n % race.operatorIds.length] ?? '';
	const ways = [
		() => administration.remove(id, BY_THE_MACHINE),
		() => administration.deactivate(id, BY_THE_MACHINE, { endLogins: true }),
		() => administration.update(id, { roles: [{ roleId: 'reception', scope: 'site' }] }, BY_THE_MACHINE),
		() => administration.update(id, { denials: [{ permission: 'lanes:vend', scope: 'site' }] }, BY_THE_MACHINE),
	];
	return ways[n % ways.length]?.().result ?? '';
}

parentPort?.postMessage('ready');
Atomics.wait(gate, 0, 0);
const results: string[] = [];
for (let n = 0; n < tries; n++) results.push(await attempt(n));
store.close();
parentPort?.postMessage(results);
