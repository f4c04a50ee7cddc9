import { existsSync, readdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test, vi } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { holder, openTempDirectory, plate, put, rowOf } from '../../support/directory-bench.ts';

const CENTRAL = { stream: 'access', centralEpoch: 'e1' } as const;

describe('a delta', () => {
	test('is applied when it continues our rev, with its rev and the time', async () => {
		const { updates, reader, clock } = openTempDirectory();
		const first = await updates.applyDelta({
			...CENTRAL,
			from: 0,
			to: 4,
			ops: [put('credentials', plate('c1', '1ABC234'))],
		});
		expect(first).toEqual({ result: 'applied', rev: 4, root: expect.any(String), parked: [] });
		clock.advance(1_000);
		const second = await updates.applyDelta({
			...CENTRAL,
			from: 4,
			to: 5,
			ops: [{ op: 'delete', table: 'credentials', key: 'c1' }],
		});
		expect(second).toMatchObject({ result: 'applied', rev: 5 });
		expect(reader.credentialById('c1')).toBeUndefined();
		expect(updates.streams()).toEqual([
			{ stream: 'people', centralEpoch: null, rev: 0, root: null, parked: 0, syncedAtMs: null },
			{ ...CENTRAL, rev: 5, root: expect.any(String), parked: 0, syncedAtMs: 1_001_000 },
			{ stream: 'licences', centralEpoch: null, rev: 0, root: null, parked: 0, syncedAtMs: null },
			{ stream: 'operators', centralEpoch: null, rev: 0, root: null, parked: 0, syncedAtMs: null },
		]);
	});

	test('that is older, skips some or is of another history changes nothing', async () => {
		const { updates, reader } = openTempDirectory();
		await updates.applyDelta({ ...CENTRAL, from: 0, to: 4, ops: [] });
		const ops = [put('credentials', plate('c1', '1ABC234'))];
		expect(await updates.applyDelta({ ...CENTRAL, from: 2, to: 4, ops })).toEqual({ result: 'older', rev: 4 });
		expect(await updates.applyDelta({ ...CENTRAL, from: 5, to: 6, ops })).toEqual({ result: 'gap', rev: 4 });
		expect(await updates.applyDelta({ ...CENTRAL, from: 3, to: 6, ops })).toEqual({ result: 'gap', rev: 4 });
		expect(await updates.applyDelta({ ...CENTRAL, centralEpoch: 'e2', from: 4, to: 5, ops })).toEqual({
			result: 'otherEpoch',
			rev: 4,
		});
		expect(reader.credentialById('c1')).toBeUndefined();
	});

	test('whose row can’t be used denies what it was about and goes on; a good row mends it', async () => {
		const { updates, reader } = openTempDirectory();
		await updates.applyDelta({
			...CENTRAL,
			from: 0,
			to: 1,
			ops: ['c1', 'c2'].map((id) => put('credentials', plate(id, `1ABC23${id.slice(1)}`))),
		});
		const answer = await updates.applyDelta({
			...CENTRAL,
			from: 1,
			to: 2,
			ops: [
				put('credentials', { ...plate('c1', '1ABC231'), state: 'borrowed' } as { id: string }),
				put('credentials', plate('c2', '1-abc-232')),
				put('holders', holder('h1')),
				put('spaceships', { id: 's1' }),
				{ op: 'put', table: 'credentials', key: 'c4', row: plate('c5', '1ABC235') },
				put('credentials', plate('c3', '1ABC233')),
			],
		});
		expect(answer).toMatchObject({ result: 'applied', rev: 2 });
		expect('parked' in answer ? answer.parked.map(({ key, problem }) => [key, problem.split(':')[0]]) : []).toEqual([
			['c1', 'state'],
			['c2', 'value'],
			['h1', 'table'],
			['s1', 'table'],
			['c4', 'id'],
		]);
		expect(reader.credentialsOf('anna').map(({ id }) => id)).toEqual(['c3']);
		await updates.applyDelta({ ...CENTRAL, from: 2, to: 3, ops: [put('credentials', plate('c1', '1ABC231'))] });
		expect(reader.credentialsOf('anna').map(({ id }) => id)).toEqual(['c1', 'c3']);
	});

	test('of too many ops is refused before anything is written', async () => {
		const { updates } = openTempDirectory();
		const ops = Array.from({ length: LIMITS.deltaOps + 1 }, (_, n) => put('credentials', plate(`c${n}`, `1ABC${n}`)));
		await expect(updates.applyDelta({ ...CENTRAL, from: 0, to: 1, ops })).rejects.toMatchObject({
			code: 'INVALID_REQUEST',
		});
		expect(updates.streams()[1]).toMatchObject({ rev: 0 });
	});

	test('central’s confirmation of our rev counts as synced, and only of ours; it stays over a restart', async () => {
		const first = openTempDirectory();
		const { updates, reader, clock } = first;
		const syncedAtMs = () => reader.stream('access')?.syncedAtMs;
		await updates.applyDelta({ ...CENTRAL, from: 0, to: 1, ops: [] });
		clock.advance(60_000);
		await updates.confirmCurrent({ ...CENTRAL, rev: 2 });
		await updates.confirmCurrent({ ...CENTRAL, centralEpoch: 'e2', rev: 1 });
		expect(syncedAtMs()).toBe(1_000_000);
		await updates.confirmCurrent({ ...CENTRAL, rev: 1 });
		expect(syncedAtMs()).toBe(1_060_000);
		clock.advance(30_000);
		await updates.confirmCurrent({ ...CENTRAL, rev: 1 });
		expect(syncedAtMs()).toBe(1_090_000);
		await first.close();
		// The second one came too soon to be written again.
		expect(openTempDirectory(first.dir).reader.stream('access')?.syncedAtMs).toBe(1_060_000);
	});

	test('a confirmation ends with the rev it was of', async () => {
		const { updates, reader, clock } = openTempDirectory();
		await updates.applyDelta({ ...CENTRAL, from: 0, to: 1, ops: [] });
		await updates.applyDelta({ ...CENTRAL, stream: 'people', from: 0, to: 1, ops: [] });
		clock.advance(60_000);
		await updates.confirmCurrent({ ...CENTRAL, rev: 1 });
		expect(reader.syncedAtMs()).toBe(1_000_000);
		await updates.confirmCurrent({ ...CENTRAL, stream: 'people', rev: 1 });
		expect(reader.syncedAtMs()).toBe(1_060_000);
		await updates.applyDelta({ ...CENTRAL, from: 1, to: 2, ops: [] });
		clock.advance(60_000);
		expect(updates.streams()).toMatchObject([
			{ syncedAtMs: 1_060_000 },
			{ rev: 2, syncedAtMs: 1_060_000 },
			{ rev: 0 },
			{ rev: 0 },
		]);
	});
});

describe('a snapshot', () => {
	const plates = (from: number, count: number) =>
		Array.from({ length: count }, (_, n) => rowOf('credentials', plate(`c${from + n}`, `1ABC${from + n}`)));

	test('replaces its stream whole, brings the others over, and leaves one file', async () => {
		const { updates, reader, dir } = openTempDirectory();
		await updates.applyDelta({
			...CENTRAL,
			stream: 'people',
			from: 0,
			to: 9,
			ops: [put('holders', holder('anna', { name: 'Anna Maes' }))],
		});
		await updates.applyDelta({ ...CENTRAL, from: 0, to: 3, ops: [put('credentials', plate('old', '9OLD999'))] });
		await updates.beginSnapshot({ ...CENTRAL, centralEpoch: 'e2', rev: 70, rows: 1_200 });
		for (let from = 0; from < 1_200; from += 400) await updates.pushRows(plates(from, 400));
		expect(reader.credential('plate', '9OLD999')?.id).toBe('old');
		expect(await updates.finishSnapshot()).toMatchObject({ result: 'live', rev: 70, parked: [] });
		expect(reader.credential('plate', '9OLD999')).toBeUndefined();
		expect(reader.credential('plate', '1ABC1199')?.id).toBe('c1199');
		expect(reader.platesInClass('1A3C1199')).toHaveLength(1);
		expect(reader.counts()).toMatchObject({ credentials: 1_200, holders: 1 });
		expect(reader.holdersByName('maes', 5)).toHaveLength(1);
		expect(updates.streams()).toMatchObject([
			{ rev: 9, centralEpoch: 'e1' },
			{ rev: 70, centralEpoch: 'e2' },
			{ rev: 0 },
			{ rev: 0 },
		]);
		expect(
			readdirSync(dir)
				.filter((name) => name.endsWith('.db'))
				.sort(),
		).toEqual(['directory-2.db', 'site.db']);
		expect(await updates.applyDelta({ ...CENTRAL, centralEpoch: 'e2', from: 70, to: 71, ops: [] })).toMatchObject({
			rev: 71,
		});
	});

	test('never delays or loses a revocation of another stream', async () => {
		const { updates, reader } = openTempDirectory();
		const holders = Array.from({ length: 300 }, (_, n) => put('holders', holder(`h${String(n).padStart(3, '0')}`)));
		await updates.applyDelta({ ...CENTRAL, stream: 'people', from: 0, to: 1, ops: holders });
		await updates.beginSnapshot({ ...CENTRAL, rev: 1, rows: 500 });
		await updates.pushRows(plates(0, 500));
		const block = (id: string, from: number) =>
			updates.applyDelta({
				...CENTRAL,
				stream: 'people',
				from,
				to: from + 1,
				ops: [put('holders', holder(id, { status: 'blocked' }))],
			});
		await block('h000', 1);
		expect(reader.holder('h000')?.status).toBe('blocked');
		const finished = updates.finishSnapshot();
		const during = Promise.all([
			block('h001', 2),
			block('h299', 3),
			updates.applyDelta({
				...CENTRAL,
				stream: 'people',
				from: 4,
				to: 5,
				ops: [{ op: 'delete', table: 'holders', key: 'h002' }],
			}),
		]);
		expect(await finished).toMatchObject({ result: 'live' });
		await during;
		expect(['h000', 'h001', 'h299'].map((id) => reader.holder(id)?.status)).toEqual(['blocked', 'blocked', 'blocked']);
		expect(reader.holder('h002')).toBeUndefined();
		expect(reader.counts()).toMatchObject({ holders: 299, credentials: 500 });
		expect(updates.streams()[0]).toMatchObject({ rev: 5 });
		expect(await block('h003', 5)).toMatchObject({ result: 'applied', rev: 6 });
		expect(reader.holder('h003')?.status).toBe('blocked');
	});

	test('a parked row of another stream that is mended meanwhile is not parked in the new file', async () => {
		const { updates, reader, dir } = openTempDirectory();
		const bad = { op: 'put', table: 'holders', key: 'h1', row: { id: 'h1' } } as const;
		await updates.applyDelta({
			...CENTRAL,
			stream: 'people',
			from: 0,
			to: 1,
			ops: [bad, put('holders', holder('h2'))],
		});
		await updates.beginSnapshot({ ...CENTRAL, rev: 1, rows: 0 });
		const finished = updates.finishSnapshot();
		const ops = [put('holders', holder('h1'))];
		expect(await updates.applyDelta({ ...CENTRAL, stream: 'people', from: 1, to: 2, ops })).toMatchObject({ rev: 2 });
		expect(await finished).toMatchObject({ result: 'live' });
		expect(reader.holder('h1')).toEqual(holder('h1'));
		const file = new Database(path.join(dir, 'directory-2.db'), { readonly: true });
		expect(file.prepare('SELECT count(*) FROM parked').pluck().get()).toBe(0);
		file.close();
	});

	test.each([
		['rows are missing', 3, plates(0, 2), /2 rows came, 3 were announced/],
		['a key comes twice', 2, [...plates(0, 1), ...plates(0, 1)], /only 1 different/],
	])('is refused when %s; the old state stays live', async (_, announced, rows, problem) => {
		const { updates, reader, dir } = openTempDirectory();
		await updates.applyDelta({ ...CENTRAL, from: 0, to: 3, ops: [put('credentials', plate('old', '9OLD999'))] });
		await updates.beginSnapshot({ ...CENTRAL, rev: 70, rows: announced });
		await updates.pushRows(rows);
		expect(await updates.finishSnapshot()).toEqual({ result: 'refused', problem: expect.stringMatching(problem) });
		expect(reader.credential('plate', '9OLD999')?.id).toBe('old');
		expect(updates.streams()[1]).toMatchObject({ rev: 3 });
		expect(readdirSync(dir).filter((name) => name.startsWith('directory-2'))).toEqual([]);
	});

	test('tells which rows it could not use', async () => {
		const { updates, reader } = openTempDirectory();
		await updates.beginSnapshot({ ...CENTRAL, rev: 1, rows: 3 });
		await updates.pushRows([
			...plates(0, 1),
			rowOf('credentials', { id: 'bad' }),
			rowOf('credentials', { nothing: true }),
		]);
		expect(await updates.finishSnapshot()).toMatchObject({ result: 'live', parked: [{ key: '' }, { key: 'bad' }] });
		expect(reader.counts()).toMatchObject({ credentials: 1 });
	});

	test('of nobody is a state too: everything is revoked', async () => {
		const { updates, reader } = openTempDirectory();
		await updates.applyDelta({ ...CENTRAL, from: 0, to: 3, ops: [put('credentials', plate('old', '9OLD999'))] });
		await updates.beginSnapshot({ ...CENTRAL, rev: 4, rows: 0 });
		expect(await updates.finishSnapshot()).toMatchObject({ result: 'live', rev: 4 });
		expect(reader.counts()).toMatchObject({ credentials: 0 });
		expect(reader.stream('access')).toMatchObject({ rev: 4 });
	});

	test('can be given up or begun anew at any time', async () => {
		const { updates, reader, dir } = openTempDirectory();
		await updates.beginSnapshot({ ...CENTRAL, rev: 1, rows: 2 });
		await updates.pushRows(plates(0, 1));
		await updates.abandonSnapshot();
		await expect(updates.pushRows(plates(1, 1))).rejects.toMatchObject({ code: 'CONFLICT' });
		await expect(updates.finishSnapshot()).rejects.toMatchObject({ code: 'CONFLICT' });
		expect(readdirSync(dir).filter((name) => name.endsWith('.db'))).toEqual(['directory-1.db', 'site.db']);
		await updates.beginSnapshot({ ...CENTRAL, rev: 1, rows: 2 });
		await updates.beginSnapshot({ ...CENTRAL, rev: 2, rows: 1 });
		await updates.pushRows(plates(5, 1));
		expect(await updates.finishSnapshot()).toMatchObject({ rev: 2 });
		expect(reader.credentialById('c5')).toBeDefined();
		expect(readdirSync(dir).filter((name) => name.endsWith('.db'))).toHaveLength(2);
	});

	test('decisions read on while it is staged and swapped', async () => {
		const { updates, reader } = openTempDirectory();
		await updates.applyDelta({ ...CENTRAL, from: 0, to: 1, ops: [put('credentials', plate('c1', '1ABC1'))] });
		let reads = 0;
		let reading = true;
		const decisions = (async () => {
			while (reading) {
				reader.read(() => {
					expect(reader.credential('plate', '1ABC1')?.id).toBe('c1');
					expect(reader.syncedAtMs()).toBeNull();
				});
				reads += 1;
				await new Promise((resolve) => setImmediate(resolve));
			}
		})();
		for (let rev = 2; rev < 5; rev += 1) {
			await updates.beginSnapshot({ ...CENTRAL, rev, rows: 500 });
			await updates.pushRows(plates(0, 500));
			await updates.finishSnapshot();
		}
		reading = false;
		await decisions;
		expect(reads).toBeGreaterThan(10);
		expect(updates.streams()[1]).toMatchObject({ rev: 4 });
	});
});

describe('the thread', () => {
	test('ends when it has rested and comes back with the next change', async () => {
		const { updates, clock, dir } = openTempDirectory();
		await updates.applyDelta({ ...CENTRAL, from: 0, to: 1, ops: [] });
		const walBytes = () => statSync(path.join(dir, 'directory-1.db-wal')).size;
		expect(walBytes()).toBeGreaterThan(0);
		clock.advance(60_000);
		await vi.waitFor(() => expect(walBytes()).toBe(0), { timeout: 10_000 });
		expect(await updates.applyDelta({ ...CENTRAL, from: 1, to: 2, ops: [] })).toMatchObject({ rev: 2 });
	});

	test('that can’t start is told with every change and tried again with the next', async () => {
		const { updates, dir, log } = openTempDirectory();
		const file = path.join(dir, 'directory-1.db');
		renameSync(file, `${file}.away`);
		const delta = { ...CENTRAL, from: 0, to: 1, ops: [put('credentials', plate('c1', '1ABC1'))] };
		await expect(updates.applyDelta(delta)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
		expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
		expect(existsSync(file)).toBe(false);
		renameSync(`${file}.away`, file);
		expect(await updates.applyDelta(delta)).toMatchObject({ result: 'applied' });
	});

	test('closing carries out what was asked before', async () => {
		const first = openTempDirectory();
		const applied = first.updates.applyDelta({
			...CENTRAL,
			from: 0,
			to: 1,
			ops: [put('credentials', plate('c1', '1ABC1'))],
		});
		await first.close();
		expect(await applied).toMatchObject({ result: 'applied' });
		expect(openTempDirectory(first.dir).reader.credentialById('c1')).toBeDefined();
	});
});
