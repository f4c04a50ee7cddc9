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
	/** Of the answer's body, once it is known. */
	bodyBytes: number;
}

/** Kept in memory: after a restart a key is new. Bounded in number and in bytes (LIMITS), the oldest forgotten first. */
export function createIdempotency(clock: Clock): Idempotency {
	const kept = new Map<string, Kept>();
	let keptBytes = 0;
	function forget(name: string, { bodyBytes }: Kept): void {
		kept.delete(name);
		keptBytes -= bodyBytes;
	}
	function forgetOldest(): void {
		const now = clock.monotonicMs();
		for (const [name, one] of kept) {
			const isWithin = kept.size <= LIMITS.idempotencyKeys && keptBytes <= LIMITS.idempotencyBytes;
			if (one.expiresMonotonicMs > now && isWithin) return;
			forget(name, one);
		}
	}
	async function weigh(name: string, one: Kept): Promise<void> {
		const body = await (await one.answer).clone().arrayBuffer();
		if (kept.get(name) !== one) return;
		one.bodyBytes = body.byteLength;
		keptBytes += body.byteLength;
		forgetOldest();
	}
	return {
		async run(c, { key, body }, act) {
			if (key === undefined) return act();
			forgetOldest();
			// A token sees less than its owner, and is answered by itself.
			const { id, operator, program } = requireLogin(c);
			const name = JSON.stringify([program === undefined ? operator.id : id, c.req.method, c.req.path, key]);
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
			const one: Kept = { fingerprint, expiresMonotonicMs, answer, bodyBytes: 0 };
			kept.set(name, one);
			// What threw is no answer: the sender may try again with the same key.
			weigh(name, one).catch(() => forget(name, one));
			return (await answer).clone();
		},
	};
}
