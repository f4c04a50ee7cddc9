import { Secret, TOTP } from 'otpauth';
import { LIMITS } from '../../core/limits.ts';

/** RFC 4226, 4 R6 advises 160 bits. */
const KEY_BYTES = 20;

/** Base32, as people type it where no camera is at hand. */
export function newTotpKey(): string {
	return new Secret({ size: KEY_BYTES }).base32;
}

/** What an authenticator reads from a QR code: SHA-1 and six digits, which all of them know. */
export function totpUri(
	key: string,
	{ issuer, account }: { readonly issuer: string; readonly account: string },
): string {
	// A colon would part issuer and account where nobody meant it to.
	const named = { issuer: issuer.replaceAll(':', ' '), label: account.replaceAll(':', ' ') };
	return new TOTP({ ...named, secret: Secret.fromBase32(key), period: LIMITS.totpPeriodS }).toString();
}

/** @returns the time step (RFC 6238, 4.2) that the digits are of; undefined: of none near that time. */
export function totpStep(key: string, digits: string, nowMs: number): number | undefined {
	const secret = Secret.fromBase32(key);
	const of = { secret, period: LIMITS.totpPeriodS, window: LIMITS.totpWindow, timestamp: nowMs };
	const delta = TOTP.validate({ ...of, token: digits });
	return delta === null ? undefined : TOTP.counter(of) + delta;
}
