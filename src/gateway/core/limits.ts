/** Every bound of the gateway, each with its reason. */
export const LIMITS = {
	/** Inputs waiting at one lane; more means a babbling device: the oldest reads are dropped and counted, never loops or commands. */
	laneQueueLength: 256,
	/** Inputs joined in one commit: keeps the wait for a transaction under a few ms. */
	laneInputsPerCommit: 128,
	/** A barrier may open this long after its decision, never later (DOMAIN.md, life of a lane 4). */
	vendDeadlineMs: 3_000,
	/** Raw bytes kept with a read for diagnosis. */
	rawReadBytes: 256,
	/** Distinct tags and plates collected in one identification. */
	readsPerIdentification: 8,
	/** A plate longer than any issued; longer text is no plate. */
	plateLength: 16,
	/** Longest text an operator may type as a reason. */
	reasonLength: 500,
	/** A directory transaction; larger ones block the file for readers of the WAL (FIGURES.md). */
	directoryRowsPerTransaction: 500,
	/** Rows of one page of any list. */
	pageSize: 200,
	/** Longest wait between two tries to open a port. */
	reopenDelayMs: 30_000,
	/** Bodies of the API and the console's forms. */
	requestBodyBytes: 1_048_576,
	/** Camera pushes: two 1 MB pictures and the text. */
	ingestBodyBytes: 4_194_304,
	/** Pages that listen to live events at once. */
	eventStreams: 50,
	/** Events of one batch to central, and its bytes before deflation (SYNC.md). */
	batchEvents: 100,
	batchBytes: 32_768,
	/** Batches sent and not yet acknowledged by central. */
	batchWindow: 8,
} as const;
