import type { Clock } from '../../core/clock.ts';
import type { AuditEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import { ROLES } from '../../core/permission.ts';
import type { OperatorRow } from '../../store/operators.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { Operator } from '../operators.ts';
import type { BackOff } from './back-off.ts';
import type { PasswordHasher } from './password-hash.ts';

export interface OperatorsDeps {
	readonly store: Pick<SiteStore, 'operators' | 'journal' | 'transaction'>;
	/** The journal grew: sync may send. */
	readonly journalGrew: () => void;
	readonly clock: Clock;
	readonly newId: () => string;
	readonly log: Log;
	/** Argon2id with today's settings unless given. */
	readonly hasher?: PasswordHasher;
}

/** What claiming and signing in share. */
export interface OperatorsParts extends OperatorsDeps {
	readonly hasher: PasswordHasher;
	readonly backOff: BackOff;
	readonly audit: AuditTrail;
}

export interface AuditTrail {
	/** Joins the transaction around it; whoever commits calls `journalGrew`. */
	write(action: 'claim' | 'login' | 'logout', operatorId: string, remoteAddress: string | null): void;
	/** Commits by itself. `targetId`: the account that was tried, null when there is none. The text tried is not kept: it may be a password. */
	writeRefusal(action: 'loginRefused' | 'claimRefused', targetId: string | null, remoteAddress: string): void;
}

export function createAuditTrail({ store, clock, newId, journalGrew }: OperatorsDeps): AuditTrail {
	const refusals = createHourlyAllowance(clock);
	const append = (entry: Pick<AuditEntry, 'operatorId' | 'action' | 'target' | 'detail'>) =>
		store.journal.append({ type: 'audit', class: 'audit', id: newId(), atMs: clock.nowMs(), ...entry });
	return {
		write: (action, operatorId, remoteAddress) =>
			append({ operatorId, action, target: operatorId, detail: { remoteAddress } }),
		writeRefusal(action, target, remoteAddress) {
			const notWritten = refusals.take();
			if (notWritten === undefined) return;
			append({ operatorId: null, action, target, detail: { remoteAddress, notWrittenBefore: notWritten } });
			journalGrew();
		},
	};
}

/** @returns how many were turned away since the last that was let through; undefined: this one is turned away too. */
function createHourlyAllowance(clock: Clock): { take(): number | undefined } {
	let startedMs = Number.NEGATIVE_INFINITY;
	let used = 0;
	let turnedAway = 0;
	return {
		take() {
			if (clock.monotonicMs() - startedMs >= 3_600_000) {
				startedMs = clock.monotonicMs();
				used = 0;
			}
			if (used >= LIMITS.loginRefusalsPerHour) {
				turnedAway += 1;
				return undefined;
			}
			used += 1;
			const before = turnedAway;
			turnedAway = 0;
			return before;
		},
	};
}

/** undefined: a role this version does not know may do nothing. */
export function operatorOf(row: OperatorRow): Operator | undefined {
	const role = ROLES.find((known) => known === row.role);
	if (role === undefined) return undefined;
	const language = (['en', 'fr', 'nl'] as const).find((known) => known === row.language) ?? null;
	return { id: row.id, email: row.email, name: row.name, role, language };
}

/** Told to those whom the hashing queue turns away, s. */
export const BUSY_RETRY_S = 2;
