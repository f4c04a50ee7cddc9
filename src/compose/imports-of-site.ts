import path from 'node:path';
import type { Site } from '../gateway/core/site.ts';
import { createImports, type ImportsDeps } from '../gateway/services/imports/create-imports.ts';
import type { Imports } from '../gateway/services/imports/imports.ts';
import type { Directory } from '../gateway/store/directory.ts';
import { SITE_FILE, type SiteStore } from '../gateway/store/site-store.ts';

/** Beside the databases, as what waits in it belongs to them. */
export const IMPORTS_DIR = 'imports';

export function wireImports(
	deps: Pick<ImportsDeps, 'edits' | 'clock' | 'log' | 'newId' | 'journalGrew'> & {
		readonly site: Pick<Site, 'timeZone'>;
		readonly store: SiteStore;
		readonly directory: Pick<Directory, 'reader'>;
	},
): Imports {
	const { site, store, directory } = deps;
	return createImports({
		...deps,
		timeZone: site.timeZone,
		directory: directory.reader,
		dir: path.join(store.dir, IMPORTS_DIR),
		siteFile: path.join(store.dir, SITE_FILE),
		directoryFile: () => path.join(store.dir, store.settings.directoryFile() ?? ''),
	});
}
