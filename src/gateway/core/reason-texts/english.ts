import type { ReasonTexts } from './reason-texts.ts';

export const english: ReasonTexts = {
	LANE_CLOSED: ['The lane is closed.', 'Send the driver to another lane, or reopen this one under Live.'],
	LOCKDOWN: [
		'The site is in lockdown: no entry is allowed.',
		'Only whoever declared the lockdown, or an administrator, can end it.',
	],
	WRONG_DIRECTION: [
		'The vehicle came from the wrong side of the lane.',
		'Ask the driver to reverse and use the right lane.',
	],
	NO_VEHICLE_PRESENT: [
		'Something was read, but no vehicle stood on the arming loop.',
		'Drive up to the reader. If a vehicle is there, have the loop checked under Devices.',
	],
	TAILGATE: [
		'The vehicle followed another one through on a single opening.',
		'Check who followed, and correct the occupancy if needed.',
	],
	DEVICE_FAULT: [
		'A device of this lane is not working.',
		'See the device under Devices; open by hand after checking who it is.',
	],
	PRODUCT_LICENCE_EXPIRED: [
		'The product licence has expired and its grace is over.',
		'An administrator must install a new licence; exits go on working.',
	],
	RFID_NOT_ENABLED: [
		'Tags are not part of this site’s product licence.',
		'Use the plate, or ask the vendor to add RFID.',
	],
	CAMERA_UNLICENSED: [
		'The camera that read the plate has no licence.',
		'Give the camera a licence under Licences, or use a tag.',
	],
	PARK_INACTIVE: ['This car park is not active.', 'Only the vendor’s support can activate a park; call them.'],
	NEVER_SYNCED: [
		'This gateway has not received its list of people and rights yet.',
		'Check the connection under Sync; open by hand meanwhile.',
	],
	STALE_DATA: [
		'The list of people and rights is too old to be trusted for this credential.',
		'Restore the connection to central, or open by hand after checking.',
	],
	CLOCK_UNTRUSTED: [
		'The gateway is not sure of the time, and this right is limited in time.',
		'An administrator on site may confirm the time; rights without limits go on working.',
	],
	INVALID_FORMAT: [
		'What was read is neither a plate nor a tag.',
		'Read again; if it repeats, check the reader or camera under Devices.',
	],
	LOW_CONFIDENCE: [
		'The camera was not sure enough of the plate.',
		'Let the driver move a little so that it reads again, or clean the plate or the lens.',
	],
	AMBIGUOUS_PLATE: [
		'The plate as read fits more than one authorised vehicle.',
		'Check the plate with your own eyes and open by hand.',
	],
	UNKNOWN_CREDENTIAL: [
		'This plate or tag is not known here.',
		'Check for a misread; otherwise register it for its holder, or make the driver a visitor.',
	],
	PLATE_TAG_MISMATCH: [
		'The plate and the tag belong to different holders.',
		'Ask whose tag it is; a shared vehicle needs both registered with one holder.',
	],
	SECOND_FACTOR_TIMEOUT: [
		'This lane needs several of tag, plate and PIN, and one did not come or was not this holder’s.',
		'Present the missing one and try again.',
	],
	CLONE_SUSPECTED: [
		'The same tag or plate was just used somewhere else.',
		'Check the vehicle and its driver before opening; the credential may be copied.',
	],
	CREDENTIAL_DISABLED: ['This credential is disabled.', 'Enable it again under Credentials if that is right.'],
	CREDENTIAL_LOST: [
		'This credential was reported lost.',
		'Keep it if a stranger presents it; give the holder a new one.',
	],
	CREDENTIAL_STOLEN: ['This credential was reported stolen.', 'Do not open. Follow the site’s security procedure.'],
	CREDENTIAL_NOT_STARTED: ['This credential is not valid yet.', 'Check its first day under Credentials.'],
	CREDENTIAL_EXPIRED: ['This credential has expired.', 'Extend it under Credentials, or issue a new one.'],
	HOLDER_INACTIVE: ['The holder is inactive.', 'Activate the holder under People if they still belong here.'],
	HOLDER_BLOCKED: ['The holder is blocked.', 'Ask an administrator why before doing anything.'],
	NO_RIGHT: ['The holder is known but has no access right.', 'Assign a right or a bundle to the holder.'],
	WRONG_AREA: [
		'The right does not cover the area behind this lane.',
		'Send the driver to their area, or assign a right for this one.',
	],
	RIGHT_SUSPENDED: [
		'The access right is suspended.',
		'Lift the suspension under the holder’s rights if its cause is gone.',
	],
	RIGHT_NOT_STARTED: ['The access right has not started yet.', 'Check the first day of the right.'],
	RIGHT_EXPIRED: ['The access right has expired.', 'Extend the right, or assign a new one.'],
	OUTSIDE_SCHEDULE: [
		'The right is not valid at this time of the week.',
		'Come back within the schedule, or assign a right with a wider one.',
	],
	SPECIAL_DAY: ['Today is a special day on which this right does not open.', 'See the special days of the schedule.'],
	NO_BOOKING: ['There is no booking for now.', 'Book a place first; the booking acts at once.'],
	BOOKING_TOO_EARLY: ['The booking has not begun yet.', 'Come back at its start, or move the booking.'],
	BOOKING_EXPIRED: ['The booking is over, or was given up as a no-show.', 'Make a new booking.'],
	USES_EXHAUSTED: ['All uses of this right are spent.', 'Wait for the next period, or raise the number of uses.'],
	NO_CREDIT: ['Not enough credit.', 'Top up the holder’s wallet.'],
	SESSION_ALREADY_OPEN: [
		'The holder already has a vehicle inside on this right.',
		'If that vehicle left unseen, close its parking session; otherwise a second right is needed.',
	],
	ANTI_PASSBACK_IN: [
		'The credential came in and was not seen leaving.',
		'Check that it was not handed over; reset its anti-passback if it really left.',
	],
	ANTI_PASSBACK_OUT: [
		'The credential leaves without having been seen coming in.',
		'Reset its anti-passback; check how it got in.',
	],
	AREA_SKIPPED: ['The vehicle did not pass the area before this one.', 'Ask the driver to use the proper way in.'],
	AREA_FULL: [
		'The car park or area is full.',
		'Wait until a vehicle leaves. Places that look free may be kept for others; correct the count only if it is wrong.',
	],
	POOL_FULL: ['All places of this holder’s pool are taken.', 'Wait until one of the pool leaves, or enlarge the pool.'],
	GROUP_FULL: [
		'All places of this holder’s group are taken.',
		'Wait until one of the group leaves, or raise the group’s limit.',
	],
};
