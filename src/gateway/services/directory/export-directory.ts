import { Worker } from 'node:worker_threads';
import type { RowSight } from '../../core/directory/mask.ts';
import type { DirectoryTable } from '../../core/directory.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import type { AuditEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { RowScope } from '../../core/permission/row-scope.ts';
import type { Language } from '../../core/reason-texts/reason-text.ts';
import type { Directory } from '../../store/directory.ts';
import { createThreadClient, workerUrl } from '../../store/thread-client.ts';
import { TABLE_MEDIA_TYPES } from '../tables/write-table.ts';
import type { ListQuery } from './directory-lists.ts';
import type { ExportCommands, ExportFormat, ExportWorkerData } from './export-messages.ts';
import { exportedFace } from './exported-faces.ts';

export interface ExportAsk extends Pick<ListQuery, 'q' | 'where' | 'descending'> {
	/** Path of a face of the directory: `holders`, `vehicles`, `rights` … */
	readonly face: string;
	readonly format: ExportFormat;
	/** Of headings and choices, and with it what divides the cells of a CSV file. */
	readonly language: Language;
	/** Of who takes it. */
	readonly sight: RowSight;
	/** What of the table they see; absent: all of it. */
	readonly scopesOf?: (table: DirectoryTable) => readonly RowScope[];
}

export interface ExportBy {
	/** null: at the command line. */
	readonly operatorId: string | null;
	readonly signal?: AbortSignal;
	/** `total` as it was at the beginning. */
	readonly onProgress?: (rows: number, total: number) => void;
}

export interface ExportedFile {
	/** `holders-2026-03-01.csv` */
	readonly fileName: string;
	readonly mediaType: string;
	/** Once. Made as they are taken; who stops taking them ends the export. */
	readonly bytes: AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/**
 * Tables of the directory to take along. They are read and written on a thread of their own, which waits while nobody
 * takes the bytes. Each is journalled when it ends: who, which, narrowed how, how many rows left. Throws NOT_FOUND for an
 * unknown face, TOO_MANY when others are under way; `bytes` rejects with STORE_* when the file can't be read, and with
 * the signal's reason.
 */
export interface DirectoryExports {
	export(ask: ExportAsk, by: ExportBy): ExportedFile;
	/** How far the last export of this operator and list is, for a minute after its end; undefined: there was none. */
	progress(operatorId: string, face: string): ExportProgress | undefined;
}

export interface ExportProgress {
	readonly rows: number;
	/** As it was at the beginning; 0: not counted yet. */
	readonly total: number;
	/** `ended`: whoever took it stopped, or it failed. */
	readonly state: 'running' | 'done' | 'ended';
}

export interface DirectoryExportsDeps {
	readonly directory: Pick<Directory, 'liveFile' | 'followLive'>;
	/** Absolute path of `site.db`. */
	readonly siteFile: string;
	readonly timeZone: string;
	readonly nowMs: () => number;
	readonly newId: () => string;
	readonly log: Log;
	/** Durably. */
	readonly audit: (entry: AuditEntry) => void;
}

const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 };
const MEDIA_TYPES = { ...TABLE_MEDIA_TYPES, jsonl: 'application/jsonl; charset=utf-8' } as const;
/** Of what it was narrowed to, in the journal. */
const FILTER_LENGTH = 500;
/** How long it is told how an export ended. */
const TOLD_MS = 60_000;

export function createDirectoryExports(deps: DirectoryExportsDeps): DirectoryExports {
	const { directory, siteFile, timeZone, nowMs, newId, log, audit } = deps;
	let running = 0;
	const told = new Map<string, ExportProgress & { readonly atMs: number }>();

	function tell(operatorId: string | null, face: string, progress: ExportProgress): void {
		if (operatorId === null) return;
		const atMs = nowMs();
		for (const [key, last] of told) if (last.state !== 'running' && last.atMs < atMs - TOLD_MS) told.delete(key);
		told.set(toldKey(operatorId, face), { ...progress, atMs });
	}

	function startThread(data: ExportWorkerData) {
		const thread = createThreadClient<ExportCommands>({
			name: 'the export',
			onDied: (error) => log.error({ err: error, face: data.face }, 'an export stopped'),
			start() {
				const workerData: ExportWorkerData = { ...data, directoryFile: directory.liveFile() };
				const url = workerUrl('export-worker', import.meta.url);
				return new Worker(url, { workerData, name: 'export', resourceLimits: RESOURCE_LIMITS });
			},
		});
		const unfollow = directory.followLive(async (file) => {
			// One that died has closed its files.
			if (thread.isRunning()) await thread.ask('follow', { file }).catch(() => undefined);
		});
		return {
			ask: thread.ask,
			async close() {
				await thread.close();
				unfollow();
			},
		};
	}

	async function* bytesOf(data: ExportWorkerData, ask: ExportAsk, by: ExportBy) {
		if (running >= LIMITS.exportsAtOnce) {
			throw new GatewayError('TOO_MANY', `${running} exports are under way; wait until one has ended`);
		}
		running += 1;
		let rows = 0;
		let total = 0;
		let isWhole = false;
		const tellAs = (state: ExportProgress['state']) =>
			tell(by.operatorId, ask.face, { rows, total: Math.max(rows, total), state });
		tellAs('running');
		const thread = startThread(data);
		try {
			total = await thread.ask('total', null);
			tellAs('running');
			for (;;) {
				by.signal?.throwIfAborted();
				const step = await thread.ask('next', null);
				rows = step.rows;
				by.onProgress?.(rows, Math.max(rows, total));
				tellAs('running');
				if (step.bytes === null) break;
				yield step.bytes;
			}
			isWhole = true;
		} finally {
			running -= 1;
			tellAs(isWhole ? 'done' : 'ended');
			await thread.close();
			const { face, format, sight } = ask;
			const codes = sight.codes ? { codes: true } : {};
			const detail = { format, rows, isWhole, isMasked: !sight.personal, ...codes, filter: filterText(ask) };
			const entry = { type: 'audit', class: 'audit', id: newId(), atMs: nowMs() } as const;
			audit({ ...entry, operatorId: by.operatorId, action: 'directoryExported', target: face, detail });
		}
	}

	return {
		export(ask, by) {
			const { face, format, language, sight } = ask;
			const { table, fixed } = exportedFace(face);
			const query: ListQuery = {
				table,
				...(ask.q !== undefined && { q: ask.q }),
				where: { ...ask.where, ...fixed },
				...(ask.scopesOf !== undefined && { scopes: ask.scopesOf(table) }),
				descending: ask.descending === true,
			};
			const data = { face, query, format, language, timeZone, sight, siteFile, directoryFile: directory.liveFile() };
			const day = Temporal.Instant.fromEpochMilliseconds(nowMs()).toZonedDateTimeISO(timeZone).toPlainDate();
			return {
				fileName: `${face}-${day}.${format}`,
				mediaType: MEDIA_TYPES[format],
				bytes: bytesOf(data, ask, by),
			};
		},
		progress(operatorId, face) {
			const last = told.get(toldKey(operatorId, face));
			if (last === undefined || (last.state !== 'running' && last.atMs < nowMs() - TOLD_MS)) return undefined;
			const { rows, total, state } = last;
			return { rows, total, state };
		},
	};
}

const toldKey = (operatorId: string, face: string) => JSON.stringify([operatorId, face]);

function filterText({ q, where }: ExportAsk): string | null {
	const filter = { ...(q !== undefined && q !== '' && { q }), ...where };
	return Object.keys(filter).length === 0 ? null : JSON.stringify(filter).slice(0, FILTER_LENGTH).toWellFormed();
}
