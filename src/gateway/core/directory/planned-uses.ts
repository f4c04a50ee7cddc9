import { defineAggregate } from './aggregate.ts';
import { isBackwards } from './credentials.ts';
import { choice, instant, key, optional, otherwise, reference, text, wired } from './field.ts';

/** What bookings are weighed by: thousands may be looked at when one is made, in an index alone. */
const WEIGHED = [
	...['start_ms', 'id', 'kind', 'state', 'area_id', 'holder_id'],
	...['end_ms', 'right_id', 'space_id', 'vehicle_id'],
];

/** Bookings, and times for which the holder of a preferential right gives the place up. */
export const plannedUses = defineAggregate({
	name: 'plannedUses',
	sqlName: 'planned_uses',
	stream: 'access',
	fields: {
		id: key(),
		kind: otherwise(choice(['booking', 'release'], 'booking'), 'booking'),
		holderId: reference('holders', 'cascade'),
		rightId: reference('assignedRights', 'cascade'),
		areaId: optional(wired('area')),
		spaceId: optional(wired('space')),
		/** The fleet vehicle that is booked. */
		vehicleId: optional(reference('holders', 'cascade')),
		startMs: instant(),
		endMs: instant(),
		/** `released`: given up. */
		state: otherwise(choice(['planned', 'released'], 'released'), 'planned'),
		note: optional(text(500, { personal: true })),
	},
	title: 'startMs',
	order: 'start_ms',
	indexes: [
		{ name: 'planned_uses_by_start', columns: WEIGHED },
		// Those of more than a day: what runs at a moment is not looked for among a month of others.
		{ name: 'planned_uses_long', columns: WEIGHED, where: 'end_ms - start_ms > 86400000' },
		// By its times first, so that those alike are counted without looking at each.
		{ name: 'planned_uses_by_time', columns: ['start_ms', 'end_ms', 'kind', 'state', 'area_id', 'space_id'] },
		{ name: 'planned_uses_by_right', columns: ['right_id', 'start_ms'] },
		{ name: 'planned_uses_by_holder', columns: ['holder_id'] },
		{ name: 'planned_uses_by_vehicle', columns: ['vehicle_id', 'start_ms'], where: 'vehicle_id IS NOT NULL' },
	],
	check: ({ startMs, endMs }) => (isBackwards(startMs, endMs) ? 'endMs: is not after startMs' : undefined),
	faces: [
		{
			path: 'planned-uses',
			columns: ['startMs', 'endMs', 'holderId', 'areaId', 'vehicleId', 'state'],
			filters: ['kind', 'state', 'areaId', 'holderId', 'vehicleId'],
			form: [
				{ group: 'identity', fields: ['kind', 'holderId', 'rightId', 'startMs', 'endMs', 'state'] },
				{ group: 'place', fields: ['areaId', 'spaceId', 'vehicleId'] },
				{ group: 'more', fields: ['note'] },
			],
		},
	],
});
