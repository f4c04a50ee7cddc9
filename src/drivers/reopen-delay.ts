import { LIMITS } from '../gateway/core/limits.ts';

/** A replugged adapter must work again within 5 s: what is missing is looked for often, it costs one stat. */
const MISSING_RETRY_MS = 1_000;
const FIRST_RETRY_MS = 250;
/** A loose plug: the line does open, and a long wait after its last loss would outlast the repair. */
const LONGEST_LOST_RETRY_MS = 2_000;

/**
 * Why a line is not open. `missing`: nothing is at its path. `lost`: it was open. `failing`: it does not
 * open, or its driver throws. `times` in a row, from 1.
 */
export interface LineTrouble {
	readonly kind: 'missing' | 'lost' | 'failing';
	readonly times: number;
}

/** The same trouble again counts up, another one begins anew. */
export function nextTrouble(before: LineTrouble | undefined, kind: LineTrouble['kind']): LineTrouble {
	return { kind, times: before?.kind === kind ? before.times + 1 : 1 };
}

/**
 * How long to wait before the next try to open a port: about a second for a path where nothing is,
 * else doubling, for a port that fails up to LIMITS.reopenDelayMs. Half of it is chance, so that lines
 * do not try in step.
 * @param random [0, 1)
 */
export function decideReopenDelay({ kind, times }: LineTrouble, random: () => number): number {
	if (kind === 'missing') return MISSING_RETRY_MS * (0.9 + 0.2 * random());
	const longestMs = kind === 'lost' ? LONGEST_LOST_RETRY_MS : LIMITS.reopenDelayMs;
	return Math.min(longestMs, FIRST_RETRY_MS * 2 ** (times - 1)) * (0.5 + 0.5 * random());
}
