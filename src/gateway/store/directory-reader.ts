import type { RightFact } from '../core/access/facts.ts';
import type { Credential, Holder, StreamName } from '../core/directory.ts';

/** How far one stream of the directory is. */
export interface StreamState {
	readonly stream: StreamName;
	/** Central's history the rev belongs to. */
	readonly centralEpoch: string;
	/** Changes applied. */
	readonly rev: number;
	/** When it was last known to be what central has. */
	readonly syncedAtMs: number;
}

/** Reads the live directory on the main thread; after a snapshot it reads the new file from the next call on. */
export interface DirectoryReader {
	/** Several reads of one state, whatever is being synced meanwhile. */
	read<T>(run: () => T): T;
	/** Exact match; of several with the same value the active one, then the first by id. */
	credential(kind: Credential['kind'], value: string): Credential | undefined;
	credentialById(id: string): Credential | undefined;
	/** Plates whose `plateSkeleton` is this, at most 8. */
	platesInClass(skeleton: string): readonly Credential[];
	credentialsOf(holderId: string): readonly Credential[];
	holder(id: string): Holder | undefined;
	/** Every right of the holder with its specification and schedule. */
	rightsOf(holderId: string): readonly RightFact[];
	/** Holders with a word of their name (or their e-mail) starting like this; accent- and case-insensitive. */
	holdersByName(prefix: string, limit: number): readonly Holder[];
	/** undefined: this stream was never synced. */
	stream(name: StreamName): StreamState | undefined;
	streams(): readonly StreamState[];
	/** Oldest `syncedAtMs` of all streams; null while one was never synced. */
	syncedAtMs(): number | null;
	/** Rows by table, counted when asked (slow on a large directory; for pages and commands). */
	counts(): Readonly<Record<string, number>>;
}
