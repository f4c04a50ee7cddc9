/** Bounds of cameras on this machine, and of engines that read their stills; part of LIMITS. */
export const STILL_LIMITS = {
	/** A still takes a second with the frames that are skipped; a camera that takes this long has hung. */
	stillMs: 5_000,
	/** What the program that takes it says when it fails; more is not read. */
	stillErrorBytes: 4_096,
	/** Reads within this share one still: several tags of one vehicle. */
	stillFreshMs: 1_000,
	/** A camera nobody needed for this long is asked for a still that nobody keeps, so that a dead one is noticed. */
	stillCheckMs: 300_000,
	/** Largest picture asked for, pixels along one side. */
	stillSidePx: 7_680,
	/** A tag that is told again within this of the last time still stands there: no other still. */
	stillRepeatMs: 30_000,
	/** Between two stills of one vehicle whose plate is looked for. */
	stillAgainMs: 300,
} as const;
