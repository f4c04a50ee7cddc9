/** Of RFC 3339, 5.6. */
const LAST_YEAR = 9_999;

/**
 * A moment as RFC 3339 says it, with the offset of a zone at that moment. In UTC where the zone's wall clock has no such
 * form: after the year 9999 (lists have `31/12/9999` for never), and with an offset of long ago, which has seconds.
 */
export function rfc3339(atMs: number, timeZone: string, fractionalSecondDigits: 0 | 3 | 'auto'): string {
	const instant = Temporal.Instant.fromEpochMilliseconds(atMs);
	const local = instant.toZonedDateTimeISO(timeZone);
	const isNamed = local.year >= 0 && local.year <= LAST_YEAR && local.offsetNanoseconds % 60e9 === 0;
	return isNamed
		? local.toString({ timeZoneName: 'never', fractionalSecondDigits })
		: instant.toString({ fractionalSecondDigits });
}
