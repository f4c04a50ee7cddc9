import { randomUUIDv7 } from 'node:crypto';
import path from 'node:path';
import type { CliHandlers } from '../api/cli/handlers.ts';
import { createDirectoryExports } from '../gateway/services/directory/export-directory.ts';
import { openDirectory } from '../gateway/store/directory.ts';
import { openSiteStore, SITE_FILE } from '../gateway/store/site-store.ts';
import { createLog } from '../log.ts';
import { createSystemClock } from '../system-clock.ts';
import { requireConfigWithoutSecrets } from './configuration.ts';

/** Reads beside the running gateway; only that it was done is written. */
export const exportCommand: Pick<CliHandlers, 'exportTable'> = {
	async exportTable({ configFile, write, onProgress, signal, ...ask }) {
		const config = requireConfigWithoutSecrets(configFile);
		const { nowMs } = createSystemClock();
		const log = createLog({ level: 'error', format: 'text', write: () => undefined });
		const { dir } = config.store;
		await using stack = new AsyncDisposableStack();
		const store = openSiteStore({ dir, nowMs, log, readOnly: true });
		stack.defer(() => store.close());
		const directory = openDirectory({ dir, store, log, readOnly: true });
		stack.defer(() => directory.close());
		const exports = createDirectoryExports({
			...{ directory, log, nowMs, newId: randomUUIDv7, timeZone: config.site.timeZone },
			siteFile: path.join(dir, SITE_FILE),
			audit(entry) {
				const journalled = openSiteStore({ dir, nowMs, log });
				try {
					journalled.journal.append(entry);
				} finally {
					journalled.close();
				}
			},
		});
		let rows = 0;
		const { bytes } = exports.export(
			{ ...ask, sight: { personal: true, codes: false } },
			{
				...{ operatorId: null, signal },
				onProgress(done, total) {
					rows = done;
					onProgress(done, total);
				},
			},
		);
		await write(bytes);
		return rows;
	},
};
