/** Bounds of what people see and do of their own; see `LIMITS`. */
export const OWN_ACCESS_LIMITS = {
	/** Rights of one person that are shown to them: a page that can be read, and some reads for each. */
	ownRights: 50,
	/** Others who share places: more are told as so many and more. */
	ownSharersCounted: 100,
	/** Bookings to come that one makes for oneself: every working day of a quarter. */
	ownBookings: 60,
	ownBookingsShown: 100,
	/** Free spaces that are offered at once: a list that a phone still scrolls. */
	spacesOffered: 300,
	ownChargesShown: 50,
	/** Guests of one person at the same time, for how long and how far ahead, at most what a site may allow. */
	ownVisits: 20,
	ownVisitHours: 14 * 24,
	ownVisitDaysAhead: 366,
	/** Guests of one person, over or not, that are looked through. */
	ownVisitsShown: 200,
	/** A picture of oneself as a phone sends it, its side as it is kept, and what that may take: 96 px at twice the density. */
	portraitBytes: 16_777_216,
	portraitSidePx: 192,
	portraitStoredBytes: 65_536,
	/** Pictures of operators in the store: some 10 kB each, in every backup. */
	portraits: 5_000,
	/** Pictures waiting to be looked at: each holds what was sent. */
	portraitsWaiting: 4,
} as const;
