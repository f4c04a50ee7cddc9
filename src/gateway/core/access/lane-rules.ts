import { fail, failWhen, notApplicable, PASS, type Rule } from './rule.ts';
import type { IdentityContext } from './rule-context.ts';

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
			if (!lane.hasArmingLoop) return notApplicable('the lane has no arming loop');
			if (lane.vehiclePresent) return PASS;
			return lane.rules.useReadsWithoutVehicle ? { result: 'waived', by: 'setting' } : { result: 'fail' };
		},
	},
	{
		reason: 'PRODUCT_LICENCE_EXPIRED',
		evaluate: ({ facts: { equipment } }) => failWhen(equipment.productLicence === 'expired'),
	},
	{
		reason: 'RFID_NOT_ENABLED',
		evaluate: ({ facts: { equipment, presented } }) => {
			if (presented.length === 0 || presented.some(({ kind }) => kind === 'plate')) {
				return notApplicable('it was not decided by a tag alone');
			}
			return failWhen(!equipment.rfidEnabled);
		},
	},
	{
		reason: 'CAMERA_UNLICENSED',
		evaluate: ({ facts: { equipment, presented } }) => {
			const plates = presented.filter(({ kind }) => kind === 'plate');
			if (plates.length === 0) return notApplicable('no plate was read');
			const unlicensed = plates.find(({ deviceId }) => equipment.unlicensedCameras.includes(deviceId));
			if (unlicensed === undefined) return PASS;
			return presented.some(({ kind }) => kind === 'tag')
				? notApplicable('it was decided by the tag')
				: fail({ camera: unlicensed.deviceId });
		},
	},
	{
		reason: 'PARK_INACTIVE',
		evaluate: ({ facts: { equipment, lane } }) => failWhen(!equipment.parkActive, { park: lane.parkId }),
	},
	{
		reason: 'NEVER_SYNCED',
		evaluate: ({ facts: { data } }) => failWhen(data.directorySyncedAtMs === null),
	},
];
