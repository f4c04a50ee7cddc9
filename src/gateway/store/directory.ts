import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../core/clock.ts';
import { DECIDED_STREAMS } from '../core/directory.ts';
import { GatewayError } from '../core/gateway-error.ts';
import type { Log } from '../core/log.ts';
import { createDirectoryClient, type DirectoryClient } from './directory-client.ts';
import { createDirectoryConfirmations, type DirectoryConfirmations } from './directory-confirmations.ts';
import { attachOverlay } from './directory-overlay.ts';
import {
	createDirectoryReader,
	type DirectoryFileReader,
	type DirectoryReader,
	type StreamState,
} from './directory-reader.ts';
import {
	DIRECTORY_SCHEMA,
	directoryFileName,
	directoryNumber,
	READER_OPTIONS,
	WRITER_OPTIONS,
} from './directory-schema.ts';
import { removeDatabase } from './directory-staging.ts';
import type { LocalEditStore } from './local-edits.ts';
import { migrate, requireSchema, schemaVersion } from './migrations.ts';
import { openDatabase, type Sqlite } from './open-database.ts';
import type { SiteSettings } from './site-settings.ts';
import { SITE_FILE } from './site-store.ts';
import { createStagedSnapshotRecord, type StagedSnapshot, type StagedSnapshotRecord } from './staged-snapshot.ts';

/**
 * `directory-N.db`: central's people, credentials and rights. `reader` reads on this thread and follows
 * the file that is live; `worker` writes on its own. A row of `site.db` names the live file: nothing is
 * ever renamed over a database.
 */
export interface Directory {
	readonly reader: DirectoryReader;
	readonly worker: DirectoryClient;
	readonly confirmations: DirectoryConfirmations;
	/** Its file is not deleted with the others. */
	readonly staged: StagedSnapshotRecord;
	/** Absolute path for the next snapshot; no file of that name exists. */
	nextFile(): string;
	/** Absolute path of a staged snapshot. */
	fileOf(staged: StagedSnapshot): string;
	/** Once the worker has nothing to do with it any more. */
	removeStaged(staged: StagedSnapshot): void;
	/**
	 * Names `file` the live one, durably, and reads it from now on: it is not staged any more. Throws GatewayError, and what was
	 * live stays so.
	 *
	 * @returns closes the file before; after the worker did, so that nobody copies back the WAL of a file that goes.
	 */
	makeLive(file: string): () => void;
	/** Absolute path of the live file. */
	liveFile(): string;
	/**
	 * Who reads the live file by a connection of its own: told of another one, it resolves once it has closed all before.
	 *
	 * @returns for when there is no such connection any more
	 */
	followLive(follow: (file: string) => Promise<void>): () => void;
	/** Deletes every directory file but the live and the staged one; after the worker and all who follow left them. */
	removeOthers(): Promise<void>;
	close(): Promise<void>;
}

export interface DirectoryDeps {
	readonly dir: string;
	readonly store: {
		readonly dir: string;
		readonly settings: Pick<SiteSettings, 'get' | 'set' | 'directoryFile' | 'setDirectoryFile'>;
		readonly localEdits: LocalEditStore;
	};
	/** Ends the writing thread when it rests; without one it stays. */
	readonly clock?: Pick<Clock, 'after'>;
	readonly log: Log;
	/** Without central the site's own rows are always as new as can be. */
	readonly standaloneNowMs?: () => number;
	/** For a command beside the running gateway: reads only. */
	readonly readOnly?: boolean;
}

/** Opens the live file; a missing or damaged one is replaced by an empty one (never synced: central sends a snapshot). */
export function openDirectory(deps: DirectoryDeps): Directory {
	const { dir, log, readOnly = false } = deps;
	const { settings } = deps.store;
	let live = openLive(deps);
	const confirmations = createDirectoryConfirmations(settings);
	const staged = createStagedSnapshotRecord(settings);
	const worker = createDirectoryClient({
		liveFile: () => live.path,
		onDied: (error) => log.error({ err: error }, 'the writer of the directory stopped'),
		...(deps.clock === undefined ? {} : { clock: deps.clock }),
	});
	const followers = new Set<(file: string) => Promise<void>>();
	// Whatever stands there: what is live is no longer staged, and is never removed as such.
	if (!readOnly && isLive(staged.get())) staged.set(undefined);
	if (!readOnly) deleteOthers();

	function isLive(named: StagedSnapshot | undefined): boolean {
		return named?.fileName === path.basename(live.path);
	}

	function deleteOthers(): void {
		for (const name of readdirSync(dir)) {
			const base = name.replace(/-(wal|shm|journal)$/, '');
			const isKept = base === path.basename(live.path) || base === staged.get()?.fileName;
			if (directoryNumber(base) !== undefined && !isKept) removeDatabase(path.join(dir, base));
		}
	}

	return {
		reader: followingReader(() => live.reader, confirmations, deps.standaloneNowMs),
		worker,
		confirmations,
		staged,
		nextFile: () => nextFile(dir),
		fileOf: ({ fileName }) => path.join(dir, fileName),
		removeStaged(named) {
			if (!isLive(named)) removeDatabase(path.join(dir, named.fileName));
		},
		makeLive(file) {
			const next = openReader(deps, file);
			try {
				// First: who dies in between fetches the snapshot again, and nobody takes the live file for a staged one.
				staged.set(undefined);
				settings.setDirectoryFile(path.basename(file));
			} catch (error) {
				next.db.close();
				throw error;
			}
			const old = live;
			live = next;
			return () => {
				old.db.close();
			};
		},
		liveFile: () => live.path,
		followLive(follow) {
			followers.add(follow);
			return () => void followers.delete(follow);
		},
		async removeOthers() {
			await Promise.all([...followers].map((follow) => follow(live.path)));
			deleteOthers();
		},
		async close() {
			// The worker last: only a writer copies the WAL back into the file.
			live.db.close();
			await worker.close();
		},
	};
}

interface LiveFile {
	readonly path: string;
	readonly db: Sqlite;
	readonly reader: DirectoryFileReader;
}

function openLive(deps: DirectoryDeps): LiveFile {
	const { dir, log, readOnly = false } = deps;
	const { settings } = deps.store;
	const name = settings.directoryFile();
	if (name === undefined && readOnly) {
		throw new GatewayError('STORE_UNAVAILABLE', `${dir}: the gateway has not run here yet; start it first`);
	}
	if (name !== undefined) {
		const file = path.join(dir, name);
		try {
			return openExisting(deps, file);
		} catch (error) {
			if (readOnly || !isLost(error, file)) throw error;
			log.error({ err: error, file }, 'the directory is lost; it starts empty and central sends it again');
		}
	}
	const file = nextFile(dir);
	create(file);
	settings.setDirectoryFile(path.basename(file));
	return openReader(deps, file);
}

/** Any other failure (a lock, missing permission) must not throw a good directory away. */
function isLost(error: unknown, file: string): boolean {
	return !existsSync(file) || (error instanceof GatewayError && error.code === 'STORE_CORRUPT');
}

/** A file of an earlier version is brought up to date; no snapshot is kept of what central can send again. */
function openExisting(deps: DirectoryDeps, file: string): LiveFile {
	const found = openDatabase(file, READER_OPTIONS);
	const older = schemaVersion(found) < DIRECTORY_SCHEMA.migrations.length;
	found.close();
	if (older && deps.readOnly !== true) create(file);
	return openReader(deps, file);
}

function create(file: string): void {
	const db = openDatabase(file, WRITER_OPTIONS);
	try {
		migrate(db, { path: file, ...DIRECTORY_SCHEMA });
	} finally {
		db.close();
	}
}

function openReader({ store }: DirectoryDeps, file: string): LiveFile {
	const db = openDatabase(file, READER_OPTIONS);
	try {
		requireSchema(db, { path: file, ...DIRECTORY_SCHEMA });
		const overlay = attachOverlay(db, path.join(store.dir, SITE_FILE), store.localEdits);
		return { path: file, db, reader: createDirectoryReader(db, file, overlay) };
	} catch (error) {
		db.close();
		throw error;
	}
}

function nextFile(dir: string): string {
	const numbers = readdirSync(dir).map((name) => directoryNumber(name.replace(/-(wal|shm|journal)$/, '')) ?? 0);
	return path.join(dir, directoryFileName(Math.max(0, ...numbers) + 1));
}

/** Callers keep one reader while the files change under it. */
function followingReader(
	live: () => DirectoryFileReader,
	{ applied }: DirectoryConfirmations,
	standaloneNowMs: DirectoryDeps['standaloneNowMs'],
): DirectoryReader {
	const streams = () => live().streams().map(applied);
	return {
		read: (run) => live().read(run),
		readTogether: (run) => live().readTogether(run),
		credential: (kind, value) => live().credential(kind, value),
		credentialById: (id) => live().credentialById(id),
		platesInClass: (skeleton) => live().platesInClass(skeleton),
		platesLike: (plate) => live().platesLike(plate),
		credentialsOf: (holderId) => live().credentialsOf(holderId),
		holder: (id) => live().holder(id),
		row: (table, id) => live().row(table, id),
		baseRow: (table, id) => live().baseRow(table, id),
		find: (table, where, limit) => live().find(table, where, limit),
		rightsOf: (holderId) => live().rightsOf(holderId),
		holderWithRights: (id) => live().holderWithRights(id),
		version: () => live().version(),
		plannedUsesOf: (...of) => live().plannedUsesOf(...of),
		plannedUsesOfVehicle: (...of) => live().plannedUsesOfVehicle(...of),
		plannedUsesIn: (...when) => live().plannedUsesIn(...when),
		bookedAtMost: (...when) => live().bookedAtMost(...when),
		specificationIdOf: (rightId) => live().specificationIdOf(rightId),
		longestGraceMin: () => live().longestGraceMin(),
		keepingRights: (...by) => live().keepingRights(...by),
		holdersByName: (prefix, limit) => live().holdersByName(prefix, limit),
		stream: (name) => streams().find(({ stream }) => stream === name),
		streams,
		parked: (stream, limit) => live().parked(stream, limit),
		syncedAtMs: () => standaloneNowMs?.() ?? oldest(streams()),
		counts: () => live().counts(),
	};
}

function oldest(streams: readonly StreamState[]): number | null {
	const decided = streams.filter(({ stream }) => DECIDED_STREAMS.includes(stream));
	if (decided.length < DECIDED_STREAMS.length) return null;
	return Math.min(...decided.map(({ syncedAtMs }) => syncedAtMs));
}
