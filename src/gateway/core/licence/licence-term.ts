import type { ProductLicence } from './product-licence.ts';

const DAY_MS = 86_400_000;

/** Everything is on with small bounds this long after the first start, so that a site can be commissioned. */
const COMMISSIONING_MS = 30 * DAY_MS;
/** A licence that has run out goes on this long, with a notice a day. */
export const GRACE_MS = 30 * DAY_MS;
/** What a site without a licence may have meanwhile. */
export const COMMISSIONING_CAPS = { operators: 3, cameras: 2, /** Of each kind of licence. */ seats: 3 } as const;

/**
 * What stops after the grace, one by one, each this many days later: first what changes nothing for drivers. Exits and
 * the access log are not among it.
 */
export const STOPS = [
	{ stops: 'activations', afterDays: 0 },
	{ stops: 'statistics', afterDays: 7 },
	{ stops: 'visitors', afterDays: 14 },
	{ stops: 'cameras', afterDays: 21 },
	{ stops: 'entries', afterDays: 30 },
] as const;

/** `activations`: of operators, cameras and licences; `visitors`: new ones, and bookings; `cameras`: plates no longer decide. */
export type LicensedFunction = (typeof STOPS)[number]['stops'];

export interface LicenceTerm {
	/** `commissioning`: no licence yet; `ended`: functions stop one by one. */
	readonly phase: 'commissioning' | 'valid' | 'grace' | 'ended';
	/** When this phase ends; null: it does not. UTC epoch ms. */
	readonly endsAtMs: number | null;
	readonly stopped: readonly LicensedFunction[];
	/** What stops next, if nothing is done; null: all has. */
	readonly next: { readonly stops: LicensedFunction; readonly atMs: number } | null;
}

/**
 * Where a gateway stands with its licence.
 *
 * @param licence null: none yet.
 * @param commissionedAtMs The first start of the store, UTC epoch ms.
 * @param nowMs Trusted time, UTC epoch ms.
 */
export function licenceTerm(
	licence: Pick<ProductLicence, 'exp'> | null,
	commissionedAtMs: number,
	nowMs: number,
): LicenceTerm {
	const validUntilMs = licence === null ? null : licence.exp * 1_000;
	const stopsFromMs = validUntilMs === null ? commissionedAtMs + COMMISSIONING_MS : validUntilMs + GRACE_MS;
	const due = STOPS.map(({ stops, afterDays }) => ({ stops, atMs: stopsFromMs + afterDays * DAY_MS }));
	const stopped = due.filter(({ atMs }) => nowMs >= atMs).map(({ stops }) => stops);
	const next = due.find(({ atMs }) => nowMs < atMs) ?? null;
	if (nowMs >= stopsFromMs) return { phase: 'ended', endsAtMs: null, stopped, next };
	if (validUntilMs === null) return { phase: 'commissioning', endsAtMs: stopsFromMs, stopped, next };
	if (nowMs < validUntilMs) return { phase: 'valid', endsAtMs: validUntilMs, stopped, next };
	return { phase: 'grace', endsAtMs: stopsFromMs, stopped, next };
}
