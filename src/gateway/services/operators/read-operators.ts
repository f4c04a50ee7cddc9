import { LIMITS } from '../../core/limits.ts';
import { isRole, ROLES } from '../../core/permission.ts';
import type { RoleAssignment } from '../../store/operator-access.ts';
import type { OperatorStore } from '../../store/operators.ts';
import { type NamedRole, OPERATOR_FIELDS, ROLE_WORDS } from '../imports/operator-fields.ts';
import { compact } from '../tables/cell-parsers.ts';
import {
	type ColumnMapping,
	checkMapping,
	createRowReader,
	type MappedRow,
	type NamedColumn,
	namedMapping,
} from '../tables/map-columns.ts';
import { createProblemList, type ProblemList, type ProblemReport } from '../tables/problem-list.ts';
import { openTable } from '../tables/read-table.ts';
import type { TableColumn } from '../tables/table.ts';
import { excerpt, stopped, type TableProblem } from '../tables/table-problem.ts';

/** What one row of the file says of somebody; null: nothing. */
export interface OperatorRowWish {
	/** Of the file; 1 is its first line. */
	readonly row: number;
	readonly email: string;
	readonly name: string | null;
	readonly language: 'en' | 'fr' | 'nl' | null;
	readonly roles: readonly RoleAssignment[] | null;
	readonly groupIds: readonly string[];
	/** Of who is here already, as they were when it was read. */
	readonly version: number | null;
}

export interface ReadOperators {
	readonly columns: readonly TableColumn[];
	readonly mapping: ColumnMapping;
	readonly problems: ProblemReport;
	/** Empty while anything is wrong. */
	readonly wishes: readonly OperatorRowWish[];
}

type Known = Pick<OperatorStore, 'operatorByEmail' | 'ownRole' | 'ownRoles' | 'group' | 'listGroups'>;

/** Reads a CSV of operators and finds the roles and groups it names. Nothing in it makes this throw. */
export async function readOperators(
	bytes: Uint8Array,
	named: readonly NamedColumn[],
	known: Known,
): Promise<ReadOperators> {
	const problems = createProblemList();
	const refuse = (problem: TableProblem): ReadOperators => {
		problems.add([problem]);
		return { columns: [], mapping: [], problems: problems.report(), wishes: [] };
	};
	// A workbook of this size may inflate to more than this thread may look at.
	const isArchive = bytes[0] === 0x50 && bytes[1] === 0x4b;
	if (isArchive) return refuse(stopped('notATable'));
	if (bytes.length > LIMITS.operatorImportBytes)
		return refuse(stopped('tooManyBytes', { detail: String(LIMITS.operatorImportBytes) }));
	const opening = await openTable(bytes);
	if (opening.result === 'refused') return refuse(opening.problem);
	const { columns, notes, items } = opening.table;
	const found = namedMapping(columns, OPERATOR_FIELDS, named);
	problems.add([...notes, ...found.problems, ...checkMapping(columns, OPERATOR_FIELDS, found.mapping)]);
	const read = createRowReader(columns, OPERATOR_FIELDS, found.mapping);
	const resolve = createResolver(known, (field) => columns[found.mapping.indexOf(field)]);
	const wishes: OperatorRowWish[] = [];
	for await (const item of items) {
		if (problems.report().errors > LIMITS.tableProblems) break;
		if (item.kind === 'end') {
			problems.add(item.problem === null ? [] : [item.problem]);
		} else if (wishes.length >= LIMITS.operatorImportRows) {
			problems.add([stopped('tooManyRows', { row: item.row.row, detail: String(LIMITS.operatorImportRows) })]);
			break;
		} else wishes.push(...resolve(read(item.row), problems));
	}
	const report = problems.report();
	return { columns, mapping: found.mapping, problems: report, wishes: report.errors > 0 ? [] : wishes };
}

function createResolver(known: Known, columnOf: (field: string) => TableColumn | undefined) {
	const rowOfEmail = new Map<string, number>();
	const names = createRoleAndGroupNames(known);

	return ({ row, values, problems: own }: MappedRow, problems: ProblemList): readonly OperatorRowWish[] => {
		problems.add(own);
		const complain = (field: string, code: TableProblem['code'], shown: string, detail?: string) => {
			const column = columnOf(field);
			const place = column && { column: column.index, heading: excerpt(column.heading) };
			problems.add([{ code, severity: 'error', row, ...place, shown: excerpt(shown), ...(detail && { detail }) }]);
		};
		const { email, name = null, language = null, roles = null, operatorGroups = null } = values;
		if (typeof email !== 'string') return [];
		const above = rowOfEmail.get(email);
		if (above !== undefined) complain('email', 'notUnique', email, `↑ ${above}`);
		rowOfEmail.set(email, row);
		const before = known.operatorByEmail(email);
		if (before === undefined && name === null) complain('name', 'required', '', 'name');
		return [
			{
				...{ row, email, version: before?.version ?? null },
				name: typeof name === 'string' ? name : null,
				// Parsed by the fields' own cells.
				language: language as OperatorRowWish['language'],
				roles:
					(roles as readonly NamedRole[] | null)?.flatMap(({ role, scope }) => {
						const roleId = names.role(role);
						if (roleId === undefined) complain('roles', 'notFound', role);
						return roleId === undefined ? [] : [{ roleId, scope }];
					}) ?? null,
				groupIds: ((operatorGroups ?? []) as readonly string[]).flatMap((text) => {
					const ids = names.groups(text);
					if (ids.length !== 1) complain('operatorGroups', ids.length === 0 ? 'notFound' : 'ambiguous', text);
					return ids.length === 1 ? ids : [];
				}),
			},
		];
	};
}

/** What roles and groups of the site are called. */
export function createRoleAndGroupNames(known: Pick<Known, 'ownRole' | 'ownRoles' | 'group' | 'listGroups'>) {
	const roleByWord = new Map<string, string>(
		ROLES.flatMap((role) => [role, ...ROLE_WORDS[role]].map((word): [string, string] => [compact(word), role])),
	);
	for (const { id, name } of known.ownRoles()) roleByWord.set(compact(name), id);
	return {
		/** By id, else by name; undefined: there is none. */
		role: (text: string): string | undefined =>
			isRole(text) || known.ownRole(text) !== undefined ? text : roleByWord.get(compact(text)),
		/** Ids of all that are called so; the one that has it as its id alone. */
		groups(text: string): readonly string[] {
			if (known.group(text) !== undefined) return [text];
			const filter = { text, kind: null, tag: null, parentId: null, after: null, limit: LIMITS.pageSize };
			const wanted = compact(text);
			return known.listGroups(filter).flatMap(({ id, name }) => (compact(name) === wanted ? [id] : []));
		},
	};
}
