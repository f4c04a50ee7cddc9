import type { LaneEvent } from '../journal.ts';
import type { ReasonCode } from '../reason.ts';

/** Events somebody should look at (DOMAIN.md, life of a lane 8), each with the reason whose cause and advice tell of it; null: its own name says all. */
const ALARMS = {
	tailgate: 'TAILGATE',
	mismatch: 'PLATE_TAG_MISMATCH',
	forcedOpen: null,
	heldOpenTooLong: null,
	wrongDirection: null,
	armFault: 'DEVICE_FAULT',
	loopStuck: 'DEVICE_FAULT',
	holdFailed: 'DEVICE_FAULT',
} as const satisfies Partial<Readonly<Record<LaneEvent, ReasonCode | null>>>;

export const LANE_ALARMS: ReadonlySet<LaneEvent> = new Set(Object.keys(ALARMS) as LaneEvent[]);

/** undefined: it is no alarm. */
export function reasonOfAlarm(event: LaneEvent): ReasonCode | null | undefined {
	const reasons: Partial<Readonly<Record<LaneEvent, ReasonCode | null>>> = ALARMS;
	return reasons[event];
}
