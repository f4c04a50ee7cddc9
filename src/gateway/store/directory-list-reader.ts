import { aggregateOf, type DirectoryTable } from '../core/directory.ts';
import { type Bind, filterConditions } from './directory-list-filters.ts';
import { listParts, partsOrder } from './directory-list-order.ts';
import { createScopeConditions } from './directory-list-scope.ts';
import { type ListSide, placeOf, type Search, searchOf, unedited } from './directory-list-words.ts';
import type { ListAsk, ListCommands, ListedRow, ListPlace } from './directory-lists-messages.ts';
import { columnName, type SqlValue, STORED_TABLES } from './directory-tables.ts';
import type { Sqlite } from './open-database.ts';
import { storeFailure } from './store-failure.ts';

type Ask<C extends keyof ListCommands> = ListCommands[C]['ask'];
type Answer<C extends keyof ListCommands> = ListCommands[C]['answer'];

export interface DirectoryListReader {
	page(ask: Ask<'page'>): Answer<'page'>;
	count(ask: Ask<'count'>): Answer<'count'>;
	titles(ask: Ask<'titles'>): Answer<'titles'>;
	close(): void;
}

/** Whether the rows that a search finds are looked up one by one, or the list is looked through in its order. */
interface LookUp {
	readonly mostRows: number;
	readonly always: boolean;
}

/**
 * A row that is looked up takes 5 µs, and they are sorted. Where there are more, enough of them stand near in the list's
 * own order, and one that is passed there takes 0.1 to 0.8 µs.
 */
const SORTED: LookUp = { mostRows: 3_000, always: false };

/** Counting sorts nothing, and without filters an index is enough. */
function countedBy(filters: readonly string[]): LookUp {
	return { mostRows: 30_000, always: filters.length === 0 };
}

type Params = Readonly<Record<string, SqlValue>>;

/**
 * Lists of one directory file with the edits of the site over it (`directory-overlay.ts`, attached to `db`). First the
 * keys, from an index alone; then the rows of the page. Edited rows are few and have indexes of their own: a statement
 * takes a page of each and puts them together.
 */
export function createDirectoryListReader(db: Sqlite, path: string): DirectoryListReader {
	const scopeConditions = createScopeConditions(db);
	const anyEdit = db.prepare<[], number>('SELECT EXISTS (SELECT 1 FROM site.local_edits)').pluck();

	/** The edits first: one that central's rows take over meanwhile is then seen twice and counts once, never not at all. */
	function atOneState<T>(run: (isEdited: boolean) => T): T {
		try {
			db.exec('BEGIN');
			try {
				return run(anyEdit.get() === 1);
			} finally {
				if (db.inTransaction) db.exec('COMMIT');
			}
		} catch (error) {
			throw storeFailure(error, path);
		}
	}

	/** How many rows a text finds, at most `maximum`. */
	function found(ids: readonly string[], params: Params, maximum: number): number {
		const sql = `SELECT count(*) FROM (${ids.join(' UNION ALL ')} LIMIT ${maximum})`;
		return db.prepare<[Params], number>(sql).pluck().get(params) ?? 0;
	}

	/** The word that finds the fewest, with what the whole text finds, each at most `most`; undefined: nothing is found. */
	function rarestOf({ words, whole }: Search, params: Params, most: number) {
		const counted = words.map((word) => ({ word, rows: found(word.ids, params, most) }));
		const [rarest] = counted.toSorted((a, b) => a.rows - b.rows);
		if (rarest === undefined) return undefined;
		const rows = rarest.rows + (whole === undefined ? 0 : found(whole.ids, params, most));
		return rows === 0
			? undefined
			: { word: rarest.word, rows, byIndex: rows === rarest.rows ? rarest.word.lookUp : undefined };
	}

	/**
	 * What a search asks of the rows of one side; undefined: it finds none.
	 *
	 * @param within how many rows are looked up anyway, as all that may be shown; undefined: none are
	 */
	function searched(
		{ words, whole }: Search,
		side: ListSide,
		params: Params,
		lookUp: LookUp,
		within: number | undefined,
	): { readonly isLookUp: boolean; readonly conditions: readonly string[] } | undefined {
		if (words.length === 0) return undefined;
		const all = words.map(({ test }) => test).join(' AND ');
		const fits = whole === undefined ? all : `(${whole.test} OR ${all})`;
		// Those are few.
		if (side === 'edited') return { isLookUp: false, conditions: [fits] };
		const most = lookUp.mostRows + 1;
		const rarest = rarestOf({ words, whole }, params, most);
		if (rarest === undefined) return undefined;
		const { rows, byIndex } = rarest;
		const isFew = rows < most || (lookUp.always && byIndex !== undefined);
		if (!isFew || rows >= (within ?? Number.POSITIVE_INFINITY)) return { isLookUp: false, conditions: [fits] };
		if (byIndex === undefined) {
			const ids = [...rarest.word.ids, ...(whole?.ids ?? [])].join(' UNION ALL ');
			return { isLookUp: true, conditions: [`r.id IN (${ids})`, fits] };
		}
		const others = words.filter((word) => word !== rarest.word).map(({ test }) => test);
		return { isLookUp: true, conditions: [byIndex, ...others] };
	}

	/** What who sees a part of the rows asks of those of one side; undefined: there is none of theirs. */
	function scoped({ table, scopes = [] }: ListAsk, side: ListSide, bind: Bind, params: Params, most: number) {
		const tests: string[] = [];
		let fewest: { readonly rows: number; readonly ids: readonly string[] } | undefined;
		for (const scope of scopes) {
			const one = scopeConditions(table, scope, side, bind);
			tests.push(...one.tests);
			// Those of the edited ones are few.
			if (one.ids === undefined || side === 'edited') continue;
			const rows = one.ids.length === 0 ? 0 : found(one.ids, params, most + 1);
			if (rows === 0) return undefined;
			if (rows <= most && rows < (fewest?.rows ?? Number.POSITIVE_INFINITY)) fewest = { rows, ids: one.ids };
		}
		return { tests, fewest };
	}

	/** What is read of central's rows and of the edited ones, and by what. */
	function armsOf(query: ListAsk, isEdited: boolean, lookUp: (filters: readonly string[]) => LookUp) {
		const params: Record<string, SqlValue> = {};
		const bind = bindInto(params);
		const filters = filterConditions(query, bind);
		const { sqlName } = STORED_TABLES[query.table];
		const sides: readonly ListSide[] = isEdited ? ['centralUnderEdits', 'edited'] : ['central'];
		const arms = sides.flatMap((side) => {
			const search = searchOf(query, side, bind, (ids) => ids.length > 0 && found(ids, params, 1) > 0);
			const within = scoped(query, side, bind, params, lookUp(filters).mostRows);
			if (within === undefined) return [];
			const { tests, fewest } = within;
			const words =
				search === undefined
					? { isLookUp: false, conditions: [] }
					: searched(search, side, params, lookUp(filters), fewest?.rows);
			if (words === undefined) return [];
			// Of two sets that an index takes, SQLite would try every pair.
			const lookedUp = words.isLookUp || fewest === undefined ? [] : [`r.id IN (${fewest.ids.join(' UNION ALL ')})`];
			const last = side === 'centralUnderEdits' ? [unedited(query.table, 'r.id')] : [];
			const conditions = (tested?: string) => [
				...(tested === undefined ? filters : filterConditions(query, bind, tested)),
				...words.conditions,
				...lookedUp,
				...tests,
				...last,
			];
			return [{ from: placeOf(side, sqlName), conditions }];
		});
		return { params, bind, arms };
	}

	function keys({ query, after, limit }: Ask<'page'>, isEdited: boolean): readonly ListPlace[] {
		const { params, bind, arms } = armsOf(query, isEdited, () => SORTED);
		if (arms.length === 0) return [];
		const rows = listParts(query, after, bind).flatMap(({ key, by, conditions: own, tested }) =>
			arms.map(({ from, conditions }) => {
				const all = where([...own, ...conditions(tested)]);
				return `SELECT * FROM (SELECT ${key} AS "order", r.id AS id FROM ${from} AS r${all} ORDER BY ${by} LIMIT ${limit})`;
			}),
		);
		if (rows.length === 0) return [];
		const together = rows.length === 1 ? '' : ` ORDER BY ${partsOrder(query)} LIMIT ${limit}`;
		return db.prepare<[Params], ListPlace>(rows.join(' UNION ALL ') + together).all(params);
	}

	function rowsOf(table: DirectoryTable, ids: readonly string[], isEdited: boolean): readonly ListedRow[] {
		const { sqlName, toRow } = STORED_TABLES[table];
		const select = db.prepare<[string], Record<string, SqlValue>>(
			`SELECT * FROM ${isEdited ? 'effective_' : 'main.'}${sqlName} WHERE id = ?`,
		);
		return ids.flatMap((id) => {
			const stored = select.get(id);
			return stored === undefined ? [] : [toRow(stored)];
		});
	}

	function titles({ table, ids, scopes = [] }: Ask<'titles'>, isEdited: boolean): Map<string, string> {
		const { title, fields } = aggregateOf(table);
		const field = fields[title];
		const params: Record<string, SqlValue> = {};
		const bind = bindInto(params);
		const conditions = [
			`r.id IN (SELECT value FROM json_each(${bind(JSON.stringify(ids))}))`,
			...scopes.flatMap((scope) => scopeConditions(table, scope, isEdited ? 'edited' : 'central', bind).tests),
		];
		const rows = db
			.prepare<[Params], { readonly id: string; readonly title: SqlValue }>(
				`SELECT r.id, r.${columnName(title)} AS title FROM ${isEdited ? 'effective_' : 'main.'}${STORED_TABLES[table].sqlName} AS r${where(conditions)}`,
			)
			.all(params)
			.map((row) => ({ id: row.id, title: field?.fromColumn(row.title) }));
		// A right is named as its specification is.
		const named =
			field?.input.kind === 'reference'
				? titles(
						{ table: field.input.to as DirectoryTable, ids: [...new Set(rows.map((row) => String(row.title)))] },
						isEdited,
					)
				: undefined;
		const text = (value: unknown) =>
			field?.input.kind === 'instant'
				? Temporal.Instant.fromEpochMilliseconds(Number(value)).toString()
				: String(value);
		return new Map(rows.map((row) => [row.id, named?.get(String(row.title)) ?? text(row.title)]));
	}

	return {
		page: (ask) =>
			atOneState((isEdited) => {
				const found = keys({ ...ask, limit: ask.limit + 1 }, isEdited);
				const shown = found.slice(0, ask.limit);
				const ids = shown.map(({ id }) => id);
				const next = found.length > ask.limit ? (shown.at(-1) ?? null) : null;
				return { rows: rowsOf(ask.query.table, ids, isEdited), next };
			}),
		count: ({ query, maximum }) =>
			atOneState((isEdited) => {
				const { params, arms } = armsOf(query, isEdited, countedBy);
				if (arms.length === 0) return 0;
				const rows = arms.map(
					({ from, conditions }) =>
						`SELECT count(*) AS rows FROM (SELECT 1 FROM ${from} AS r${where(conditions())} LIMIT ${maximum})`,
				);
				const sql = `SELECT min(sum(rows), ${maximum}) FROM (${rows.join(' UNION ALL ')})`;
				return db.prepare<[Params], number>(sql).pluck().get(params) ?? 0;
			}),
		titles: (ask) => atOneState((isEdited) => [...titles(ask, isEdited)]),
		close: () => void db.close(),
	};
}

function bindInto(params: Record<string, SqlValue>): Bind {
	return (value) => {
		const name = `p${Object.keys(params).length}`;
		params[name] = value;
		return `@${name}`;
	};
}

function where(conditions: readonly string[]): string {
	return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}
