import { createHash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { Clock } from '../../gateway/core/clock.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import { type HttpContext, requireLogin } from './login-context.ts';
import { problem } from './problem.ts';

/** Headers of a POST that may be sent again: the same key gets the first answer, and nothing happens twice. */
export const idempotencyHeaders = z.object({
	'idempotency-key': z
		.string()
		.min(1)
		.max(128)
		.regex(/^[\x21-\x7e]+$/, 'printable ASCII without spaces')
		.optional()
		.openapi({
			description: 'Chosen by the sender, new for every intention; kept for an hour',
			example: '6f1c1f0e-vend',
		}),
});

/** Remembers what a key was answered with; a second request with the key waits for the first and gets its answer. */
export interface Idempotency {
	run(
		c: HttpContext,
		request: { key: string | undefined; body: unknown },
		act: () => Promise<Response>,
	): Promise<Response>;
}

interface Kept {
	readonly fingerprint: string;
	readonly expiresMonotonicMs: number;
	readonly answer: Promise<Response>;
}

/** Kept in memory: after a restart a key is new. Bounded by LIMITS.idempotencyKeys, the oldest forgotten first. */
export function createIdempotency(clock: Clock): Idempotency {
	const kept = new Map<string, Kept>();
	const forget = () => {
		const now = clock.monotonicMs();
		for (const [name, { expiresMonotonicMs }] of kept) {
			if (expiresMonotonicMs > now && kept.size <= LIMITS.idempotencyKeys) return;
			kept.delete(name);
		}
	};
	return {
		async run(c, { key, body }, act) {
			if (key === undefined) return act();
			forget();
			const name = JSON.stringify([requireLogin(c).operator.id, c.req.method, c.req.path, key]);
			const fingerprint = createHash('sha256').update(JSON.stringify(body)).digest('base64');
			const earlier = kept.get(name);
			if (earlier !== undefined && earlier.fingerprint !== fingerprint) {
				return problem(c, {
					status: 422,
					code: 'CONFLICT',
					detail: 'This Idempotency-Key was used for another request; send a new key for a new intention.',
				});
			}
			if (earlier !== undefined) return (await earlier.answer).clone();
			const answer = act();
			const expiresMonotonicMs = clock.monotonicMs() + LIMITS.idempotencyKeptMs;
			kept.set(name, { fingerprint, expiresMonotonicMs, answer });
			// What threw is no answer: the sender may try again with the same key.
			answer.catch(() => kept.delete(name));
			return (await answer).clone();
		},
	};
}
