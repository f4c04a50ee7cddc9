import type { Statement } from 'better-sqlite3';
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

/** A row as it is before it changes. */
export interface StoredRow {
	readonly values: readonly SqlValue[];
	/** 0 in a table without digests. */
	readonly digest: bigint;
}

/** Statements kept for one table, by the columns that they set. */
const KINDS_OF_CHANGES = 50;

/** Writes the rows of one table, and their search words. */
export function createTableWriter(
	db: Sqlite,
	table: StoredTable,
	{ staged = false, digested = false }: TableWriterOptions = {},
) {
	const { sqlName, accept, toRow } = table;
	const fields = table.columns.map(({ name }) => name);
	const columns = digested ? [...fields, 'digest', 'crc'] : fields;
	const replace = db.prepare<(SqlValue | bigint)[]>(
		`INSERT OR REPLACE INTO ${sqlName} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
	);
	// The digest as text: it has more bits than a number, the others are none the more.
	const select = db
		.prepare<[string], SqlValue[]>(
			`SELECT ${fields.join(', ')}, ${digested ? 'CAST(digest AS TEXT)' : "'0'"} FROM ${sqlName} WHERE id = ?`,
		)
		.raw();
	const disown = digested ? db.prepare<[bigint, string]>(`UPDATE ${sqlName} SET digest = ? WHERE id = ?`) : undefined;
	const remove = db.prepare<[string]>(`DELETE FROM ${sqlName} WHERE id = ?`);
	const update = createUpdates(db, sqlName, fields, digested);
	const words = table.hasWords ? createWords(db, table) : undefined;
	return {
		accept,
		read(key: string): StoredRow | undefined {
			const values = select.get(key);
			return values && { values, digest: BigInt(values.pop() ?? 0) };
		},
		/** `digest`: of the row as central sent it. `before`: what `read` says, unless the table is staged. */
		put(values: readonly SqlValue[], digest: bigint | undefined, before: StoredRow | undefined) {
			const beside = digest === undefined ? [] : [digest, checkOf(values, digest)];
			if (before === undefined) replace.run(...values, ...beside);
			else update(before.values, values, beside);
			if (!staged) words?.change(before?.values, values);
		},
		remove(key: string, before: StoredRow | undefined) {
			if (!staged) words?.change(before?.values, undefined);
			remove.run(key);
		},
		toRow: ({ values }: StoredRow) =>
			toRow(Object.fromEntries(fields.map((name, place) => [name, values[place] ?? null]))),
		/** Of a table with digests. */
		disown(key: string) {
			disown?.run(DAMAGED, key);
		},
		indexWords: () => words?.addAll(),
	};
}

/** SQLite rewrites an index whenever a column of it is set, also to the same value: only what changed is set. */
function createUpdates(db: Sqlite, sqlName: string, fields: readonly string[], digested: boolean) {
	const beside = digested ? ['digest', 'crc'] : [];
	// As many as there are kinds of changes: a few, of 2 ** fields.
	const updates = new Map<string, Statement<(SqlValue | bigint)[]>>();
	return (before: readonly SqlValue[], after: readonly SqlValue[], besides: readonly (SqlValue | bigint)[]) => {
		const changed = fields.flatMap((_, place) => (before[place] === after[place] ? [] : [place]));
		if (changed.length + besides.length === 0) return;
		const key = changed.join();
		let update = updates.get(key);
		if (update === undefined) {
			const names = [...changed.map((place) => fields[place]), ...beside];
			update = db.prepare(`UPDATE ${sqlName} SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`);
			if (updates.size >= KINDS_OF_CHANGES) updates.clear();
			updates.set(key, update);
		}
		update.run(...changed.map((place) => after[place] ?? null), ...besides, after[0] ?? null);
	};
}

function createWords(db: Sqlite, { sqlName, columns, wordsOf }: StoredTable) {
	const names = columns.map(({ name }) => name);
	const insert = db.prepare<[string, string]>(`INSERT OR IGNORE INTO ${sqlName}_words (word, id) VALUES (?, ?)`);
	const remove = db.prepare<[string, string]>(`DELETE FROM ${sqlName}_words WHERE word = ? AND id = ?`);
	const wordsIn = (values: readonly unknown[]) =>
		wordsOf(Object.fromEntries(names.map((name, place) => [name, values[place] as SqlValue])));
	db.function(`${sqlName}_words_of`, { deterministic: true, varargs: true }, (...values: unknown[]) =>
		JSON.stringify(wordsIn(values)),
	);
	return {
		/** Of one row; undefined: there is none. */
		change(before: readonly SqlValue[] | undefined, after: readonly SqlValue[] | undefined) {
			const [old, now] = [before, after].map((values) => new Set(values === undefined ? [] : wordsIn(values)));
			const id = String((after ?? before)?.[0]);
			for (const word of old ?? []) if (now?.has(word) !== true) remove.run(word, id);
			for (const word of now ?? []) if (old?.has(word) !== true) insert.run(word, id);
		},
		addAll() {
			db.exec(`DELETE FROM ${sqlName}_words;
			INSERT INTO ${sqlName}_words SELECT DISTINCT word.value, ${sqlName}.id
			FROM ${sqlName}, json_each(${sqlName}_words_of(${names.map((name) => `${sqlName}.${name}`).join(', ')})) AS word ORDER BY 1, 2`);
		},
	};
}
