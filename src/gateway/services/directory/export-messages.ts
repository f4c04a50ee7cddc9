import type { RowSight } from '../../core/directory/mask.ts';
import type { Language } from '../../core/reason-texts/reason-text.ts';
import type { ListWorkerData } from '../../store/directory-lists-messages.ts';
import type { ListQuery } from './directory-lists.ts';

export const EXPORT_FORMATS = ['csv', 'xlsx', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Given to the thread of one export. */
export interface ExportWorkerData extends ListWorkerData {
	/** Path of the face, such as `vehicles`. */
	readonly face: string;
	/** What the face fixes included. */
	readonly query: ListQuery;
	readonly format: ExportFormat;
	readonly language: Language;
	readonly timeZone: string;
	/** Of who takes it. */
	readonly sight: RowSight;
}

export interface ExportCommands {
	/** How many rows there are now; they may be more or fewer when they are read. */
	total: { ask: null; answer: number };
	/** The next bytes, and the rows read so far; `null`: that was all. */
	next: { ask: null; answer: { readonly bytes: Uint8Array<ArrayBuffer> | null; readonly rows: number } };
	/** Another file is live; resolves once the one before is closed. */
	follow: { ask: { readonly file: string }; answer: null };
	close: { ask: null; answer: null };
}
