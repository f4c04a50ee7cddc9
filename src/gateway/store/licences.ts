import { LICENCE_GRANTS_SQL } from './licence-grants.ts';
import type { Migration } from './migrations.ts';
import type { Sqlite } from './open-database.ts';
import { OPERATOR_SEARCH_SQL } from './operator-search.ts';
import type { Transactions } from './transactions.ts';

export const LICENCES_MIGRATION: Migration = {
	name: 'product licences, park statements, licensed cameras and operators',
	sql: `
CREATE TABLE licence_documents (
	kind TEXT NOT NULL,
	park_id TEXT NOT NULL,
	issued_at_s INTEGER NOT NULL,
	serial TEXT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (kind, park_id, issued_at_s, serial)
) STRICT, WITHOUT ROWID;

CREATE TABLE licensed_cameras (
	camera_id TEXT PRIMARY KEY,
	active INTEGER NOT NULL,
	since_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE licence_changes (
	number INTEGER PRIMARY KEY,
	at_ms INTEGER NOT NULL,
	what TEXT NOT NULL,
	subject TEXT,
	kind TEXT,
	operator_id TEXT
) STRICT;
CREATE INDEX licence_changes_by_time ON licence_changes (at_ms, number);
CREATE INDEX licence_changes_by_kind ON licence_changes (kind, at_ms, number) WHERE kind IS NOT NULL;
CREATE INDEX licence_changes_by_subject ON licence_changes (subject, at_ms, number);
${LICENCE_GRANTS_SQL}
${OPERATOR_SEARCH_SQL}`,
};

/** A signed document as it was taken. */
export interface LicenceDocument {
	readonly kind: 'productLicence' | 'parkStatement';
	/** null: not of one park. */
	readonly parkId: string | null;
	/** NumericDate, s. */
	readonly issuedAtS: number;
	readonly serial: string;
	/** JWS in compact form. */
	readonly text: string;
}

/** Whether the reads of a camera may decide. */
export interface LicensedCamera {
	readonly cameraId: string;
	readonly active: boolean;
	readonly sinceMs: number;
}

export const LICENCE_EVENTS = [
	...(['licenceInstalled', 'parkActivated', 'parkDeactivated'] as const),
	...(['cameraActivated', 'cameraDeactivated', 'kindGiven', 'kindTaken'] as const),
];

export type LicenceEvent = (typeof LICENCE_EVENTS)[number];

/** Which lines of the history: all that is said has to fit. */
export interface LicenceChangeFilter {
	/** [from, to), UTC epoch ms. */
	readonly fromMs?: number;
	readonly toMs?: number;
	readonly kind?: string;
	readonly subject?: string;
}

/** Where a page of the history ended. */
export interface LicenceChangePlace {
	readonly atMs: number;
	readonly number: number;
}

/** One line of the history. */
export interface LicenceChange {
	/** Counts up; orders what happened at one moment. */
	readonly number: number;
	readonly atMs: number;
	readonly what: LicenceEvent;
	/** Serial of the licence, park, camera or operator. */
	readonly subject: string;
	/** Of a kind that was given or taken; null: nothing of a kind. */
	readonly kind: string | null;
	/** null: the gateway itself, or a program on this machine. */
	readonly operatorId: string | null;
}

/** Changed in the caller's transaction. */
export interface LicenceStore {
	addDocument(document: LicenceDocument): void;
	/** What counts: the latest licence, and the latest statement of each park. */
	present(): readonly LicenceDocument[];
	/** Whether it was taken once, whether it counts now or not. */
	isKnown(text: string): boolean;
	setCamera(camera: LicensedCamera): void;
	cameras(): readonly LicensedCamera[];
	addChange(change: Omit<LicenceChange, 'number'>): void;
	/** The newest first, before a place; null: from the newest on. */
	changes(filter: LicenceChangeFilter, before: LicenceChangePlace | null, limit: number): readonly LicenceChange[];
	/** How many there are, for a progress. */
	countChanges(filter: LicenceChangeFilter): number;
	/** Counts up with every change, whoever made it: a command beside the gateway too. */
	version(): number;
}

interface StoredDocument extends Omit<LicenceDocument, 'parkId'> {
	/** Empty: not of one park. */
	readonly parkId: string;
}

interface StoredCamera extends Omit<LicensedCamera, 'active'> {
	readonly active: 0 | 1;
}

interface ChangeQuery {
	readonly beforeMs: number;
	readonly beforeNumber: number;
	readonly fromMs: number;
	readonly limit: number;
	readonly kind?: string;
	readonly subject?: string;
}

function changeQuery(
	{ fromMs = 0, toMs = Number.MAX_SAFE_INTEGER, kind, subject }: LicenceChangeFilter,
	before: LicenceChangePlace | null,
	limit: number,
): ChangeQuery {
	const end = before !== null && before.atMs < toMs ? before : { atMs: toMs, number: -1 };
	return {
		...{ beforeMs: end.atMs, beforeNumber: end.number, fromMs, limit },
		...(kind !== undefined && { kind }),
		...(subject !== undefined && { subject }),
	};
}

export function createLicenceStore(db: Sqlite, { run, read }: Transactions): LicenceStore {
	const insertDocument = db.prepare<[StoredDocument]>(
		`INSERT INTO licence_documents (kind, park_id, issued_at_s, serial, text)
		VALUES (:kind, :parkId, :issuedAtS, :serial, :text) ON CONFLICT DO NOTHING`,
	);
	const selectPresent = db.prepare<[], StoredDocument>(
		`SELECT kind, park_id AS parkId, issued_at_s AS issuedAtS, serial, text FROM licence_documents AS one
		WHERE NOT EXISTS (SELECT 1 FROM licence_documents AS later WHERE later.kind = one.kind
			AND later.park_id = one.park_id AND (later.issued_at_s, later.serial) > (one.issued_at_s, one.serial))
		ORDER BY kind, park_id`,
	);
	const selectKnown = db.prepare<[string], number>('SELECT 1 FROM licence_documents WHERE text = ? LIMIT 1').pluck();
	const upsertCamera = db.prepare<[StoredCamera]>(
		`INSERT INTO licensed_cameras (camera_id, active, since_ms) VALUES (:cameraId, :active, :sinceMs)
		ON CONFLICT (camera_id) DO UPDATE SET active = excluded.active, since_ms = excluded.since_ms`,
	);
	const selectCameras = db.prepare<[], StoredCamera>(
		'SELECT camera_id AS cameraId, active, since_ms AS sinceMs FROM licensed_cameras ORDER BY camera_id',
	);
	const insertChange = db.prepare<[Omit<LicenceChange, 'number'>]>(
		`INSERT INTO licence_changes (at_ms, what, subject, kind, operator_id)
		VALUES (:atMs, :what, :subject, :kind, :operatorId)`,
	);
	/** One statement for each set of filters, so that each has its index. */
	function selectChanges(isOfKind: boolean, isOfSubject: boolean) {
		const where = [
			'(at_ms, number) < (:beforeMs, :beforeNumber) AND at_ms >= :fromMs',
			...(isOfKind ? ['kind = :kind'] : []),
			...(isOfSubject ? ['subject = :subject'] : []),
		].join(' AND ');
		return {
			page: db.prepare<[ChangeQuery], LicenceChange>(
				`SELECT number, at_ms AS atMs, what, subject, kind, operator_id AS operatorId FROM licence_changes
				WHERE ${where} ORDER BY at_ms DESC, number DESC LIMIT :limit`,
			),
			count: db.prepare<[ChangeQuery], number>(`SELECT count(*) FROM licence_changes WHERE ${where}`).pluck(),
		};
	}
	const ofAll = { all: selectChanges(false, false), ofSubject: selectChanges(false, true) };
	const ofKind = { all: selectChanges(true, false), ofSubject: selectChanges(true, true) };
	const changesBy = ({ kind, subject }: LicenceChangeFilter) =>
		(kind === undefined ? ofAll : ofKind)[subject === undefined ? 'all' : 'ofSubject'];
	const selectVersion = db.prepare<[], number>('SELECT coalesce(max(number), 0) FROM licence_changes').pluck();
	return {
		addDocument: (document) => void run(() => insertDocument.run({ ...document, parkId: document.parkId ?? '' })),
		present: () =>
			read(() =>
				selectPresent.all().map((stored) => ({ ...stored, parkId: stored.parkId === '' ? null : stored.parkId })),
			),
		isKnown: (text) => read(() => selectKnown.get(text) !== undefined),
		setCamera: (camera) => void run(() => upsertCamera.run({ ...camera, active: camera.active ? 1 : 0 })),
		cameras: () => read(() => selectCameras.all().map((stored) => ({ ...stored, active: stored.active === 1 }))),
		addChange: (change) => void run(() => insertChange.run(change)),
		changes: (filter, before, limit) => read(() => changesBy(filter).page.all(changeQuery(filter, before, limit))),
		countChanges: (filter) => read(() => changesBy(filter).count.get(changeQuery(filter, null, 1)) ?? 0),
		version: () => read(() => selectVersion.get() ?? 0),
	};
}
