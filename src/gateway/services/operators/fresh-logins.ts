import type { LoginSessionRow } from '../../store/login-sessions.ts';
import type { OperatorState } from '../../store/operators.ts';
import type { LoginRules } from './login-rules.ts';

/** By the wall clock, since a login outlives a restart. */
export function isFresh(
	{ lastSeenAtMs, createdAtMs }: LoginSessionRow,
	{ idleMs, absoluteMs }: LoginRules,
	nowMs: number,
): boolean {
	return nowMs - lastSeenAtMs < idleMs && nowMs - createdAtMs < absoluteMs;
}

/** Whose logins go on: who is deactivated keeps the one they have, but gets no other. */
export const LIVE: ReadonlySet<OperatorState> = new Set(['active', 'inactive']);
