import type { RightSpecification, Schedule } from '../../gateway/core/directory.ts';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

export type SpecificationId =
	| 'spec-staff'
	| 'spec-tenants'
	| 'spec-short-stay'
	| 'spec-visitors'
	| 'spec-deliveries'
	| 'spec-fleet'
	| 'spec-reserved'
	| 'spec-terrace'
	| 'spec-works';

export function demoSpecifications(reservedAreaId: string): readonly (RightSpecification & { id: SpecificationId })[] {
	return [
		{ id: 'spec-staff', name: 'Staff', strategy: 'firstCome', areaIds: [], scheduleId: null },
		{
			id: 'spec-tenants',
			name: 'Tenants, own place',
			strategy: 'preferential',
			areaIds: [],
			scheduleId: 'round-the-clock',
		},
		{ id: 'spec-short-stay', name: 'Short stay', strategy: 'onTheFly', areaIds: [], scheduleId: null },
		{ id: 'spec-visitors', name: 'Visitors', strategy: 'visitor', areaIds: [], scheduleId: null },
		{ id: 'spec-deliveries', name: 'Deliveries', strategy: 'freePass', areaIds: [], scheduleId: null },
		{ id: 'spec-fleet', name: 'Fleet', strategy: 'vehicle', areaIds: [], scheduleId: null },
		{
			id: 'spec-reserved',
			name: 'Reserved deck only',
			strategy: 'firstCome',
			areaIds: [reservedAreaId],
			scheduleId: null,
		},
		{ id: 'spec-terrace', name: 'Summer terrace', strategy: 'firstCome', areaIds: [], scheduleId: 'summer-terrace' },
		{ id: 'spec-works', name: 'Staff, closed during works', strategy: 'firstCome', areaIds: [], scheduleId: 'works' },
	];
}

/** `summer-terrace` is shut all week; `works` is open but today and tomorrow. */
export function demoSchedules(nowMs: number, timeZone: string): readonly Schedule[] {
	const always = [{ days: EVERY_DAY, from: '00:00', to: '24:00' }];
	const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate();
	const works = [0, 1].map((days) => ({
		date: today.add({ days }).toString(),
		name: 'Works on the ramp',
		periods: [],
	}));
	return [
		{ id: 'round-the-clock', name: 'Round the clock', periods: always, specialDays: [] },
		{ id: 'summer-terrace', name: 'Summer terrace (shut)', periods: [], specialDays: [] },
		{ id: 'works', name: 'During works', periods: always, specialDays: works },
	];
}
