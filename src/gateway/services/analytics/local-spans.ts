/** Where hours and days of a site begin. */
export interface LocalSpans {
	/** Beginning of the hour, and of the day, in which a moment lies; UTC epoch ms. */
	of(atMs: number): { readonly hour: number; readonly day: number };
}

/** Hours begin with the wall clock, also where its zone is half an hour off; days may have 23 or 25 of them. */
export function createLocalSpans(timeZone: string): LocalSpans {
	let known = { hour: 0, day: 0, untilMs: 0 };
	return {
		of(atMs) {
			if (atMs < known.hour || atMs >= known.untilMs) {
				const at = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
				const hour = at.round({ smallestUnit: 'hour', roundingMode: 'floor' });
				const day = at.startOfDay();
				const untilMs = hour.add({ hours: 1 }).epochMilliseconds;
				known = { hour: hour.epochMilliseconds, day: day.epochMilliseconds, untilMs };
			}
			return known;
		},
	};
}
