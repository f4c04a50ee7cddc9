import type { StreamName } from '../../core/directory.ts';

/** One change of one row, as central sends it. Table and row are checked when it is applied; one that does not fit is parked. */
export interface DirectoryOp {
	readonly op: 'put' | 'delete';
	readonly table: string;
	readonly key: string;
	/** Of a `put`. */
	readonly row?: unknown;
}

export interface DirectoryDelta {
	readonly stream: StreamName;
	readonly centralEpoch: string;
	/** Applied only when this is our rev. */
	readonly from: number;
	readonly to: number;
	readonly ops: readonly DirectoryOp[];
}

/** `older`: nothing to do, we have it. `gap` and `otherEpoch`: ask to resume, or for a snapshot. `rev` is ours. */
export type DeltaAnswer =
	| { readonly result: 'applied'; readonly rev: number; readonly parked: readonly ParkedRow[] }
	| { readonly result: 'older' | 'gap' | 'otherEpoch'; readonly rev: number };

/** A row that could not be applied: kept raw, the row it would replace is gone (denied), the stream went on. */
export interface ParkedRow {
	readonly table: string;
	readonly key: string;
	readonly problem: string;
}

export interface SnapshotStart {
	readonly stream: StreamName;
	readonly centralEpoch: string;
	readonly rev: number;
	/** Rows of all chunks together; `finishSnapshot` refuses another number. */
	readonly rows: number;
}

/** One row of a snapshot; its key is the row's `id`. */
export interface SnapshotRow {
	readonly table: string;
	readonly row: unknown;
}

export type SnapshotAnswer =
	| { readonly result: 'live'; readonly rev: number; readonly parked: readonly ParkedRow[] }
	/** The staged file was thrown away; the old state stays live. */
	| { readonly result: 'refused'; readonly problem: string };

export interface StreamPosition {
	readonly stream: StreamName;
	/** null: never synced. */
	readonly centralEpoch: string | null;
	readonly rev: number;
	readonly syncedAtMs: number | null;
}

/**
 * The only way central's rows come in. A worker thread writes; calls are carried out in order and each
 * resolves once its rows are on the disk. Rejects with GatewayError: STORE_FULL and the like when the
 * disk fails (nothing of the call is kept), CONFLICT for rows without a snapshot under way. At most the
 * first 100 parked rows are told one by one.
 */
export interface DirectoryUpdates {
	/** Every stream of DIRECTORY_TABLES, also those never synced. */
	streams(): readonly StreamPosition[];
	applyDelta(delta: DirectoryDelta): Promise<DeltaAnswer>;
	/** Central says this rev is its newest: the stream is in sync now. Ignored when it is not ours; written at most once in ten minutes. */
	confirmCurrent(at: {
		readonly stream: StreamName;
		readonly centralEpoch: string;
		readonly rev: number;
	}): Promise<void>;
	/** Stages a new directory file; a snapshot under way is abandoned. Decisions and deltas go on meanwhile. */
	beginSnapshot(start: SnapshotStart): Promise<void>;
	/** Rows in any order, quickest in key order; keep at most a few calls unresolved. */
	pushRows(rows: readonly SnapshotRow[]): Promise<void>;
	/** Checks the number of rows, brings the other streams over and makes the new file the live one. */
	finishSnapshot(): Promise<SnapshotAnswer>;
	abandonSnapshot(): Promise<void>;
}
