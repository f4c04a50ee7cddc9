import { aggregateOf, type DirectoryTable } from '../core/directory.ts';
import { type Bind, filterConditions } from './directory-list-filters.ts';
import { type Search, type SearchedText, searchOf } from './directory-list-words.ts';
import type { ListAsk, ListCommands, ListedRow, ListPlace } from './directory-lists-messages.ts';
import { columnName, type SqlValue, STORED_TABLES } from './directory-tables.ts';
import { EDITED } from './local-edits.ts';
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

/**
 * Rows that are looked up one by one, 5 µs each, and sorted. When more fit the rarest word, enough of them stand
 * near in the list's own order, and that is looked through: 0.1 to 0.8 µs a row.
 */
const SORTED_ROWS = 3_000;
/** Counting sorts nothing, but goes on to its maximum. */
const COUNTED_BY_ID = 30_000;

type Params = Readonly<Record<string, SqlValue>>;

/**
 * Lists of one directory file with the edits of the site over it (`directory-overlay.ts`, attached to `db`). First the
 * keys, from an index alone; then the rows of the page. Edited rows are few and have indexes of their own: a statement
 * takes a page of each and puts them together.
 */
export function createDirectoryListReader(db: Sqlite, path: string): DirectoryListReader {
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
	function found({ ids }: SearchedText, params: Params, maximum: number): number {
		const sql = `SELECT count(*) FROM (${ids.join(' UNION ALL ')} LIMIT ${maximum})`;
		return db.prepare<[Params], number>(sql).pluck().get(params) ?? 0;
	}

	/** undefined: nothing is found. `mostRows`: looked up by id. */
	function searched({ words, whole }: Search, params: Params, mostRows: number): readonly string[] | undefined {
		const counted = words.map((word) => ({ word, rows: found(word, params, mostRows + 1) }));
		const [rarest] = counted.toSorted((a, b) => a.rows - b.rows);
		if (rarest === undefined) return undefined;
		const wholeRows = whole === undefined ? 0 : found(whole, params, mostRows + 1);
		if (rarest.rows === 0 && wholeRows === 0) return undefined;
		const all = (texts: readonly SearchedText[]) => texts.map(({ test }) => test).join(' AND ');
		const fits = whole === undefined ? all(words) : `(${whole.test} OR (${all(words)}))`;
		if (rarest.rows + wholeRows > mostRows) return [fits];
		const ids = `r.id IN (${[...rarest.word.ids, ...(whole?.ids ?? [])].join(' UNION ALL ')})`;
		if (whole !== undefined) return [ids, fits];
		const others = words.filter((word) => word !== rarest.word);
		return others.length === 0 ? [ids] : [ids, all(others)];
	}

	function prepareList(query: ListAsk, isEdited: boolean, mostRows: number) {
		const params: Record<string, SqlValue> = {};
		const bind: Bind = (value) => {
			const name = `p${Object.keys(params).length}`;
			params[name] = value;
			return `@${name}`;
		};
		const filters = filterConditions(query, bind);
		const search = searchOf(query, sourceOf(isEdited), bind);
		const words = search === undefined ? [] : searched(search, params, mostRows);
		return words === undefined ? undefined : { params, bind, conditions: [...filters, ...words] };
	}

	function keys({ query, after, limit }: Ask<'page'>, isEdited: boolean): readonly ListPlace[] {
		const list = prepareList(query, isEdited, SORTED_ROWS);
		if (list === undefined) return [];
		const { order } = aggregateOf(query.table);
		const [beyond, way] = query.descending ? ['<', ' DESC'] : ['>', ''];
		const place =
			after === null ? [] : [`(r.${order}, r.id) ${beyond} (${list.bind(after.order)}, ${list.bind(after.id)})`];
		const by = order === 'id' ? `r.id${way}` : `r.${order}${way}, r.id${way}`;
		const rows = arms(query.table, isEdited).map(({ from, conditions }) => {
			const all = [...place, ...list.conditions, ...conditions];
			return `SELECT * FROM (SELECT r.${order} AS "order", r.id AS id FROM ${from} AS r${where(all)} ORDER BY ${by} LIMIT ${limit})`;
		});
		const together = rows.length === 1 ? '' : ` ORDER BY 1${way}, 2${way} LIMIT ${limit}`;
		return db.prepare<[Params], ListPlace>(rows.join(' UNION ALL ') + together).all(list.params);
	}

	function rowsOf(table: DirectoryTable, ids: readonly string[], isEdited: boolean): readonly ListedRow[] {
		const { sqlName, toRow } = STORED_TABLES[table];
		const select = db.prepare<[string], Record<string, SqlValue>>(
			`SELECT * FROM ${sourceOf(isEdited)(sqlName)} WHERE id = ?`,
		);
		return ids.flatMap((id) => {
			const stored = select.get(id);
			return stored === undefined ? [] : [toRow(stored)];
		});
	}

	function titles(table: DirectoryTable, ids: readonly string[], isEdited: boolean): Map<string, string> {
		const { title, fields } = aggregateOf(table);
		const field = fields[title];
		const rows = db
			.prepare<[string], { readonly id: string; readonly title: SqlValue }>(
				`SELECT id, ${columnName(title)} AS title FROM ${sourceOf(isEdited)(STORED_TABLES[table].sqlName)}
				WHERE id IN (SELECT value FROM json_each(?))`,
			)
			.all(JSON.stringify(ids))
			.map((row) => ({ id: row.id, title: field?.fromColumn(row.title) }));
		// A right is named as its specification is.
		const named =
			field?.input.kind === 'reference'
				? titles(field.input.to as DirectoryTable, [...new Set(rows.map((row) => String(row.title)))], isEdited)
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
				const list = prepareList(query, isEdited, COUNTED_BY_ID);
				if (list === undefined) return 0;
				const rows = arms(query.table, isEdited).map(({ from, conditions }) => {
					const all = where([...list.conditions, ...conditions]);
					return `SELECT count(*) AS rows FROM (SELECT 1 FROM ${from} AS r${all} LIMIT ${maximum})`;
				});
				const sql = `SELECT min(sum(rows), ${maximum}) FROM (${rows.join(' UNION ALL ')})`;
				return db.prepare<[Params], number>(sql).pluck().get(list.params) ?? 0;
			}),
		titles: ({ table, ids }) => atOneState((isEdited) => [...titles(table, ids, isEdited)]),
		close: () => void db.close(),
	};
}

/** Where the rows of a table, and its words, are looked up. */
function sourceOf(isEdited: boolean): (sqlName: string) => string {
	return (sqlName) => (isEdited ? `effective_${sqlName}` : `main.${sqlName}`);
}

/** Central's rows but those edited, and the edited ones. */
function arms(table: DirectoryTable, isEdited: boolean) {
	const { sqlName } = STORED_TABLES[table];
	if (!isEdited) return [{ from: `main.${sqlName}`, conditions: [] }];
	const unedited = `NOT EXISTS (SELECT 1 FROM site.local_edits WHERE table_name = '${table}' AND key = r.id)`;
	return [
		{ from: `main.${sqlName}`, conditions: [unedited] },
		{ from: `site.${EDITED}${sqlName}`, conditions: [] },
	];
}

function where(conditions: readonly string[]): string {
	return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}
