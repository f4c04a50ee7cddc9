/** Bounds of what cameras post; part of LIMITS. */
export const PUSH_LIMITS = {
	/** Camera pushes: two 1 MB pictures and the text. */
	ingestBodyBytes: 4_194_304,
	/** Bodies being received from all cameras together: a flood ends here, not in the memory of the lanes. */
	ingestBufferedBytes: 67_108_864,
	/** Camera connections at once, in all and from one address (a recorder forwards for many cameras). */
	ingestConnections: 128,
	ingestConnectionsPerAddress: 32,
	/** Of all addresses together that `ingest.allow` does not name: enough to tell them 403. */
	ingestStrangerConnections: 8,
	/** Request line and headers of a camera; real ones stay under 1 kB. */
	ingestHeaderBytes: 16_384,
	/** Headers, a whole request, silence within one, and an idle kept-alive connection: a slow sender frees its place. */
	ingestHeadersMs: 10_000,
	ingestRequestMs: 30_000,
	ingestSilenceMs: 10_000,
	ingestKeepAliveMs: 30_000,
	/** How long the rest of a refused body is read and dropped, so that the camera gets the answer before the end of the connection. */
	ingestLingerMs: 2_000,
	/** Wrong credentials from one address within a minute; then 429 until it has passed. */
	ingestFailuresPerMinute: 30,
	/** Life of a digest nonce, and how many used ones are remembered for each camera (RFC 7616 replay). */
	digestNonceMs: 300_000,
	digestNonces: 32,
	/** Parts of one multipart push, texts among them, and size, tags and nesting of a text: cameras send 4 parts, one text of 2 to 8 kB, 400 tags, 6 levels. */
	pushParts: 32,
	pushTexts: 4,
	pushTextBytes: 65_536,
	pushTags: 2_048,
	pushNesting: 16,
	/** Values of one JSON push, and events in one list: cameras send up to 2,000 values, agents some events at once. */
	pushJsonItems: 20_000,
	pushBatch: 16,
	/** How long a camera whose answer opens waits for it: over 2 s it gives up and sends again. */
	heldAnswerMs: 500,
	/** Answers of one camera waiting at once. */
	heldAnswers: 4,
	/** How long an answer that opens may be on its way: under the camera's patience. */
	heldReceiptMs: 1_000,
	/** What a device that is asked may answer, how long it may take, and elements of a list in XML: 500 plates have 5,000. */
	deviceAnswerBytes: 1_048_576,
	deviceAnswerMs: 10_000,
	listedTags: 32_768,
	/** Pictures kept with one read, and the largest of them. */
	evidenceImages: 4,
	evidenceImageBytes: 2_097_152,
	/** Events of one camera remembered to recognise one that is sent again. */
	pushDedupeKeys: 512,
} as const;
