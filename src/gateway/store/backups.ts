import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { type BackupFile, type BackupManifest, backupManifestSchema, isBackedUp } from '../core/backup.ts';
import { GatewayError } from '../core/gateway-error.ts';
import type { Log } from '../core/log.ts';
import { syncDirectory, writeFileAtomically } from './atomic-file.ts';
import { copyDatabase, copyFileDurably, filesBelow, sha256OfFile } from './copy-files.ts';
import { EVIDENCE_DIR, PHOTOS_DIR } from './evidence-files.ts';
import { openSiteStore, SITE_FILE } from './site-store.ts';
import { storeFailure } from './store-failure.ts';

/** Where backups stand unless somewhere else is named, below the store's directory. */
export const BACKUPS_DIR = 'backups';
const MANIFEST_FILE = 'manifest.json';
const CONFIGURATION_DIR = 'configuration';
/** How often central may replace the directory while it is copied. */
const TRIES = 5;

export interface BackupDeps {
	readonly storeDir: string;
	readonly nowMs: number;
	readonly log: Log;
	/** Told by file; `total` is known from the start. */
	readonly onProgress: (done: number, total: number) => void;
	readonly signal: AbortSignal;
}

/** What a backup is of. */
export type BackupOf = Pick<BackupManifest, 'version' | 'tenant' | 'site'>;

/**
 * Copies a store as it is at one moment, beside the gateway that runs on it: site.db first, so that the directory is never older.
 *
 * @param to directory that is made; it appears when all of it is written
 * @param withPictures evidence images and photos of interventions too
 * @throws GatewayError CONFLICT where `to` is there already, STORE_* for what can't be read or written
 */
export async function makeBackup(
	deps: BackupDeps,
	of: BackupOf,
	{ to, withPictures }: { readonly to: string; readonly withPictures: boolean },
): Promise<BackupManifest> {
	if (existsSync(to)) throw new GatewayError('CONFLICT', `${to} is there already; name another directory`);
	const unfinished = `${to}.part`;
	try {
		rmSync(unfinished, { recursive: true, force: true });
		mkdirSync(unfinished, { recursive: true, mode: 0o700 });
		const standing = await copyDatabases(deps, unfinished);
		copyBeside(deps, unfinished, withPictures);
		const files = filesBelow(unfinished)
			.toSorted()
			.map((name): BackupFile => {
				const file = path.join(unfinished, name);
				return { path: name, bytes: statSync(file).size, sha256: sha256OfFile(file) };
			});
		const manifest: BackupManifest = { format: 1, ...of, madeAtMs: deps.nowMs, ...standing, files };
		writeFileAtomically(path.join(unfinished, MANIFEST_FILE), `${JSON.stringify(manifest, null, '\t')}\n`);
		renameSync(unfinished, to);
		syncDirectory(path.dirname(to));
		return manifest;
	} catch (error) {
		rmSync(unfinished, { recursive: true, force: true });
		throw storeFailure(error, to);
	}
}

async function copyDatabases({ storeDir, nowMs, log }: BackupDeps, into: string) {
	for (let tried = 1; ; tried += 1) {
		await copyDatabase(path.join(storeDir, SITE_FILE), path.join(into, SITE_FILE));
		const copied = openSiteStore({ dir: into, nowMs: () => nowMs, log, readOnly: true });
		try {
			const directoryFile = copied.settings.directoryFile();
			if (directoryFile !== undefined) {
				await copyDatabase(path.join(storeDir, directoryFile), path.join(into, directoryFile));
			}
			return { gatewayEpoch: copied.journal.gatewayEpoch(), lastSeq: copied.journal.lastSeq() };
		} catch (error) {
			// A snapshot went live between the two: the one that was live is gone.
			if (tried === TRIES) throw error;
			for (const name of filesBelow(into)) rmSync(path.join(into, name));
		} finally {
			copied.close();
		}
	}
}

/** Versions of the configuration, and pictures; one that ages out meanwhile is left out. */
function copyBeside({ storeDir, onProgress, signal }: BackupDeps, into: string, withPictures: boolean): void {
	const dirs = withPictures ? [CONFIGURATION_DIR, EVIDENCE_DIR, PHOTOS_DIR] : [CONFIGURATION_DIR];
	const names = dirs.flatMap((dir) => filesBelow(storeDir, dir)).filter(isBackedUp);
	for (const [done, name] of names.entries()) {
		stopWhen(signal);
		onProgress(done, names.length);
		const from = path.join(storeDir, name);
		try {
			copyFileDurably(from, path.join(into, name));
		} catch (error) {
			if (existsSync(from)) throw error;
		}
	}
}

function stopWhen({ aborted }: AbortSignal): void {
	if (aborted) throw new GatewayError('CONFLICT', 'interrupted; nothing was changed, and nothing unfinished is left');
}

/** Throws NOT_FOUND where there is no finished backup, STORE_CORRUPT for a manifest that is none. */
export function readManifest(dir: string): BackupManifest {
	const file = path.join(dir, MANIFEST_FILE);
	let text: string;
	try {
		text = readFileSync(file, 'utf8');
	} catch (error) {
		throw new GatewayError('NOT_FOUND', `${dir} is no finished backup: ${MANIFEST_FILE} can not be read there`, {
			cause: error,
		});
	}
	const parsed = backupManifestSchema.safeParse(jsonOf(text));
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	throw new GatewayError('STORE_CORRUPT', `${file}: ${issue?.path.join('.')}: ${issue?.message}; take another backup`);
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** What is wrong with its files, each with its name; reads all of it. */
export function wrongFiles(
	dir: string,
	{ files }: BackupManifest,
	{ onProgress, signal }: Pick<BackupDeps, 'onProgress' | 'signal'>,
): readonly string[] {
	const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
	let done = 0;
	return files.flatMap((entry) => {
		stopWhen(signal);
		const problem = wrongFile(dir, entry);
		done += entry.bytes;
		onProgress(done, total);
		return problem === undefined ? [] : [`${entry.path}: ${problem}`];
	});
}

function wrongFile(dir: string, { path: name, bytes, sha256 }: BackupFile): string | undefined {
	const file = path.join(dir, name);
	const found = statSync(file, { throwIfNoEntry: false });
	if (found?.isFile() !== true) return 'it is missing';
	if (found.size !== bytes) return `it has ${found.size} bytes, and had ${bytes}`;
	if (sha256OfFile(file) !== sha256) return 'its content was changed';
	return name.endsWith('.db') ? wrongDatabase(file) : undefined;
}

function wrongDatabase(file: string): string | undefined {
	const db = new Database(file, { readonly: true, fileMustExist: true });
	try {
		const answer = String(db.pragma('integrity_check(1)', { simple: true }));
		return answer === 'ok' ? undefined : answer;
	} finally {
		db.close();
	}
}

/** Copies a backup's files into a directory that is made. */
export function copyBackup(dir: string, manifest: BackupManifest, into: string): void {
	mkdirSync(into, { recursive: true, mode: 0o700 });
	for (const { path: name, sha256 } of manifest.files) {
		const to = path.join(into, name);
		copyFileDurably(path.join(dir, name), to);
		chmodSync(to, 0o600);
		// What was checked is what was copied.
		if (sha256OfFile(to) !== sha256) {
			throw new GatewayError(
				'STORE_CORRUPT',
				`${path.join(dir, name)} changed while it was copied; nothing was restored`,
			);
		}
	}
}
