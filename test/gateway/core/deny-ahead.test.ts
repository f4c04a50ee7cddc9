import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closedRow, restrictedBy } from '../../../src/gateway/core/directory/deny-ahead.ts';
import { DIRECTORY_TABLES } from '../../../src/gateway/core/directory.ts';
import { holder, plate } from '../../support/directory-bench.ts';

const right = (change: object = {}) => ({
	...{ id: 'r1', holderId: 'anna', specificationId: 's1', state: 'active' },
	...{ validFromMs: null, validToMs: null, poolId: null, spaceId: null, bundleId: null },
	...change,
});
const specification = (areaIds: readonly string[], scheduleId: string | null = null) => ({
	...{ id: 's1', name: 'Staff', strategy: 'firstCome', areaIds, scheduleId },
});
const open = (from: string, to: string) => ({
	...{ id: 'x', name: 'Hours', periods: [{ days: [1, 2, 3], from, to }], specialDays: [] },
});

describe('N11: what is left of a row by a later word of central on it', () => {
	it.each([
		['nothing when it is deleted', 'holders', holder('a'), null, null],
		['a blocked holder', 'holders', holder('a'), holder('a', { status: 'blocked' }), { status: 'blocked' }],
		['no unblocked one', 'holders', holder('a', { status: 'blocked' }), holder('a'), { status: 'blocked' }],
		['a lost card', 'credentials', plate('c', '1A'), plate('c', '1A', { state: 'lost' }), { state: 'lost' }],
		['no card of another number', 'credentials', plate('c', '1A'), plate('c', '1B'), null],
		['no card of somebody else', 'credentials', plate('c', '1A'), plate('c', '1A', { holderId: 'ben' }), null],
		['a shorter right', 'assignedRights', right({ validToMs: 9 }), right({ validToMs: 5 }), { validToMs: 5 }],
		['no longer right', 'assignedRights', right({ validToMs: 5 }), right({ validToMs: 9 }), { validToMs: 5 }],
		['no right of another kind', 'assignedRights', right(), right({ specificationId: 's2' }), null],
		[
			'the areas of both',
			'rightSpecifications',
			specification(['A', 'B']),
			specification(['B', 'C']),
			{ areaIds: ['B'] },
		],
		['areas where there were all', 'rightSpecifications', specification([]), specification(['B']), { areaIds: ['B'] }],
		['nothing without a common area', 'rightSpecifications', specification(['A']), specification(['B']), null],
		[
			'a schedule where there was none',
			'rightSpecifications',
			specification([]),
			specification([], 'x'),
			{ scheduleId: 'x' },
		],
		['the hours of both', 'schedules', open('08:00', '18:00'), open('10:00', '20:00'), open('10:00', '18:00')],
		['fewer places', 'pools', { id: 'p', capacity: 9 }, { id: 'p', capacity: 3 }, { capacity: 3 }],
		['no more places', 'groups', { id: 'g', capacity: 9 }, { id: 'g', capacity: null }, { capacity: 9 }],
	] as const)('is %s', (_, table, ours, later, left) => {
		const found = restrictedBy(table, ours, later);
		if (left === null) expect(found).toBeNull();
		else expect(found).toMatchObject(left);
	});

	it('lets nobody in by itself, and nobody else than before', () => {
		const state = fc.constantFrom('active', 'lost', 'disabled');
		const moment = fc.option(fc.integer({ min: 0, max: 9 }));
		const card = fc.record({ state, validFromMs: moment, validToMs: moment, value: fc.constantFrom('1A', '1B') });
		const opensAt = (row: object | null, atMs: number) => {
			const { state: is, validFromMs, validToMs } = (row ?? { state: 'none' }) as ReturnType<typeof plate>;
			// What is never valid is so for its first millisecond.
			return is === 'active' && (validFromMs ?? -1) < atMs && atMs < (validToMs ?? 99);
		};
		fc.assert(
			fc.property(card, card, (ours, later) => {
				const left = restrictedBy('credentials', plate('c', '1A', ours), plate('c', '1A', later));
				for (let atMs = 0; atMs < 12; atMs += 1)
					if (opensAt(left, atMs)) expect([opensAt(ours, atMs), opensAt(later, atMs)]).toEqual([true, true]);
			}),
		);
	});

	it('stands in for a row of no use where none would mean no limit', () => {
		for (const table of ['pools', 'groups'] as const) {
			const row = DIRECTORY_TABLES[table].row.parse(closedRow(table, 'k'));
			expect(row).toMatchObject({ id: 'k', capacity: 0 });
		}
		expect(closedRow('holders', 'k')).toBeNull();
	});
});
