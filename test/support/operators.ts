import { argon2, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { AuditEntry } from '../../src/gateway/core/journal.ts';
import type { OperatorsDeps } from '../../src/gateway/services/operators/operators-deps.ts';
import { createPasswordHasher, type PasswordHasher } from '../../src/gateway/services/operators/password-hash.ts';
import type { DeriveAsk } from '../../src/gateway/services/operators/password-thread.ts';
import { createOperators, type LoginRules, type Operators } from '../../src/gateway/services/operators.ts';
import type { OperatorRow } from '../../src/gateway/store/operators.ts';
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
	addOperator(operator: AddedOperator): Promise<string>;
	audits(): readonly AuditEntry[];
	close(): void;
}

export interface AddedOperator {
	readonly email: string;
	readonly role: string;
	/** What the role is for; the whole site when left out. */
	readonly scope?: string;
}

export const PASSWORD = 'heron lifts the gate';

let passwordHash: Promise<string | undefined> | undefined;

const argon2id = promisify(argon2);

/** In this process: the gateway's thread gives way to everything else, and tests keep a machine busy. */
const here = {
	derive: ({ memoryKib: memory, lanes: parallelism, tagBytes: tagLength, ...ask }: DeriveAsk) =>
		argon2id('argon2id', { ...ask, memory, parallelism, tagLength }),
};

/** The real one, that looks at each right password once: people sign in for nearly every test, and hashing is slow by design. */
export const rememberingHasher = remember(createPasswordHasher(here));

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

/** Logins beside each other are allowed, as many tests look at a site through several at once. */
export function createOperatorsBench({ rules = SEVERAL, ...options }: BenchOptions = {}): OperatorsBench {
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
		...options,
	});
	allowSeveral(store, rules);
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

type BenchOptions = Pick<
	OperatorsDeps,
	| 'places'
	| 'knowsRecord'
	| 'seats'
	| 'licenceKinds'
	| 'clockTrust'
	| 'consoleAddress'
	| 'portrait'
	| 'hasher'
	| 'codeMails'
> & {
	/** null: those of a new site. */
	readonly rules?: Partial<LoginRules> | null;
};

const SEVERAL: Partial<LoginRules> = { secondLogin: 'allow' };

/** As an administrator sets them, without the line in the journal. */
export function allowSeveral(store: SiteStore, rules: Partial<LoginRules> | null = SEVERAL): void {
	if (rules !== null) store.settings.set('loginRules', JSON.stringify(rules));
}

/** As it is stored; who has this password's hash never signs in. */
export function operatorRow(operator: Pick<OperatorRow, 'id' | 'email' | 'name'>): OperatorRow {
	return {
		...{ ...operator, language: null, state: 'active', passwordHash: 'x', passwordOnce: false },
		...{ createdAtMs: 0, lastLoginAtMs: null, version: 1 },
	};
}

/** Without the claim; the password is PASSWORD. @returns the id. */
export async function addOperator(
	store: SiteStore,
	createdAtMs: number,
	{ email, role, scope = 'site' }: AddedOperator,
): Promise<string> {
	passwordHash ??= rememberingHasher.hash(PASSWORD);
	const hash = await passwordHash;
	if (hash === undefined) throw new Error('the password was not hashed');
	const id = randomUUID();
	const row = { ...operatorRow({ id, email, name: `The ${role}` }), passwordHash: hash, createdAtMs };
	if (!store.operators.addOperator(row)) throw new Error(`${email} is taken`);
	store.operators.setRoles(id, [{ roleId: role, scope }]);
	return id;
}
