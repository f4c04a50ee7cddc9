import type { RightFact } from '../core/access/facts.ts';
import type { Credential, DirectoryRow, DirectoryTable, Holder, StreamName } from '../core/directory.ts';
import type { ParkedRow } from '../core/directory-change.ts';
import { foldText } from '../core/fold-text.ts';
import { plateSkeleton } from '../core/plate.ts';
import type { LimitReads } from './directory-limit-reads.ts';
import type { Overlay } from './directory-overlay.ts';
import { prepareParkedRows } from './directory-parking.ts';
import { BASE, PLATES_IN_CLASS, prepareReads, type Reads, TABLES } from './directory-reads.ts';
import { createSharedRows } from './directory-shared-rows.ts';
import {
	type CredentialCells,
	credentialKindCode,
	type RightCells,
	STORED_TABLES,
	toCredential,
	toHolder,
	toRight,
} from './directory-tables.ts';
import type { Sqlite } from './open-database.ts';
import { createReadTransactions } from './read-transactions.ts';

/** How far one stream of the directory is. */
export interface StreamState {
	readonly stream: StreamName;
	/** Central's history the rev belongs to. */
	readonly centralEpoch: string;
	/** Changes applied. */
	readonly rev: number;
	/** Digest of the rows as central sent them (`core/directory-digest.ts`). */
	readonly root: string;
	/** Rows that this version can not use. */
	readonly parked: number;
	/** When it was last known to be what central has. */
	readonly syncedAtMs: number;
}

export interface HolderWithRights {
	readonly holder: Holder;
	readonly rights: readonly RightFact[];
}

export interface PlatesLike {
	readonly same: Credential | undefined;
	readonly alike: readonly Credential[];
}

/** Reads the live directory on the main thread; after a snapshot it reads the new file from the next call on. */
export interface DirectoryReader extends LimitReads {
	/** Several reads of one state, whatever is being synced meanwhile. */
	read<T>(run: () => T): T;
	/** The reads within `run` share one state, from the first of them on; without a read nothing is begun. */
	readTogether<T>(run: () => T): T;
	/** Exact match; of several with the same value the active one, then the first by id. */
	credential(kind: Credential['kind'], value: string): Credential | undefined;
	credentialById(id: string): Credential | undefined;
	/** Plates whose `plateSkeleton` is this, at most 8. */
	platesInClass(skeleton: string): readonly Credential[];
	/** This very plate, as `credential` finds it, and all in its class, at most 8: by one look-up, where its class is no larger. */
	platesLike(plate: string): PlatesLike;
	credentialsOf(holderId: string): readonly Credential[];
	holder(id: string): Holder | undefined;
	/** Any row as a whole. */
	row<T extends DirectoryTable>(table: T, id: string): DirectoryRow<T> | undefined;
	/** As central sent it, whatever was edited here. */
	baseRow<T extends DirectoryTable>(table: T, id: string): DirectoryRow<T> | undefined;
	/** Ids of the rows whose fields have these values; for fields that stand in an index, and small tables. */
	find(table: DirectoryTable, where: Readonly<Record<string, unknown>>, limit: number): readonly string[];
	/** Every right of the holder with its specification and schedule. */
	rightsOf(holderId: string): readonly RightFact[];
	/** `holder` and `rightsOf` by one statement. */
	holderWithRights(id: string): HolderWithRights | undefined;
	/** Holders with a word of their name (or their e-mail) starting like this; accent- and case-insensitive. */
	holdersByName(prefix: string, limit: number): readonly Holder[];
	/** undefined: this stream was never synced. */
	stream(name: StreamName): StreamState | undefined;
	streams(): readonly StreamState[];
	/** The first rows of a stream that this version can not use. */
	parked(stream: StreamName, limit: number): readonly ParkedRow[];
	/** Oldest `syncedAtMs` of the streams that decisions read; null while one was never synced. */
	syncedAtMs(): number | null;
	/** Rows by table, counted when asked (slow on a large directory; for pages and commands). */
	counts(): Readonly<Record<string, number>>;
}

/** Of one file: what is known of central beside it is not in it. */
export type DirectoryFileReader = Omit<DirectoryReader, 'stream' | 'syncedAtMs'>;

/**
 * Reads one directory file. Every method throws GatewayError when the file can't be read. What a decision asks
 * has no ORDER BY: with one SQLite prepares the statement anew at every binding, which takes longer than the
 * look-up. The indexes end with the id, so rows of one value come by it. While nothing is edited on site the
 * overlay costs nothing.
 */
export function createDirectoryReader(db: Sqlite, path: string, overlay?: Overlay): DirectoryFileReader {
	const base = prepareReads(db, BASE);
	let edited: Reads | undefined;
	const shared = createSharedRows(
		db,
		() => reads(),
		() => overlay?.edits.version() ?? 0,
	);
	const { atOneState, together } = createReadTransactions(db, path, shared.refresh);
	const selectStreams = db.prepare<[], StreamState>(
		`SELECT stream, central_epoch AS centralEpoch, rev, root, synced_at_ms AS syncedAtMs,
		(SELECT count(*) FROM parked WHERE parked.stream = streams.stream) AS parked FROM streams ORDER BY stream`,
	);

	const selectParked = prepareParkedRows(db);

	function reads(): Reads {
		if (overlay === undefined || !overlay.edits.any()) return base;
		edited ??= prepareReads(db, overlay.source, overlay.apart('plannedUses'));
		return edited;
	}

	function rightFact(cells: RightCells): RightFact {
		const right = toRight(cells);
		const specification = shared.specification(right.specificationId) ?? null;
		const scheduleId = specification?.scheduleId ?? null;
		return { right, specification, schedule: scheduleId === null ? null : (shared.schedule(scheduleId) ?? null) };
	}

	function holderWithRights(id: string): HolderWithRights | undefined {
		const { holderRights, holder, rightsOf } = reads();
		if (holderRights === undefined) {
			const cells = holder.get(id);
			return cells && { holder: toHolder(cells), rights: rightsOf.all(id).map(rightFact) };
		}
		const rows = holderRights.all(id);
		const first = rows[0];
		if (first === undefined) return undefined;
		const rights: RightFact[] = [];
		for (const row of rows) {
			if (row[5] !== null) rights.push(rightFact([row[5], id, row[6], row[7], row[8], row[9], row[10]]));
		}
		return { holder: toHolder([id, first[0], first[1], first[2], first[3], first[4]]), rights };
	}

	function credential(kind: Credential['kind'], value: string): Credential | undefined {
		return activeOne(reads().credentialByValue.all(value, credentialKindCode(kind)).map(toCredential));
	}

	function platesInClass(skeleton: string): readonly Credential[] {
		return reads().credentialsBySkeleton.all(skeleton).map(toCredential);
	}

	function platesLike(plate: string): PlatesLike {
		const alike = platesInClass(plateSkeleton(plate));
		// Of a larger class the plate itself may be among those that were not given.
		const isCut = alike.length === PLATES_IN_CLASS;
		return {
			same: isCut ? credential('plate', plate) : activeOne(alike.filter(({ value }) => value === plate)),
			alike,
		};
	}

	return {
		read: atOneState,
		readTogether: together,
		row: (table, id) =>
			atOneState(() => {
				const row = reads().rows[table].get(id);
				return row && (STORED_TABLES[table].toRow(row) as never);
			}),
		baseRow: (table, id) =>
			atOneState(() => {
				const row = base.rows[table].get(id);
				return row && (STORED_TABLES[table].toRow(row) as never);
			}),
		find: (table, where, limit) => atOneState(() => reads().find(table, where, limit)),
		credential: (kind, value) => atOneState(() => credential(kind, value)),
		credentialById: (id) => atOneState(() => credentialOf(reads().credentialById.get(id))),
		platesInClass: (skeleton) => atOneState(() => platesInClass(skeleton)),
		platesLike: (plate) => atOneState(() => platesLike(plate)),
		credentialsOf: (holderId) => atOneState(() => reads().credentialsOf.all(holderId).map(toCredential)),
		holder: (id) =>
			atOneState(() => {
				const cells = reads().holder.get(id);
				return cells === undefined ? undefined : toHolder(cells);
			}),
		holderWithRights: (id) => atOneState(() => holderWithRights(id)),
		rightsOf: (holderId) => atOneState(() => reads().rightsOf.all(holderId).map(rightFact)),
		holdersByName(prefix, limit) {
			const word = foldText(prefix);
			return atOneState(() => reads().holdersByWord.all(word, `${word}\u{10ffff}`, limit).map(toHolder));
		},
		version: () => atOneState(shared.version),
		plannedUsesOf: (...of) => atOneState(() => reads().limits.plannedUsesOf(...of)),
		plannedUsesOfVehicle: (...of) => atOneState(() => reads().limits.plannedUsesOfVehicle(...of)),
		plannedUsesIn: (...when) => atOneState(() => reads().limits.plannedUsesIn(...when)),
		bookedAtMost: (...when) => atOneState(() => reads().limits.bookedAtMost(...when)),
		specificationIdOf: (rightId) => atOneState(() => reads().limits.specificationIdOf(rightId)),
		longestGraceMin: () => atOneState(() => reads().limits.longestGraceMin()),
		keepingRights: (...by) => atOneState(() => reads().limits.keepingRights(...by)),
		streams: () => atOneState(() => shared.streams(() => selectStreams.all())),
		parked: (stream, limit) => atOneState(() => selectParked.all(stream, limit)),
		counts: () =>
			atOneState(() => Object.fromEntries(TABLES.map((table) => [table, reads().counts[table].get() ?? 0]))),
	};
}

/** The first active one by id, else the first: the index gives them by id. */
function activeOne(credentials: readonly Credential[]): Credential | undefined {
	return credentials.find(({ state }) => state === 'active') ?? credentials[0];
}

function credentialOf(cells: CredentialCells | undefined): Credential | undefined {
	return cells === undefined ? undefined : toCredential(cells);
}
