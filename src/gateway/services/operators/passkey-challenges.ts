import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { LIMITS } from '../../core/limits.ts';

/**
 * What passkeys sign. A challenge carries its time and its own proof, so nobody can crowd out somebody else's by asking for
 * many, and what is for one login or one account is worth nothing in another. After a restart people begin again.
 */
export interface PasskeyChallenges {
	/** @param purpose what it is for; the same text has to be given to take it. Base64url. */
	issue(purpose: string): string;
	/** It is ours, for that, and neither too old nor used. */
	isOpen(challenge: string, purpose: string): boolean;
	/** Once what signed it was found right. @returns false: it was used before, or too many were. */
	use(challenge: string): boolean;
}

const TIME_BYTES = 8;
const NONCE_BYTES = 24;

export function createPasskeyChallenges(clock: Pick<Clock, 'monotonicMs'>): PasskeyChallenges {
	const key = randomBytes(32);
	/** With the time they were issued: only who has a passkey fills it. */
	const used = new Map<string, number>();
	const proofOf = (head: Buffer, purpose: string) => createHmac('sha256', key).update(head).update(purpose).digest();

	function issuedMs(challenge: string): number {
		return Buffer.from(challenge, 'base64url').readDoubleBE(0);
	}

	function isTooOld(atMs: number): boolean {
		const ageMs = clock.monotonicMs() - atMs;
		return ageMs < 0 || ageMs >= LIMITS.passkeyChallengeMs;
	}

	return {
		issue(purpose) {
			const head = Buffer.alloc(TIME_BYTES + NONCE_BYTES, randomBytes(TIME_BYTES + NONCE_BYTES));
			head.writeDoubleBE(clock.monotonicMs(), 0);
			return Buffer.concat([head, proofOf(head, purpose)]).toString('base64url');
		},
		isOpen(challenge, purpose) {
			const bytes = Buffer.from(challenge, 'base64url');
			// One spelling of each: base64url leaves bits over that nobody reads.
			if (bytes.toString('base64url') !== challenge || bytes.length !== TIME_BYTES + NONCE_BYTES + 32) return false;
			const head = bytes.subarray(0, TIME_BYTES + NONCE_BYTES);
			if (!timingSafeEqual(proofOf(head, purpose), bytes.subarray(head.length))) return false;
			return !isTooOld(issuedMs(challenge)) && !used.has(challenge);
		},
		use(challenge) {
			for (const [old, atMs] of used) {
				if (!isTooOld(atMs)) break;
				used.delete(old);
			}
			if (used.has(challenge) || used.size >= LIMITS.passkeyChallengesUsed) return false;
			used.set(challenge, issuedMs(challenge));
			return true;
		},
	};
}
