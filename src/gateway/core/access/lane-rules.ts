import type { AccessFacts } from './facts.ts';
import { failWhen, notApplicable, PASS, type Rule } from './rule.ts';

/** Lane, equipment and data: what holds whoever comes. */
export const laneRules: readonly Rule<AccessFacts>[] = [
	{
		reason: 'LANE_CLOSED',
		evaluate: ({ lane }) => failWhen(lane.closed === 'closed'),
	},
	{
		reason: 'LOCKDOWN',
		evaluate: ({ lane }) => failWhen(lane.closed === 'lockdown'),
	},
	{
		reason: 'NO_VEHICLE_PRESENT',
		evaluate: ({ lane }) => {
			if (!lane.hasArmingLoop) return notApplicable('the lane has no arming loop');
			if (lane.vehiclePresent) return PASS;
			return lane.rules.useReadsWithoutVehicle ? { result: 'waived', by: 'setting' } : { result: 'fail' };
		},
	},
	{
		reason: 'NEVER_SYNCED',
		evaluate: ({ data }) => failWhen(data.directorySyncedAtMs === null),
	},
];
