import type { SqlValue, StoredTable } from './directory-tables.ts';
import type { Sqlite } from './open-database.ts';
import { checkOf, DAMAGED } from './row-digests.ts';

interface TableWriterOptions {
	/** Its indexes and words are made later. */
	readonly staged?: boolean;
	/** The table has a digest and a check beside each row: one of the directory's, not of local edits. */
	readonly digested?: boolean;
}

export type TableWriter = ReturnType<typeof createTableWriter>;

/** Writes the rows of one table, and their search words. */
export function createTableWriter(
	db: Sqlite,
	table: StoredTable,
	{ staged = false, digested = false }: TableWriterOptions = {},
) {
	const { sqlName, indexed, accept, toRow } = table;
	const fields = table.columns.map(({ name }) => name);
	const columns = digested ? [...fields, 'digest', 'crc'] : fields;
	const assign = (list: readonly string[]) => list.map((column) => `${column} = :${column}`).join(', ');
	const others = columns.filter((column) => column !== 'id');
	const plain = others.filter((column) => !indexed.has(column));
	const places = columns.map((column) => `:${column}`).join(', ');
	const upsert = db.prepare<[Record<string, SqlValue | bigint>]>(
		`INSERT INTO ${sqlName} (${columns.join(', ')}) VALUES (${places}) ON CONFLICT (id) DO UPDATE SET ${assign(others)}`,
	);
	// SQLite rewrites an index whenever its column is set, also to the same value; most changes leave those alone.
	const sameIndexes = [...indexed].map((column) => ` AND ${column} IS :${column}`).join('');
	const hasPlainPath = !staged && indexed.size > 0 && plain.length > 0;
	const update = hasPlainPath
		? db.prepare<[Record<string, SqlValue | bigint>]>(
				`UPDATE ${sqlName} SET ${assign(plain)} WHERE id = :id${sameIndexes}`,
			)
		: undefined;
	const remove = db.prepare<[string]>(`DELETE FROM ${sqlName} WHERE id = ?`);
	const words = table.hasWords ? createWords(db, table) : undefined;
	const digests = digested ? prepareDigests(db, sqlName) : undefined;
	return {
		accept,
		/** `digest`: of the row as central sent it. */
		put(values: readonly SqlValue[], digest?: bigint) {
			const row = Object.fromEntries(fields.map((field, place) => [field, values[place] ?? null]));
			const written = digest === undefined ? row : { ...row, digest, crc: checkOf(values, digest) };
			if (update?.run(written).changes !== 1) upsert.run(written);
			if (!staged) words?.add(row);
		},
		/** Of a table with digests. */
		row(key: string): Readonly<Record<string, unknown>> | undefined {
			const stored = digests?.selectRow.get(key);
			return stored && toRow(stored);
		},
		/** undefined: there is no such row. */
		digestOf: (key: string) => digests?.select.get(key),
		disown(key: string) {
			digests?.disown.run(DAMAGED, key);
		},
		remove(key: string) {
			remove.run(key);
		},
		/** Before the row changes. */
		forgetWords(key: string) {
			if (!staged) words?.forget(key);
		},
		indexWords: () => words?.addAll(),
	};
}

function prepareDigests(db: Sqlite, sqlName: string) {
	return {
		selectRow: db.prepare<[string], Record<string, SqlValue>>(`SELECT * FROM ${sqlName} WHERE id = ?`),
		select: db.prepare<[string], bigint>(`SELECT digest FROM ${sqlName} WHERE id = ?`).pluck().safeIntegers(),
		disown: db.prepare<[bigint, string]>(`UPDATE ${sqlName} SET digest = ? WHERE id = ?`),
	};
}

function createWords(db: Sqlite, { sqlName, columns, wordsOf }: StoredTable) {
	const names = columns.map(({ name }) => name);
	const known = db.prepare<[string], Record<string, SqlValue>>(`SELECT * FROM ${sqlName} WHERE id = ?`);
	const insert = db.prepare<[string, string]>(`INSERT OR IGNORE INTO ${sqlName}_words (word, id) VALUES (?, ?)`);
	const remove = db.prepare<[string, string]>(`DELETE FROM ${sqlName}_words WHERE word = ? AND id = ?`);
	db.function(`${sqlName}_words_of`, { deterministic: true, varargs: true }, (...values: unknown[]) =>
		JSON.stringify(wordsOf(Object.fromEntries(names.map((name, place) => [name, values[place] as SqlValue])))),
	);
	return {
		forget(id: string) {
			const row = known.get(id);
			if (row !== undefined) for (const word of wordsOf(row)) remove.run(word, id);
		},
		add(row: Readonly<Record<string, SqlValue>>) {
			for (const word of wordsOf(row)) insert.run(word, String(row['id']));
		},
		addAll() {
			db.exec(`DELETE FROM ${sqlName}_words;
			INSERT INTO ${sqlName}_words SELECT DISTINCT word.value, ${sqlName}.id
			FROM ${sqlName}, json_each(${sqlName}_words_of(${names.map((name) => `${sqlName}.${name}`).join(', ')})) AS word ORDER BY 1, 2`);
		},
	};
}
