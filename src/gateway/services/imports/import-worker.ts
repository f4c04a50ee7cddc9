import { randomUUIDv7 } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { GatewayError } from '../../core/gateway-error.ts';
import { openImportFile } from '../../store/import-file.ts';
import { openImportReader } from '../../store/import-reader.ts';
import type { ImportWorkerData, ImportWorkerMessage } from './import-messages.ts';
import { PREVIEW_PART } from './import-parts.ts';
import { previewTable } from './preview-table.ts';

/** Rows written in one commit. */
const COMMIT_CHANGES = 5_000;

/** Reads one file, previews it into the import's own file and ends. */
async function work(data: ImportWorkerData, tell: (message: ImportWorkerMessage) => void): Promise<void> {
	const reader = openImportReader(data.directoryFile, data.siteFile);
	const file = openImportFile(data.importFile);
	try {
		const waiting: Parameters<typeof file.addChange>[] = [];
		const write = () =>
			file.transaction(() => {
				for (const change of waiting.splice(0)) file.addChange(...change);
			});
		file.clearChanges();
		const preview = await previewTable(readFileSync(data.uploadFile), {
			...data,
			reader,
			newId: randomUUIDv7,
			file: {
				addChange(...change) {
					waiting.push(change);
					if (waiting.length >= COMMIT_CHANGES) write();
				},
			},
			onProgress: (rows) => tell({ kind: 'progress', rows }),
		});
		write();
		file.setPart(PREVIEW_PART, preview);
	} finally {
		file.close();
		reader.close();
	}
	tell({ kind: 'done' });
}

const port = parentPort;
if (port !== null) {
	const tell = (message: ImportWorkerMessage) => port.postMessage(message);
	work(workerData as ImportWorkerData, tell).catch((error: unknown) => {
		const { code, message } =
			error instanceof GatewayError ? error : new GatewayError('INTERNAL', String(error), { cause: error });
		tell({ kind: 'failed', code, message });
	});
}
