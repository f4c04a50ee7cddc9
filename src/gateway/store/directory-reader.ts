import type { RightFact } from '../core/access/facts.ts';
import type { Credential, Holder, RightSpecification, Schedule, StreamName } from '../core/directory.ts';
import {
	credentialKindCode,
	STORED_TABLES,
	type StoredCredential,
	type StoredHolder,
	type StoredRight,
	type StoredSchedule,
	type StoredSpecification,
	toCredential,
	toHolder,
	toRight,
	toSchedule,
	toSpecification,
} from './directory-tables.ts';
import { foldText } from './fold-text.ts';
import type { Sqlite } from './open-database.ts';
import { storeFailure } from './store-failure.ts';

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
	/** The reads within `run` share one state, from the first of them on; without a read nothing is begun. */
	readTogether<T>(run: () => T): T;
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

const CREDENTIAL =
	'id, holder_id AS holderId, kind, value, label, state, valid_from_ms AS validFromMs, valid_to_ms AS validToMs';
const HOLDER = 'id, kind, name, email, status';
/** Credentials of one value that are looked at for an active one. */
const SAME_VALUE = 8;
/** More plates alike than this are all the same to a decision: ambiguous. */
const PLATES_IN_CLASS = 8;
/** Specifications and schedules kept as objects; more are read again. */
const REMEMBERED = 1_000;

/** Of one file: what is known of central beside it is not in it. */
export type DirectoryFileReader = Omit<DirectoryReader, 'stream' | 'syncedAtMs'>;

/**
 * Reads one directory file. Every method throws GatewayError when the file can't be read. What a decision asks
 * has no ORDER BY: with one SQLite prepares the statement anew at every binding, which takes longer than the
 * look-up. The indexes end with the id, so rows of one value come by it.
 */
export function createDirectoryReader(db: Sqlite, path: string): DirectoryFileReader {
	const byValue = db.prepare<[string, number], StoredCredential>(
		`SELECT ${CREDENTIAL} FROM credentials WHERE value = ? AND kind = ? LIMIT ${SAME_VALUE}`,
	);
	const byId = db.prepare<[string], StoredCredential>(`SELECT ${CREDENTIAL} FROM credentials WHERE id = ?`);
	const bySkeleton = db.prepare<[string], StoredCredential>(
		`SELECT ${CREDENTIAL} FROM credentials WHERE skeleton = ? LIMIT ${PLATES_IN_CLASS}`,
	);
	const byHolder = db.prepare<[string], StoredCredential>(
		`SELECT ${CREDENTIAL} FROM credentials WHERE holder_id = ? ORDER BY id`,
	);
	const holder = db.prepare<[string], StoredHolder>(`SELECT ${HOLDER} FROM holders WHERE id = ?`);
	const holdersByWord = db.prepare<[string, string, number], StoredHolder>(
		`SELECT ${HOLDER} FROM holders WHERE id IN (SELECT holder_id FROM holder_words WHERE word >= ? AND word < ? LIMIT ?)
		ORDER BY name, id`,
	);
	const rights = db.prepare<[string], StoredRight>(
		`SELECT id, holder_id AS holderId, specification_id AS specificationId, state,
		valid_from_ms AS validFromMs, valid_to_ms AS validToMs FROM assigned_rights WHERE holder_id = ?`,
	);
	const count = Object.entries(STORED_TABLES).map(
		([table, { sqlName }]) => [table, db.prepare<[], number>(`SELECT count(*) FROM ${sqlName}`).pluck()] as const,
	);
	const shared = createSharedRows(db);
	const { atOneState, together } = createReadTransactions(db, path, shared.refresh);

	function rightFact(row: StoredRight): RightFact {
		const right = toRight(row);
		const specification = shared.specification(right.specificationId) ?? null;
		const scheduleId = specification?.scheduleId ?? null;
		return { right, specification, schedule: scheduleId === null ? null : (shared.schedule(scheduleId) ?? null) };
	}

	return {
		read: atOneState,
		readTogether: together,
		credential: (kind, value) => atOneState(() => activeOne(byValue.all(value, credentialKindCode(kind)))),
		credentialById: (id) => atOneState(() => credentialOf(byId.get(id))),
		platesInClass: (skeleton) => atOneState(() => bySkeleton.all(skeleton).map(toCredential)),
		credentialsOf: (holderId) => atOneState(() => byHolder.all(holderId).map(toCredential)),
		holder: (id) =>
			atOneState(() => {
				const row = holder.get(id);
				return row === undefined ? undefined : toHolder(row);
			}),
		rightsOf: (holderId) => atOneState(() => rights.all(holderId).map(rightFact)),
		holdersByName(prefix, limit) {
			const word = foldText(prefix);
			return atOneState(() => holdersByWord.all(word, `${word}\u{10ffff}`, limit).map(toHolder));
		},
		streams: () => atOneState(shared.streams),
		counts: () => atOneState(() => Object.fromEntries(count.map(([table, rows]) => [table, rows.get() ?? 0]))),
	};
}

/** The first active one by id, else the first: the index gives them by id. */
function activeOne(rows: readonly StoredCredential[]): Credential | undefined {
	const [first] = rows;
	if (first === undefined || rows.length === 1) return credentialOf(first);
	const credentials = rows.map(toCredential);
	return credentials.find(({ state }) => state === 'active') ?? credentials[0];
}

function credentialOf(row: StoredCredential | undefined): Credential | undefined {
	return row === undefined ? undefined : toCredential(row);
}

/** Within `atOneState` all statements see one state; a call by itself is one of its own. */
function createReadTransactions(db: Sqlite, path: string, refresh: () => void) {
	const begin = db.prepare('BEGIN');
	const end = db.prepare('COMMIT');
	let isTogether = false;

	function atOneState<T>(run: () => T): T {
		if (db.inTransaction) return run();
		try {
			begin.run();
			refresh();
			const result = run();
			if (!isTogether) end.run();
			return result;
		} catch (error) {
			if (db.inTransaction) end.run();
			throw storeFailure(error, path);
		}
	}

	function together<T>(run: () => T): T {
		if (isTogether) return run();
		isTogether = true;
		try {
			return run();
		} finally {
			isTogether = false;
			if (db.inTransaction) end.run();
		}
	}

	return { atOneState, together };
}

/** What every decision needs again: kept as objects until another commit changed the file. */
function createSharedRows(db: Sqlite) {
	const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
	const selectSpecification = db.prepare<[string], StoredSpecification>(
		'SELECT id, name, strategy, area_ids AS areaIds, schedule_id AS scheduleId FROM right_specifications WHERE id = ?',
	);
	const selectSchedule = db.prepare<[string], StoredSchedule>(
		'SELECT id, name, periods, special_days AS specialDays FROM schedules WHERE id = ?',
	);
	const selectStreams = db.prepare<[], StreamState>(
		'SELECT stream, central_epoch AS centralEpoch, rev, synced_at_ms AS syncedAtMs FROM streams ORDER BY stream',
	);
	const specifications = new Map<string, RightSpecification>();
	const schedules = new Map<string, Schedule>();
	let streams: readonly StreamState[] | undefined;
	let seenVersion: number | undefined;

	function remembered<T>(map: Map<string, T>, key: string, load: () => T | undefined): T | undefined {
		const known = map.get(key);
		if (known !== undefined) return known;
		const loaded = load();
		if (loaded === undefined) return undefined;
		if (map.size >= REMEMBERED) map.clear();
		map.set(key, loaded);
		return loaded;
	}

	return {
		refresh() {
			const version = dataVersion.get();
			if (version === seenVersion) return;
			seenVersion = version;
			specifications.clear();
			schedules.clear();
			streams = undefined;
		},
		specification: (id: string) =>
			remembered(specifications, id, () => {
				const row = selectSpecification.get(id);
				return row === undefined ? undefined : toSpecification(row);
			}),
		schedule: (id: string) =>
			remembered(schedules, id, () => {
				const row = selectSchedule.get(id);
				return row === undefined ? undefined : toSchedule(row);
			}),
		streams: () => {
			streams ??= selectStreams.all();
			return streams;
		},
	};
}
