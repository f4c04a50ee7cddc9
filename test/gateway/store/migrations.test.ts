import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { type Migration, migrate } from '../../../src/gateway/store/migrations.ts';
import { openDatabase } from '../../../src/gateway/store/open-database.ts';
import { openSiteStore } from '../../../src/gateway/store/site-store.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { openTempStore, tempDir } from '../../support/temp-store.ts';

const FIRST: Migration = { name: 'first', sql: 'CREATE TABLE a (n INTEGER); INSERT INTO a VALUES (1);' };
const SECOND: Migration = { name: 'second', sql: 'CREATE TABLE b (n INTEGER); INSERT INTO b SELECT n + 1 FROM a;' };
const BROKEN: Migration = { name: 'third', sql: 'CREATE TABLE c (n INTEGER); INSERT INTO nowhere VALUES (1);' };

function upgrade(dir: string, migrations: readonly Migration[]): void {
	const file = path.join(dir, 'site.db');
	const db = openDatabase(file, { pageSizeBytes: 512, cacheKib: 100, walAutocheckpointPages: 100 });
	try {
		migrate(db, { path: file, applicationId: 7, migrations, snapshotBase: path.join(dir, 'site') });
	} finally {
		db.close();
	}
}

function look(file: string): { version: unknown; tables: unknown[] } {
	const db = new Database(file, { readonly: true });
	const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all();
	const version = db.pragma('user_version', { simple: true });
	db.close();
	return { version, tables };
}

describe('migrations', () => {
	test('a new file gets every step and no snapshot', () => {
		const dir = tempDir();
		upgrade(dir, [FIRST, SECOND]);
		expect(look(path.join(dir, 'site.db'))).toEqual({ version: 2, tables: ['a', 'b'] });
		expect(existsSync(path.join(dir, 'site-v0.db'))).toBe(false);
	});

	test('a file in use is copied under its version before it changes, for its owner only', () => {
		const dir = tempDir();
		upgrade(dir, [FIRST]);
		upgrade(dir, [FIRST, SECOND]);
		expect(look(path.join(dir, 'site.db'))).toEqual({ version: 2, tables: ['a', 'b'] });
		const snapshot = path.join(dir, 'site-v1.db');
		expect(look(snapshot)).toEqual({ version: 1, tables: ['a'] });
		expect(statSync(snapshot).mode & 0o777).toBe(0o600);
		upgrade(dir, [FIRST, SECOND]);
		expect(existsSync(path.join(dir, 'site-v2.db'))).toBe(false);
	});

	test('a step that fails leaves the version before it, whole, and can be tried again', () => {
		const dir = tempDir();
		upgrade(dir, [FIRST]);
		expect(() => upgrade(dir, [FIRST, SECOND, BROKEN])).toThrow(/migration 3 \(third\) failed/);
		expect(look(path.join(dir, 'site.db'))).toEqual({ version: 2, tables: ['a', 'b'] });
		upgrade(dir, [FIRST, SECOND, { name: 'third', sql: 'CREATE TABLE c (n INTEGER);' }]);
		expect(look(path.join(dir, 'site.db'))).toEqual({ version: 3, tables: ['a', 'b', 'c'] });
		expect(look(path.join(dir, 'site-v1.db'))).toEqual({ version: 1, tables: ['a'] });
		expect(look(path.join(dir, 'site-v2.db'))).toEqual({ version: 2, tables: ['a', 'b'] });
	});

	test('a newer schema is refused, both versions named, the file untouched', () => {
		const dir = tempDir();
		upgrade(dir, [FIRST, SECOND]);
		expect(() => upgrade(dir, [FIRST])).toThrow(
			expect.objectContaining({
				code: 'STORE_NEWER',
				message: expect.stringMatching(/version 2.*knows up to 1/),
			}),
		);
		expect(look(path.join(dir, 'site.db'))).toEqual({ version: 2, tables: ['a', 'b'] });
	});

	test('the real store is refused by an older program, also for reading', () => {
		const dir = tempDir();
		openTempStore(dir).close();
		const db = new Database(path.join(dir, 'site.db'));
		db.pragma('user_version = 999');
		db.close();
		for (const readOnly of [false, true]) {
			expect(() => openSiteStore({ dir, nowMs: () => 0, log: createMemoryLog(), readOnly })).toThrow(
				expect.objectContaining({ code: 'STORE_NEWER', message: expect.stringContaining('999') }),
			);
		}
	});
});
