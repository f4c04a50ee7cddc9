/** Bounds of licences, each with its reason; part of LIMITS. */
export const LICENCE_LIMITS = {
	/** A product licence or park statement: a few hundred bytes of claims, a signature, and room for seats of every kind. */
	licenceDocumentBytes: 65_536,
	/** Licences and statements that central keeps for one site: one of each park and some to come. */
	sentLicenceDocuments: 200,
	/** Days of one look at the statistics of licences: ten years. */
	licenceStatisticsDays: 3_660,
} as const;
