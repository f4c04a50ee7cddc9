/** `YYYY-MM-DD` at the site. */
export function localDay(atMs: number, timeZone: string): string {
	return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}
