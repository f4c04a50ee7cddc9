/** Bounds of reports and what is signed, each with its reason; part of LIMITS. */
export const REPORT_LIMITS = {
	/** Charges whose place among the scopes is looked up in one turn, and all of one page: some ms each, a second together. */
	chargesPlaced: 100,
	chargesLookedAt: 10_000,
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
	/** Campaigns of a site, and rights in one: people look through both. */
	campaigns: 500,
	campaignRights: 1_000,
	campaignNameLength: 120,
	/** Stays that one count of a campaign looks through: a year of a busy site, in slices between the lanes' work. */
	campaignStays: 200_000,
	/** Of a campaign that goes on, a count is told for this long before it is counted anew. */
	campaignCountedMs: 60_000,
	/** Leads kept: beyond, a site wants a program for customers. */
	leads: 10_000,
	/** Shown beside the intervention they came from. */
	leadsOfIntervention: 20,
	leadTextLength: 200,
	leadMessageLength: 2_000,
	/** A lead ends after this time, or the longer one that whoever it is about agreed to. */
	leadKeptMs: 90 * 86_400_000,
	leadKeptAgreedMs: 730 * 86_400_000,
	/** Rows counted together: a few ms between the lanes' own transactions. */
	analyticsSlice: 60,
	/** Longest time that is shown by hours, and by days: some thousand counts each. */
	analyticsHoursDays: 31,
	analyticsDays: 1_100,
	/** PDF files that wait for the one thread that makes them. */
	pdfsWaiting: 8,
} as const;
