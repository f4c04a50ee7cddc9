import type { ReasonCode } from './reason.ts';

/** Denial reasons of the ONVIF Access Control Service, `tns1:AccessControl/Denied`. */
export type OnvifReason =
	| 'CredentialNotEnabled'
	| 'CredentialNotActive'
	| 'CredentialExpired'
	| 'InvalidPIN'
	| 'NotPermittedAtThisTime'
	| 'Unauthorized'
	| 'Other';

/** The nearest reasons of other systems. `bacnet`: BACnetAccessEvent of ANSI/ASHRAE 135, clause 21. */
export interface NearestReason {
	readonly onvif: OnvifReason;
	readonly bacnet: string;
}

const near = (onvif: OnvifReason, bacnet: string): NearestReason => ({ onvif, bacnet });
const OTHER = near('Other', 'denied-other');

export const NEAREST_REASON: Readonly<Record<ReasonCode, NearestReason>> = {
	LANE_CLOSED: near('Other', 'denied-deny-all'),
	LOCKDOWN: near('Other', 'denied-threat-level'),
	WRONG_DIRECTION: near('Other', 'denied-unexpected-location-usage'),
	NO_VEHICLE_PRESENT: near('Other', 'denied-verification-failed'),
	TAILGATE: OTHER,
	DEVICE_FAULT: near('Other', 'denied-authentication-unavailable'),
	PRODUCT_LICENCE_EXPIRED: OTHER,
	RFID_NOT_ENABLED: OTHER,
	CAMERA_UNLICENSED: OTHER,
	PARK_INACTIVE: near('Unauthorized', 'denied-zone-no-access-rights'),
	NEVER_SYNCED: near('Other', 'denied-authentication-unavailable'),
	STALE_DATA: near('Other', 'denied-authentication-unavailable'),
	CLOCK_UNTRUSTED: near('Other', 'denied-authentication-unavailable'),
	INVALID_FORMAT: near('Other', 'denied-authentication-factor-error'),
	LOW_CONFIDENCE: near('Other', 'denied-authentication-factor-error'),
	AMBIGUOUS_PLATE: near('Other', 'denied-authentication-factor-error'),
	UNKNOWN_CREDENTIAL: near('Unauthorized', 'denied-unknown-credential'),
	PLATE_TAG_MISMATCH: near('Unauthorized', 'denied-incorrect-authentication-factor'),
	SECOND_FACTOR_TIMEOUT: near('Other', 'denied-authentication-factor-timeout'),
	CLONE_SUSPECTED: near('Unauthorized', 'denied-verification-failed'),
	CREDENTIAL_DISABLED: near('CredentialNotEnabled', 'denied-authentication-factor-disabled'),
	CREDENTIAL_LOST: near('CredentialNotEnabled', 'denied-authentication-factor-lost'),
	CREDENTIAL_STOLEN: near('CredentialNotEnabled', 'denied-authentication-factor-stolen'),
	CREDENTIAL_NOT_STARTED: near('CredentialNotActive', 'denied-credential-not-yet-active'),
	CREDENTIAL_EXPIRED: near('CredentialExpired', 'denied-credential-expired'),
	HOLDER_INACTIVE: near('CredentialNotEnabled', 'denied-credential-disabled'),
	HOLDER_BLOCKED: near('CredentialNotEnabled', 'denied-credential-lockout'),
	NO_RIGHT: near('Unauthorized', 'denied-no-access-rights'),
	WRONG_AREA: near('Unauthorized', 'denied-zone-no-access-rights'),
	RIGHT_SUSPENDED: near('CredentialNotEnabled', 'denied-credential-manual-disable'),
	RIGHT_NOT_STARTED: near('CredentialNotActive', 'denied-credential-not-yet-active'),
	RIGHT_EXPIRED: near('CredentialExpired', 'denied-credential-expired'),
	OUTSIDE_SCHEDULE: near('NotPermittedAtThisTime', 'denied-out-of-time-range'),
	SPECIAL_DAY: near('NotPermittedAtThisTime', 'denied-out-of-time-range'),
	NO_BOOKING: near('NotPermittedAtThisTime', 'denied-out-of-time-range'),
	BOOKING_TOO_EARLY: near('NotPermittedAtThisTime', 'denied-credential-not-yet-active'),
	BOOKING_EXPIRED: near('CredentialExpired', 'denied-credential-expired'),
	USES_EXHAUSTED: near('CredentialNotActive', 'denied-credential-max-uses'),
	NO_CREDIT: near('CredentialNotActive', 'denied-credential-max-uses'),
	SESSION_ALREADY_OPEN: near('Unauthorized', 'denied-passback'),
	ANTI_PASSBACK_IN: near('Unauthorized', 'denied-passback'),
	ANTI_PASSBACK_OUT: near('Unauthorized', 'denied-passback'),
	AREA_SKIPPED: near('Unauthorized', 'denied-unexpected-location-usage'),
	AREA_FULL: near('Other', 'denied-upper-occupancy-limit'),
	POOL_FULL: near('Other', 'denied-upper-occupancy-limit'),
	GROUP_FULL: near('Other', 'denied-upper-occupancy-limit'),
};
