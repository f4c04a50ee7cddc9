const DATE_TIME =
	/^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,3})\d*)?\s*(?:(Z)|([+-])(\d{1,2}):?(\d{2}))?$/i;

/**
 * The camera's `dateTime` as UTC epoch ms. Without an offset it is the camera's local time: `timeZone`
 * (IANA) says whose, and without one the moment is unknown.
 */
export function parseCameraTime(text: string | undefined, timeZone?: string): number | undefined {
	const match = DATE_TIME.exec(text?.trim() ?? '');
	if (match === null) return undefined;
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
	const millisecond = Number((match[7] ?? '').padEnd(3, '0'));
	const [zulu, sign, offsetHours, offsetMinutes] = match.slice(8);
	const isInRange = month >= 1 && month <= 12 && hour <= 23 && minute <= 59 && second <= 59;
	if (!isInRange || day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined;
	const asUtcMs = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
	if (zulu !== undefined) return asUtcMs;
	if (sign !== undefined) {
		const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
		return sign === '-' ? asUtcMs + offsetMs : asUtcMs - offsetMs;
	}
	if (timeZone === undefined) return undefined;
	const local = new Temporal.PlainDateTime(year, month, day, hour, minute, second, millisecond);
	return local.toZonedDateTime(timeZone).epochMilliseconds;
}
