import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import path from 'node:path';
import { GatewayError } from '../../core/gateway-error.ts';
import { LIMITS } from '../../core/limits.ts';
import { type ImportFile, openImportFile, removeImportFile } from '../../store/import-file.ts';
import { PREVIEW_PART, REQUEST_PART, STATE_PART } from './import-parts.ts';
import type { Import, ImportContent, ImportPreview, ImportRequest, ImportState } from './imports.ts';

/** What the gateway knows of, and what a command beside it still prepares. */
const IMPORT_SUFFIX = '.import';
export const DRAFT_SUFFIX = '.draft';
/** What an id may be: it becomes a file's name. */
const ID = /^[0-9a-zA-Z-]{1,64}$/;

/** Where imports are kept: of each one file with its changes, and until it is applied the file that was uploaded. */
export interface ImportFolder {
	importFile(id: string): string;
	uploadFile(id: string): string;
	ids(): readonly string[];
	/** What a file tells of itself; undefined: it is none, or not whole. */
	load(id: string): Import | undefined;
	/** Opened for this alone. */
	open<T>(id: string, run: (file: ImportFile) => T): T;
	openWhile<T>(id: string, run: (file: ImportFile) => Promise<T>): Promise<T>;
	/** Throws INVALID_REQUEST for a file over the limit, of which nothing is left. */
	create(created: Import, content: ImportContent): Promise<void>;
	setState(id: string, state: ImportState): void;
	/** The file, and what of it was shown. */
	removeUpload(id: string): void;
	hasUpload(id: string): boolean;
	remove(id: string): void;
}

export function createImportFolder(dir: string, suffix: string = IMPORT_SUFFIX): ImportFolder {
	mkdirSync(dir, { recursive: true, mode: 0o700 });
	const importFile = (id: string) => path.join(dir, `${id}${suffix}`);
	const uploadFile = (id: string) => path.join(dir, `${id}.upload`);

	function open<T>(id: string, run: (file: ImportFile) => T): T {
		const file = openImportFile(importFile(id));
		try {
			return run(file);
		} finally {
			file.close();
		}
	}

	return {
		importFile,
		uploadFile,
		ids: () =>
			readdirSync(dir)
				.filter((name) => name.endsWith(suffix))
				.map((name) => name.slice(0, -suffix.length)),
		load(id) {
			if (!ID.test(id) || !existsSync(importFile(id))) return undefined;
			return open(id, (file) => {
				// Written by this program alone.
				const request = file.part(REQUEST_PART) as ImportRequest | null;
				const state = file.part(STATE_PART) as ImportState | null;
				const preview = file.part(PREVIEW_PART) as ImportPreview | null;
				return request === null || state === null ? undefined : { ...request, state, preview };
			});
		},
		open,
		async openWhile(id, run) {
			const file = openImportFile(importFile(id));
			try {
				return await run(file);
			} finally {
				file.close();
			}
		},
		async create({ state, preview: _, ...request }, content) {
			await writeDurably(uploadFile(request.id), content);
			open(request.id, (file) =>
				file.transaction(() => {
					file.setPart(REQUEST_PART, request);
					file.setPart(STATE_PART, state);
				}),
			);
		},
		setState: (id, state) => open(id, (file) => file.setPart(STATE_PART, state)),
		removeUpload(id) {
			rmSync(uploadFile(id), { force: true });
			open(id, (file) => {
				const preview = file.part(PREVIEW_PART) as ImportPreview | null;
				if (preview !== null) file.setPart(PREVIEW_PART, withoutCells(preview));
			});
		},
		hasUpload: (id) => existsSync(uploadFile(id)),
		remove(id) {
			removeImportFile(importFile(id));
			rmSync(uploadFile(id), { force: true });
		},
	};
}

/** Of what applies cleanly, notes alone are left: where, not what. */
function withoutCells(preview: ImportPreview): ImportPreview {
	const shown = preview.problems.shown.map(({ shown: _, ...problem }) => problem);
	return { ...preview, samples: [], problems: { ...preview.problems, shown } };
}

async function writeDurably(file: string, content: ImportContent): Promise<void> {
	try {
		await using handle = await openFile(file, 'wx', 0o600);
		await handle.writeFile(bounded(content instanceof Uint8Array ? [content] : content));
		await handle.sync();
	} catch (error) {
		rmSync(file, { force: true });
		throw error;
	}
}

async function* bounded(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	let bytes = 0;
	for await (const chunk of content) {
		bytes += chunk.length;
		if (bytes > LIMITS.tableBytes)
			throw new GatewayError('INVALID_REQUEST', `The file is larger than ${LIMITS.tableBytes} bytes; split it.`);
		yield chunk;
	}
}
