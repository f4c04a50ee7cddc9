/** The standard's: a reader answers within this. */
const REPLY_MS = 200;
/** An answer this long after it was given up is still known as that. */
const KNOWN_MS = 2_000;
/** A reader whose answers come late (a slow converter, a busy machine) is waited for by so much longer than it needed … */
const TO_SPARE_MS = 60;
/** … at most by this. */
const MOST_PATIENCE_MS = 800;

/** How long each reader's answer is waited for; the place on the bus names the reader. Pure: time is input, monotonic ms. */
export interface LateReplies {
	replyMs(reader: number): number;
	/** Nothing came: it is waited for less the next time. */
	gaveUp(reader: number, nowMs: number): void;
	/** An answer that nobody waits for. @returns whether it is one that was given up */
	came(reader: number, nowMs: number): boolean;
	forget(): void;
}

export function createLateReplies(readers: number): LateReplies {
	const patienceMs = Array.from({ length: readers }, () => 0);
	const gaveUpMs = Array.from({ length: readers }, () => Number.NEGATIVE_INFINITY);
	const patienceWith = (reader: number) => patienceMs[reader] ?? 0;
	return {
		replyMs: (reader) => REPLY_MS + patienceWith(reader),
		gaveUp(reader, nowMs) {
			gaveUpMs[reader] = nowMs;
			patienceMs[reader] = Math.floor(patienceWith(reader) / 2);
		},
		came(reader, nowMs) {
			const lateMs = nowMs - (gaveUpMs[reader] ?? Number.NEGATIVE_INFINITY);
			if (lateMs > KNOWN_MS) return false;
			patienceMs[reader] = Math.min(MOST_PATIENCE_MS, 2 * patienceWith(reader) + lateMs + TO_SPARE_MS);
			return true;
		},
		forget() {
			patienceMs.fill(0);
			gaveUpMs.fill(Number.NEGATIVE_INFINITY);
		},
	};
}
