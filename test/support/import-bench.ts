import { Buffer } from 'node:buffer';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { followBundles } from '../../src/gateway/services/directory/bundle-rights.ts';
import { createDirectoryEdits } from '../../src/gateway/services/directory/edit-directory.ts';
import { createImports, type ImportsDeps } from '../../src/gateway/services/imports/create-imports.ts';
import type { ImportKindName } from '../../src/gateway/services/imports/import-kinds.ts';
import type { ImportOptions } from '../../src/gateway/services/imports/imports.ts';
import { SITE_FILE } from '../../src/gateway/store/site-store.ts';
import { createSystemClock } from '../../src/system-clock.ts';
import { openTempDirectory } from './directory-bench.ts';

/** A real store with its edits and imports; every thread is real. */
export function openImports(dir?: string, change: Partial<ImportsDeps> = {}) {
	const bench = openTempDirectory(dir);
	const { store, reader, log } = bench;
	const clock = createSystemClock();
	let made = 0;
	const newId = () => `id-${String(store.journal.lastSeq()).padStart(6, '0')}-${String(made++).padStart(6, '0')}`;
	const edits = createDirectoryEdits({
		...{ store, clock, newId, rules: {}, hasCentral: true, follow: followBundles, isWired: () => true },
		directory: reader,
		edited: () => undefined,
	});
	const imports = createImports({
		directory: reader,
		...{ store, clock, log, newId, edits, timeZone: 'Europe/Brussels' },
		dir: path.join(bench.dir, 'imports'),
		siteFile: path.join(bench.dir, SITE_FILE),
		directoryFile: () => path.join(bench.dir, store.settings.directoryFile() ?? ''),
		journalGrew: () => undefined,
		...change,
	});
	// Before the store under it: what was opened last closes first.
	onTestFinished(() => imports.stop());
	return {
		...bench,
		edits,
		imports,
		/** Reads a file and waits for its preview. */
		preview: (kind: ImportKindName, file: string | Uint8Array<ArrayBuffer>, options?: ImportOptions) =>
			imports.read(
				{ kind, fileName: `${kind}.csv`, operatorId: 'op-1' },
				typeof file === 'string' ? Buffer.from(file) : file,
				options,
			),
	};
}
