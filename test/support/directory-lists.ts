import { onTestFinished } from 'vitest';
import { createDirectoryEdits } from '../../src/gateway/services/directory/edit-directory.ts';
import { createDirectoryLists } from '../../src/gateway/services/directory/list-directory.ts';
import { createDirectoryListThread } from '../../src/gateway/store/directory-lists.ts';
import { SITE_FILE } from '../../src/gateway/store/site-store.ts';
import { openTempDirectory } from './directory-bench.ts';

/** A real directory with its edits and lists, each on its own thread. Closed with the test. */
export function openTempLists(dir?: string) {
	const bench = openTempDirectory(dir);
	const { store, reader, directory, clock, log } = bench;
	let made = 0;
	const edits = createDirectoryEdits({
		...{ store, clock, hasCentral: true },
		directory: reader,
		newId: () => `id-${String(made++).padStart(6, '0')}-${store.journal.lastSeq()}`,
		rules: {},
		follow: () => undefined,
		isWired: () => true,
		edited: () => undefined,
	});
	const thread = createDirectoryListThread({
		...{ directory, clock },
		siteFile: `${bench.dir}/${SITE_FILE}`,
		onDied: (error) => log.error({ err: error }, 'lists stopped'),
	});
	onTestFinished(() => thread.close());
	async function close(): Promise<void> {
		await thread.close();
		await bench.close();
	}
	return { ...bench, edits, thread, lists: createDirectoryLists(thread), close };
}

export type ListBench = ReturnType<typeof openTempLists>;
