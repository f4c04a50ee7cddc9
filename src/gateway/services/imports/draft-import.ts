import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { createImportFolder, DRAFT_SUFFIX } from './import-folder.ts';
import { importState } from './import-states.ts';
import { runImportWorker } from './import-thread.ts';
import type { Import, ImportOptions, ImportRequest } from './imports.ts';

/** An import that a command prepares beside the running gateway, which then carries it out. */
export interface DraftImport {
	readonly import: Import;
	/** Intends it, durably; the gateway finds it within seconds. */
	handOver(): void;
	/** How far the gateway is with it. */
	look(): Import | undefined;
	/** Unless it was handed over, nothing is left of it. */
	[Symbol.dispose](): void;
}

export interface DraftDeps {
	/** Where the gateway keeps its imports. */
	readonly dir: string;
	readonly directoryFile: string;
	readonly siteFile: string;
	readonly timeZone: string;
	readonly nowMs: () => number;
	readonly onRows: (rows: number) => void;
	readonly signal: AbortSignal;
}

/** Reads and compares the file; the store is only read. */
export async function draftImport(
	request: Omit<ImportRequest, 'createdAtMs'>,
	bytes: Uint8Array,
	options: ImportOptions,
	deps: DraftDeps,
): Promise<DraftImport> {
	const { dir, nowMs, siteFile, directoryFile, timeZone } = deps;
	const { id, kind } = request;
	mkdirSync(dir, { recursive: true, mode: 0o700 });
	const drafts = createImportFolder(dir, DRAFT_SUFFIX);
	const handed = createImportFolder(dir);
	const reading = importState('reading', nowMs());
	await using stack = new AsyncDisposableStack();
	stack.defer(() => drafts.remove(id));
	await drafts.create({ ...request, createdAtMs: nowMs(), state: reading, preview: null }, bytes);
	const files = { importFile: drafts.importFile(id), uploadFile: drafts.uploadFile(id), directoryFile, siteFile };
	await runImportWorker({ ...files, kind, timeZone, options }, deps.onRows, deps.signal);
	const preview = drafts.load(id)?.preview ?? null;
	const total = preview?.changes ?? 0;
	const previewed = importState(preview?.origin == null ? 'unreadable' : 'previewed', nowMs(), { total });
	drafts.setState(id, previewed);
	const made: Import = { ...request, createdAtMs: nowMs(), state: previewed, preview };
	stack.move();
	return {
		import: made,
		handOver() {
			drafts.setState(id, { ...previewed, stage: 'confirmed' });
			drafts.removeUpload(id);
			// Closed, so that it is one whole file: there is no log beside it.
			renameSync(drafts.importFile(id), handed.importFile(id));
		},
		look: () => handed.load(id),
		[Symbol.dispose]: () => drafts.remove(id),
	};
}

const DRAFT_KEPT_MS = 86_400_000;

/** Drafts of commands that did not end well hold personal data. */
export function removeOldDrafts(dir: string, nowMs: number): void {
	for (const name of readdirSync(dir)) {
		if (!name.includes(DRAFT_SUFFIX)) continue;
		const file = path.join(dir, name);
		const { mtimeMs = nowMs } = statSync(file, { throwIfNoEntry: false }) ?? {};
		if (mtimeMs < nowMs - DRAFT_KEPT_MS) rmSync(file, { force: true });
	}
}
