const FIRST_MS = 1_000;
const MAXIMUM_MS = 300_000;

/**
 * Full jitter: anywhere between 1 s and a bound that doubles with every attempt up to 5 minutes, so that a
 * thousand sites do not come back at once.
 *
 * @param attempt failed attempts before this wait, from 0
 * @param jitter 0 ≤ jitter < 1
 */
export function backOffMs(attempt: number, jitter: number): number {
	const bound = Math.min(MAXIMUM_MS, FIRST_MS * 2 ** Math.min(attempt + 1, 16));
	return Math.round(FIRST_MS + jitter * (bound - FIRST_MS));
}
