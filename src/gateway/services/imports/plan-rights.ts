import type { PlainRow } from '../../store/import-file.ts';
import {
	type Complain,
	completeRow,
	type PlanDeps,
	type RowPlanner,
	refuseFor,
	resolveFields,
	rowAbove,
	rowPlanner,
	someOf,
} from './plan-context.ts';

const NEW_RIGHT = { state: 'active', validFromMs: null, validToMs: null } as const;
/** Rights of one holder that are looked through. */
const RIGHTS_OF_HOLDER = 200;

/** Rights. A row is the right of its id, else the one that its holder has of its specification, else a new one. */
export function createRightPlanner(deps: PlanDeps): RowPlanner {
	const { reader } = deps;
	/** Rows of the file by the right they mean. */
	const seen = new Map<string, number>();

	return rowPlanner(deps, (row, values, complain) => {
		const given = resolveFields(deps, 'assignedRights', values, complain);
		const givenId = typeof values['id'] === 'string' ? values['id'] : null;
		const key = identifyRight(reader, givenId, given, complain);
		const before = key === null ? null : (reader.row('assignedRights', key) ?? null);
		const id = key ?? givenId ?? deps.newId();
		const fields = before === null ? { ...NEW_RIGHT, ...given, id } : given;
		const { row: after, isSame } = completeRow('assignedRights', before, fields, complain);
		const { holderId, specificationId, validFromMs } = after;
		const meant = key ?? `${String(holderId)} ${String(specificationId)} ${String(validFromMs)}`;
		const earlier = seen.get(meant);
		if (earlier !== undefined) {
			const shown = String(values['holderId'] ?? meant);
			refuseFor(complain('holderId', 'notUnique', { shown, detail: rowAbove(earlier) }));
		}
		seen.set(meant, row);
		if (isSame) return { result: 'same', changes: [] };
		const change = { row, table: 'assignedRights', key: id, before, after } as const;
		return { result: before === null ? 'new' : 'changed', changes: [change] };
	});
}

/** @returns null: a new one. Of several of the same kind it is the one that begins at the same time. */
function identifyRight(
	reader: PlanDeps['reader'],
	givenId: string | null,
	fields: PlainRow,
	complain: Complain,
): string | null {
	if (givenId !== null) return reader.row('assignedRights', givenId) === undefined ? null : givenId;
	const missing = (['holderId', 'specificationId'] as const).filter((name) => fields[name] === undefined);
	refuseFor(...missing.map((name) => complain(name, 'required')));
	const { holderId, specificationId, validFromMs = null } = fields;
	const same = reader.find('assignedRights', { holderId, specificationId }, RIGHTS_OF_HOLDER);
	if (same.length <= 1) return same[0] ?? null;
	const [begins, another] = same.filter((id) => reader.row('assignedRights', id)?.validFromMs === validFromMs);
	if (begins === undefined || another !== undefined)
		refuseFor(complain('specificationId', 'ambiguous', { shown: String(specificationId), detail: someOf(same) }));
	return begins ?? null;
}
