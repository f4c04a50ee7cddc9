import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type BackupManifest, type RestoreMarker, restoreMarkerSchema } from '../core/backup.ts';
import type { JournalEntry } from '../core/journal.ts';
import type { Log } from '../core/log.ts';
import { syncDirectory, writeFileAtomically } from './atomic-file.ts';
import { copyBackup } from './backups.ts';
import { EVIDENCE_DIR, PHOTOS_DIR } from './evidence-files.ts';
import { openSiteStore } from './site-store.ts';
import { storeFailure } from './store-failure.ts';

const STAGED_DIR = 'restoring';
/** Says that what is staged is whole and goes into place: whoever finds it carries on, whatever was done of it. */
const MARKER_FILE = 'restore.json';
/** What a restore replaces; keys, certificates and backups of this machine stay. */
const REPLACED = /^(?:site\.db|directory-\d+\.db)(?:-wal|-shm)?$|^configuration$|^evidence$|^photos$/;

export interface RestoreDeps {
	readonly storeDir: string;
	readonly nowMs: number;
	readonly log: Log;
}

/**
 * Puts a backup that was verified in the place of a store on which nothing runs. Its journal goes on in a new epoch, nobody
 * is signed in. What was there lies in the directory that is returned; null: there was nothing.
 *
 * Throws STORE_* ; then the store is as it was, or goes on from here at the next start.
 */
export function restoreBackup(
	deps: RestoreDeps,
	dir: string,
	manifest: BackupManifest,
	audit: JournalEntry,
): string | null {
	const { storeDir, nowMs, log } = deps;
	const staged = path.join(storeDir, STAGED_DIR);
	try {
		finishRestore(storeDir);
		copyBackup(dir, manifest, staged);
		const store = openSiteStore({ dir: staged, nowMs: () => nowMs, log });
		try {
			store.transaction(() => {
				store.journal.startEpoch(nowMs);
				store.operators.removeStaleLoginSessions({ unusedSinceMs: nowMs + 1, createdByMs: nowMs });
				store.journal.append(audit);
			});
		} finally {
			store.close();
		}
		const asideDir = `replaced-${new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
		const replaces = replacedBy(storeDir, staged).length > 0;
		writeFileAtomically(
			path.join(storeDir, MARKER_FILE),
			JSON.stringify({ next: 'setAside', asideDir } satisfies RestoreMarker),
		);
		finishRestore(storeDir);
		return replaces ? path.join(storeDir, asideDir) : null;
	} catch (error) {
		if (!existsSync(path.join(storeDir, MARKER_FILE))) rmSync(staged, { recursive: true, force: true });
		throw storeFailure(error, storeDir);
	}
}

/**
 * Carries on with a restore that was cut off, and takes away what was staged in vain; before anything opens the store.
 *
 * @returns whether one was carried on with
 */
export function finishRestore(storeDir: string): boolean {
	const file = path.join(storeDir, MARKER_FILE);
	const staged = path.join(storeDir, STAGED_DIR);
	if (!existsSync(file)) {
		rmSync(staged, { recursive: true, force: true });
		return false;
	}
	const marker = restoreMarkerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
	if (marker.next === 'setAside') {
		const aside = path.join(storeDir, marker.asideDir);
		move(storeDir, aside, replacedBy(storeDir, staged));
		writeFileAtomically(file, JSON.stringify({ ...marker, next: 'place' } satisfies RestoreMarker));
	}
	move(staged, storeDir, existsSync(staged) ? readdirSync(staged) : []);
	rmSync(staged, { recursive: true, force: true });
	rmSync(file);
	syncDirectory(storeDir);
	return true;
}

/** Pictures that a backup was made without stay: those it knows are shown, the others are swept. */
function replacedBy(storeDir: string, staged: string): readonly string[] {
	const pictures = [EVIDENCE_DIR, PHOTOS_DIR];
	const kept = existsSync(staged) ? pictures.filter((name) => !existsSync(path.join(staged, name))) : [];
	return readdirSync(storeDir).filter((name) => REPLACED.test(name) && !kept.includes(name));
}

/** On the disk when it returns; what has moved already is no longer named. */
function move(from: string, to: string, names: readonly string[]): void {
	if (names.length === 0) return;
	mkdirSync(to, { recursive: true, mode: 0o700 });
	for (const name of names) renameSync(path.join(from, name), path.join(to, name));
	syncDirectory(to);
	syncDirectory(from);
}
