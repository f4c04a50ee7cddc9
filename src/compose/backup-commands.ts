import { randomUUIDv7 } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { BackupHandlers, BackupReport, VerifiedBackup } from '../api/cli/backup-handlers.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { BackupManifest } from '../gateway/core/backup.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import type { JournalEntry } from '../gateway/core/journal.ts';
import { BACKUPS_DIR, makeBackup, readManifest, wrongFiles } from '../gateway/store/backups.ts';
import { finishRestore, restoreBackup } from '../gateway/store/restore.ts';
import { openSiteStore, SITE_FILE } from '../gateway/store/site-store.ts';
import { lockStore } from '../gateway/store/store-lock.ts';
import { requireConfigWithoutSecrets } from './configuration.ts';
import { silentLog, storeBeside } from './store-beside.ts';
import { verifyJournal } from './verify-journal.ts';

type LongRun = Pick<Parameters<BackupHandlers['verifyBackup']>[0], 'signal' | 'onProgress'>;

/** Erasures of the store that is replaced are looked through this far back. */
const ERASURES_LOOKED_AT = 10_000;

export function backupCommands(version: string): BackupHandlers {
	return {
		async createBackup({ configFile, to, withPictures, keep, ...run }) {
			const { store, site } = requireConfigWithoutSecrets(configFile);
			const nowMs = Date.now();
			const backups = path.join(store.dir, BACKUPS_DIR);
			const dir = path.resolve(to ?? path.join(backups, `${site.id}-${compactTime(nowMs)}`));
			const deps = { storeDir: store.dir, nowMs, log: silentLog(), ...run };
			const of = { version, tenant: site.tenant, site: site.id };
			const manifest = await makeBackup(deps, of, { to: dir, withPictures });
			auditBeside(store.dir, entryOf('backupCreated', nowMs, manifest));
			return { ...reportOf(dir, manifest), removed: keep === undefined ? [] : removeOld(backups, site.id, keep) };
		},

		async verifyBackup({ dir, ...run }) {
			return verify(path.resolve(dir), run);
		},

		async restoreBackup({ configFile, dir, ...run }) {
			const { store, site } = requireConfigWithoutSecrets(configFile);
			const from = path.resolve(dir);
			const manifest = readManifest(from);
			requireSameSite(manifest, site);
			const { problems } = await verify(from, run);
			if (problems.length > 0) throw broken(from, problems);
			using _lock = lockStore(store.dir);
			finishRestore(store.dir);
			const nowMs = Date.now();
			const erasedSince = erasuresSince(store.dir, manifest.madeAtMs);
			const entry = entryOf('backupRestored', nowMs, manifest);
			const asideDir = restoreBackup({ storeDir: store.dir, nowMs, log: silentLog() }, from, manifest, entry);
			return { ...reportOf(from, manifest), asideDir, erasedSince };
		},
	};
}

async function verify(dir: string, run: LongRun): Promise<VerifiedBackup> {
	const manifest = readManifest(dir);
	const report = reportOf(dir, manifest);
	const { removed: _, ...backup } = report;
	const problems = manifest.files.some((file) => file.path === SITE_FILE)
		? wrongFiles(dir, manifest, run)
		: ['site.db: it is missing'];
	if (problems.length > 0) return { ...backup, problems, journal: null };
	using beside = storeBeside({ dir, nowMs: Date.now, log: silentLog(), readOnly: true });
	const journal = await verifyJournal(beside.store.journal, run);
	const { broken: found } = journal;
	return { ...backup, problems: found === null ? [] : [`journal entry ${found.seq}: ${found.problem}`], journal };
}

function reportOf(dir: string, { files, format: _, ...manifest }: BackupManifest): BackupReport {
	const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
	return { ...manifest, dir, files: files.length, bytes, removed: [] };
}

function requireSameSite({ tenant, site }: BackupManifest, here: GatewayConfig['site']): void {
	if (tenant === here.tenant && site === here.id) return;
	throw new GatewayError(
		'INVALID_REQUEST',
		`The backup is of site ${tenant}/${site}, and this gateway is ${here.tenant}/${here.id}: name that site in the configuration, or take a backup of this one`,
	);
}

function broken(dir: string, problems: readonly string[]): GatewayError {
	const more = problems.length > 1 ? `, and ${problems.length - 1} more` : '';
	return new GatewayError(
		'STORE_CORRUPT',
		`${dir} does not verify: ${problems[0]}${more}. Nothing was restored; take another backup`,
	);
}

/** The running gateway's journal; it tells central of it like of any other row. */
function auditBeside(dir: string, entry: JournalEntry): void {
	using beside = storeBeside({ dir, nowMs: Date.now, log: silentLog() });
	beside.store.journal.append(entry);
}

function entryOf(action: string, nowMs: number, { madeAtMs, gatewayEpoch, lastSeq }: BackupManifest): JournalEntry {
	const detail = { madeAtMs, gatewayEpoch, lastSeq };
	return {
		type: 'audit',
		class: 'audit',
		id: randomUUIDv7(),
		atMs: nowMs,
		operatorId: null,
		action,
		target: 'store',
		detail,
	};
}

/** 0 where the store that is replaced can't be read. */
function erasuresSince(storeDir: string, sinceMs: number): number {
	if (!existsSync(path.join(storeDir, SITE_FILE))) return 0;
	try {
		const store = openSiteStore({ dir: storeDir, nowMs: Date.now, log: silentLog(), readOnly: true });
		try {
			return store.erasures.list(ERASURES_LOOKED_AT).filter(({ requestedAtMs }) => requestedAtMs > sinceMs).length;
		} finally {
			store.close();
		}
	} catch (error) {
		// A broken store is why a backup is restored.
		if (!(error instanceof GatewayError)) throw error;
		return 0;
	}
}

/** All but the newest of this site, by their names. */
function removeOld(backups: string, site: string, keep: number): readonly string[] {
	const named = new RegExp(`^${RegExp.escape(site)}-\\d{8}T\\d{6}Z$`);
	const old = existsSync(backups)
		? readdirSync(backups)
				.filter((name) => named.test(name))
				.toSorted()
				.slice(0, -keep)
		: [];
	for (const name of old) rmSync(path.join(backups, name), { recursive: true });
	return old.map((name) => path.join(backups, name));
}

/** `20261122T214755Z`. */
function compactTime(atMs: number): string {
	return new Date(atMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
}
