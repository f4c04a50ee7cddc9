/** Bounds of reports and what is signed, each with its reason; part of LIMITS. */
export const REPORT_LIMITS = {
	/** Checks of one hand-over, and how long each may be: a sheet of paper. */
	handOverChecks: 40,
	handOverCheckLength: 200,
	handOverRemarksLength: 4_000,
	/** People who sign one hand-over: both sides, each with a witness. */
	handOverSignatures: 4,
	signerNameLength: 120,
	/** A signature on a pad: a dozen lines of some hundred points; form and store stay small. */
	signatureStrokes: 100,
	signaturePoints: 3_000,
	/** Hand-overs kept: every lane and device of the largest site for years. */
	handOvers: 10_000,
	/** PDF files that wait for the one thread that makes them. */
	pdfsWaiting: 8,
} as const;
