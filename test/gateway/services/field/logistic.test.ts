import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLogistic, type Logistic } from '../../../../src/gateway/services/field/logistic.ts';
import { annasRows, createSiteBench, usualSite } from '../../../support/site-bench.ts';

const SITE = {
	...usualSite,
	areas: usualSite.areas.map((area) =>
		area.id === 'A1'
			? {
					...area,
					spaces: [
						{ id: 'S1', name: '1' },
						{ id: 'S2', name: '2' },
					],
				}
			: area,
	),
};

let bench: Awaited<ReturnType<typeof createSiteBench>>;
let logistic: Logistic;
let changes = 0;
beforeEach(async () => {
	bench = await createSiteBench({ site: SITE });
	changes = 0;
	let ids = 0;
	const { store, clock, directory } = bench;
	logistic = createLogistic({
		...{ site: SITE, store, clock, directory: directory.reader },
		newId: () => `m-${ids++}`,
		changed: () => {
			changes += 1;
		},
		journalGrew: () => undefined,
	});
	await bench.give([
		...annasRows(),
		{ table: 'holders', id: 'bob', kind: 'person', name: 'Bob Maes', email: null, status: 'active' },
		{
			...{
				table: 'credentials',
				id: 'bob-plate',
				holderId: 'bob',
				kind: 'plate',
				value: '1ABC234',
				label: '1-ABC-234',
			},
			...{ state: 'active', validFromMs: null, validToMs: null },
		},
	]);
});
afterEach(() => bench.close());

const by = { evenIfTaken: false, operatorId: 'op-1' };
const occupied = (areaId: string) => bench.store.occupancy.counter(areaId).occupied;

function inside(id: string, change: object = {}): string {
	const stay = { id, holderId: 'bob', credentialId: 'bob-plate', decisionId: null, areaId: 'A1', counted: true };
	bench.store.parkingSessions.open({ ...stay, laneInId: 'L1', openedAtMs: bench.clock.nowMs(), ...change });
	bench.store.occupancy.move({ leave: [], enter: ['A1', 'P1'] });
	return id;
}

describe('I15: saying that a vehicle was moved', () => {
	test('stay and counters go together, and the journal says who did it', () => {
		inside('s-1');

		const answer = logistic.move({ stayId: 's-1', areaId: 'A1-vip', spaceId: null, ...by });

		expect(answer.result).toBe('moved');
		expect([occupied('A1'), occupied('A1-vip'), occupied('P1')]).toEqual([1, 1, 1]);
		expect(bench.store.parkingSessions.openById('s-1')?.areaId).toBe('A1-vip');
		expect(bench.journal().at(-1)).toMatchObject({
			...{ type: 'audit', action: 'stayMoved', operatorId: 'op-1', target: 's-1' },
			detail: { from: 'A1', to: 'A1-vip' },
		});
		expect(changes).toBe(1);
	});

	test('a move that can not be journalled moves nothing', () => {
		inside('s-1');
		const { store, clock, directory } = bench;
		const broken = createLogistic({
			...{ site: SITE, clock, directory: directory.reader, changed: () => undefined, journalGrew: () => undefined },
			newId: () => 'm-1',
			store: {
				...store,
				journal: {
					...store.journal,
					append: () => {
						throw new Error('disk full');
					},
				},
			},
		});

		expect(() => broken.move({ stayId: 's-1', areaId: 'A1-vip', spaceId: null, ...by })).toThrow('disk full');

		expect([occupied('A1'), occupied('A1-vip')]).toEqual([1, 0]);
		expect(bench.store.parkingSessions.openById('s-1')?.areaId).toBe('A1');
		expect(logistic.moves(5)).toEqual([]);
	});

	test('who takes no place takes none elsewhere', () => {
		bench.store.parkingSessions.open({
			...{ id: 's-1', holderId: 'bob', credentialId: null, decisionId: null, areaId: 'A1', counted: false },
			...{ laneInId: 'L1', openedAtMs: 1 },
		});

		logistic.move({ stayId: 's-1', areaId: 'A1-vip', spaceId: null, ...by });

		expect([occupied('A1'), occupied('A1-vip'), occupied('P1')]).toEqual([0, 0, 0]);
	});

	test('a space that another vehicle stands in is told, and taken by two only when somebody says so', () => {
		inside('s-1', { holderId: 'anna', credentialId: 'anna-tag' });
		inside('s-2');
		logistic.move({ stayId: 's-1', areaId: 'A1', spaceId: 'S1', ...by });

		const asked = { stayId: 's-2', areaId: 'A1', spaceId: 'S1', operatorId: 'op-1' };
		expect(logistic.move({ ...asked, evenIfTaken: false })).toMatchObject({
			result: 'taken',
			warning: { takenBy: [{ stayId: 's-1', holderName: 'Anna Peeters' }] },
		});
		expect(bench.store.parkingSessions.openById('s-2')?.spaceId).toBeUndefined();

		expect(logistic.move({ ...asked, evenIfTaken: true })).toMatchObject({ result: 'moved' });
		expect(logistic.inSpace('S1').map(({ stayId }) => stayId)).toEqual(['s-1', 's-2']);
		expect(bench.journal().at(-1)).toMatchObject({ detail: { alsoThere: 's-1' } });
	});

	test('a space that is kept for somebody else is told', async () => {
		await bench.give([
			{
				...{ table: 'assignedRights', id: 'r-anna', holderId: 'anna', specificationId: 'staff', state: 'active' },
				...{ validFromMs: null, validToMs: null, spaceId: 'S2' },
			},
		]);
		inside('s-2');

		expect(logistic.move({ stayId: 's-2', areaId: 'A1', spaceId: 'S2', ...by })).toMatchObject({
			result: 'taken',
			warning: { takenBy: [], allocatedTo: [{ holderId: 'anna', name: 'Anna Peeters' }] },
		});
	});

	test('undo brings stay, space and counters back, once', () => {
		inside('s-1');
		const moved = logistic.move({ stayId: 's-1', areaId: 'A1-vip', spaceId: null, ...by });
		const moveId = moved.result === 'moved' ? moved.move.id : '';

		expect(logistic.undo(moveId, 'op-2')).toMatchObject({ result: 'undone', move: { id: moveId } });
		expect([occupied('A1'), occupied('A1-vip'), occupied('P1')]).toEqual([1, 0, 1]);
		expect(bench.journal().at(-1)).toMatchObject({ action: 'stayMoveUndone', operatorId: 'op-2' });
		expect(logistic.undo(moveId, 'op-2')).toEqual({ result: 'refused', because: 'undoneBefore' });
	});

	test('undo gives back the places of a pool that were left with the area', () => {
		const pool = { counter: 'pool-1', areaId: 'A1-vip' };
		inside('s-1', { areaId: 'A1-vip', rightIds: ['r1'], shared: [pool] });
		bench.store.occupancy.move({ leave: [], enter: ['A1-vip', 'pool-1'] });

		const moved = logistic.move({ stayId: 's-1', areaId: 'A1', spaceId: null, ...by });
		expect(occupied('pool-1')).toBe(0);
		logistic.undo(moved.result === 'moved' ? moved.move.id : '', 'op-1');

		expect(occupied('pool-1')).toBe(1);
		expect(bench.store.parkingSessions.openById('s-1')).toMatchObject({ areaId: 'A1-vip', shared: [pool] });
	});

	test('nothing that went on since is undone: by people, by a lane, or out of the site', () => {
		inside('s-1');
		const first = logistic.move({ stayId: 's-1', areaId: 'A1', spaceId: 'S1', ...by });
		const firstId = first.result === 'moved' ? first.move.id : '';
		logistic.move({ stayId: 's-1', areaId: 'A1', spaceId: 'S2', ...by });
		expect(logistic.undo(firstId, 'op-1')).toEqual({ result: 'refused', because: 'movedSince' });

		bench.store.parkingSessions.close('s-1', { atMs: 5, laneOutId: 'L2', by: 'passage' });
		expect(logistic.undo(firstId, 'op-1')).toEqual({ result: 'refused', because: 'noSuchStay' });
	});

	test('a lane that the vehicle passes forgets its space', () => {
		inside('s-1');
		logistic.move({ stayId: 's-1', areaId: 'A1', spaceId: 'S1', ...by });

		bench.store.parkingSessions.moveTo('s-1', 'A1-vip');

		expect(logistic.vehicle('s-1')).toMatchObject({ areaId: 'A1-vip', spaceId: null });
		expect(logistic.inSpace('S1')).toEqual([]);
	});

	test('places that there are not, vehicles that are not there and moves that are none are refused', () => {
		inside('s-1');
		const refused = (request: object) =>
			logistic.move({ stayId: 's-1', areaId: 'A1', spaceId: null, ...by, ...request });
		expect(refused({ stayId: 'gone' })).toMatchObject({ because: 'noSuchStay' });
		expect(refused({ areaId: 'outside' })).toMatchObject({ because: 'noSuchPlace' });
		expect(refused({ areaId: 'A1-vip', spaceId: 'S1' })).toMatchObject({ because: 'noSuchPlace' });
		expect(refused({})).toMatchObject({ because: 'samePlace' });
	});

	test('vehicles are found by name, by plate however it is typed, and by tag', () => {
		inside('s-bob');
		inside('s-anna', { holderId: 'anna', credentialId: 'anna-tag' });
		inside('s-nobody', { holderId: null, credentialId: null });
		const found = (q: string) => logistic.find(q).map(({ stayId }) => stayId);
		expect(found('maes')).toEqual(['s-bob']);
		expect(found('1 abc 234')).toEqual(['s-bob']);
		expect(found('a1')).toEqual(['s-anna']);
		expect(found('nobody')).toEqual([]);
		expect(found('').length).toBe(3);
	});
});
