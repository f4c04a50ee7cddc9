/** Bounds of reads, keypads, keys and alarms of readers; part of LIMITS. */
export const READER_LIMITS = {
	/** Raw bytes kept with a read for diagnosis. */
	rawReadBytes: 256,
	/** Distinct tags and plates collected in one identification. */
	readsPerIdentification: 8,
	/** Tags that were not there before, of one reader: no lane sees more in its field, nor more come by in a second. */
	newTagsAtOnce: 200,
	newTagsPerSecond: 10,
	/** Reads kept of each device for a technician who looks, in memory. */
	recentReads: 100,
	/** … and for no longer than a long weekend: plates are personal data. */
	recentReadsMs: 3 * 24 * 3_600_000,
	/** Reads of before (a camera's list of a day): how many wait to be journalled, and how many one commit takes beside the lanes'. */
	historicalReadsWaiting: 5_000,
	historicalReadsPerCommit: 100,
	/** Digits of a PIN: fewer are found by trying, more nobody remembers. */
	pinDigitsFewest: 4,
	pinDigitsMost: 12,
	/** Who stops pressing keys for this long has gone; the next key begins anew. */
	pinIdleMs: 10_000,
	/** PINs of nobody's in a row at one keypad, after which it rests: a million would take months. */
	pinTries: 5,
	pinRestMs: 60_000,
	/** Where a lane asks for tag and PIN, the second may come this long after the first. */
	pinWindowMs: 20_000,
	/** A device may be given its key this long after a person said so (issue 6). */
	keyWindowMs: 600_000,
	/** One alarm of a device is recorded once in this time, however often it comes and goes. */
	deviceAlarmQuietMs: 600_000,
} as const;
