import type { StreamName } from '../core/directory.ts';
import type {
	DeltaAnswer,
	DirectoryDelta,
	Mend,
	MendAnswer,
	ParkedRow,
	SnapshotRow,
	SnapshotStart,
	VerifyAnswer,
} from '../core/directory-change.ts';
import type { GatewayErrorCode } from '../core/gateway-error.ts';

/** What the main thread asks the directory's worker, and what comes back. Answers come in any order, matched by `id`. */
export interface DirectoryCommands {
	delta: { ask: { readonly delta: DirectoryDelta; readonly atMs: number }; answer: DeltaAnswer };
	/** What a delta that has not its turn yet takes away. */
	deny: { ask: { readonly delta: DirectoryDelta }; answer: null };
	/** `file`: absolute path of the file to make, or to go on with. */
	begin: {
		ask: { readonly start: SnapshotStart; readonly file: string; readonly atMs: number };
		/** Calls of `push` that an earlier run left there. */
		answer: { readonly chunks: number };
	};
	push: { ask: { readonly rows: readonly SnapshotRow[] }; answer: null };
	/** Ready to be the live file; deltas go to both until `adopt` or `abandon`. */
	seal: { ask: null; answer: SealAnswer };
	/** The sealed file is the live one; the old one is closed. */
	adopt: { ask: null; answer: null };
	abandon: { ask: null; answer: null };
	/** Reads every row of a stream again; deltas go on meanwhile. */
	verify: { ask: { readonly stream: StreamName }; answer: VerifyAnswer };
	/** After `verify`. */
	mend: { ask: { readonly mend: Mend }; answer: MendAnswer };
	/** What was deleted is gone from the WAL too. */
	checkpoint: { ask: null; answer: null };
	close: { ask: null; answer: null };
}

export type SealAnswer =
	| {
			readonly result: 'sealed';
			readonly file: string;
			readonly stream: StreamName;
			readonly rev: number;
			readonly root: string;
			readonly parked: readonly ParkedRow[];
	  }
	| { readonly result: 'refused'; readonly problem: string };

export type DirectoryCommand = keyof DirectoryCommands;

export type DirectoryAsk = {
	[C in DirectoryCommand]: { readonly id: number; readonly command: C; readonly ask: DirectoryCommands[C]['ask'] };
}[DirectoryCommand];

export type DirectoryReply =
	| { readonly id: number; readonly answer: DirectoryCommands[DirectoryCommand]['answer'] }
	| { readonly id: number; readonly error: { readonly code: GatewayErrorCode; readonly message: string } };

/** Given to the worker at its start. */
export interface DirectoryWorkerData {
	readonly liveFile: string;
}
