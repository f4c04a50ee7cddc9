/** Bounds of evidence images; part of LIMITS. What one push may bring stands in `push-limits.ts`. */
export const EVIDENCE_LIMITS = {
	/** Decoded size: twice the 12 megapixels of the largest plate cameras, some 75 MB while it is looked at. */
	evidencePixels: 25_000_000,
	/** Longer side of the small picture that lists show. */
	evidenceThumbnailPx: 320,
	/** One picture takes some 20 ms; what takes this long is made to. */
	evidenceTreatMs: 10_000,
	/** Pictures, and their bytes, that wait to be looked at: a burst at every lane. More are not kept, and counted. */
	evidenceWaiting: 128,
	evidenceWaitingBytes: 67_108_864,
	/** Rows written in one commit, and how long one waits for others: reads go on meanwhile. */
	evidenceWrittenTogether: 32,
	evidenceWriteMs: 500,
	/** A read waits this long for its decision before it is written without one. */
	evidenceDecisionMs: 5_000,
	/** A plate that a camera tells again belongs to the decision just made for this long. */
	evidenceRepeatMs: 30_000,
	/** Reads with pictures that wait at one lane for their decision. */
	evidenceReadsAtLane: 16,
	/** Most that can be configured: two years of a busy site. */
	evidenceStoreBytes: 1_099_511_627_776,
	evidenceStoreImages: 1_000_000,
	/** Room that pictures leave on the disk: twice what telemetry does, which leaves it to decisions. */
	diskForEvidenceBytes: 536_870_912,
	/** Rows looked at for one page of pictures, or ended in one transaction: a few ms. */
	evidenceLookedAt: 1_000,
	evidenceEndedTogether: 40,
	/** Parts of one picture that are blurred together, and of what is shown of one. */
	evidenceAreas: 20,
	evidenceReadsShown: 8,
	/** Pictures that are held at once. */
	evidenceHolds: 5_000,
} as const;
