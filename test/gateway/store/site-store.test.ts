import { execFile } from 'node:child_process';
import { chmodSync, closeSync, openSync, readdirSync, statSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../../src/gateway/store/open-database.ts';
import { openSiteStore } from '../../../src/gateway/store/site-store.ts';
import { createTransactions } from '../../../src/gateway/store/transactions.ts';
import { aDecision } from '../../support/lane-entries.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { openTempStore, tempDir } from '../../support/temp-store.ts';

const open = (dir: string, readOnly = false) =>
	openSiteStore({ dir, nowMs: () => 0, log: createMemoryLog(), readOnly });
const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

describe('opening a store', () => {
	test('a new store is its owner’s alone', () => {
		const dir = path.join(tempDir(), 'made', 'here');
		const store = openTempStore(dir);
		store.settings.set('a', 'b');
		expect(modeOf(dir)).toBe('700');
		expect(readdirSync(dir).sort()).toEqual(['site.db', 'site.db-shm', 'site.db-wal']);
		for (const name of readdirSync(dir)) expect(modeOf(path.join(dir, name))).toBe('600');
	});

	test('every commit is synced, foreign keys hold', () => {
		const db = openDatabase(path.join(tempDir(), 'x.db'), {
			pageSizeBytes: 512,
			cacheKib: 100,
			walAutocheckpointPages: 100,
		});
		const setting = (name: string) => db.pragma(name, { simple: true });
		expect(setting('journal_mode')).toBe('wal');
		expect(setting('synchronous')).toBe(2);
		expect(setting('foreign_keys')).toBe(1);
		expect(setting('page_size')).toBe(512);
		db.close();
	});

	test('what was written is there after closing and opening again', () => {
		const dir = tempDir();
		const first = open(dir);
		first.journal.append(aDecision('d1'));
		const epoch = first.journal.gatewayEpoch();
		expect([first.settings.countBoot(), first.settings.countBoot()]).toEqual([1, 2]);
		first.close();
		const second = openTempStore(dir);
		expect(second.journal.lastSeq()).toBe(1);
		expect(second.journal.gatewayEpoch()).toBe(epoch);
		expect(second.settings.countBoot()).toBe(3);
	});

	test('a text file in its place is told apart from a damaged database', () => {
		const dir = tempDir();
		writeFileSync(path.join(dir, 'site.db'), 'not a database at all, but long enough to have a header '.repeat(30));
		expect(() => open(dir)).toThrow(
			expect.objectContaining({ code: 'STORE_CORRUPT', message: expect.stringMatching(/site\.db: this is no SQLite/) }),
		);
	});

	test('another program’s database is left alone', () => {
		const dir = tempDir();
		const other = new Database(path.join(dir, 'site.db'));
		other.exec('CREATE TABLE recipes (name TEXT)');
		other.close();
		expect(() => open(dir)).toThrow(
			expect.objectContaining({ code: 'STORE_CORRUPT', message: expect.stringContaining('another program') }),
		);
	});

	test('a damaged database says what to do', () => {
		const dir = tempDir();
		const store = open(dir);
		store.transaction(() => {
			for (let n = 0; n < 50; n += 1) store.journal.append(aDecision(`d${n}`));
		});
		store.close();
		damage(path.join(dir, 'site.db'));
		expect(() => {
			const again = open(dir);
			try {
				again.transaction(() => again.journal.verify(0, 1_000));
			} finally {
				again.close();
			}
		}).toThrow(expect.objectContaining({ code: 'STORE_CORRUPT', message: expect.stringMatching(/damaged.*backup/) }));
	});

	test('a store directory that is a file says so', () => {
		const file = path.join(tempDir(), 'file');
		writeFileSync(file, '');
		expect(() => open(file)).toThrow(
			expect.objectContaining({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining('store.dir') }),
		);
		expect(() => open(path.join(file, 'below'))).toThrow(expect.objectContaining({ code: 'STORE_UNAVAILABLE' }));
	});

	test('a store the account may not write says who lacks what', async () => {
		const dir = path.join(tempDir(), 'store');
		open(dir).close();
		chmodSync(path.dirname(dir), 0o755);
		chmodSync(dir, 0o755);
		chmodSync(path.join(dir, 'site.db'), 0o444);
		const { stdout } = await promisify(execFile)(process.execPath, ['test/support/open-store.ts', dir]);
		expect(stdout).toMatch(/^STORE_READ_ONLY .*store.*: .*write access/);
	});

	test('a second program that writes is waited for, then named', () => {
		const dir = tempDir();
		const store = openTempStore(dir);
		const other = new Database(path.join(dir, 'site.db'));
		other.exec('BEGIN IMMEDIATE');
		expect(() => store.settings.set('a', 'b')).toThrow(
			expect.objectContaining({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining('another program') }),
		);
		other.exec('ROLLBACK');
		other.close();
		store.settings.set('a', 'b');
		expect(store.settings.get('a')).toBe('b');
	});

	test('a command beside the running gateway reads and writes nothing', () => {
		const dir = tempDir();
		const store = openTempStore(dir);
		store.journal.append(aDecision('d1'));
		const reading = open(dir, true);
		expect(reading.journal.verify(0, 10)).toMatchObject({ result: 'holds', upTo: 1 });
		expect(() => reading.settings.set('a', 'b')).toThrow(expect.objectContaining({ code: 'STORE_READ_ONLY' }));
		reading.close();
	});

	test('reading a store that was never made makes nothing', () => {
		const dir = tempDir();
		expect(() => open(dir, true)).toThrow(expect.objectContaining({ code: 'STORE_UNAVAILABLE' }));
		expect(readdirSync(dir)).toEqual([]);
	});
});

describe('a transaction', () => {
	test('keeps everything or nothing, also of what joins it', () => {
		const store = openTempStore();
		expect(() =>
			store.transaction(() => {
				store.journal.append(aDecision('d1'));
				store.occupancy.reserve({ id: 'd1', laneId: 'L1', holderId: 'anna', areaIds: ['A1'], atMs: 1 });
				store.settings.set('a', 'b');
				throw new Error('half way');
			}),
		).toThrow('half way');
		expect(store.journal.lastSeq()).toBe(0);
		expect(store.occupancy.list()).toEqual([]);
		expect(store.settings.get('a')).toBeUndefined();
		expect(store.journal.append(aDecision('d2'))).toBe(1);
	});

	test('a full disk is told as such, keeps nothing half, and writing goes on when there is room', () => {
		const file = path.join(tempDir(), 'small.db');
		const db = openDatabase(file, { pageSizeBytes: 512, cacheKib: 100, walAutocheckpointPages: 1_000 });
		db.exec('CREATE TABLE rows (n INTEGER PRIMARY KEY, text TEXT)');
		const transactions = createTransactions(db, file);
		const insert = db.prepare('INSERT INTO rows (text) VALUES (?)');
		const fill = () =>
			transactions.run(() => {
				for (let n = 0; n < 50; n += 1) insert.run('x'.repeat(400));
			});
		fill();
		db.pragma('max_page_count = 100');
		expect(fill).toThrow(
			expect.objectContaining({ code: 'STORE_FULL', message: expect.stringMatching(/small\.db: the disk is full/) }),
		);
		expect(db.prepare('SELECT count(*) FROM rows').pluck().get()).toBe(50);
		db.pragma('max_page_count = 10000');
		fill();
		expect(db.prepare('SELECT count(*) FROM rows').pluck().get()).toBe(100);
		db.close();
	});

	test('what another program wrote meanwhile is seen, not written over', () => {
		const dir = tempDir();
		const [daemon, command] = [openTempStore(dir), openTempStore(dir)];
		expect(daemon.journal.append(aDecision('d1'))).toBe(1);
		expect(command.journal.append(aDecision('d2'))).toBe(2);
		expect(daemon.journal.append(aDecision('d3'))).toBe(3);
		command.occupancy.move({ leave: [], enter: ['A1'] });
		expect(daemon.occupancy.move({ leave: [], enter: ['A1'] }).counters).toMatchObject([{ occupied: 2 }]);
		expect(daemon.journal.verify(0, 10)).toMatchObject({ result: 'holds', upTo: 3, finished: true });
	});
});

describe('the highest time seen', () => {
	test('never runs backwards and is written seldom', () => {
		const { settings } = openTempStore();
		settings.raiseHighestTime(1_000_000_000);
		settings.raiseHighestTime(1_000_000_500);
		expect(settings.highestTimeMs()).toBe(1_000_000_000);
		settings.raiseHighestTime(2_000_000_000);
		settings.raiseHighestTime(5);
		expect(settings.highestTimeMs()).toBe(2_000_000_000);
	});
});

/** Overwrites the middle third; the header stays good. */
function damage(file: string): void {
	const { size } = statSync(file);
	const descriptor = openSync(file, 'r+');
	const third = Math.floor(size / 3);
	writeSync(descriptor, Buffer.alloc(third, 0xa5), 0, third, third);
	closeSync(descriptor);
}
