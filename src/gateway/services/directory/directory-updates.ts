import type { DirectoryTable, StreamName } from '../../core/directory.ts';

/** One change of one row, as central sends it. `row` is checked against the table's schema when it is applied. */
export type DirectoryOp =
	| { readonly op: 'put'; readonly table: DirectoryTable; readonly key: string; readonly row: unknown }
	| { readonly op: 'delete'; readonly table: DirectoryTable; readonly key: string };

/**
 * Many rows or ops: as objects, or as the bytes of their JSON array (deflate = zlib raw or wrapped), which
 * are then parsed in the worker and cost the main thread nothing. Bytes are transferred: don't use them afterwards.
 */
export type Bulk<T> = readonly T[] | { readonly json: Uint8Array; readonly deflated: boolean };

export interface DirectoryDelta {
	readonly stream: StreamName;
	readonly centralEpoch: string;
	/** Applied only when this is our rev. */
	readonly from: number;
	readonly to: number;
	readonly ops: Bulk<DirectoryOp>;
}

/** `older`: nothing to do, we have it. `gap` and `otherEpoch`: ask to resume, or for a snapshot. */
export type DeltaAnswer =
	| { readonly result: 'applied'; readonly rev: number; readonly parked: readonly ParkedOp[] }
	| { readonly result: 'older' | 'gap' | 'otherEpoch'; readonly rev: number };

/** An op that could not be applied: kept raw, what it touches is gone from the directory, the stream went on. */
export interface ParkedOp {
	readonly table: string;
	readonly key: string;
	readonly rev: number;
	readonly problem: string;
}

export interface SnapshotStart {
	readonly stream: StreamName;
	readonly centralEpoch: string;
	readonly rev: number;
	/** Rows by table; `finishSnapshot` refuses other figures. */
	readonly counts: Readonly<Partial<Record<DirectoryTable, number>>>;
}

export interface SnapshotChunk {
	readonly table: DirectoryTable;
	/** Rows in any order; quickest in key order. */
	readonly rows: Bulk<unknown>;
}

export type SnapshotAnswer =
	| { readonly result: 'live'; readonly rev: number; readonly parked: readonly ParkedOp[] }
	/** The staged file was thrown away; the old state stays live. */
	| { readonly result: 'refused'; readonly problem: string };

/**
 * The only way central's rows come in. Everything is written by a worker thread, calls are done in
 * order; each resolves once its rows are on the disk. Reject with GatewayError STORE_FULL and the like
 * when the disk fails (nothing of the call is kept), or CONFLICT for a chunk without a snapshot.
 */
export interface DirectoryUpdates {
	streams(): readonly {
		readonly stream: StreamName;
		readonly centralEpoch: string;
		readonly rev: number;
		readonly syncedAtMs: number;
	}[];
	applyDelta(delta: DirectoryDelta): Promise<DeltaAnswer>;
	/** Central says this rev is its newest: the stream is in sync now. Ignored when it is not our rev. */
	confirmCurrent(at: { stream: StreamName; centralEpoch: string; rev: number }): Promise<void>;
	/** Stages a new directory file; a snapshot under way is abandoned. Decisions and deltas go on meanwhile. */
	beginSnapshot(start: SnapshotStart): Promise<void>;
	/** Keep at most a few unresolved at a time. */
	pushChunk(chunk: SnapshotChunk): Promise<void>;
	/** Checks the counts, brings the other streams over and makes the new file the live one. */
	finishSnapshot(): Promise<SnapshotAnswer>;
	abandonSnapshot(): Promise<void>;
}
