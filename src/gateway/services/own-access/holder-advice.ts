import type { ReasonCode } from '../../core/reason.ts';

/** What somebody who was turned away can do themselves: they stand in a car, and see no page of the gateway but their own. */
export type HolderAdvice =
	/** Drive up again, slowly, the right way round. */
	| 'tryAgain'
	/** Come by the vehicle that the tag belongs to, or say which one it is. */
	| 'otherVehicle'
	/** What they have was ended, blocked or never given: somebody at the site changes that. */
	| 'askReception'
	/** Come within the hours and days of the right. */
	| 'comeLater'
	| 'book'
	/** Every place is taken for now. */
	| 'waitForPlace'
	/** Used up, until the next period or until somebody gives more. */
	| 'usedUp'
	/** By what the site knows they stand on the other side of the barrier already. */
	| 'alreadyInside'
	/** It is the lane or the site: another lane, or somebody there. */
	| 'otherLane';

const ADVICE: Readonly<Record<ReasonCode, HolderAdvice>> = {
	...{ UNKNOWN_CREDENTIAL: 'askReception', INVALID_FORMAT: 'tryAgain', LOW_CONFIDENCE: 'tryAgain' },
	...{ AMBIGUOUS_PLATE: 'askReception', PLATE_TAG_MISMATCH: 'otherVehicle', SECOND_FACTOR_TIMEOUT: 'tryAgain' },
	...{ CLONE_SUSPECTED: 'askReception', NO_VEHICLE_PRESENT: 'tryAgain' },
	...{ CREDENTIAL_DISABLED: 'askReception', CREDENTIAL_LOST: 'askReception', CREDENTIAL_STOLEN: 'askReception' },
	...{ CREDENTIAL_NOT_STARTED: 'comeLater', CREDENTIAL_EXPIRED: 'askReception' },
	...{ HOLDER_INACTIVE: 'askReception', HOLDER_BLOCKED: 'askReception' },
	...{ NO_RIGHT: 'askReception', WRONG_AREA: 'otherLane', RIGHT_SUSPENDED: 'askReception' },
	...{ RIGHT_NOT_STARTED: 'comeLater', RIGHT_EXPIRED: 'askReception' },
	...{ OUTSIDE_SCHEDULE: 'comeLater', SPECIAL_DAY: 'comeLater' },
	...{ NO_BOOKING: 'book', BOOKING_TOO_EARLY: 'comeLater', BOOKING_EXPIRED: 'book' },
	...{ USES_EXHAUSTED: 'usedUp', NO_CREDIT: 'usedUp', SESSION_ALREADY_OPEN: 'alreadyInside' },
	...{ AREA_FULL: 'waitForPlace', POOL_FULL: 'waitForPlace', GROUP_FULL: 'waitForPlace' },
	...{ ANTI_PASSBACK_IN: 'alreadyInside', ANTI_PASSBACK_OUT: 'alreadyInside', AREA_SKIPPED: 'alreadyInside' },
	...{ CAMERA_UNLICENSED: 'otherLane', RFID_NOT_ENABLED: 'otherLane', PARK_INACTIVE: 'otherLane' },
	...{ PRODUCT_LICENCE_EXPIRED: 'otherLane', LANE_CLOSED: 'otherLane', LOCKDOWN: 'otherLane' },
	...{ WRONG_DIRECTION: 'tryAgain', TAILGATE: 'tryAgain', DEVICE_FAULT: 'otherLane' },
	...{ NEVER_SYNCED: 'otherLane', STALE_DATA: 'otherLane', CLOCK_UNTRUSTED: 'otherLane' },
};

export function holderAdvice(reason: ReasonCode): HolderAdvice {
	return ADVICE[reason];
}
