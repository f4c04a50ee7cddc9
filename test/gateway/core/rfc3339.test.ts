import { expect, test } from 'vitest';
import { rfc3339 } from '../../../src/gateway/core/rfc3339.ts';

test.each([
	['2026-03-29T01:59:59.5Z', 'Europe/Brussels', 3, '2026-03-29T03:59:59.500+02:00'],
	['2026-10-25T01:30:00Z', 'Europe/Brussels', 0, '2026-10-25T02:30:00+01:00'],
	['2026-07-01T00:00:00Z', 'Asia/Kathmandu', 'auto', '2026-07-01T05:45:00+05:45'],
	// The end of "for ever" in lists of Europe is in another year there.
	['9999-12-31T23:59:59Z', 'Europe/Brussels', 0, '9999-12-31T23:59:59Z'],
	['9999-12-31T22:59:59Z', 'Europe/Brussels', 0, '9999-12-31T23:59:59+01:00'],
	['0000-01-01T00:00:00Z', 'America/New_York', 0, '0000-01-01T00:00:00Z'],
	// Brussels was 17 min 30 s ahead.
	['1870-01-01T00:00:00Z', 'Europe/Brussels', 'auto', '1870-01-01T00:00:00Z'],
] as const)('%s in %s is told in the form of RFC 3339, and as that moment', (moment, zone, digits, expected) => {
	const told = rfc3339(Date.parse(moment), zone, digits);
	expect(told).toBe(expected);
	expect(told).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
	if (digits !== 0) expect(Date.parse(told)).toBe(Date.parse(moment));
});
