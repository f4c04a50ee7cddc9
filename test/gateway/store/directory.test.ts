import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { DirectoryOp } from '../../../src/gateway/core/directory-change.ts';
import { plateSkeleton } from '../../../src/gateway/core/plate.ts';
import { openDirectory } from '../../../src/gateway/store/directory.ts';
import { holder, openTempDirectory, plate, put } from '../../support/directory-bench.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { openTempStore, tempDir } from '../../support/temp-store.ts';

const access = (from: number, ops: readonly DirectoryOp[]) =>
	({ stream: 'access', centralEpoch: 'e1', from, to: from + 1, ops }) as const;
const people = (from: number, ops: readonly DirectoryOp[]) => ({ ...access(from, ops), stream: 'people' }) as const;

describe('reading the directory', () => {
	test('a new one is empty and says it was never synced', () => {
		const { reader, dir } = openTempDirectory();
		expect(reader.credential('plate', '1ABC234')).toBeUndefined();
		expect(reader.stream('access')).toBeUndefined();
		expect(reader.syncedAtMs()).toBeNull();
		expect(readdirSync(dir).filter((name) => /^directory-\d+\.db$/.test(name))).toEqual(['directory-1.db']);
		expect(statSync(path.join(dir, 'directory-1.db')).mode & 0o777).toBe(0o600);
	});

	test('finds a credential by kind and value, an active one before the others', async () => {
		const { reader, updates } = openTempDirectory();
		await updates.applyDelta(
			access(0, [
				put('credentials', plate('c1', '1ABC234', { state: 'lost' })),
				put('credentials', plate('c2', '1ABC234')),
				put('credentials', { ...plate('c3', '1ABC234'), kind: 'tag' }),
			]),
		);
		expect(reader.credential('plate', '1ABC234')).toEqual(plate('c2', '1ABC234'));
		expect(reader.credential('tag', '1ABC234')?.id).toBe('c3');
		expect(reader.credentialById('c1')?.state).toBe('lost');
		expect(reader.credentialsOf('anna').map(({ id }) => id)).toEqual(['c1', 'c2', 'c3']);
	});

	test('N3: finds the plates a camera may confuse', async () => {
		const { reader, updates } = openTempDirectory();
		const plates = ['1ABC0DO', '1A8CODO', '1ABC123'].map((value, n) => put('credentials', plate(`c${n}`, value)));
		await updates.applyDelta(access(0, plates));
		expect(reader.platesInClass(plateSkeleton('IA8C0QO')).map(({ value }) => value)).toEqual(['1ABC0DO', '1A8CODO']);
		expect(reader.platesInClass(plateSkeleton('9XXX999'))).toEqual([]);
	});

	test('N3: finds a plate and those like it by one question, as two questions would', async () => {
		const { reader, updates } = openTempDirectory();
		// All 16 of one class, so that the plate itself may be one that the class no longer gives.
		const digits = ['0', 'D', 'O', 'Q'];
		const values = digits.flatMap((first) => digits.map((second) => `1AB${first}C${second}3`));
		const plates = values.map((value, n) => put('credentials', plate(`c${String(n).padStart(2, '0')}`, value)));
		const lost = put('credentials', plate('b', 'XXX111', { state: 'lost' }));
		const found = put('credentials', plate('c', 'XXX111'));
		await updates.applyDelta(access(0, [...plates, lost, found, put('credentials', plate('a', 'XXX11I'))]));
		for (const value of [...values, 'XXX111', 'XXX11I', 'XXX1I1', '9XXX999']) {
			expect(reader.platesLike(value), value).toEqual({
				same: reader.credential('plate', value),
				alike: reader.platesInClass(plateSkeleton(value)),
			});
		}
		expect(reader.platesLike('1ABQCQ3').same?.id).toBe('c15');
		expect(reader.platesLike('XXX111').same?.id).toBe('c');
		expect(reader.platesLike('XXX1I1').same).toBeUndefined();
		expect(reader.platesLike('XXX1I1').alike).toHaveLength(3);
	});

	test('joins a holder’s rights with what they grant, and sees a change at once', async () => {
		const { reader, updates } = openTempDirectory();
		const staff = { id: 'staff', name: 'Staff', strategy: 'firstCome', areaIds: ['A1'], scheduleId: 'office' };
		const office = {
			id: 'office',
			name: 'Office',
			periods: [{ days: [1, 5], from: '08:00', to: '18:00' }],
			specialDays: [{ date: '2026-12-25', name: 'Christmas', periods: [] }],
		};
		const right = (id: string, specificationId: string) => ({
			id,
			holderId: 'anna',
			specificationId,
			state: 'active',
			validFromMs: 5,
			validToMs: null,
		});
		await updates.applyDelta(
			access(0, [put('assignedRights', right('r1', 'staff')), put('assignedRights', right('r2', 'gone'))]),
		);
		expect(reader.rightsOf('anna')).toMatchObject([{ specification: null }, { specification: null, schedule: null }]);
		await updates.applyDelta(access(1, [put('rightSpecifications', staff)]));
		expect(reader.rightsOf('anna')[0]).toMatchObject({ specification: staff, schedule: null });
		await updates.applyDelta(access(2, [put('schedules', office)]));
		expect(reader.rightsOf('anna')[0]).toMatchObject({
			right: right('r1', 'staff'),
			specification: staff,
			schedule: office,
		});
		expect(reader.rightsOf('nobody')).toEqual([]);
	});

	test('finds a holder together with their rights, be it none', async () => {
		const { reader, updates } = openTempDirectory();
		const right = (id: string, holderId: string) =>
			put('assignedRights', {
				id,
				holderId,
				specificationId: 's',
				state: 'active',
				validFromMs: 1,
				validToMs: null,
				poolId: id,
			});
		const inGroups = { ...holder('anna'), groupIds: ['g1'] };
		await updates.applyDelta(people(0, [put('holders', inGroups), put('holders', holder('bob'))]));
		await updates.applyDelta(access(0, [right('r1', 'anna'), right('r2', 'anna'), right('r3', 'gone')]));
		for (const id of ['anna', 'bob']) {
			expect(reader.holderWithRights(id)).toEqual({ holder: reader.holder(id), rights: reader.rightsOf(id) });
		}
		expect(reader.holderWithRights('anna')).toMatchObject({
			holder: inGroups,
			rights: [{ right: { id: 'r1', holderId: 'anna', poolId: 'r1' } }, { right: { id: 'r2' } }],
		});
		expect(reader.holderWithRights('gone')).toBeUndefined();
	});

	test('finds holders by any word of their name and by e-mail, whatever the accents', async () => {
		const { reader, updates } = openTempDirectory();
		const elodie = holder('h1', { name: 'Élodie van Dam', email: 'e.vandam@example.org' });
		await updates.applyDelta(people(0, [put('holders', elodie), put('holders', holder('h2', { name: 'Bram Maes' }))]));
		for (const words of ['ELOD', 'dam', 'e.vandam@ex']) expect(reader.holdersByName(words, 10)).toEqual([elodie]);
		await updates.applyDelta(people(1, [put('holders', { ...elodie, name: 'Zoë Peeters' })]));
		expect(reader.holdersByName('elod', 10)).toEqual([]);
		expect(reader.holdersByName('zoe', 10).map(({ id }) => id)).toEqual(['h1']);
		await updates.applyDelta(people(2, [{ op: 'delete', table: 'holders', key: 'h1' }]));
		expect(reader.holdersByName('zoe', 10)).toEqual([]);
		expect(reader.counts()).toMatchObject({ holders: 1 });
	});

	test('several reads see one state although a delta is committed between them', async () => {
		const { reader, dir, updates } = openTempDirectory();
		await updates.applyDelta(access(0, [put('credentials', plate('c1', '1ABC234'))]));
		const other = new Database(path.join(dir, 'directory-1.db'));
		reader.read(() => {
			expect(reader.credentialById('c1')?.state).toBe('active');
			other.exec('UPDATE credentials SET state = 3');
			expect(reader.credential('plate', '1ABC234')?.state).toBe('active');
		});
		expect(reader.credential('plate', '1ABC234')?.state).toBe('stolen');
		other.close();
	});
});

describe('opening the directory', () => {
	test('what was synced is there again; files that are not live are gone', async () => {
		const first = openTempDirectory();
		await first.updates.applyDelta(access(0, [put('credentials', plate('c1', '1ABC234'))]));
		await first.close();
		expect(readdirSync(first.dir).sort()).toEqual(['directory-1.db', 'site.db']);
		for (const name of ['directory-7.db', 'directory-7.db-wal', 'directory-7.db-shm']) {
			writeFileSync(path.join(first.dir, name), 'left over');
		}
		const { reader } = openTempDirectory(first.dir);
		expect(reader.credential('plate', '1ABC234')?.id).toBe('c1');
		expect(readdirSync(first.dir).some((name) => name.startsWith('directory-7'))).toBe(false);
	});

	test.each([
		['is gone', (file: string) => rmSync(file)],
		['is no database', (file: string) => writeFileSync(file, 'something else '.repeat(1_000))],
	])('when the live file %s it starts empty, never synced, and says so', async (_, damage) => {
		const first = openTempDirectory();
		await first.updates.applyDelta(access(0, [put('credentials', plate('c1', '1ABC234'))]));
		await first.close();
		damage(path.join(first.dir, 'directory-1.db'));
		const { reader, log, updates } = openTempDirectory(first.dir);
		expect(reader.stream('access')).toBeUndefined();
		expect(reader.syncedAtMs()).toBeNull();
		expect(log.lines.filter(({ level }) => level === 'error')).toMatchObject([
			{ message: expect.stringContaining('lost') },
		]);
		expect(await updates.applyDelta(access(0, [put('credentials', plate('c1', '1ABC234'))]))).toMatchObject({ rev: 1 });
	});

	test('written by a newer version it is refused and kept', async () => {
		const first = openTempDirectory();
		await first.close();
		const file = path.join(first.dir, 'directory-1.db');
		const db = new Database(file);
		db.pragma('user_version = 99');
		db.close();
		const store = openTempStore(first.dir);
		expect(() => openDirectory({ dir: first.dir, store, log: createMemoryLog() })).toThrow(
			expect.objectContaining({ code: 'STORE_NEWER', message: expect.stringContaining('99') }),
		);
		expect(statSync(file).size).toBeGreaterThan(0);
	});

	test('a command reads beside the gateway and makes nothing', async () => {
		const gateway = openTempDirectory();
		await gateway.updates.applyDelta(access(0, [put('credentials', plate('c1', '1ABC234'))]));
		const store = openTempStore(gateway.dir);
		const reading = openDirectory({ dir: gateway.dir, store, log: createMemoryLog(), readOnly: true });
		expect(reading.reader.credential('plate', '1ABC234')?.id).toBe('c1');
		await reading.close();
		const empty = tempDir();
		const fresh = openTempStore(empty);
		expect(() => openDirectory({ dir: empty, store: fresh, log: createMemoryLog(), readOnly: true })).toThrow(
			expect.objectContaining({ code: 'STORE_UNAVAILABLE' }),
		);
	});
});

describe('between sealing a new file and making it live', () => {
	async function sealed() {
		const bench = openTempDirectory();
		const { directory, updates } = bench;
		await updates.applyDelta(people(0, [put('holders', holder('h1'))]));
		const start = { stream: 'access', centralEpoch: 'e1', rev: 5, rows: 1 } as const;
		await directory.worker.ask('begin', { start, file: directory.nextFile(), atMs: 1 });
		const rows = [{ table: 'credentials', row: plate('c1', '1ABC234') }];
		await directory.worker.ask('push', { rows });
		const answer = await directory.worker.ask('seal', null);
		if (answer.result !== 'sealed') throw new Error(answer.problem);
		return { ...bench, file: answer.file };
	}

	test('a revocation goes to both files', async () => {
		const { updates, reader, directory, file } = await sealed();
		await updates.applyDelta(people(1, [put('holders', holder('h1', { status: 'blocked' }))]));
		expect(reader.holder('h1')?.status).toBe('blocked');
		const closeOld = directory.makeLive(file);
		expect(reader.holder('h1')?.status).toBe('blocked');
		expect(reader.stream('people')?.rev).toBe(2);
		expect(reader.credentialById('c1')).toBeDefined();
		await directory.worker.ask('adopt', null);
		closeOld();
		expect(await updates.applyDelta(people(2, [put('holders', holder('h1'))]))).toMatchObject({ rev: 3 });
		expect(reader.holder('h1')?.status).toBe('active');
	});

	test('when the site’s own file can’t take the pointer, all stays as it was', async () => {
		const { updates, reader, store, directory, file } = await sealed();
		const blocker = new Database(path.join(store.dir, 'site.db'));
		blocker.exec('BEGIN IMMEDIATE');
		expect(() => directory.makeLive(file)).toThrow(expect.objectContaining({ code: 'STORE_UNAVAILABLE' }));
		blocker.exec('ROLLBACK');
		blocker.close();
		await directory.worker.ask('abandon', null);
		expect(reader.credentialById('c1')).toBeUndefined();
		expect(await updates.applyDelta(people(1, []))).toMatchObject({ rev: 2 });
		expect(readdirSync(store.dir).filter((name) => name.startsWith('directory-2'))).toEqual([]);
	});
});
