import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SnapshotStart } from '../../../src/gateway/core/directory-change.ts';
import { createDirectoryFile } from '../../../src/gateway/store/directory-file.ts';
import { DIRECTORY_INDEXES, DIRECTORY_SCHEMA, WRITER_OPTIONS } from '../../../src/gateway/store/directory-schema.ts';
import { createDirectoryStaging } from '../../../src/gateway/store/directory-staging.ts';
import { migrate } from '../../../src/gateway/store/migrations.ts';
import { openDatabase } from '../../../src/gateway/store/open-database.ts';
import { holder, openTempDirectory, plate, put, rowOf } from '../../support/directory-bench.ts';
import { digestOfRows } from '../../support/row-digest.ts';
import { tempDir } from '../../support/temp-store.ts';

const CHUNK = 500;
const CHUNKS = 26;
const card = (n: number) => plate(`c${String(n).padStart(6, '0')}`, `1A${n}`);
const chunk = (index: number) =>
	Array.from({ length: CHUNK }, (_, place) => rowOf('credentials', card(index * CHUNK + place)));
const { root } = digestOfRows(
	new Map(Array.from({ length: CHUNK * CHUNKS }, (_, n) => [`credentials/${card(n).id}`, card(n)])),
);
const SNAPSHOT: SnapshotStart = {
	...{ stream: 'access', snapshotId: 's1', centralEpoch: 'e2', rev: 70, rows: CHUNK * CHUNKS, root },
};
const people = { stream: 'people', centralEpoch: 'e1' } as const;
const numbered = (dir: string) => readdirSync(dir).filter((name) => /^directory-\d+\.db$/.test(name));

/** The disk as a killed process leaves it. */
function copyOf(dir: string): string {
	const copy = path.join(tempDir(), 'copy');
	mkdirSync(copy);
	for (const name of readdirSync(dir)) if (!name.endsWith('-shm')) cpSync(path.join(dir, name), path.join(copy, name));
	return copy;
}

async function staged(chunks: number) {
	const bench = openTempDirectory();
	await bench.updates.applyDelta({ ...people, from: 0, to: 1, ops: [put('holders', holder('anna'))] });
	expect(await bench.updates.beginSnapshot(SNAPSHOT)).toEqual({ chunks: 0 });
	for (let index = 0; index < chunks; index += 1) await bench.updates.pushRows(chunk(index));
	return bench;
}

async function goesOn(dir: string, from: number): Promise<void> {
	const { updates, reader, close } = openTempDirectory(dir);
	expect(updates.stagedSnapshot()).toMatchObject({ stream: 'access', snapshotId: 's1' });
	expect(await updates.beginSnapshot(SNAPSHOT)).toEqual({ chunks: from });
	for (let index = from; index < CHUNKS; index += 1) await updates.pushRows(chunk(index));
	expect(await updates.finishSnapshot()).toMatchObject({ result: 'live', root });
	expect(reader.counts()).toMatchObject({ credentials: CHUNK * CHUNKS, holders: 1 });
	expect(reader.holdersByName('Person', 5)).toHaveLength(1);
	expect(reader.credential('plate', card(7).value)?.id).toBe(card(7).id);
	expect(updates.stagedSnapshot()).toBeNull();
	await close();
	expect(numbered(dir)).toHaveLength(1);
}

describe('N11: a snapshot that was staged in part', () => {
	it('goes on after a stop where it stopped', async () => {
		const { dir, close } = await staged(3);
		await close();
		await goesOn(dir, 3);
	}, 180_000);

	it('goes on after a kill from what was on the disk, at most 10,000 rows earlier', async () => {
		const { dir, close } = await staged(25);
		const copy = copyOf(dir);
		await close();
		await goesOn(copy, 20);
	}, 180_000);

	it('gives way to another one, and to changes of its stream alone it says nothing', async () => {
		const { dir, close } = await staged(3);
		await close();
		const { updates, reader } = openTempDirectory(dir);
		await updates.applyDelta({ ...people, from: 1, to: 2, ops: [put('holders', holder('ben'))] });
		expect(numbered(dir)).toHaveLength(2);
		const other: SnapshotStart = { ...people, snapshotId: 's2', rev: 5, rows: 0, root: null };
		expect(await updates.beginSnapshot(other)).toEqual({ chunks: 0 });
		expect(numbered(dir)).toHaveLength(2);
		expect(updates.stagedSnapshot()).toMatchObject({ stream: 'people', snapshotId: 's2' });
		expect(await updates.beginSnapshot(SNAPSHOT)).toEqual({ chunks: 0 });
		await updates.abandonSnapshot();
		expect([updates.stagedSnapshot(), numbered(dir).length]).toEqual([null, 1]);
		expect(reader.holder('ben')).toBeDefined();
	}, 180_000);

	it('is never taken for staged, and removed, once it is live, wherever between the process dies', async () => {
		const { dir, store, updates } = await staged(CHUNKS);
		const { set, setDirectoryFile } = store.settings;
		const died: string[] = [];
		Object.assign(store.settings, {
			set(...told: Parameters<typeof set>) {
				set(...told);
				died.push(copyOf(dir));
			},
			setDirectoryFile(name: string) {
				setDirectoryFile(name);
				died.push(copyOf(dir));
			},
		});
		await updates.finishSnapshot();
		expect(died.length).toBeGreaterThan(1);
		for (const copy of died) {
			const again = openTempDirectory(copy);
			await again.updates.beginSnapshot({ ...people, snapshotId: 's2', rev: 5, rows: 0, root: null });
			await again.updates.abandonSnapshot();
			await again.close();
			expect(openTempDirectory(copy).reader.holder('anna')).toBeDefined();
		}
	}, 180_000);

	it('without an id ends with the process', async () => {
		const first = openTempDirectory();
		await first.updates.beginSnapshot({ ...people, rev: 1, rows: 1 });
		await first.updates.pushRows([rowOf('holders', holder('anna'))]);
		await first.close();
		expect(numbered(first.dir)).toHaveLength(1);
		expect(openTempDirectory(first.dir).updates.stagedSnapshot()).toBeNull();
	});

	it('and was just being completed is completed again, with what the other streams are by then', () => {
		const dir = tempDir();
		const livePath = path.join(dir, 'directory-1.db');
		const db = openDatabase(livePath, WRITER_OPTIONS);
		migrate(db, { path: livePath, ...DIRECTORY_SCHEMA });
		const live = createDirectoryFile(db, livePath);
		const many = Array.from({ length: 1_200 }, (_, n) => put('holders', holder(`h${n}`)));
		live.applyDelta({ ...people, from: 0, to: 1_200, ops: many }, 1);
		const file = path.join(dir, 'directory-2.db');
		const staging = createDirectoryStaging(file, livePath, SNAPSHOT, 1);
		for (let index = 0; index < CHUNKS; index += 1) staging.push(chunk(index));
		for (let slice = 0; slice < 8; slice += 1) staging.completeSlice();
		const copy = path.join(tempDir(), 'directory-2.db');
		for (const suffix of ['', '-journal'])
			if (existsSync(`${file}${suffix}`)) cpSync(`${file}${suffix}`, `${copy}${suffix}`);
		staging.discard();
		live.applyDelta({ ...people, from: 1_200, to: 1_201, ops: [{ op: 'delete', table: 'holders', key: 'h7' }] }, 1);
		const again = createDirectoryStaging(copy, livePath, SNAPSHOT, 1);
		expect(again.chunks()).toBe(CHUNKS);
		while (again.completeSlice());
		expect(again.problem()).toBeUndefined();
		const sealed = again.seal();
		const count = (sql: string) => sealed.prepare<[], number>(sql).pluck().get();
		expect(count('SELECT count(*) FROM holders')).toBe(1_199);
		expect(count("SELECT rev FROM streams WHERE stream = 'people'")).toBe(1_201);
		expect(count("SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")).toBe(
			DIRECTORY_INDEXES.length,
		);
		expect(count("SELECT count(*) FROM sqlite_schema WHERE name = 'staging'")).toBe(0);
		expect(sealed.pragma('integrity_check', { simple: true })).toBe('ok');
		sealed.close();
		live.close();
	}, 180_000);
});
