import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BookingAnswer, BookingRequest } from '../../../../src/gateway/services/bookings/bookings.ts';
import type { EditAnswer } from '../../../../src/gateway/services/directory/directory-edits.ts';
import { createBookingsBench } from '../../../support/bookings-bench.ts';
import { createStaysBench, person, type StaysBench, specification, stayingSite } from '../../../support/stays-bench.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-06-16T10:00:00+02:00');
const BY = { operatorId: 'op-1' };
const SITE = stayingSite(4);

let site: StaysBench;
let bench: ReturnType<typeof createBookingsBench>;

beforeEach(async () => {
	site = await createStaysBench({ site: SITE, atMs: NOW });
	bench = createBookingsBench(site, SITE);
	await site.give([
		specification('bookers', 'booking', { areaIds: ['A1'], noShowMin: 30 }),
		specification('director', 'preferential', { areaIds: ['A1'] }),
		specification('walkers', 'firstCome'),
		specification('cars', 'vehicle', { areaIds: ['A1'] }),
		{ table: 'groups', id: 'fleet', name: 'Fleet', kind: 'sharing' },
		...['one', 'two', 'three', 'four'].flatMap((id) => person(id, 'bookers', {}, { groupIds: ['fleet'] })),
		...person('boss', 'director'),
		...person('walker', 'walkers'),
		...person('car', 'cars', {}, { kind: 'vehicle', sharingGroupId: 'fleet', spaceId: 'space-1' }),
	]);
});
afterEach(() => site.end());

const request = (holderId: string, change: Partial<BookingRequest> = {}): BookingRequest => ({
	...{ holderId, areaId: 'A1', spaceId: null, vehicleId: null, note: null },
	...{ startMs: NOW + HOUR, endMs: NOW + 3 * HOUR },
	...change,
});
const book = (holderId: string, change: Partial<BookingRequest> = {}) =>
	bench.bookings.book(request(holderId, change), BY);
const why = (answer: BookingAnswer | EditAnswer) =>
	answer.result === 'done'
		? 'done'
		: answer.problems.map(({ field, code, detail }) => `${field} ${code} ${detail?.['because']}`).join(', ');
function done(answer: BookingAnswer) {
	if (answer.result !== 'done') throw new Error(why(answer));
	return answer.booking;
}

describe('N5: who writes bookings', () => {
	test('promises no place twice: the preferential one is kept, the last one goes once, a released one again', () => {
		expect(book('one')).toMatchObject({ result: 'done', booking: { state: 'planned', rightId: 'one-right' } });
		const second = done(book('two'));
		expect(why(book('three'))).toBe('areaId conflict areaFull');
		expect(done(bench.bookings.release(second.id, BY)).state).toBe('released');
		expect(why(book('three'))).toBe('done');
		expect(
			why(bench.edits.edit([{ op: 'update', table: 'plannedUses', key: second.id, fields: { state: 'planned' } }], BY)),
		).toBe('areaId conflict areaFull');
	});

	test('a place that was given up is promised to others, and can’t be taken back then, nor by undo', () => {
		const gone = bench.bookings.giveUp(
			{ holderId: 'boss', rightId: 'boss-right', startMs: NOW, endMs: NOW + DAY, note: null },
			BY,
		);
		const { id } = done(gone);
		for (const holder of ['one', 'two', 'three']) expect(why(book(holder))).toBe('done');
		expect(why(book('four'))).toBe('areaId conflict areaFull');
		expect(why(bench.bookings.release(id, BY))).toBe('startMs conflict placeTaken');
		expect(why(bench.edits.edit([{ op: 'delete', table: 'plannedUses', key: id }], BY))).toBe(
			'null conflict placeTaken',
		);
		if (gone.result === 'done') expect(why(bench.edits.undo(gone.batchId, BY))).toBe('null conflict placeTaken');
		expect(why(bench.bookings.move(id, { startMs: NOW + 2 * HOUR }, BY))).toBe('startMs conflict placeTaken');
		expect(why(bench.bookings.move(id, { endMs: NOW + 4 * HOUR }, BY))).toBe('done');
		expect(why(bench.edits.edit([{ op: 'delete', table: 'holders', key: 'boss' }], BY))).toBe('done');
	});

	test('is told at the field what can’t be', () => {
		expect(why(book('one', { startMs: NOW - 3 * HOUR, endMs: NOW - HOUR }))).toBe('endMs conflict past');
		expect(why(book('one', { startMs: NOW - 2 * HOUR }))).toBe('startMs conflict past');
		expect(why(book('one', { startMs: NOW + 400 * DAY, endMs: NOW + 401 * DAY }))).toBe('startMs conflict tooFarAhead');
		expect(why(book('one', { endMs: NOW + 40 * DAY }))).toBe('endMs conflict tooLong');
		expect(why(book('one', { rightId: 'two-right' }))).toBe('rightId conflict notHolder');
		expect(why(book('walker', { rightId: 'walker-right' }))).toBe('rightId conflict notBookable');
		expect(why(book('boss', { rightId: 'boss-right' }))).toBe('rightId conflict notBookable');
		expect(why(book('walker'))).toBe('rightId conflict noRight');
		expect(why(book('one', { areaId: 'B1' }))).toBe('areaId conflict wrongArea');
		expect(why(book('one', { areaId: 'P1' }))).toContain('areaId conflict');
		const release = { kind: 'release', holderId: 'one', rightId: 'one-right', startMs: NOW, endMs: NOW + HOUR };
		expect(why(bench.edits.edit([{ op: 'create', table: 'plannedUses', row: release }], BY))).toBe(
			'rightId conflict notPreferential',
		);
		const suspend = {
			op: 'update',
			table: 'assignedRights',
			key: 'one-right',
			fields: { state: 'suspended' },
		} as const;
		bench.edits.edit([suspend], BY);
		expect(why(book('one', { rightId: 'one-right' }))).toBe('rightId conflict rightNotValid');
	});

	test('counts bookings, people and rights that come in the same batch', () => {
		const bookingOf = (holderId: string) =>
			({
				op: 'create',
				table: 'plannedUses',
				row: { holderId, rightId: `${holderId}-right`, areaId: 'A1', startMs: NOW + HOUR, endMs: NOW + 2 * HOUR },
			}) as const;
		const five = {
			holder: { id: 'five', kind: 'person', name: 'Five', email: null, status: 'active' },
			right: { id: 'five-right', holderId: 'five', specificationId: 'bookers', state: 'active' },
		};
		const made = [
			{ op: 'create', table: 'holders', row: five.holder },
			{ op: 'create', table: 'assignedRights', row: { ...five.right, validFromMs: null, validToMs: null } },
		] as const;
		expect(why(bench.edits.edit([...made, bookingOf('five'), bookingOf('one'), bookingOf('two')], BY))).toContain(
			'areaId conflict areaFull',
		);
		expect(bench.bookings.list({ fromMs: NOW, toMs: NOW + DAY })).toEqual([]);
		expect(why(bench.edits.edit([...made, bookingOf('five'), bookingOf('one')], BY))).toBe('done');
	});
});

describe('N5: what became of a booking', () => {
	const state = (id: string) => bench.bookings.get(id)?.state;

	test('planned, in, overdue and left, from the stays', async () => {
		const { id } = done(book('one', { startMs: NOW, endMs: NOW + 2 * HOUR }));
		expect(state(id)).toBe('planned');
		expect(await site.pass('ONE')).toBe('in');
		expect(state(id)).toBe('in');
		expect(why(bench.bookings.move(id, { startMs: NOW + HOUR }, BY))).toBe('startMs conflict alreadyUsed');
		expect(why(bench.bookings.move(id, { endMs: NOW + 3 * HOUR }, BY))).toBe('done');
		site.clock.jumpWallClock(4 * HOUR);
		expect(state(id)).toBe('overdue');
		const [stay] = site.store.parkingSessions.openFor('one');
		if (stay !== undefined) {
			site.store.parkingSessions.close(stay.id, { laneOutId: 'L2', atMs: site.clock.nowMs(), by: 'passage' });
		}
		expect(state(id)).toBe('left');
	});

	test('nobody came: a no-show once its time is over, and it can’t be moved but given up', () => {
		const { id } = done(book('one', { startMs: NOW, endMs: NOW + 2 * HOUR }));
		site.clock.advance(31 * 60_000);
		expect(state(id)).toBe('noShow');
		site.watch.look();
		expect(site.store.consumption.booking(id)?.state).toBe('noShow');
		expect(why(bench.bookings.move(id, { startMs: NOW + 5 * HOUR, endMs: NOW + 6 * HOUR }, BY))).toContain('wasNoShow');
		// What was promised to it is free again.
		for (const holder of ['two', 'three']) {
			expect(why(book(holder, { startMs: NOW + HOUR, endMs: NOW + 2 * HOUR }))).toBe('done');
		}
		expect(why(book('four', { startMs: NOW + HOUR, endMs: NOW + 2 * HOUR }))).toBe('areaId conflict areaFull');
		expect(done(bench.bookings.release(id, BY)).state).toBe('released');
	});
});

describe('N5: what is free when', () => {
	test('per area, with what is kept and booked and what encloses it', () => {
		book('one', { startMs: NOW + 2 * HOUR, endMs: NOW + 4 * HOUR });
		const spans = bench.bookings.availability('A1', { fromMs: NOW, toMs: NOW + 6 * HOUR });
		expect(spans).toEqual([
			{ fromMs: NOW, toMs: NOW + 1.75 * HOUR, capacity: 4, kept: 2, booked: 0, left: 2 },
			{ fromMs: NOW + 1.75 * HOUR, toMs: NOW + 4 * HOUR, capacity: 4, kept: 2, booked: 1, left: 1 },
			{ fromMs: NOW + 4 * HOUR, toMs: NOW + 6 * HOUR, capacity: 4, kept: 2, booked: 0, left: 2 },
		]);
		expect(bench.bookings.availability('nowhere', { fromMs: NOW, toMs: NOW + HOUR })).toBeUndefined();
	});
});

describe('X13: fleet vehicles', () => {
	test('are booked by who shares them, once at a time, and come back to their space', () => {
		const first = done(book('one', { areaId: null, vehicleId: 'car' }));
		expect(first).toMatchObject({ rightId: 'car-right', spaceId: 'space-1', areaIds: ['A1'], vehicleName: 'car' });
		expect(why(book('two', { areaId: null, vehicleId: 'car' }))).toBe('vehicleId conflict vehicleBooked');
		expect(why(book('two', { areaId: null, vehicleId: 'car', startMs: NOW + 3 * HOUR, endMs: NOW + 4 * HOUR }))).toBe(
			'done',
		);
		expect(why(book('walker', { areaId: null, vehicleId: 'car' }))).toBe('vehicleId conflict notShared');
		expect(why(book('two', { areaId: null, vehicleId: 'boss' }))).toContain('vehicleId conflict noVehicle');
		expect(bench.bookings.fleet().map(({ id }) => id)).toEqual(['car']);
		expect(bench.bookings.vehicleAvailability('car', { fromMs: NOW, toMs: NOW + 6 * HOUR })).toEqual({
			busy: [
				{ fromMs: NOW + HOUR, toMs: NOW + 3 * HOUR },
				{ fromMs: NOW + 3 * HOUR, toMs: NOW + 4 * HOUR },
			],
			free: [
				{ fromMs: NOW, toMs: NOW + HOUR },
				{ fromMs: NOW + 4 * HOUR, toMs: NOW + 6 * HOUR },
			],
		});
		expect(bench.bookings.vehicleAvailability('one', { fromMs: NOW, toMs: NOW + HOUR })).toBeUndefined();
	});
});
