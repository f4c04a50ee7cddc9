/** Bounds of maintenance; part of LIMITS. */
export const MAINTENANCE_LIMITS = {
	/** Kept at once: thirty a day for nine years. */
	interventions: 100_000,
	/** After they were closed: what was done to a device is asked about for its life. */
	interventionKeptMs: 10 * 366 * 86_400_000,
	interventionTitleLength: 200,
	/** A description, or one comment. */
	interventionTextLength: 4_000,
	/** Who works on one. */
	interventionPeople: 20,
	interventionParts: 100,
	partQuantity: 100_000,
	/** Changes and comments of one, all kept. */
	interventionEntries: 2_000,
	/** Longest planned time: those that may run on a day are looked for among what began within it. */
	interventionPlanMs: 31 * 86_400_000,
	/** How far from today anything is planned. */
	interventionAheadMs: 5 * 366 * 86_400_000,
	interventionPhotos: 20,
	/** A photo as a phone sends it, and the longer side that is kept of it. */
	photoBytes: 16_777_216,
	photoSidePx: 2_048,
	/** Photos in memory on their way in. */
	photosWaiting: 4,
	/** Of all photos: some 500 kB each as they are kept. */
	photoStoreBytes: 2_147_483_648,
	photoStoreImages: 5_000,
	/** After their intervention was closed; as long as changes of the directory. */
	photoKeptMs: 400 * 86_400_000,
	/** Ended in one transaction. */
	maintenanceSlice: 40,
	/** People that can be put on an intervention, days of one roster, and interventions it looks at. */
	rosterPeople: 500,
	rosterDays: 31,
	rosterInterventions: 2_000,
} as const;
