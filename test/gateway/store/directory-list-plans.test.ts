import { expect, onTestFinished, test } from 'vitest';
import { rowScopeOf } from '../../../src/gateway/core/permission/row-scope.ts';
import { createDirectoryListReader } from '../../../src/gateway/store/directory-list-reader.ts';
import { attachEdits } from '../../../src/gateway/store/directory-overlay.ts';
import { READER_OPTIONS } from '../../../src/gateway/store/directory-schema.ts';
import { openDatabase } from '../../../src/gateway/store/open-database.ts';
import { SITE_FILE } from '../../../src/gateway/store/site-store.ts';
import { openTempLists } from '../../support/directory-lists.ts';
import { PLACES } from '../core/permission/two-parks.ts';

test('A9 bookings of a park within a time are looked for in the index of times alone', () => {
	const bench = openTempLists();
	const path = bench.directory.liveFile();
	const db = openDatabase(path, READER_OPTIONS);
	onTestFinished(() => void db.close());
	attachEdits(db, `${bench.dir}/${SITE_FILE}`);
	const asked: string[] = [];
	// Remembers what is asked, and asks it.
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
	const scope = rowScopeOf({ given: [{ kind: 'park', id: 'P1' }], denied: [] }, PLACES);
	if (scope === undefined) throw new Error('no part of the site');
	const between = { startMs: { from: 0, below: 9 }, endMs: { from: 1, below: 99 } };
	const query = { table: 'plannedUses', between, scopes: [scope] } as const;
	createDirectoryListReader(told, path).page({ query, after: null, limit: 10 });
	const [sql = ''] = asked.filter((one) => one.includes('planned_uses AS r'));
	const params = Object.fromEntries([...sql.matchAll(/@(p\d+)/g)].map(([, name]) => [name, '[]']));
	const plan = db.prepare<[object], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(params);
	expect(plan[0]?.detail).toBe('SEARCH r USING COVERING INDEX planned_uses_by_start (start_ms>? AND start_ms<?)');
	expect(plan.some(({ detail }) => /^SCAN (?!json_each)|TEMP B-TREE/.test(detail))).toBe(false);
});
