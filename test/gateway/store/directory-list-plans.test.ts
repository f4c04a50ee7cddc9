import { expect, onTestFinished, test } from 'vitest';
import { rowScopeOf } from '../../../src/gateway/core/permission/row-scope.ts';
import { createDirectoryListReader } from '../../../src/gateway/store/directory-list-reader.ts';
import { attachEdits } from '../../../src/gateway/store/directory-overlay.ts';
import { READER_OPTIONS } from '../../../src/gateway/store/directory-schema.ts';
import { openDatabase, type Sqlite } from '../../../src/gateway/store/open-database.ts';
import { SITE_FILE } from '../../../src/gateway/store/site-store.ts';
import { openTempLists } from '../../support/directory-lists.ts';
import { seedDirectory } from '../../support/directory-seed.ts';
import { tempDir } from '../../support/temp-store.ts';
import { PLACES } from '../core/permission/two-parks.ts';

test('A9 bookings of a park within a time are looked for in the index of times alone', () => {
	const bench = openTempLists();
	const path = bench.directory.liveFile();
	const db = openDatabase(path, READER_OPTIONS);
	onTestFinished(() => void db.close());
	attachEdits(db, `${bench.dir}/${SITE_FILE}`);
	const { told, asked } = remembering(db);
	const scope = rowScopeOf({ given: [{ kind: 'park', id: 'P1' }], denied: [] }, PLACES);
	if (scope === undefined) throw new Error('no part of the site');
	const between = { startMs: { from: 0, below: 9 }, endMs: { from: 1, below: 99 } };
	const query = { table: 'plannedUses', between, scopes: [scope] } as const;
	createDirectoryListReader(told, path).page({ query, after: null, limit: 10 });
	const [sql = ''] = asked.filter((one) => one.includes('planned_uses AS r'));
	const plan = planOf(db, sql);
	expect(plan[0]?.detail).toBe('SEARCH r USING COVERING INDEX planned_uses_by_start (start_ms>? AND start_ms<?)');
	expect(plan.some(({ detail }) => /^SCAN (?!json_each)|TEMP B-TREE/.test(detail))).toBe(false);
});

test('A9 of thousands who may be shown each row is asked by itself, and of two narrow sets the narrower leads alone', async () => {
	const dir = tempDir();
	const person = (n: number) => ({
		id: `h-${n}`,
		kind: 'person',
		status: 'active',
		email: null,
		name: `Person ${n} ${n < 3 ? 'Rare' : 'Usual'}`,
	});
	const seen = [...Array(3_100).keys()].map((n) => ({
		table: 'holders',
		...person(n),
		groupIds: [n < 4 ? 'few' : 'many'],
	}));
	const lasting = { kind: 'plate', label: null, state: 'active', validFromMs: null, validToMs: null };
	const cards = [1, 3].map((n) => ({
		table: 'credentials',
		id: `c-${n}`,
		holderId: `h-${n}`,
		value: `1ABC23${n}`,
		...lasting,
	}));
	await seedDirectory(dir, [...seen, ...cards]);
	const bench = openTempLists(dir);
	const path = bench.directory.liveFile();
	const db = openDatabase(path, READER_OPTIONS);
	onTestFinished(() => void db.close());
	attachEdits(db, `${bench.dir}/${SITE_FILE}`);
	const { told, asked } = remembering(db);
	const reader = createDirectoryListReader(told, path);
	const page = (groupId: string, table: 'holders' | 'credentials', q?: string) => {
		const scope = rowScopeOf({ given: [{ kind: 'group', id: groupId }], denied: [] }, PLACES);
		asked.length = 0;
		const query = { table, ...(scope && { scopes: [scope] }), ...(q !== undefined && { q }) };
		const { rows } = reader.page({ query, after: null, limit: 10 });
		return { rows: rows.length, sql: asked.find((one) => one.includes('ORDER BY')) ?? '' };
	};
	const many = page('many', 'holders');
	expect(many.rows).toBe(10);
	expect(planOf(db, many.sql).filter(({ detail }) => /AUTOMATIC|BLOOM|TEMP B-TREE/.test(detail))).toEqual([]);
	/** Of each part of the statement. */
	const leading = (sql: string) =>
		sql
			.split('SELECT * FROM (SELECT')
			.flatMap((part) => (part === '' ? [] : (part.match(/[^+.]r\.(?:holder_)?id IN \(/g)?.length ?? 0)));
	for (const [q, rows] of [
		['rare', 1],
		['person', 2],
	] as const) {
		const few = page('few', 'credentials', q);
		expect(few.rows).toBe(rows);
		expect(new Set(leading(few.sql)), few.sql).toEqual(new Set([1]));
	}
});

/** Remembers what is asked, and asks it. */
function remembering(db: Sqlite) {
	const asked: string[] = [];
	const told = new Proxy(db, {
		get(target, name) {
			const value: unknown = Reflect.get(target, name);
			if (name !== 'prepare') return typeof value === 'function' ? value.bind(target) : value;
			return (sql: string) => {
				asked.push(sql);
				return target.prepare(sql);
			};
		},
	});
	return { told, asked };
}

function planOf(db: Sqlite, sql: string) {
	const params = Object.fromEntries([...sql.matchAll(/@(p\d+)/g)].map(([, name]) => [name, '[]']));
	return db.prepare<[object], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(params);
}
