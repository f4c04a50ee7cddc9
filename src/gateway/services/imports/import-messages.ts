import type { GatewayErrorCode } from '../../core/gateway-error.ts';
import type { ImportKindName } from './import-kinds.ts';
import type { ImportOptions } from './imports.ts';

/** What the thread that reads a file is given. */
export interface ImportWorkerData {
	readonly kind: ImportKindName;
	readonly timeZone: string;
	readonly options: ImportOptions;
	/** Whose changes and preview are written. */
	readonly importFile: string;
	readonly uploadFile: string;
	readonly directoryFile: string;
	readonly siteFile: string;
}

export type ImportWorkerMessage =
	| { readonly kind: 'progress'; readonly rows: number }
	| { readonly kind: 'done' }
	| { readonly kind: 'failed'; readonly code: GatewayErrorCode; readonly message: string };
