import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { holderId, type Population, plateValue, tagValue } from '../population.ts';
import { CACHE_DIR, readThrough } from '../seeded-store.ts';

/** What the floor keeps of a credential: enough to say yes or no. */
export interface FloorCredential {
	readonly holder: string;
	readonly state: number;
}

/** The same credentials as the gateway's directory, in the plainest table there can be; kept between runs. */
export function seedFloor(population: Population): string {
	const file = path.join(CACHE_DIR, `floor-${population.holders}-${fingerprint()}.db`);
	if (existsSync(file)) return file;
	mkdirSync(CACHE_DIR, { recursive: true });
	const making = `${file}.${process.pid}`;
	const db = new Database(making);
	db.pragma('journal_mode = OFF');
	db.exec(
		'CREATE TABLE credentials (value TEXT PRIMARY KEY, holder TEXT NOT NULL, state INTEGER NOT NULL) STRICT, WITHOUT ROWID',
	);
	const insert = db.prepare('INSERT INTO credentials VALUES (?, ?, 0)');
	const values = [
		...Array.from({ length: population.tags }, (_, n) => ({ value: tagValue(n), holder: n })),
		...Array.from({ length: population.plates }, (_, n) => ({ value: plateValue(n), holder: n % population.holders })),
	].sort((a, b) => (a.value < b.value ? -1 : 1));
	db.transaction(() => {
		for (const { value, holder } of values) insert.run(value, holderId(holder));
	})();
	db.close();
	renameSync(making, file);
	return file;
}

function fingerprint(): string {
	const population = path.join(import.meta.dirname, '../population.ts');
	return createHash('sha256')
		.update(readFileSync(population))
		.update(readFileSync(import.meta.filename))
		.digest('hex')
		.slice(0, 12);
}

/** A credentials file to look up in and a log of its own, each commit on the disk. */
export function openFloor(credentialsFile: string, logFile: string) {
	rmSync(logFile, { force: true });
	readThrough(credentialsFile);
	const credentials = new Database(credentialsFile, { readonly: true });
	const log = new Database(logFile);
	log.pragma('journal_mode = WAL');
	log.pragma('synchronous = FULL');
	log.exec(
		'CREATE TABLE log (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, at_ms INTEGER NOT NULL, lane TEXT NOT NULL, tag TEXT NOT NULL, holder TEXT, outcome TEXT NOT NULL) STRICT',
	);
	const select = credentials.prepare<[string], FloorCredential>(
		'SELECT holder, state FROM credentials WHERE value = ?',
	);
	const insert = log.prepare<[string, number, string, string, string | null, string]>(
		'INSERT INTO log (id, at_ms, lane, tag, holder, outcome) VALUES (?, ?, ?, ?, ?, ?)',
	);
	const begin = log.prepare('BEGIN IMMEDIATE');
	const commit = log.prepare('COMMIT');
	return {
		lookUp: (tag: string) => select.get(tag),
		record: (id: string, lane: string, tag: string, holder: string | undefined) => {
			insert.run(id, Date.now(), lane, tag, holder ?? null, holder === undefined ? 'refused' : 'granted');
		},
		begin: () => void begin.run(),
		commit: () => void commit.run(),
		close() {
			credentials.close();
			log.close();
		},
	};
}
