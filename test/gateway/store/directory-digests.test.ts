import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DirectoryOp, SnapshotRow } from '../../../src/gateway/core/directory-change.ts';
import { createDirectoryFile } from '../../../src/gateway/store/directory-file.ts';
import { DIRECTORY_SCHEMA, WRITER_OPTIONS } from '../../../src/gateway/store/directory-schema.ts';
import { migrate } from '../../../src/gateway/store/migrations.ts';
import { openDatabase } from '../../../src/gateway/store/open-database.ts';
import { holder, openTempDirectory, plate, put } from '../../support/directory-bench.ts';
import { digestOfRows } from '../../support/row-digest.ts';
import { createSyncSite } from '../../support/sync-site.ts';
import { tempDir } from '../../support/temp-store.ts';

const KEYS = ['a', 'b', 'c', 'd'] as const;
const CENTRAL = { stream: 'people', centralEpoch: 'e1' } as const;

/** Good rows, rows of a later central (more fields, fewer), rows that can't be used, and rows that go. */
const op = fc.oneof(
	fc
		.record({ key: fc.constantFrom(...KEYS), name: fc.string({ minLength: 1, maxLength: 20 }) })
		.map(({ key, name }) => put('holders', holder(key, { name }))),
	fc
		.record({ key: fc.constantFrom(...KEYS), more: fc.jsonValue() })
		.map(({ key, more }) => put('holders', { ...holder(key), more })),
	fc
		.record({ key: fc.constantFrom(...KEYS), status: fc.string() })
		.map(({ key, status }): DirectoryOp => ({ op: 'put', table: 'holders', key, row: { ...holder(key), status } })),
	fc
		.record({ table: fc.constantFrom('spaceships', 'credentials', 'constructor'), key: fc.constantFrom(...KEYS) })
		.map(({ table, key }): DirectoryOp => ({ op: 'put', table, key, row: { id: key, n: 1 } })),
	fc
		.record({ table: fc.constantFrom('holders', 'holders', 'spaceships'), key: fc.constantFrom(...KEYS) })
		.map(({ table, key }): DirectoryOp => ({ op: 'delete', table, key })),
	fc
		.record({ key: fc.constantFrom(...KEYS), capacity: fc.nat(100) })
		.map(({ key, capacity }) => put('groups', { id: key, name: key, kind: 'company', capacity })),
);

function apply(rows: Map<string, unknown>, ops: readonly DirectoryOp[]): void {
	for (const { op: kind, table, key, row } of ops) {
		if (kind === 'put') rows.set(`${table}/${key}`, JSON.parse(JSON.stringify(row)));
		else rows.delete(`${table}/${key}`);
	}
}

/** On this thread. */
function newFile() {
	const file = path.join(tempDir(), 'directory-1.db');
	const db = openDatabase(file, WRITER_OPTIONS);
	migrate(db, { path: file, ...DIRECTORY_SCHEMA });
	return createDirectoryFile(db, file);
}

describe('N12: the digest that the directory keeps', () => {
	it('is that of central’s rows in their raw form after any sequence of ops, unusable ones included', () => {
		fc.assert(
			fc.property(fc.array(fc.array(op, { minLength: 1, maxLength: 12 }), { maxLength: 6 }), (deltas) => {
				const file = newFile();
				const rows = new Map<string, unknown>();
				for (const [from, ops] of deltas.entries()) {
					apply(rows, ops);
					const answer = file.applyDelta({ ...CENTRAL, from, to: from + 1, ops }, 1);
					expect(answer).toMatchObject({ result: 'applied', root: digestOfRows(rows).root });
				}
				file.close();
			}),
			{ numRuns: 40 },
		);
	}, 180_000);

	it('is kept with the rows over a restart, and told with the stream’s rev', async () => {
		const first = openTempDirectory();
		expect(first.updates.streams()[0]).toMatchObject({ root: null });
		const ops = [put('holders', holder('a')), put('spaceships', { id: 's' })];
		await first.updates.applyDelta({ ...CENTRAL, from: 0, to: 1, ops });
		await first.close();
		const { updates } = openTempDirectory(first.dir);
		const rows = new Map<string, unknown>();
		apply(rows, ops);
		expect(updates.streams()[0]).toMatchObject({ rev: 1, root: digestOfRows(rows).root });
		apply(rows, [{ op: 'delete', table: 'spaceships', key: 's' }]);
		const gone = await updates.applyDelta({
			...{ ...CENTRAL, from: 1, to: 2 },
			ops: [{ op: 'delete', table: 'spaceships', key: 's' }],
		});
		expect(gone).toMatchObject({ root: digestOfRows(rows).root, parked: [] });
	});

	it('is not moved by edits made on site', async () => {
		const site = createSyncSite({ broker: { url: 'mqtt://127.0.0.1:1' } });
		onTestFinished(site.end);
		await site.updates.applyDelta({ ...CENTRAL, from: 0, to: 1, ops: [put('holders', holder('a'))] });
		const before = site.updates.streams();
		const edits = [
			{ op: 'update', table: 'holders', key: 'a', fields: { name: 'Other' } },
			{ op: 'create', table: 'holders', row: holder('b') },
		] as const;
		expect(site.edits.edit(edits, { operatorId: 'op-1' }).result).toBe('done');
		expect(site.directory.reader.holder('a')?.name).toBe('Other');
		expect(site.updates.streams()).toEqual(before);
	});

	it('goes with a snapshot: a stream that is staged has its own, the others keep theirs and what comes meanwhile', async () => {
		const { updates } = openTempDirectory();
		const people = new Map<string, unknown>();
		const firstPeople = [put('holders', holder('a')), put('spaceships', { id: 's' })];
		apply(people, firstPeople);
		await updates.applyDelta({ ...CENTRAL, from: 0, to: 1, ops: firstPeople });
		const plates = Array.from({ length: 900 }, (_, n): SnapshotRow => {
			const row = plate(`c${n}`, `1ABC${n}`);
			return { table: 'credentials', row: n === 7 ? { ...row, state: 'borrowed' } : row };
		});
		const access = new Map(plates.map(({ table, row }, n) => [`${table}/c${n}`, row]));
		const { root } = digestOfRows(access);
		await updates.beginSnapshot({ stream: 'access', centralEpoch: 'e1', rev: 5, rows: 900, root });
		await updates.pushRows(plates.slice(0, 450));
		const during = [put('holders', holder('b')), put('holders', holder('a', { status: 'blocked' }))];
		apply(people, during);
		await updates.applyDelta({ ...CENTRAL, from: 1, to: 2, ops: during });
		await updates.pushRows(plates.slice(450));
		const finished = updates.finishSnapshot();
		const last = [put('holders', holder('c')), { op: 'delete', table: 'holders', key: 'a' } as const];
		apply(people, last);
		await updates.applyDelta({ ...CENTRAL, from: 2, to: 3, ops: last });
		expect(await finished).toMatchObject({ result: 'live', root, parked: [{ key: 'c7' }] });
		expect(updates.streams()).toMatchObject([
			{ rev: 3, root: digestOfRows(people).root },
			{ rev: 5, root },
			{ rev: 0 },
			{ rev: 0 },
		]);
		const revoked: DirectoryOp[] = [
			put('credentials', plate('c7', '1ABC7')),
			{ op: 'delete', table: 'credentials', key: 'c1' },
		];
		apply(access, revoked);
		expect(
			await updates.applyDelta({ stream: 'access', centralEpoch: 'e1', from: 5, to: 6, ops: revoked }),
		).toMatchObject({ root: digestOfRows(access).root });
	});

	it('refuses a snapshot whose rows are not those that central announced; the old state stays live', async () => {
		const { updates, reader } = openTempDirectory();
		await updates.applyDelta({ ...CENTRAL, from: 0, to: 1, ops: [put('holders', holder('old'))] });
		const { root } = digestOfRows(new Map([['holders/a', holder('a')]]));
		await updates.beginSnapshot({ ...CENTRAL, rev: 9, rows: 1, root });
		await updates.pushRows([{ table: 'holders', row: holder('a', { status: 'blocked' }) }]);
		expect(await updates.finishSnapshot()).toEqual({ result: 'refused', problem: expect.stringContaining(root) });
		expect(reader.holder('old')).toBeDefined();
		expect(updates.streams()[0]).toMatchObject({ rev: 1 });
	});
});
