import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AuditEntry } from '../../src/gateway/core/journal.ts';
import { createPasswordHasher, type PasswordHasher } from '../../src/gateway/services/operators/password-hash.ts';
import { createOperators, type Operators } from '../../src/gateway/services/operators.ts';
import { openSiteStore, type SiteStore } from '../../src/gateway/store/site-store.ts';
import { createMemoryLog, type MemoryLog } from './memory-log.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** The operators service on a real store in a directory of its own. */
export interface OperatorsBench {
	readonly dir: string;
	readonly store: SiteStore;
	readonly clock: VirtualClock;
	readonly log: MemoryLog;
	readonly operators: Operators;
	/** The journal's end each time sync was told that it grew. */
	readonly grown: readonly number[];
	/** Adds an operator without the claim; the password is PASSWORD. */
	addOperator(operator: { email: string; role: string }): Promise<string>;
	audits(): readonly AuditEntry[];
	close(): void;
}

export const PASSWORD = 'heron lifts the gate';

let passwordHash: Promise<string | undefined> | undefined;

/** The real one, that looks at each right password once: people sign in for nearly every test, and hashing is slow by design. */
export const rememberingHasher = remember(createPasswordHasher());

function remember(hasher: PasswordHasher): PasswordHasher {
	const matching = new Set<string>();
	return {
		...hasher,
		async verify(password, stored) {
			const pair = JSON.stringify([password, stored]);
			if (matching.has(pair)) return 'match';
			const verified = await hasher.verify(password, stored);
			if (verified === 'match') matching.add(pair);
			return verified;
		},
	};
}

export function createOperatorsBench(): OperatorsBench {
	const dir = mkdtempSync(path.join(tmpdir(), 'parkgate-operators-'));
	const clock = createVirtualClock();
	const log = createMemoryLog();
	const store = openSiteStore({ dir, nowMs: clock.nowMs, log });
	const grown: number[] = [];
	const operators = createOperators({
		store,
		clock,
		log,
		newId: randomUUID,
		journalGrew: () => grown.push(store.journal.lastSeq()),
		hasher: rememberingHasher,
	});
	return {
		dir,
		store,
		clock,
		log,
		operators,
		grown,
		addOperator: (operator) => addOperator(store, clock.nowMs(), operator),
		audits: () => store.journal.after(0, 10_000).flatMap(({ entry }) => (entry?.type === 'audit' ? [entry] : [])),
		close() {
			store.close();
			rmSync(dir, { recursive: true });
		},
	};
}

/** Without the claim; the password is PASSWORD. @returns the id. */
export async function addOperator(
	store: SiteStore,
	createdAtMs: number,
	{ email, role }: { email: string; role: string },
): Promise<string> {
	passwordHash ??= rememberingHasher.hash(PASSWORD);
	const hash = await passwordHash;
	if (hash === undefined) throw new Error('the password was not hashed');
	const id = randomUUID();
	const row = { id, email, name: `The ${role}`, role, language: null, passwordHash: hash, createdAtMs };
	if (!store.operators.addOperator(row)) throw new Error(`${email} is taken`);
	return id;
}
