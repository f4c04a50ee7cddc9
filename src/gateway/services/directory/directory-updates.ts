import type { StreamName } from '../../core/directory.ts';
import type {
	DeltaAnswer,
	DirectoryDelta,
	Mend,
	MendAnswer,
	ParkedRow,
	SnapshotAnswer,
	SnapshotRow,
	SnapshotStart,
	StreamPosition,
	VerifyAnswer,
} from '../../core/directory-change.ts';

export type { ParkedRow } from '../../core/directory-change.ts';

/**
 * The only way central's rows come in. A worker thread writes. A delta is on the disk when its call
 * resolves, a snapshot when `finishSnapshot` does. Rejects with GatewayError: STORE_FULL and the like when the
 * disk fails (nothing of the call is kept), CONFLICT for rows without a snapshot under way. At most the
 * first 100 parked rows are told one by one.
 */
export interface DirectoryUpdates {
	/** Every stream of DIRECTORY_TABLES, also those never synced. */
	streams(): readonly StreamPosition[];
	/** At most LIMITS.deltaOps ops: ops and rev are one transaction. Rejects with INVALID_REQUEST for more. */
	applyDelta(delta: DirectoryDelta): Promise<DeltaAnswer>;
	/** Central says this rev is its newest: the stream is in sync now. Ignored when it is not ours. May be called often. */
	confirmCurrent(at: {
		readonly stream: StreamName;
		readonly centralEpoch: string;
		readonly rev: number;
	}): Promise<void>;
	/**
	 * A delta that has not its turn yet, because one before it is missing or a snapshot is under way: what it deletes or
	 * restricts is denied at once, until the stream's rev passes it.
	 */
	denyAhead(delta: DirectoryDelta): Promise<void>;
	/** The first rows of a stream that can't be used. */
	parkedRows(stream: StreamName): readonly ParkedRow[];
	/** A snapshot that was staged in part, maybe before a restart. */
	stagedSnapshot(): { readonly stream: StreamName; readonly snapshotId: string } | null;
	/**
	 * Stages a new directory file; another snapshot under way is abandoned. Decisions and deltas go on meanwhile.
	 *
	 * @returns how many calls of `pushRows` are in already: of the same snapshot, before a restart
	 */
	beginSnapshot(start: SnapshotStart): Promise<{ readonly chunks: number }>;
	/** Rows in any order, quickest in key order; keep at most a few calls unresolved. */
	pushRows(rows: readonly SnapshotRow[]): Promise<void>;
	/** Checks the number of rows, brings the other streams over and makes the new file the live one. */
	finishSnapshot(): Promise<SnapshotAnswer>;
	abandonSnapshot(): Promise<void>;
	/** Reads every row of the stream again, seconds for a million, and brings its digest in line with them. Deltas go on. */
	verifyStream(stream: StreamName): Promise<VerifyAnswer>;
	/** Puts central's rows in place of ours in some buckets, after `verifyStream`; a bucket changes whole or not at all. */
	mendStream(mend: Mend): Promise<MendAnswer>;
}
