import type { Clock, ClockTrust } from '../../core/clock.ts';
import type { SiteSettings } from '../../store/site-settings.ts';

/** The time that licences go by: it never runs backwards, and stands still while the clock can't be trusted. */
export interface LicenceTime {
	nowMs(): number;
	/** The clock, where it can be trusted. */
	trustedMs(): number | null;
	/** When the gateway was first started with a clock that can be right. */
	commissionedAtMs(): number;
	/** The clock is this much behind the latest time seen, and over a day; null: it is not. */
	behindMs(): number | null;
	/** A licence that was signed later says what time it is at least. */
	reset(issuedAtMs: number): void;
	/** A command beside the gateway may have set it right. */
	reread(): void;
}

const KEYS = { mark: 'licenceTimeMs', commissioned: 'commissionedAtMs' } as const;
/** Written once per grain: 24 small writes a day. */
const GRAIN_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** No clock that says less is right: this program is younger. */
const EARLIEST_MS = Date.UTC(2026, 0, 1);

/** As the running gateway last wrote them. */
export function storedLicenceTimes(settings: Pick<SiteSettings, 'get'>) {
	const commissioned = settings.get(KEYS.commissioned);
	return {
		markMs: Number(settings.get(KEYS.mark) ?? 0),
		commissionedAtMs: commissioned === undefined ? null : Number(commissioned),
	};
}

export function createLicenceTime(
	clock: Pick<Clock, 'nowMs'>,
	settings: Pick<SiteSettings, 'get' | 'set'>,
	clockTrust: () => ClockTrust,
): LicenceTime {
	let { markMs } = storedLicenceTimes(settings);
	let storedMs = markMs;

	function trustedMs(): number | null {
		return clockTrust() === 'untrusted' || clock.nowMs() < EARLIEST_MS ? null : clock.nowMs();
	}

	function nowMs(): number {
		markMs = Math.max(markMs, trustedMs() ?? 0);
		if (markMs >= storedMs + GRAIN_MS) keep();
		return markMs;
	}

	function keep(): void {
		settings.set(KEYS.mark, String(markMs));
		storedMs = markMs;
	}

	return {
		nowMs,
		trustedMs,
		commissionedAtMs() {
			const known = storedLicenceTimes(settings).commissionedAtMs;
			if (known !== null) return known;
			const firstMs = trustedMs();
			if (firstMs === null) return nowMs();
			settings.set(KEYS.commissioned, String(firstMs));
			return firstMs;
		},
		behindMs() {
			const behindMs = nowMs() - clock.nowMs();
			return behindMs > DAY_MS ? behindMs : null;
		},
		reread() {
			markMs = storedLicenceTimes(settings).markMs;
			storedMs = markMs;
		},
		reset(issuedAtMs) {
			markMs = Math.max(issuedAtMs, trustedMs() ?? 0);
			keep();
		},
	};
}
