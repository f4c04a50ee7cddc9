const DATE_TIME =
	/^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,3})\d*)?\s*(?:(Z)|([+-])(\d{1,2}):?(\d{2}))?$/i;
/** No camera's clock stands before or after these years; epochs in other units do. */
const EARLIEST_MS = Date.UTC(2000, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);

/** When a camera says something happened, before it is known where its clock stands. */
export type CameraTime =
	/** It told UTC or its offset; UTC epoch ms. */
	| { readonly kind: 'instant'; readonly ms: number }
	/** Its clock's reading as if that were UTC: whose local time it is, the configuration must say. */
	| { readonly kind: 'local'; readonly asUtcMs: number };

export interface PlacedTime {
	/** UTC epoch ms. */
	readonly ms: number;
	/** `zoned`: the camera told its offset. `assumed`: by the time zone it is configured to have. */
	readonly trust: 'zoned' | 'assumed';
}

/** `2026-07-05 20:44:40.250`, with a T, an offset, a Z, or none of them. */
export function readDateTime(text: string | undefined): CameraTime | undefined {
	const match = DATE_TIME.exec(text?.trim() ?? '');
	if (match === null) return undefined;
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
	const millisecond = Number((match[7] ?? '').padEnd(3, '0'));
	const [zulu, sign, offsetHours, offsetMinutes] = match.slice(8);
	const isInRange = month >= 1 && month <= 12 && hour <= 23 && minute <= 59 && second <= 59;
	if (!isInRange || day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined;
	const asUtcMs = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
	if (zulu !== undefined) return { kind: 'instant', ms: asUtcMs };
	if (sign === undefined) return { kind: 'local', asUtcMs };
	const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
	return { kind: 'instant', ms: sign === '-' ? asUtcMs + offsetMs : asUtcMs - offsetMs };
}

/** Seconds or milliseconds since 1970, with or without a fraction; undefined for what is no time of our days. */
export function readEpoch(
	value: number | undefined,
	unit: 's' | 'ms',
	kind: CameraTime['kind'],
): CameraTime | undefined {
	if (value === undefined) return undefined;
	const ms = Math.round(unit === 's' ? value * 1_000 : value);
	if (!(ms >= EARLIEST_MS && ms < LATEST_MS)) return undefined;
	return kind === 'instant' ? { kind, ms } : { kind, asUtcMs: ms };
}

/** @param timeZone IANA zone of the camera's clock; without one a local time is no moment. */
export function placeCameraTime(time: CameraTime | undefined, timeZone?: string): PlacedTime | undefined {
	if (time === undefined) return undefined;
	if (time.kind === 'instant') return { ms: time.ms, trust: 'zoned' };
	if (timeZone === undefined) return undefined;
	const local = Temporal.Instant.fromEpochMilliseconds(time.asUtcMs).toZonedDateTimeISO('UTC').toPlainDateTime();
	return { ms: local.toZonedDateTime(timeZone).epochMilliseconds, trust: 'assumed' };
}
