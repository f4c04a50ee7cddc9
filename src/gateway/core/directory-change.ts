import type { StreamName } from './directory.ts';

/** Of a site without central: its own changes follow whatever history the rows had; a central that comes later begins anew. */
export const STANDALONE_EPOCH = 'standalone';

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
	| {
			readonly result: 'applied';
			readonly rev: number;
			/** Digest of the stream's rows now. */
			readonly root: string;
			readonly parked: readonly ParkedRow[];
	  }
	| { readonly result: 'older' | 'gap' | 'otherEpoch'; readonly rev: number };

/** A row that could not be applied: kept raw, the row it would replace is gone (denied), the stream went on. */
export interface ParkedRow {
	readonly table: string;
	readonly key: string;
	/** At which it came. */
	readonly rev: number;
	/** `otherKey`: the row names another than the change. `invalid`: `problem` says what does not fit. */
	readonly code: 'unknownTable' | 'otherStream' | 'otherKey' | 'invalid';
	readonly problem: string;
}

/** What is really there of a stream: every row was read again, and the digest brought in line with them. */
export type VerifyAnswer =
	| {
			readonly result: 'verified';
			readonly centralEpoch: string;
			readonly rev: number;
			readonly root: string;
			/** By buckets, as bytes (`directory-digest.ts`). */
			readonly sums: Uint8Array;
			/** Rows that are no longer as they were stored. They stay until something better comes; the digest tells. */
			readonly damaged: number;
	  }
	/** Too many rows are damaged to mend them one by one. `unknown`: never synced, or another file became the live one meanwhile. */
	| { readonly result: 'beyondRepair' | 'unknown' };

/** Central's rows of some buckets, in place of ours. */
export interface Mend {
	readonly stream: StreamName;
	readonly centralEpoch: string;
	/** That the rows are of: not below the one at the last `VerifyAnswer`, not above ours. */
	readonly rev: number;
	/** `sum`: as an unsigned number in 16 hex digits. */
	readonly buckets: readonly { readonly bucket: number; readonly sum: string }[];
	/** Of all these buckets. */
	readonly rows: readonly KeyedRow[];
}

export interface KeyedRow {
	readonly table: string;
	readonly key: string;
	readonly row: unknown;
}

export type MendAnswer =
	| {
			readonly result: 'mended';
			readonly rev: number;
			readonly root: string;
			readonly sums: Uint8Array;
			/** Rows that were not central's. */
			readonly changed: readonly { readonly table: string; readonly key: string }[];
			readonly parked: readonly ParkedRow[];
	  }
	/** Nothing was changed in the bucket that failed, nor in those after it. */
	| { readonly result: 'refused'; readonly problem: string };

export interface SnapshotStart {
	/** Names it at central: what is staged of it is gone on with, also after a restart. Absent: it ends with the process. */
	readonly snapshotId?: string;
	readonly stream: StreamName;
	readonly centralEpoch: string;
	readonly rev: number;
	/** Rows of all chunks together; `finishSnapshot` refuses another number. */
	readonly rows: number;
	/** Digest of all of them (`directory-digest.ts`); `finishSnapshot` refuses another. Absent or null: central keeps none. */
	readonly root?: string | null;
}

/** One row of a snapshot; its key is the row's `id`. */
export interface SnapshotRow {
	readonly table: string;
	readonly row: unknown;
}

export type SnapshotAnswer =
	| {
			readonly result: 'live';
			readonly stream: StreamName;
			readonly rev: number;
			readonly root: string;
			readonly parked: readonly ParkedRow[];
	  }
	/** The staged file was thrown away; the old state stays live. */
	| { readonly result: 'refused'; readonly problem: string };

export interface StreamPosition {
	readonly stream: StreamName;
	/** null: never synced. */
	readonly centralEpoch: string | null;
	readonly rev: number;
	/** Digest of the rows as central sent them; null: never synced. */
	readonly root: string | null;
	/** Rows of it that this version can not use. */
	readonly parked: number;
	readonly syncedAtMs: number | null;
}
