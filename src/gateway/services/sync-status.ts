import type { EpochReason } from '../core/journal.ts';
import type { DeadLetter } from '../store/dead-letters.ts';

/** Events that central could not use; newest first, the first of them. */
export interface DeadLetters {
	readonly count: number;
	readonly newest: readonly DeadLetter[];
}

export interface SyncedStream {
	readonly stream: string;
	readonly rev: number;
	readonly syncedAtMs: number | null;
	/** Whether its rows are central's, as far as both have said it of one rev. */
	readonly digest: 'same' | 'differs' | 'unknown';
	/** Rows that this version can not use; what they describe is denied. */
	readonly parked: number;
}

/** Room on the store's disk. `low`: telemetry is only counted; `short`: edits of the directory wait too. */
export type DiskRoom = 'ample' | 'low' | 'short';

/** How the site stands with central; plain data for pages, metrics and `/readyz`. */
export interface SyncStatus {
	/** false: standalone, no `mqtt:` section. */
	readonly configured: boolean;
	readonly connected: boolean;
	readonly problem: string | null;
	readonly sinceMs: number;
	/** Journal rows central has not acknowledged. */
	readonly outboxDepth: number;
	readonly lastAckAtMs: number | null;
	/** The gateway epoch that rows are written in, and why it began. */
	readonly history: { readonly gatewayEpoch: string; readonly reason: EpochReason; readonly sinceMs: number };
	readonly deadLetters: DeadLetters;
	/** Room for what waits; `freeBytes` null: the system does not say. */
	readonly disk: { readonly room: DiskRoom; readonly freeBytes: number | null };
	/** Messages that were refused since the process started, by reason. */
	readonly refused: Readonly<Record<string, number>>;
	readonly streams: readonly SyncedStream[];
	/** Rows of the directory that were not central's and were put right since the start, and when the last time. */
	readonly repairs: { readonly rows: number; readonly atMs: number | null };
}
