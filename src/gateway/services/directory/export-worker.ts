import { parentPort, workerData } from 'node:worker_threads';
import { createLiveListReader } from '../../store/live-list-reader.ts';
import { serveThread } from '../../store/thread-server.ts';
import type { ExportCommands, ExportWorkerData } from './export-messages.ts';
import { exportRows } from './export-rows.ts';

/** One export: it goes on as its bytes are asked for. */
if (parentPort !== null) {
	const asked = workerData as ExportWorkerData;
	const lists = createLiveListReader(asked);
	let rows = 0;
	const bytes = exportRows(asked, lists.current, (count) => {
		rows += count;
	})[Symbol.asyncIterator]();
	serveThread<ExportCommands>(parentPort, {
		total: () => lists.current().count({ query: asked.query, maximum: Number.MAX_SAFE_INTEGER }),
		async next() {
			const step = await bytes.next();
			return { bytes: step.done === true ? null : step.value, rows };
		},
		follow({ file }) {
			lists.follow(file);
			return null;
		},
		close() {
			lists.close();
			return null;
		},
	});
}
