/** How long each kind of personal data is kept, days; and when the night's work begins. */
export interface RetentionSettings {
	/** Reads and decisions of vehicles that nobody is known by. */
	readonly unmatchedDays: number;
	/** The access log: decisions about known holders, what followed, and everything else at the lanes. */
	readonly decisionsDays: number;
	/** Whose a stay was; that it was stays. What it cost line by line, and bookings. */
	readonly staysDays: number;
	/** Visitors after their last visit, where the site owns its directory. */
	readonly visitorsDays: number;
	/** What rows of the directory were before and after they were changed. */
	readonly editsDays: number;
	/** Evidence images, whatever their decision; of reads nobody is known by for as long as those, at most. */
	readonly imagesDays: number;
	/** States of devices. */
	readonly telemetryDays: number;
	/** Minutes after midnight, wall clock of the site. */
	readonly atMinute: number;
}

/**
 * A stranger's complaint comes within days. Disputes about a refusal or a damaged car come within weeks, and invoices
 * are quarterly; pictures, which show more than was asked, a month. Stays are asked about for half a year, who changed a right until the yearly review. Telemetry is for
 * whoever repairs a device.
 */
export const DEFAULT_RETENTION: RetentionSettings = {
	unmatchedDays: 7,
	decisionsDays: 90,
	staysDays: 180,
	visitorsDays: 90,
	editsDays: 400,
	imagesDays: 30,
	telemetryDays: 30,
	atMinute: 150,
};

/** Kinds of journal rows that end; sign-ins and what operators did (`audit`) are kept. */
export const RETAINED_KINDS = ['telemetry', 'unmatched', 'decisions', 'edits'] as const;
export type RetainedKind = (typeof RETAINED_KINDS)[number];

/** The last moment, UTC epoch ms, at which the night's work had to begin. Days of 23 and 25 hours have one each. */
export function lastNight(nowMs: number, atMinute: number, timeZone: string): number {
	const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone);
	const time = { hour: Math.floor(atMinute / 60), minute: atMinute % 60, second: 0, millisecond: 0 };
	// The earlier of two such moments, the later where there is none (RFC 5545, 3.3.5).
	const at = (day: Temporal.ZonedDateTime) =>
		day.with({ ...time, microsecond: 0, nanosecond: 0 }, { offset: 'ignore' }).epochMilliseconds;
	const tonight = at(now);
	return tonight <= nowMs ? tonight : at(now.subtract({ days: 1 }));
}
