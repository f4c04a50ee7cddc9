import type { Verdict } from './decision.ts';
import type { PresentedFact } from './facts.ts';
import { FAIL, fail, failWhen, notApplicable, PASS, type Rule } from './rule.ts';
import type { IdentityContext } from './rule-context.ts';

const NO_LOOP = notApplicable('the lane has no arming loop');
const NOT_BY_TAG = notApplicable('it was not decided by a tag alone');
const NO_PLATE = notApplicable('no plate was read');
const BY_TAG = notApplicable('it was decided by the tag');
const WAITS = notApplicable('it waits before the barrier');
const WITHOUT_VEHICLE: Verdict = { result: 'waived', by: 'setting' };
const BROKEN: Verdict = { result: 'waived', by: 'failure' };

/** Lane, equipment and data: what holds whoever comes. */
export const laneRules: readonly Rule<IdentityContext>[] = [
	{
		reason: 'LANE_CLOSED',
		evaluate: ({ facts: { lane } }) => failWhen(lane.closed === 'closed'),
	},
	{
		reason: 'LOCKDOWN',
		evaluate: ({ facts: { lane } }) => failWhen(lane.closed === 'lockdown'),
	},
	{
		reason: 'WRONG_DIRECTION',
		evaluate: ({ facts: { lane } }) => failWhen(lane.wrongWay),
	},
	{
		reason: 'NO_VEHICLE_PRESENT',
		evaluate: ({ facts: { lane } }) => {
			if (!lane.hasArmingLoop) return NO_LOOP;
			if (lane.vehiclePresent) return PASS;
			return lane.rules.useReadsWithoutVehicle ? WITHOUT_VEHICLE : FAIL;
		},
	},
	{
		// Nobody follows another vehicle before it moves: it is seen at the loops and told as an event of the lane.
		reason: 'TAILGATE',
		evaluate: () => WAITS,
	},
	{
		// A failure, never a refusal: the opening says whether the barrier moved.
		reason: 'DEVICE_FAULT',
		evaluate: ({ facts: { lane } }) => (lane.barrierLost === true ? BROKEN : PASS),
	},
	{
		reason: 'PRODUCT_LICENCE_EXPIRED',
		evaluate: ({ facts: { equipment } }) => failWhen(equipment.productLicence === 'expired'),
	},
	{
		reason: 'RFID_NOT_ENABLED',
		evaluate: ({ facts: { equipment, presented } }) => {
			if (presented.some(isPlate) || !presented.some(({ kind }) => kind === 'tag')) return NOT_BY_TAG;
			return failWhen(!equipment.rfidEnabled);
		},
	},
	{
		reason: 'CAMERA_UNLICENSED',
		evaluate: ({ facts: { equipment, presented } }) => {
			if (!presented.some(isPlate)) return NO_PLATE;
			const unlicensed = presented.find((read) => isPlate(read) && equipment.unlicensedCameras.includes(read.deviceId));
			if (unlicensed === undefined) return PASS;
			return presented.every(isPlate) ? fail({ camera: unlicensed.deviceId }) : BY_TAG;
		},
	},
	{
		reason: 'PARK_INACTIVE',
		evaluate: ({ facts: { equipment, lane } }) => (equipment.parkActive ? PASS : fail({ park: lane.parkId })),
	},
	{
		reason: 'NEVER_SYNCED',
		evaluate: ({ facts: { data } }) => failWhen(data.directorySyncedAtMs === null),
	},
];

function isPlate({ kind }: PresentedFact): boolean {
	return kind === 'plate';
}
