import { InvalidArgumentError } from 'commander';

/** A time as it is typed: a moment, or so long before or after now, ms. */
export type AskedMoment = { readonly atMs: number } | { readonly fromNowMs: number };

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const RELATIVE = /^([+-]?)(\d{1,6})([mhdw])$/;

/** `2026-08-01T09:30+02:00`, `7d` (ago) or `+2h` (from now). Throws InvalidArgumentError. */
export function parseMoment(text: string): AskedMoment {
	const [, sign, count, unit = ''] = RELATIVE.exec(text) ?? [];
	const unitMs = UNIT_MS[unit];
	if (count !== undefined && unitMs !== undefined)
		return { fromNowMs: Number(count) * unitMs * (sign === '+' ? 1 : -1) };
	try {
		return { atMs: Temporal.Instant.from(text).epochMilliseconds };
	} catch {
		throw new InvalidArgumentError(
			'Write a time with its offset such as 2026-08-01T09:30+02:00, or 7d or 24h for so long ago.',
		);
	}
}

export function momentMs(asked: AskedMoment, nowMs: number): number {
	return 'atMs' in asked ? asked.atMs : nowMs + asked.fromNowMs;
}
