import { LIMITS } from '../gateway/core/limits.ts';

/** A replugged adapter must work again within 5 s: what is missing is looked for often, it costs one stat. */
const MISSING_RETRY_MS = 1_000;
const FIRST_RETRY_MS = 250;

/** Why a line is not open; `failures` in a row of that kind, from 1. */
export type LineTrouble = { readonly kind: 'missing' } | { readonly kind: 'failing'; readonly failures: number };

/**
 * How long to wait before the next try to open a port: about a second for a path where nothing is,
 * else doubling up to LIMITS.reopenDelayMs. Half of it is chance, so that lines do not try in step.
 * @param random [0, 1)
 */
export function decideReopenDelay(trouble: LineTrouble, random: () => number): number {
	if (trouble.kind === 'missing') return MISSING_RETRY_MS * (0.9 + 0.2 * random());
	const fullMs = Math.min(LIMITS.reopenDelayMs, FIRST_RETRY_MS * 2 ** (trouble.failures - 1));
	return fullMs * (0.5 + 0.5 * random());
}
