import { type Access, mayWherever } from '../../core/permission/access.ts';
import type { RowLook } from '../../core/permission/row-place.ts';
import type { Permission } from '../../core/permission.ts';
import type { ChargeQuery, ChargeSpan, Charges } from './charges.ts';

export interface SeenChargesDeps {
	readonly charges: Charges;
	readonly rowLook: () => RowLook;
}

/** Charges as one reader may see them, and of those take along what they may. */
export interface SeenCharges extends Pick<Charges, 'page' | 'export'> {
	/** Whether they read the names of all that they see. */
	readonly seesNames: boolean;
}

export function seenCharges(
	{ charges, rowLook }: SeenChargesDeps,
	access: Pick<Access, 'may' | 'reach' | 'covers'>,
): SeenCharges {
	const within = <Q extends ChargeSpan>(query: Q, ...permissions: readonly Permission[]): Q => {
		const asked = permissions.filter((permission) => !access.may(permission));
		if (asked.length === 0) return query;
		const theirs: ChargeQuery['theirs'] = (some) => {
			const look = rowLook();
			return some.filter((charge) => {
				const place = charges.placeOf(charge, look);
				return asked.every((permission) => access.may(permission, place));
			});
		};
		return { ...query, theirs };
	};
	return {
		page: (query) => charges.page(within(query, 'parkingSessions:read')),
		export: (ask, operatorId) => charges.export(within(ask, 'parkingSessions:read', 'directory:export'), operatorId),
		seesNames: mayWherever(access, 'personalData:read', 'parkingSessions:read'),
	};
}
