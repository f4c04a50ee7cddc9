const SHORTEST_MS = 100;
const LONGEST_MS = 3_000;

/** Why no barrier wants a pulse of this length: shorter ones are not seen by its control, longer ones hold it open. */
export function pulseLengthProblem(durationMs: number): string | undefined {
	if (durationMs >= SHORTEST_MS && durationMs <= LONGEST_MS) return undefined;
	return `a pulse of ${durationMs} ms is not between ${SHORTEST_MS} and ${LONGEST_MS}`;
}
