import type { LeavingRefusal } from '../../../gateway/services/operators/leaving.ts';
import type { OperatorRefusal } from '../../../gateway/services/operators/operator-administration.ts';
import type { GroupRefusal } from '../../../gateway/services/operators/operator-groups.ts';
import type { RoleRefusal } from '../../../gateway/services/operators/own-roles.ts';
import type { Ui } from '../ui.ts';

type Refusal = OperatorRefusal | RoleRefusal | GroupRefusal | LeavingRefusal | { readonly result: 'noHolder' };

/** Why nothing was changed, in the reader's language. */
export function refusalWords({ t, formats }: Ui, refusal: Refusal): string {
	switch (refusal.result) {
		case 'seatsTaken': {
			const { used, available } = refusal;
			return t('operators.refused.seatsTaken', { used: formats.number(used), available: formats.number(available) });
		}
		case 'unknownRole':
		case 'unknownScope':
		case 'unknownPermission':
			return t('operators.refused.unknown', { name: refusal.name });
		case 'inUse':
			return t('operators.refused.inUse', { count: refusal.operators });
		case 'hasSubgroups':
			return t('operators.refused.hasSubgroups', { count: refusal.subgroups });
		default:
			return t(`operators.refused.${refusal.result}`);
	}
}
