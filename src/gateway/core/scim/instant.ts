/** UTC epoch ms of a dateTime (RFC 7643, 2.3.5: with its offset); undefined: it is none. */
export function instantMs(text: string): number | undefined {
	if (text.length > 40 || !/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) return undefined;
	try {
		return Temporal.Instant.from(text).epochMilliseconds;
	} catch (error) {
		if (error instanceof RangeError) return undefined;
		throw error;
	}
}
