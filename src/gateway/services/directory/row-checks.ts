import { centralOwnedChanges, centralOwnedFields } from '../../core/directory/central-owned.ts';
import { isMasked, secretField } from '../../core/directory/mask.ts';
import { aggregateOf, DIRECTORY_TABLES, type DirectoryTable, isDirectoryTable } from '../../core/directory.ts';
import { issueWords } from '../../core/issue-words.ts';
import { LIMITS } from '../../core/limits.ts';
import type { ChangedRow, ChangedRows } from './changed-rows.ts';
import type { AnyRow, DirectoryChange, EditProblem } from './directory-edits.ts';
import { etagOf } from './row-etag.ts';
import type { HidesRow } from './scoped-changes.ts';

type Problem = Omit<EditProblem, 'change'>;

/** @returns what is wrong with a row as it would be, or with its going, beside all others as they would be. */
export type RowRule = (
	change: ChangedRow,
	rows: ChangedRows,
	hides: HidesRow,
) => readonly Pick<Problem, 'field' | 'code' | 'problem' | 'detail'>[];

export interface RowChecksDeps {
	readonly rules: Readonly<Partial<Record<DirectoryTable, RowRule>>>;
	/** Whether a central platform has the row; one that it has not taken yet is the site's. */
	readonly isCentrals: (table: DirectoryTable, key: string) => boolean;
	/** Whether the site's configuration has an area (or park), or a space, of this id. */
	readonly isWired: (to: 'area' | 'space', id: string) => boolean;
}

const NOTHING_HIDDEN: HidesRow = () => false;

/** Whether a change can be made, and what follows from it. */
export function createRowChecks({ rules, isCentrals, isWired }: RowChecksDeps) {
	/** Carries one change into `rows`; when it has problems, they are left as they were or are thrown away. */
	function apply(
		rows: ChangedRows,
		change: DirectoryChange,
		newId: () => string,
		hides: HidesRow = NOTHING_HIDDEN,
	): readonly Problem[] {
		const { table } = change;
		if (change.op === 'create') {
			const key = typeof change.row['id'] === 'string' ? change.row['id'] : newId();
			if (rows.row(table, key) !== undefined) return [wrong(table, key, 'id', 'exists', 'there is one with this id')];
			return put(rows, table, key, { ...change.row, id: key }, null);
		}
		const { key, ifMatch } = change;
		const before = rows.row(table, key);
		if (before === undefined || hides(table, key, table)) {
			return [wrong(table, key, null, 'notFound', 'there is none with this id')];
		}
		if (ifMatch !== undefined && ifMatch !== etagOf(before)) {
			return [wrong(table, key, null, 'changed', 'it was changed since it was read')];
		}
		if (change.op === 'delete') return remove(rows, table, key, change.alone === true);
		return put(rows, table, key, { ...before, ...change.fields, id: key }, before);
	}

	function put(rows: ChangedRows, table: DirectoryTable, key: string, raw: AnyRow, before: AnyRow | null) {
		const { fields, row: schema, check } = aggregateOf(table);
		const unknown = Object.keys(raw).filter((name) => !Object.hasOwn(fields, name));
		if (unknown.length > 0) {
			return unknown.map((name) => wrong(table, key, name.slice(0, 64), 'unknownField', 'there is no such field'));
		}
		const parsed = schema.safeParse(raw, { reportInput: true });
		if (!parsed.success) {
			return issueWords(parsed.error.issues).map(({ path, problem, mend }) => {
				const [field = null] = path;
				return { ...wrong(table, key, field === null ? null : String(field), 'invalid', problem), detail: { mend } };
			});
		}
		const row: AnyRow = parsed.data;
		const problem = check(parsed.data);
		if (problem !== undefined) {
			const [field = '', text = problem] = problem.split(/: (.*)/s);
			return [wrong(table, key, field, 'invalid', text)];
		}
		const masks = maskedFields(table, before, row);
		if (masks.length > 0)
			return masks.map((field) => ({
				...wrong(table, key, field, 'invalid', 'is masked, not the real value'),
				detail: { because: 'masked' },
			}));
		const told = before === null ? undefined : toldCode(table, before, row);
		if (told !== undefined) {
			const problem = wrong(table, key, told, 'invalid', 'would show the code; send another value too');
			return [{ ...problem, detail: { because: 'code' } }];
		}
		const owned = before === null ? [] : centralOwnedChanges(table, before, row);
		if (owned.length > 0 && isCentrals(table, key))
			return owned.map((name) => wrong(table, key, name, 'centralOwned', 'only the central platform changes it'));
		rows.set(table, key, row);
		return [];
	}

	/** What can't be without it goes too, what names it names nobody any more. */
	function remove(
		rows: ChangedRows,
		table: DirectoryTable,
		key: string,
		alone: boolean,
		going = new Set<string>(),
	): readonly Problem[] {
		if (going.has(`${table}/${key}`)) return [];
		going.add(`${table}/${key}`);
		const problems = REFERENCES.filter(({ to }) => to === table).flatMap((reference): readonly Problem[] => {
			const { from, field, onDelete } = reference;
			const found = rows.find(from, { [field]: key }, LIMITS.editsTogether + 1);
			const problem = whyItStays(table, key, reference, found.length, alone);
			if (problem !== undefined) return [problem];
			if (onDelete === 'cascade') return found.flatMap(({ id }) => remove(rows, from, String(id), alone, going));
			for (const row of found) rows.set(from, String(row['id']), { ...row, [field]: null });
			return [];
		});
		rows.set(table, key, null);
		return problems;
	}

	/** What only shows when all changes of the batch are made. */
	function together(rows: ChangedRows, hides: HidesRow = NOTHING_HIDDEN): readonly EditProblem[] {
		return rows.all().flatMap((change) => {
			const missing = missingReferences(change, (to, id) =>
				isDirectoryTable(to) ? rows.row(to, id) !== undefined && !hides(to, id, change.table) : isWired(to, id),
			);
			// A rule would tell of a row that is hidden what it does not tell of one that is not there.
			const ruled = missing.length > 0 ? [] : (rules[change.table]?.(change, rows, hides) ?? []);
			const found = [
				...missing,
				...(change.after === null ? [] : duplicates(change, rows, hides)),
				...ruled.map((problem) => ({ ...problem, table: change.table, key: change.key })),
			];
			return found.map((problem) => ({ change: change.change, ...problem }));
		});
	}

	function tooMany(rows: ChangedRows): readonly EditProblem[] {
		const changed = rows.all();
		const [first] = changed;
		if (first === undefined || changed.length <= LIMITS.editsTogether) return [];
		const text = `${changed.length} rows would change together; at most ${LIMITS.editsTogether} can`;
		return [{ change: first.change, ...wrong(first.table, first.key, null, 'tooMany', text) }];
	}

	function ownedByCentral(table: DirectoryTable, key: string): readonly string[] {
		const own = centralOwnedFields(table);
		return own.length > 0 && isCentrals(table, key) ? own : [];
	}

	return { apply, together, tooMany, ownedByCentral };
}

function wrong(
	table: DirectoryTable,
	key: string,
	field: string | null,
	code: EditProblem['code'],
	problem: string,
): Problem {
	return { table, key, field, code, problem };
}

function whyItStays(
	table: DirectoryTable,
	key: string,
	{ from, onDelete }: Reference,
	count: number,
	alone: boolean,
): Problem | undefined {
	if (count === 0) return undefined;
	if (onDelete === 'refuse' || (alone && onDelete === 'cascade')) {
		return { ...wrong(table, key, null, 'inUse', `${from} need it`), detail: { table: from, count } };
	}
	if (count <= LIMITS.editsTogether) return undefined;
	return wrong(table, key, null, 'tooMany', `more than ${LIMITS.editsTogether} ${from} go with it`);
}

interface Reference {
	readonly from: DirectoryTable;
	readonly field: string;
	readonly to: string;
	readonly onDelete: 'cascade' | 'clear' | 'refuse';
}

/** Of single rows; a list that names a deleted row just names one fewer. */
const REFERENCES: readonly Reference[] = (Object.keys(DIRECTORY_TABLES) as DirectoryTable[]).flatMap((from) =>
	Object.entries(aggregateOf(from).fields).flatMap(([field, { input }]) =>
		input.kind === 'reference' && !input.many ? [{ from, field, to: input.to, onDelete: input.onDelete }] : [],
	),
);

/** Only of fields that change: what central sent may name a row that comes later, or an area that this site has not. */
function missingReferences(
	{ table, key, before, after }: ChangedRow,
	isThere: (to: DirectoryTable | 'area' | 'space', id: string) => boolean,
): readonly Problem[] {
	return Object.entries(aggregateOf(table).fields).flatMap(([field, { input, toColumn }]) => {
		if (after === null || (input.kind !== 'reference' && input.kind !== 'wiring')) return [];
		if (before !== null && toColumn(before[field]) === toColumn(after[field])) return [];
		const to = targetOf(input.to);
		return namedIn(after[field])
			.filter((id) => !namedIn(before?.[field]).includes(id))
			.filter((id) => typeof id !== 'string' || to === undefined || !isThere(to, id))
			.map((id) => ({
				...wrong(table, key, field, 'unknownReference', `there is no ${String(id)} ${among(input.to)}`),
				detail: { to: input.to },
			}));
	});
}

function namedIn(value: unknown): readonly unknown[] {
	return [value].flat().filter((one) => one !== null && one !== undefined);
}

function among(to: string): string {
	return isDirectoryTable(to) ? `in ${to}` : `among the ${to}s of the site`;
}

function targetOf(name: string): DirectoryTable | 'area' | 'space' | undefined {
	return name === 'area' || name === 'space' || isDirectoryTable(name) ? name : undefined;
}

function duplicates({ table, key, after }: ChangedRow, rows: ChangedRows, hides: HidesRow): readonly Problem[] {
	return aggregateOf(table).unique.flatMap((fields) => {
		const where = Object.fromEntries(fields.map((field) => [field, after?.[field]]));
		if (Object.values(where).some((value) => value === null)) return [];
		const other = rows.find(table, where, 2).find(({ id }) => id !== key);
		if (other === undefined) return [];
		const field = fields.at(-1) ?? null;
		const id = String(other['id']);
		if (isTriedCode(table, after) || hides(table, id, table)) {
			return [wrong(table, key, field, 'notUnique', 'another one has the same')];
		}
		return [{ ...wrong(table, key, field, 'notUnique', `${id} has the same`), detail: { other: id } }];
	});
}

/** Few enough to be tried one after the other: whose it is would be learned with it. */
function isTriedCode(table: DirectoryTable, row: AnyRow | null): boolean {
	const { secret } = aggregateOf(table);
	if (row === null || secret === undefined || secretField({ secret }, row) === undefined) return false;
	return !secret.foundWhole.includes(String(row[secret.by]));
}

/** Where a mask would take the place of what it hides: a row written back as somebody was shown it. */
function maskedFields(table: DirectoryTable, before: AnyRow | null, after: AnyRow): readonly string[] {
	return Object.entries(aggregateOf(table).fields)
		.filter(([name, { personal }]) => personal && isMasked(after[name]) && after[name] !== before?.[name])
		.map(([name]) => name);
}

/** A code that becomes a card's number would be shown to everybody, and a PIN that becomes a QR code be found by trying. */
function toldCode(table: DirectoryTable, before: AnyRow, after: AnyRow): string | undefined {
	const { secret } = aggregateOf(table);
	const field = secretField({ ...(secret && { secret }) }, before);
	if (secret === undefined || field === undefined || before[field] !== after[field]) return undefined;
	return before[secret.by] === after[secret.by] ? undefined : secret.by;
}
