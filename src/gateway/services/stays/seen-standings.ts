import { GatewayError } from '../../core/gateway-error.ts';
import type { Access } from '../../core/permission/access.ts';
import { mayAtRow, seesRow } from '../../core/permission/decide-change.ts';
import type { RowLook } from '../../core/permission/row-place.ts';
import type { RightStandings } from './right-standing.ts';

type Standings = Pick<RightStandings, 'of' | 'ledger' | 'adjust'>;

export interface SeenStandingsDeps {
	readonly rightStandings: Standings;
	readonly rowLook: () => RowLook;
}

/** What rights have left, as one reader may see and change it: each as its right. */
export interface SeenStandings extends Standings {
	mayAdjust(rightId: string): boolean;
}

export function seenStandings(
	{ rightStandings, rowLook }: SeenStandingsDeps,
	access: Pick<Access, 'may'>,
): SeenStandings {
	const sees = (rightId: string) => {
		const look = rowLook();
		const row = look.row('assignedRights', rightId);
		return row !== undefined && seesRow(access, 'assignedRights', row, look);
	};
	const mayAdjust = (rightId: string) => {
		const look = rowLook();
		return mayAtRow(access, 'assignedRights:write', 'assignedRights', look.row('assignedRights', rightId), look);
	};
	return {
		of: (rightId, atMs) => (sees(rightId) ? rightStandings.of(rightId, atMs) : undefined),
		ledger: (rightId, limit, beforeLine) => (sees(rightId) ? rightStandings.ledger(rightId, limit, beforeLine) : []),
		mayAdjust,
		adjust(adjustment) {
			const { rightId } = adjustment;
			if (mayAdjust(rightId)) return rightStandings.adjust(adjustment);
			if (sees(rightId)) throw new GatewayError('FORBIDDEN', 'You see this right, and may not change it.');
			throw new GatewayError('NOT_FOUND', `there is no right ${rightId}`);
		},
	};
}
