import type { LicenceGap, LicensedAddition } from '../../core/licence/licensed-addition.ts';
import type { RowRule } from '../directory/row-checks.ts';
import type { RowRules } from '../directory/row-rules.ts';

const TEXTS: Readonly<Record<LicenceGap, string>> = {
	licenceEnded: 'the product licence has run out: no new visitors or bookings until one is installed',
	notIncluded: 'the product licence does not include it',
};

/**
 * No new visitor or booking is made on site that the product licence does not cover; those that are there go on, can be
 * changed and end. Giving up a place that is kept is no booking.
 *
 * @param gapOf Why no further one may be made; null: it may.
 */
export function withStops(rules: RowRules, gapOf: (what: LicensedAddition) => LicenceGap | null): RowRules {
	/** Of a row that becomes one of `what`, by whichever way. */
	function stopped(what: LicensedAddition, isOne: (row: Row) => boolean): RowRule {
		return ({ before, after }) => {
			if (after === null || !isOne(after) || (before !== null && isOne(before))) return [];
			const because = gapOf(what);
			return because === null ? [] : [{ field: null, code: 'conflict', problem: TEXTS[because], detail: { because } }];
		};
	}
	const bookings = stopped('bookings', ({ kind, state }) => kind === 'booking' && state === 'planned');
	const plannedUses: RowRule = (change, rows, hides) => {
		const refused = bookings(change, rows, hides);
		return refused.length > 0 ? refused : (rules.plannedUses?.(change, rows, hides) ?? []);
	};
	const assignedRights: RowRule = (change, rows, hides) => {
		const isVisit = ({ specificationId }: Row) =>
			rows.row('rightSpecifications', String(specificationId))?.['strategy'] === 'visitor';
		const refused = stopped('visitors', isVisit)(change, rows, hides);
		return refused.length > 0 ? refused : (rules.assignedRights?.(change, rows, hides) ?? []);
	};
	return { ...rules, plannedUses, assignedRights };
}

type Row = Readonly<Record<string, unknown>>;
