import { expect, test } from 'vitest';
import { createFormats } from '../../../src/api/console/formats.ts';

const formats = createFormats('en', 'Europe/Brussels', () => 0);

test.each([
	['2026-03-29T01:30:00Z', '2026-03-29T03:30'],
	['9999-12-31T23:59:00Z', '10000-01-01T00:59'],
	['+012345-06-01T00:00:00Z', '12345-06-01T02:00'],
	['0044-03-15T11:00:00Z', '0044-03-15T11:17'],
])('X18: %s stands in a form as its field takes it, and comes back as it was', (moment, field) => {
	const atMs = Temporal.Instant.from(moment).epochMilliseconds;
	expect(formats.field(atMs)).toBe(field);
	// Offsets of long ago have seconds, which the field has not.
	expect(Math.abs((formats.parseField(field) ?? Number.NaN) - atMs)).toBeLessThan(60_000);
});

test('Z12: times are written as their reader chose', () => {
	const atMs = Temporal.Instant.from('2026-06-16T12:03:00Z').epochMilliseconds;
	const [whole, half] = (['24h', '12h'] as const).map((clock) =>
		createFormats('en', 'Europe/Brussels', () => 0, clock),
	);
	expect([whole?.hour(atMs), half?.hour(atMs)]).toEqual(['14:03', '02:03 pm']);
	expect(half?.field(atMs), 'as a field takes it').toBe('2026-06-16T14:03');
});

test.each(['', 'soon', '2026-02-30T10:00', '2026-01-01T24:00', '+010000-01-01T00:00', '9999999-01-01T00:00'])(
	'X18: "%s" is no time',
	(text) => expect(formats.parseField(text)).toBeUndefined(),
);
