import type { BackupManifest } from '../../gateway/core/backup.ts';
import type { JournalReport } from './handlers.ts';

/** What the commands of backups need done; see `CliHandlers`. */
export interface BackupHandlers {
	/** Beside the running gateway. Throws CONFLICT where `to` is there already. */
	createBackup(options: CreateBackupOptions): Promise<BackupReport>;
	/** Reads every byte of it. Throws NOT_FOUND where there is no finished backup. */
	verifyBackup(options: LongRun & { readonly dir: string }): Promise<VerifiedBackup>;
	/** On a store on which no gateway runs. Throws INVALID_REQUEST for another site's, STORE_CORRUPT for one that does not verify. */
	restoreBackup(options: LongRun & { readonly configFile: string; readonly dir: string }): Promise<RestoredBackup>;
}

interface LongRun {
	readonly signal: AbortSignal;
	readonly onProgress: (done: number, total: number) => void;
}

export interface CreateBackupOptions extends LongRun {
	readonly configFile: string;
	/** undefined: a directory named by site and time, in `backups/` of the store. */
	readonly to: string | undefined;
	readonly withPictures: boolean;
	/** So many stay in `backups/` of the store, the newest; undefined: all. */
	readonly keep: number | undefined;
}

export interface BackupReport extends Omit<BackupManifest, 'files' | 'format'> {
	readonly dir: string;
	readonly files: number;
	readonly bytes: number;
	/** Directories of backups that made room. */
	readonly removed: readonly string[];
}

export interface VerifiedBackup extends Omit<BackupReport, 'removed'> {
	/** Empty: it can be restored. */
	readonly problems: readonly string[];
	/** null: its files are wrong already. */
	readonly journal: JournalReport | null;
}

export interface RestoredBackup extends Omit<BackupReport, 'removed'> {
	/** Where what was replaced lies now; null: there was nothing. */
	readonly asideDir: string | null;
	/** People that were erased here after the backup was made; they are back. */
	readonly erasedSince: number;
}
