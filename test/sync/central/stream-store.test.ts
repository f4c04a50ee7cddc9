import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DirectoryOp } from '../../../src/gateway/core/directory-change.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { openCentralDatabase } from '../../../src/sync/central/central-database.ts';
import { createStreamStore } from '../../../src/sync/central/stream-store.ts';
import { holder, put } from '../../support/directory-bench.ts';
import { digestOfRows } from '../../support/row-digest.ts';
import { tempDir } from '../../support/temp-store.ts';

function openStore(dir = tempDir()) {
	const db = openCentralDatabase(dir);
	onTestFinished(() => {
		db.close();
		rmSync(dir, { recursive: true, force: true });
	});
	return { db, store: createStreamStore(db, 'c1') };
}

const op = fc
	.record({ key: fc.constantFrom('a', 'b', 'c'), name: fc.option(fc.constantFrom('x', 'y')) })
	.map(
		({ key, name }): DirectoryOp =>
			name === null ? { op: 'delete', table: 'holders', key } : put('holders', holder(key, { name })),
	);

describe('N12: central’s digest of a stream', () => {
	it('is that of its rows after any changes; what it was at any kept rev is known too', () => {
		const changes = fc.array(fc.array(op, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 });
		fc.assert(
			fc.property(changes, (all) => {
				const { store } = openStore();
				const sumsAt = new Map<number, readonly bigint[]>([[0, digestOfRows(new Map()).sums]]);
				for (const ops of all) {
					const delta = store.change('people', ops);
					const { root, sums } = digestOfRows(store.rows('people'));
					expect(delta.root).toBe(root);
					expect(store.heads().find(({ stream }) => stream === 'people')).toMatchObject({ rev: delta.to, root });
					expect(store.deltas('people', delta.from, 8)).toEqual([delta]);
					sumsAt.set(delta.to, sums);
				}
				for (const [rev, sums] of sumsAt) expect([...(store.digests.sumsAt('people', rev) ?? [])]).toEqual(sums);
			}),
			{ numRuns: 15 },
		);
	}, 180_000);

	it('of a rev that nobody had, or whose changes are no longer kept, is not known', () => {
		const { store, db } = openStore();
		store.change('people', [put('holders', holder('a')), put('holders', holder('b'))]);
		expect(store.digests.sumsAt('people', 3)).toBeUndefined();
		db.exec('UPDATE streams SET floor = 2');
		expect(store.digests.sumsAt('people', 1)).toBeUndefined();
		expect(store.digests.sumsAt('people', 2)).toEqual(store.digests.sums('people'));
	});

	it('finds the rows of a bucket', () => {
		const { store } = openStore();
		const ops = Array.from({ length: 400 }, (_, n) => put('holders', holder(`h${n}`)));
		store.change('people', ops);
		const sums = store.digests.sums('people');
		const found = Array.from(sums, (sum, bucket) => ({ sum, rows: store.digests.rowsOf('people', bucket) }));
		expect(found.flatMap(({ rows }) => rows)).toHaveLength(400);
		for (const { sum, rows } of found) {
			const own = new Map(rows.map(({ table, key, row }) => [`${table}/${key}`, JSON.parse(row) as unknown]));
			expect(digestOfRows(own).sums.reduce((all, one) => all + one)).toBe(sum);
		}
	});

	it('is told with the end of what a site is sent, and not in between', () => {
		const { store } = openStore();
		const many = Array.from({ length: LIMITS.deltaOps }, (_, n) => put('holders', holder(`h${n}`)));
		store.change('people', many);
		store.change('people', many);
		const [head] = store.heads().filter(({ stream }) => stream === 'people');
		expect(store.deltas('people', 0, 8).map(({ root }) => root)).toEqual([null, head?.root]);
		expect(store.deltas('people', 0, 1).map(({ root, more }) => [root, more])).toEqual([[null, true]]);
	});

	it('is made for the rows of a store of an earlier version', () => {
		const { store, db } = openStore();
		store.change('people', [put('holders', holder('a')), put('holders', holder('b'))]);
		const before = store.heads();
		db.exec('UPDATE streams SET sums = NULL, root = NULL; UPDATE stream_rows SET digest = NULL, bucket = NULL');
		db.exec('UPDATE changes SET bucket = NULL, shift = NULL');
		const again = createStreamStore(db, 'c1');
		expect(again.heads()).toEqual(before);
		expect(again.digests.sumsAt('people', 1)).toBeUndefined();
		again.change('people', [put('holders', holder('a', { status: 'blocked' }))]);
		expect(again.heads().find(({ stream }) => stream === 'people')?.root).toBe(digestOfRows(again.rows('people')).root);
	});
});
