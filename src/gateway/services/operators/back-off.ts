import { isIPv6 } from 'node:net';
import type { Clock } from '../../core/clock.ts';
import { LIMITS } from '../../core/limits.ts';

/**
 * Slows guessing: failed tries of one account and of one address make the next ones wait, longer each time.
 * Nobody is locked out for good: an account's wait is short, and from an address where its owner signed in
 * before only the tries from there count, since such an address may be shared.
 */
export interface BackOff {
	/** Counts the try as failed until `succeed`, so that many at once are not all free. @returns seconds to wait; 0: go on. */
	begin(attempt: Attempt): number;
	/** The try was right: its account and address start anew. */
	succeed(attempt: Attempt): void;
	/** The try was never looked at, so it was no guess. */
	withdraw(attempt: Attempt): void;
}

export interface Attempt {
	/** E-mail address, or another name of what is guessed at. */
	readonly account: string;
	readonly remoteAddress: string;
}

interface Failures {
	readonly count: number;
	readonly lastMonotonicMs: number;
}

export function createBackOff(clock: Clock): BackOff {
	const failures = new Map<string, Failures>();
	const trusted = new Map<string, true>();

	function waitMs(key: string, longestMs: number): number {
		const found = failures.get(key);
		if (found === undefined || found.count < LIMITS.loginFreeTries) return 0;
		const sinceMs = clock.monotonicMs() - found.lastMonotonicMs;
		if (sinceMs >= LIMITS.loginFailuresForgottenMs) return 0;
		const delayMs = Math.min(1_000 * 2 ** (found.count - LIMITS.loginFreeTries), longestMs);
		return Math.max(0, delayMs - sinceMs);
	}

	function add(key: string, difference: 1 | -1): void {
		const now = clock.monotonicMs();
		const found = failures.get(key);
		const forgotten = found === undefined || now - found.lastMonotonicMs >= LIMITS.loginFailuresForgottenMs;
		const count = Math.max(0, (forgotten ? 0 : found.count) + difference);
		failures.delete(key);
		if (count > 0) failures.set(key, { count, lastMonotonicMs: now });
		trim(failures);
	}

	return {
		begin(attempt) {
			const { account, address, pair } = keysOf(attempt);
			const accountMs = waitMs(trusted.has(pair) ? pair : account, LIMITS.accountBackOffMs);
			const wait = Math.max(accountMs, waitMs(address, LIMITS.loginBackOffMs));
			if (wait > 0) return Math.ceil(wait / 1_000);
			for (const key of [account, address, pair]) add(key, 1);
			return 0;
		},
		succeed(attempt) {
			const { account, address, pair } = keysOf(attempt);
			for (const key of [account, address, pair]) failures.delete(key);
			trusted.delete(pair);
			trusted.set(pair, true);
			trim(trusted);
		},
		withdraw(attempt) {
			const { account, address, pair } = keysOf(attempt);
			for (const key of [account, address, pair]) add(key, -1);
		},
	};
}

function keysOf({ account, remoteAddress }: Attempt): { account: string; address: string; pair: string } {
	const name = `account ${account.trim().toLowerCase()}`;
	const address = `address ${network(remoteAddress)}`;
	return { account: name, address, pair: `pair ${address} ${name}` };
}

/** One IPv6 host owns at least a /64 (RFC 6177), so its addresses count as one. */
function network(remoteAddress: string): string {
	const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(remoteAddress)?.[1];
	if (mapped !== undefined) return mapped;
	const plain = remoteAddress.split('%')[0] ?? '';
	if (!isIPv6(plain)) return remoteAddress;
	const [head = '', tail] = plain.split('::');
	const before = head === '' ? [] : head.split(':');
	const after = tail === undefined || tail === '' ? [] : tail.split(':');
	const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
	return [...before, ...zeros, ...after].slice(0, 4).join(':');
}

/** A Map keeps its order of insertion: the first are the oldest. */
function trim(map: Map<string, unknown>): void {
	for (const key of map.keys()) {
		if (map.size <= LIMITS.loginFailuresKept) return;
		map.delete(key);
	}
}
