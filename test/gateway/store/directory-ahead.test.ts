import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DirectoryOp } from '../../../src/gateway/core/directory-change.ts';
import { createDirectoryFile } from '../../../src/gateway/store/directory-file.ts';
import { DIRECTORY_SCHEMA, WRITER_OPTIONS } from '../../../src/gateway/store/directory-schema.ts';
import { migrate } from '../../../src/gateway/store/migrations.ts';
import { openDatabase } from '../../../src/gateway/store/open-database.ts';
import { holder, openTempDirectory, plate, put, rowOf } from '../../support/directory-bench.ts';
import { digestOfRows } from '../../support/row-digest.ts';
import { tempDir } from '../../support/temp-store.ts';

const ACCESS = { stream: 'access', centralEpoch: 'e1' } as const;
const PEOPLE = { ...ACCESS, stream: 'people' } as const;
const gone = (table: string, key: string): DirectoryOp => ({ op: 'delete', table, key });
const blocked = (id: string) => put('holders', holder(id, { status: 'blocked' }));
const rootOf = (...ops: readonly DirectoryOp[]) =>
	digestOfRows(new Map(ops.map(({ table, key, row }) => [`${table}/${key}`, row]))).root;

describe('N11: a delta whose turn has not come, because one before it is missing', () => {
	it('revokes at once, and goes on revoking until the stream’s rev passes it', async () => {
		const { updates, reader } = openTempDirectory();
		const card = put('credentials', plate('c1', '1A'));
		const other = put('credentials', plate('c2', '1B'));
		await updates.applyDelta({ ...ACCESS, from: 0, to: 2, ops: [card, other] });
		const lost = put('credentials', plate('c2', '1B', { state: 'lost' }));
		await updates.denyAhead({ ...ACCESS, from: 4, to: 6, ops: [gone('credentials', 'c1'), lost] });
		const seen = () => [reader.credentialById('c1')?.state, reader.credentialById('c2')?.state];
		expect(seen()).toEqual([undefined, 'lost']);
		expect(updates.streams()[1]).toMatchObject({ rev: 2, root: rootOf(card, other) });
		// What is missing is older: it does not bring them back.
		const between = [card, put('credentials', plate('c2', '1B', { label: 'new' }))];
		expect(await updates.applyDelta({ ...ACCESS, from: 2, to: 4, ops: between })).toMatchObject({
			root: rootOf(...between),
		});
		expect(seen()).toEqual([undefined, 'lost']);
		const inTurn = await updates.applyDelta({ ...ACCESS, from: 4, to: 6, ops: [gone('credentials', 'c1'), lost] });
		expect(inTurn).toMatchObject({ result: 'applied', root: rootOf(lost) });
		expect(seen()).toEqual([undefined, 'lost']);
		await updates.applyDelta({ ...ACCESS, from: 6, to: 8, ops: [card, other] });
		expect(seen()).toEqual(['active', 'active']);
		expect(await updates.verifyStream('access')).toMatchObject({ damaged: 0, root: rootOf(card, other) });
	});

	it('never lets anybody in before its turn, nor takes back what a later one revoked', async () => {
		const { updates, reader } = openTempDirectory();
		await updates.applyDelta({ ...PEOPLE, from: 0, to: 2, ops: [blocked('h1'), put('holders', holder('h2'))] });
		const news = [put('holders', holder('h1')), put('holders', holder('new'))];
		await updates.denyAhead({ ...PEOPLE, from: 6, to: 8, ops: news });
		expect([reader.holder('h1')?.status, reader.holder('new')]).toEqual(['blocked', undefined]);
		await updates.denyAhead({ ...PEOPLE, from: 9, to: 10, ops: [gone('holders', 'h2')] });
		await updates.denyAhead({ ...PEOPLE, from: 4, to: 5, ops: [put('holders', holder('h2'))] });
		expect(reader.holder('h2')).toBeUndefined();
		await updates.applyDelta({ ...PEOPLE, from: 2, to: 9, ops: news });
		expect([reader.holder('h1')?.status, reader.holder('h2')]).toEqual(['active', undefined]);
	});

	it('is nothing when it is older than what is here, stays over a restart, and a row of no use denies too', async () => {
		const first = openTempDirectory();
		const people = [put('holders', holder('h1')), put('holders', holder('h2'))];
		await first.updates.applyDelta({ ...PEOPLE, from: 0, to: 2, ops: people });
		await first.updates.denyAhead({ ...PEOPLE, from: 0, to: 1, ops: [gone('holders', 'h1')] });
		expect(first.reader.holder('h1')).toBeDefined();
		const strange = { op: 'put', table: 'holders', key: 'h2', row: { id: 'h2', status: 'frozen' } } as const;
		await first.updates.denyAhead({ ...PEOPLE, from: 5, to: 6, ops: [strange] });
		expect(first.reader.holder('h2')).toBeUndefined();
		await first.close();
		const { updates, reader } = openTempDirectory(first.dir);
		await updates.applyDelta({ ...PEOPLE, from: 2, to: 4, ops: people });
		expect(reader.holder('h2')).toBeUndefined();
		expect(await updates.verifyStream('people')).toMatchObject({ damaged: 0, root: rootOf(...people) });
	});

	it('whose change never comes with the deltas makes the digest differ, so that it is mended', async () => {
		const { updates } = openTempDirectory();
		const people = [put('holders', holder('h1')), put('holders', holder('h2'))];
		await updates.applyDelta({ ...PEOPLE, from: 0, to: 2, ops: people });
		await updates.denyAhead({ ...PEOPLE, from: 5, to: 6, ops: [gone('holders', 'h1')] });
		await updates.denyAhead({ ...PEOPLE, from: 6, to: 7, ops: [blocked('h2')] });
		const answer = await updates.applyDelta({ ...PEOPLE, from: 2, to: 9, ops: [put('holders', holder('h3'))] });
		expect(answer).toMatchObject({ result: 'applied' });
		expect(updates.streams()[0]?.root).not.toBe(rootOf(...people, put('holders', holder('h3'))));
	});

	it('of any history, told early in any part, ends at central’s rows; what is revoked early is never seen again before', () => {
		const key = fc.constantFrom('a', 'b', 'c');
		const op = fc.oneof(
			key.map((id) => put('holders', holder(id))),
			key.map(blocked),
			key.map((id) => gone('holders', id)),
		);
		const history = fc.array(fc.array(op, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 });
		const early = fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 10 });
		fc.assert(
			fc.property(history, early, (deltas, told) => {
				const { file, statusOf } = newFile();
				const rows = new Map<string, unknown>();
				const starts = deltas.map((_, place) => deltas.slice(0, place).flat().length);
				const deltaAt = (place: number) => {
					const from = starts[place] ?? 0;
					const ops = deltas[place] ?? [];
					return { ...PEOPLE, from, to: from + ops.length, ops };
				};
				const newest = new Map<string, number>();
				const tellEarly = (place: number) => {
					const delta = deltaAt(place);
					file.deny(delta);
					// Where central's newest word is another, that counts.
					const ops = lastOfEach(delta.ops).filter(({ key: id }) => (newest.get(id) ?? 0) <= place);
					for (const { key: id } of ops) newest.set(id, place);
					expect(ops.filter((one) => isLetInAgainst(one, statusOf(one.key)))).toEqual([]);
				};
				for (const place of deltas.keys()) {
					const ahead = told.filter(([after, later]) => after === place && later > place && later < deltas.length);
					for (const [, later] of ahead) tellEarly(later);
					apply(rows, deltaAt(place).ops);
					expect(file.applyDelta(deltaAt(place), 1)).toMatchObject({ root: digestOfRows(rows).root });
				}
				for (const id of ['a', 'b', 'c'])
					expect(statusOf(id)).toBe((rows.get(`holders/${id}`) as { status: string } | undefined)?.status);
				file.close();
			}),
			{ numRuns: 60 },
		);
	}, 180_000);
});

describe('N11: a delta that comes while a snapshot of its stream is fetched', () => {
	it('revokes at once, and in the new file from its first moment on', async () => {
		const { updates, reader } = openTempDirectory();
		const cards = ['c1', 'c2', 'c3'].map((id, n) => plate(id, `1A${n}`));
		await updates.applyDelta({ ...ACCESS, from: 0, to: 3, ops: cards.map((row) => put('credentials', row)) });
		const central = { stream: 'access', centralEpoch: 'e2' } as const;
		await updates.beginSnapshot({ ...central, rev: 40, rows: 3 });
		await updates.pushRows(cards.map((row) => rowOf('credentials', row)));
		await updates.denyAhead({ ...central, from: 40, to: 41, ops: [gone('credentials', 'c1')] });
		// Older than the snapshot, which knows it.
		await updates.denyAhead({ ...central, from: 38, to: 39, ops: [gone('credentials', 'c3')] });
		expect([reader.credentialById('c1'), reader.credentialById('c3')]).toEqual([undefined, undefined]);
		const finished = updates.finishSnapshot();
		await updates.denyAhead({ ...central, from: 41, to: 42, ops: [gone('credentials', 'c2')] });
		expect(await finished).toMatchObject({
			result: 'live',
			root: rootOf(...cards.map((row) => put('credentials', row))),
		});
		expect(['c1', 'c2', 'c3'].map((id) => reader.credentialById(id)?.id)).toEqual([undefined, undefined, 'c3']);
		const ops = [gone('credentials', 'c1'), gone('credentials', 'c2')];
		expect(await updates.applyDelta({ ...central, from: 40, to: 42, ops })).toMatchObject({
			root: rootOf(put('credentials', plate('c3', '1A2'))),
		});
	});

	it('of another stream goes on denying in the new file', async () => {
		const { updates, reader } = openTempDirectory();
		const people = [put('holders', holder('h1')), put('holders', holder('h2'))];
		await updates.applyDelta({ ...PEOPLE, from: 0, to: 2, ops: people });
		await updates.denyAhead({ ...PEOPLE, from: 5, to: 6, ops: [gone('holders', 'h1')] });
		await updates.beginSnapshot({ ...ACCESS, rev: 1, rows: 0 });
		const finished = updates.finishSnapshot();
		await updates.denyAhead({ ...PEOPLE, from: 6, to: 7, ops: [blocked('h2')] });
		await updates.applyDelta({ ...PEOPLE, from: 2, to: 4, ops: people });
		expect(await finished).toMatchObject({ result: 'live' });
		expect([reader.holder('h1'), reader.holder('h2')?.status]).toEqual([undefined, 'blocked']);
		expect(await updates.verifyStream('people')).toMatchObject({ damaged: 0, root: rootOf(...people) });
		const ops = [gone('holders', 'h1'), blocked('h2')];
		expect(await updates.applyDelta({ ...PEOPLE, from: 4, to: 7, ops })).toMatchObject({ root: rootOf(blocked('h2')) });
	});
});

/** On this thread. */
function newFile() {
	const name = path.join(tempDir(), 'directory-1.db');
	const db = openDatabase(name, WRITER_OPTIONS);
	migrate(db, { path: name, ...DIRECTORY_SCHEMA });
	const select = db.prepare<[string], number>('SELECT status FROM holders WHERE id = ?').pluck();
	const words = ['active', 'inactive', 'blocked'] as const;
	const statusOf = (id: string) => words[select.get(id) ?? -1];
	return { file: createDirectoryFile(db, name), statusOf };
}

function isLetInAgainst({ op, row }: DirectoryOp, status: string | undefined): boolean {
	const isBlocked = op === 'put' && (row as { readonly status: string }).status === 'blocked';
	return status !== undefined && (op === 'delete' || (isBlocked && status !== 'blocked'));
}

function apply(rows: Map<string, unknown>, ops: readonly DirectoryOp[]): void {
	for (const { op, table, key, row } of ops) {
		if (op === 'put') rows.set(`${table}/${key}`, row);
		else rows.delete(`${table}/${key}`);
	}
}

function lastOfEach(ops: readonly DirectoryOp[]): readonly DirectoryOp[] {
	return [...new Map(ops.map((op) => [op.key, op])).values()];
}
