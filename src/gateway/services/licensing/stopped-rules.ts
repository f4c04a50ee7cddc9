import type { RowRule } from '../directory/row-checks.ts';
import type { RowRules } from '../directory/row-rules.ts';

const ENDED = {
	code: 'conflict',
	problem: 'the product licence has run out: no new visitors or bookings until one is installed',
	detail: { because: 'licenceEnded' },
} as const;

/**
 * After the product licence has run out no new visitor or booking is made on site; those that are there go on, can be
 * changed and end.
 *
 * @param hasStopped Whether new visitors and bookings have stopped by now.
 */
export function withStops(rules: RowRules, hasStopped: () => boolean): RowRules {
	const plannedUses: RowRule = (change, rows) =>
		isNew(change) && hasStopped() ? [{ ...ENDED, field: null }] : (rules.plannedUses?.(change, rows) ?? []);
	const assignedRights: RowRule = (change, rows) => {
		const specification = rows.row('rightSpecifications', String(change.after?.['specificationId']));
		const isVisit = specification?.['strategy'] === 'visitor';
		if (isVisit && isNew(change) && hasStopped()) return [{ ...ENDED, field: null }];
		return rules.assignedRights?.(change, rows) ?? [];
	};
	return { ...rules, plannedUses, assignedRights };
}

function isNew({ before, after }: Parameters<RowRule>[0]): boolean {
	return before === null && after !== null;
}
