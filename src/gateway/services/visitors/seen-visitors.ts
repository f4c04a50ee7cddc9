import type { DirectoryTable } from '../../core/directory.ts';
import type { Access } from '../../core/permission/access.ts';
import { mayAtRow } from '../../core/permission/decide-change.ts';
import type { RowLook } from '../../core/permission/row-place.ts';
import { rowScopeOf } from '../../core/permission/row-scope.ts';
import type { Places } from '../../core/permission/scope.ts';
import type { Permission } from '../../core/permission.ts';
import type { AnyRow, EditBy } from '../directory/directory-edits.ts';
import type { Visitors } from './visitors.ts';

export interface SeenVisitorsDeps {
	readonly visitors: Visitors;
	readonly rowLook: () => RowLook;
	readonly places: Places;
}

/** Visits as one reader may see and make them: each lies where its right does. */
export interface SeenVisitors extends Visitors {
	/** Whether they may change this visit, and so know its code; also of one that is not there, where all are theirs. */
	mayWrite(visitId: string): boolean;
}

export function seenVisitors(
	{ visitors, rowLook, places }: SeenVisitorsDeps,
	access: Pick<Access, 'may' | 'reach'>,
): SeenVisitors {
	const isAt = (permission: Permission, table: DirectoryTable, row: AnyRow | undefined, look = rowLook()) =>
		mayAtRow(access, permission, table, row, look);
	const isVisitAt = (permission: Permission, visitId: string) => {
		const look = rowLook();
		return isAt(permission, 'assignedRights', look.row('assignedRights', visitId), look);
	};
	/** Whoever may make visitors makes all that a visit is made of, where they may. */
	const within = (by: EditBy): EditBy => ({
		...by,
		access: { may: (_, place) => access.may('visitors:write', place) },
	});
	const notThere = {
		result: 'refused',
		problems: [{ field: null, code: 'notFound', problem: 'there is no such visit' }],
	} as const;
	const ofVisit = <T>(visitId: string, act: () => T) => (isVisitAt('visitors:write', visitId) ? act() : notThere);
	return {
		specifications() {
			const look = rowLook();
			const isTheirs = (id: string) => {
				const row = look.row('rightSpecifications', id);
				return (['visitors:read', 'visitors:write'] as const).some((one) =>
					isAt(one, 'rightSpecifications', row, look),
				);
			};
			return visitors.specifications().filter(({ id }) => isTheirs(id));
		},
		async page(query) {
			const scope = rowScopeOf(access.reach('visitors:read'), places);
			const page = await visitors.page({ ...query, ...(scope && { scopes: [scope] }) });
			return { ...page, items: page.items.filter(({ id }) => isVisitAt('visitors:read', id)) };
		},
		get: (visitId) =>
			isVisitAt('visitors:read', visitId) || isVisitAt('visitors:write', visitId) ? visitors.get(visitId) : undefined,
		mayWrite: (visitId) => isVisitAt('visitors:write', visitId),
		isVisitor: visitors.isVisitor,
		create: (request, by) => visitors.create(request, within(by)),
		changeEnd: (visitId, validToMs, by) => ofVisit(visitId, () => visitors.changeEnd(visitId, validToMs, within(by))),
		end: (visitId, by) => ofVisit(visitId, () => visitors.end(visitId, within(by))),
		block: (visitId, blocked, by) => ofVisit(visitId, () => visitors.block(visitId, blocked, within(by))),
		madeBy: visitors.madeBy,
		addSpecification: visitors.addSpecification,
	};
}
