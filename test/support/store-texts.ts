import { readdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';

/** Where something stands in the databases of a store, as `site.db journal.body`; every column of every table is looked at. */
export function placesOf(dir: string, pattern: RegExp): readonly string[] {
	const files = readdirSync(dir).filter((name) => name.endsWith('.db'));
	return files.flatMap((file) => {
		const db = new Database(path.join(dir, file), { readonly: true });
		try {
			const tables = db
				.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
				.pluck()
				.all();
			return tables.flatMap((table) => columnsWith(db, table, pattern).map((column) => `${file} ${table}.${column}`));
		} finally {
			db.close();
		}
	});
}

function columnsWith(db: Database.Database, table: string, pattern: RegExp): readonly string[] {
	const rows = db.prepare<[], Record<string, unknown>>(`SELECT * FROM "${table}"`).all();
	const found = rows.flatMap((row) =>
		Object.entries(row)
			.filter(([, value]) => pattern.test(value instanceof Buffer ? value.toString('latin1') : String(value)))
			.map(([name]) => name),
	);
	return [...new Set(found)];
}
