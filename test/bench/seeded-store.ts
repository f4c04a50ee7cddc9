import { createHash } from 'node:crypto';
import {
	closeSync,
	copyFileSync,
	existsSync,
	globSync,
	linkSync,
	mkdirSync,
	mkdtempSync,
	openSync,
	readdirSync,
	readFileSync,
	readSync,
	renameSync,
	rmSync,
	statSync,
} from 'node:fs';
import path from 'node:path';
import type { SnapshotRow } from '../../src/gateway/core/directory-change.ts';
import { createDirectoryUpdates } from '../../src/gateway/services/directory/create-directory-updates.ts';
import { openDirectory } from '../../src/gateway/store/directory.ts';
import { DIRECTORY_SCHEMA } from '../../src/gateway/store/directory-schema.ts';
import { openSiteStore } from '../../src/gateway/store/site-store.ts';
import { createSystemClock } from '../../src/system-clock.ts';
import { accessRowCount, accessRows, type Population, peopleRows } from './population.ts';
import { quietLog } from './quiet-log.ts';

const ROOT = path.dirname(path.dirname(import.meta.dirname));
/** On the disk the store would be on, kept between runs. */
export const CACHE_DIR = path.join(ROOT, 'node_modules/.cache/parkgate-bench');
const ROWS_PER_CALL = 5_000;

/** A directory of its own for one part of the bench, on the same file system as the cache. */
export function makeWorkDir(): string {
	mkdirSync(CACHE_DIR, { recursive: true });
	return mkdtempSync(path.join(CACHE_DIR, 'run-'));
}

/**
 * A fresh `site.db` beside the seeded directory file, which is linked, not copied: nothing but a sync would
 * write to it. Seeds it first when the cache has none for this schema.
 *
 * @param use how the directory file comes there; copied where a sync writes to it
 * @returns the store's directory; remove it afterwards.
 */
export async function makeSeededStore(population: Population, use: 'linked' | 'copied' = 'linked'): Promise<string> {
	const seeded = await seed(population);
	const dir = makeWorkDir();
	const place = use === 'linked' ? linkSync : copyFileSync;
	for (const name of readdirSync(seeded)) {
		place(path.join(seeded, name), path.join(dir, name));
		readThrough(path.join(dir, name));
	}
	const [file] = readdirSync(seeded);
	const store = openSiteStore({ dir, nowMs: Date.now, log: quietLog });
	store.settings.setDirectoryFile(file ?? '');
	store.close();
	return dir;
}

/** The system's cache holds a file where cards are read all day; else many look-ups wait for the disk. */
export function readThrough(name: string): void {
	const file = openSync(name, 'r');
	const chunk = Buffer.alloc(1 << 20);
	while (readSync(file, chunk) > 0);
	closeSync(file);
}

/** Through the real worker: two snapshots, as central would send them. @returns a directory with just the directory file. */
export async function seed(population: Population): Promise<string> {
	const kept = path.join(CACHE_DIR, `directory-${population.holders}-${fingerprint()}`);
	if (existsSync(kept)) return kept;
	forgetOlder(`directory-${population.holders}-`);
	const startedMs = performance.now();
	const dir = makeWorkDir();
	const store = openSiteStore({ dir, nowMs: Date.now, log: quietLog });
	const directory = openDirectory({ dir, store, clock: createSystemClock(), log: quietLog });
	const updates = createDirectoryUpdates({ directory, nowMs: Date.now, log: quietLog });

	async function snapshot(stream: 'people' | 'access', rows: Iterable<SnapshotRow>, count: number): Promise<void> {
		await updates.beginSnapshot({ stream, centralEpoch: 'bench', rev: 1, rows: count });
		let call: SnapshotRow[] = [];
		let under: Promise<void> = Promise.resolve();
		for (const row of rows) {
			call.push(row);
			if (call.length < ROWS_PER_CALL) continue;
			// The next rows are made while the worker takes these.
			await under;
			under = updates.pushRows(call);
			call = [];
		}
		await under;
		await updates.pushRows(call);
		const answer = await updates.finishSnapshot();
		if (answer.result !== 'live') throw new Error(`the snapshot was refused: ${answer.problem}`);
	}

	await snapshot('people', peopleRows(population), population.holders);
	await snapshot('access', accessRows(population), accessRowCount(population));
	const file = store.settings.directoryFile();
	await directory.close();
	store.close();
	const fresh = makeWorkDir();
	renameSync(path.join(dir, file ?? ''), path.join(fresh, file ?? ''));
	renameSync(fresh, kept);
	rmSync(dir, { recursive: true });
	console.error(`Seeded ${population.holders} holders in ${Math.round((performance.now() - startedMs) / 1_000)} s.`);
	return kept;
}

const LEFT_OVER_AFTER_MS = 600_000;

/** What parts that were ended left behind; another bench may be running. */
export function removeLeftOvers(): void {
	for (const name of globSync('run-*', { cwd: CACHE_DIR })) {
		const dir = path.join(CACHE_DIR, name);
		if (Date.now() - statSync(dir).mtimeMs > LEFT_OVER_AFTER_MS) rmSync(dir, { recursive: true });
	}
}

/** Changes with its schema, and with what is worked out from its rows. */
function fingerprint(): string {
	const hash = createHash('sha256').update(JSON.stringify(DIRECTORY_SCHEMA));
	for (const file of [
		'src/gateway/core/plate.ts',
		'src/gateway/core/directory-digest.ts',
		'test/bench/population.ts',
	]) {
		hash.update(readFileSync(path.join(ROOT, file)));
	}
	return hash.digest('hex').slice(0, 12);
}

function forgetOlder(prefix: string): void {
	if (!existsSync(CACHE_DIR)) return;
	for (const name of readdirSync(CACHE_DIR))
		if (name.startsWith(prefix)) rmSync(path.join(CACHE_DIR, name), { recursive: true });
}
