import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	clashesOf,
	decideStatus,
	INTERVENTION_STATUSES,
	isClosed,
	isOverdue,
	nextStatuses,
	type PlannedTime,
	statusWithPlan,
} from '../../../../src/gateway/core/maintenance/intervention.ts';

const PLAN: PlannedTime = { startMs: 1_000, endMs: 2_000 };

describe('I9 the life of an intervention', () => {
	test('goes from open through planned, in progress and waiting for parts to done, and can be opened again', () => {
		expect(decideStatus({ status: 'open', plan: PLAN }, 'planned')).toMatchObject({ result: 'taken' });
		expect(decideStatus({ status: 'planned', plan: PLAN }, 'inProgress')).toEqual({ result: 'taken', plan: PLAN });
		expect(decideStatus({ status: 'inProgress', plan: PLAN }, 'waitingForParts')).toMatchObject({ result: 'taken' });
		expect(decideStatus({ status: 'waitingForParts', plan: PLAN }, 'done')).toMatchObject({ result: 'taken' });
		expect(decideStatus({ status: 'done', plan: PLAN }, 'open')).toEqual({ result: 'taken', plan: null });
		expect(decideStatus({ status: 'done', plan: PLAN }, 'inProgress')).toMatchObject({ because: 'notFromHere' });
		expect(decideStatus({ status: 'open', plan: null }, 'planned')).toMatchObject({ because: 'noPlan' });
		expect(decideStatus({ status: 'open', plan: null }, 'waitingForParts')).toMatchObject({ because: 'notFromHere' });
		expect(decideStatus({ status: 'open', plan: null }, 'open')).toMatchObject({ because: 'sameStatus' });
	});

	test('what is closed is only opened again, and from everywhere it can be cancelled or opened again', () => {
		for (const status of INTERVENTION_STATUSES) {
			const next = nextStatuses({ status, plan: null });
			if (isClosed(status)) expect(next).toEqual(['open']);
			else expect(next).toContain('cancelled');
			expect(next).not.toContain('planned');
		}
	});

	test('follows its planned time before it is begun, and not after', () => {
		expect([statusWithPlan('open', PLAN), statusWithPlan('planned', null)]).toEqual(['planned', 'open']);
		expect([statusWithPlan('inProgress', null), statusWithPlan('waitingForParts', PLAN)]).toEqual([
			'inProgress',
			'waitingForParts',
		]);
	});

	test('is overdue from the end of its planned time until it is closed', () => {
		expect(isOverdue({ status: 'planned', plan: PLAN }, 1_999)).toBe(false);
		expect(isOverdue({ status: 'inProgress', plan: PLAN }, 2_000)).toBe(true);
		expect(isOverdue({ status: 'done', plan: PLAN }, 9_000)).toBe(false);
		expect(isOverdue({ status: 'open', plan: null }, 9_000)).toBe(false);
	});
});

test('I12 a clash is told of each planned time that overlaps another, and of no other', () => {
	const time = fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 10 }));
	const property = fc.property(fc.array(time, { maxLength: 12 }), (times) => {
		const planned = times.map(([startMs, ms]) => ({ plan: { startMs, endMs: startMs + ms } }));
		const overlapping = planned.filter((one) =>
			planned.some((o) => o !== one && o.plan.startMs < one.plan.endMs && one.plan.startMs < o.plan.endMs),
		);
		expect([...clashesOf(planned)].length).toBe(overlapping.length);
		for (const one of overlapping) expect(clashesOf(planned).has(one)).toBe(true);
	});
	fc.assert(property);
});
