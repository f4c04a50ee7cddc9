import type { ReasonCode } from '../../../../gateway/core/reason.ts';
import type { LabelKey } from '../../catalogue/translator.ts';

const GROUP_OF = {
	LANE_CLOSED: 'lane',
	LOCKDOWN: 'lane',
	WRONG_DIRECTION: 'lane',
	NO_VEHICLE_PRESENT: 'lane',
	TAILGATE: 'lane',
	DEVICE_FAULT: 'lane',
	PRODUCT_LICENCE_EXPIRED: 'lane',
	RFID_NOT_ENABLED: 'lane',
	CAMERA_UNLICENSED: 'lane',
	PARK_INACTIVE: 'lane',
	NEVER_SYNCED: 'data',
	STALE_DATA: 'data',
	CLOCK_UNTRUSTED: 'data',
	INVALID_FORMAT: 'identification',
	LOW_CONFIDENCE: 'identification',
	AMBIGUOUS_PLATE: 'identification',
	UNKNOWN_CREDENTIAL: 'identification',
	PLATE_TAG_MISMATCH: 'identification',
	SECOND_FACTOR_TIMEOUT: 'identification',
	CLONE_SUSPECTED: 'identification',
	CREDENTIAL_DISABLED: 'credential',
	CREDENTIAL_LOST: 'credential',
	CREDENTIAL_STOLEN: 'credential',
	CREDENTIAL_NOT_STARTED: 'credential',
	CREDENTIAL_EXPIRED: 'credential',
	HOLDER_INACTIVE: 'holder',
	HOLDER_BLOCKED: 'holder',
	NO_RIGHT: 'right',
	WRONG_AREA: 'right',
	RIGHT_SUSPENDED: 'right',
	RIGHT_NOT_STARTED: 'right',
	RIGHT_EXPIRED: 'right',
	OUTSIDE_SCHEDULE: 'schedule',
	SPECIAL_DAY: 'schedule',
	NO_BOOKING: 'use',
	BOOKING_TOO_EARLY: 'use',
	BOOKING_EXPIRED: 'use',
	USES_EXHAUSTED: 'use',
	NO_CREDIT: 'use',
	SESSION_ALREADY_OPEN: 'presence',
	ANTI_PASSBACK_IN: 'presence',
	ANTI_PASSBACK_OUT: 'presence',
	AREA_SKIPPED: 'presence',
	AREA_FULL: 'capacity',
	POOL_FULL: 'capacity',
	GROUP_FULL: 'capacity',
} as const satisfies Readonly<Record<ReasonCode, string>>;

export type VerdictGroup = (typeof GROUP_OF)[ReasonCode];

/** The steps a reader thinks in; the rules come grouped already, in their order. */
export function verdictGroup(rule: ReasonCode): VerdictGroup {
	return GROUP_OF[rule];
}

/** The core names why a rule does not apply in English, as stored; these are its sentences in the reader's language. */
const BECAUSE: Readonly<Record<string, LabelKey>> = {
	'it waits before the barrier': 'because.waits',
	'nothing was read': 'because.nothingRead',
	'it was not decided by a plate': 'because.notByPlate',
	'the read could not be looked up': 'because.notLookedUp',
	'the lane asks for one of tag and plate': 'because.oneFactor',
	'no credential was recognised': 'because.noCredential',
	'nobody was identified': 'because.nobody',
	'the lane has no arming loop': 'because.noLoop',
	'the lane leads outside': 'because.leadsOutside',
	'the right has no limit in time': 'because.noTimeLimit',
	'neither right nor credential has a limit in time': 'because.noLimitsInTime',
	'the right has no schedule': 'because.noSchedule',
	'the vehicle leaves': 'because.leaves',
	'the stay goes on': 'because.goesOn',
	'it was decided by the tag': 'because.byTag',
	'it was not decided by a tag alone': 'because.notByTagAlone',
	'no age is set for this kind of credential': 'because.noAge',
	'no area it enters has anti-passback': 'because.noPassbackIn',
	'no area it leaves has anti-passback': 'because.noPassbackOut',
	'no plate was read': 'because.noPlate',
	'the holder was reset to neutral': 'because.neutral',
	'the right belongs to none': 'because.belongsToNone',
	'the right costs nothing': 'because.costsNothing',
	'the right has no number of uses': 'because.noUses',
	'the right needs no booking': 'because.noBookingNeeded',
	'there is no area before this one to be seen in': 'because.noAreaBefore',
	'there is no right to look at': 'because.noRightToLookAt',
};

/** undefined: a sentence of a newer or older gateway, shown as it is. */
export function becauseLabel(because: string): LabelKey | undefined {
	return Object.hasOwn(BECAUSE, because) ? BECAUSE[because] : undefined;
}
