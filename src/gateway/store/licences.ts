import type { Migration } from './migrations.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

export const LICENCES_MIGRATION: Migration = {
	name: 'product licences, park statements and licensed cameras',
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
	operator_id TEXT
) STRICT;
`,
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

/** One line of the history. */
export interface LicenceChange {
	/** Counts up; the place in the history. */
	readonly number: number;
	readonly atMs: number;
	readonly what: 'licenceInstalled' | 'parkActivated' | 'parkDeactivated' | 'cameraActivated' | 'cameraDeactivated';
	/** Serial of the licence, park or camera. */
	readonly subject: string;
	/** null: the gateway itself, or a program on this machine. */
	readonly operatorId: string | null;
}

/** Changed in the caller's transaction. */
export interface LicenceStore {
	addDocument(document: LicenceDocument): void;
	/** What counts: the latest licence, and the latest statement of each park. */
	present(): readonly LicenceDocument[];
	setCamera(camera: LicensedCamera): void;
	cameras(): readonly LicensedCamera[];
	addChange(change: Omit<LicenceChange, 'number'>): void;
	/** The newest first, before `number`. */
	changes(beforeNumber: number, limit: number): readonly LicenceChange[];
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
	const upsertCamera = db.prepare<[StoredCamera]>(
		`INSERT INTO licensed_cameras (camera_id, active, since_ms) VALUES (:cameraId, :active, :sinceMs)
		ON CONFLICT (camera_id) DO UPDATE SET active = excluded.active, since_ms = excluded.since_ms`,
	);
	const selectCameras = db.prepare<[], StoredCamera>(
		'SELECT camera_id AS cameraId, active, since_ms AS sinceMs FROM licensed_cameras ORDER BY camera_id',
	);
	const insertChange = db.prepare<[Omit<LicenceChange, 'number'>]>(
		'INSERT INTO licence_changes (at_ms, what, subject, operator_id) VALUES (:atMs, :what, :subject, :operatorId)',
	);
	const selectChanges = db.prepare<[number, number], LicenceChange>(
		`SELECT number, at_ms AS atMs, what, subject, operator_id AS operatorId FROM licence_changes
		WHERE number < ? ORDER BY number DESC LIMIT ?`,
	);
	const selectVersion = db.prepare<[], number>('SELECT coalesce(max(number), 0) FROM licence_changes').pluck();
	return {
		addDocument: (document) => void run(() => insertDocument.run({ ...document, parkId: document.parkId ?? '' })),
		present: () =>
			read(() =>
				selectPresent.all().map((stored) => ({ ...stored, parkId: stored.parkId === '' ? null : stored.parkId })),
			),
		setCamera: (camera) => void run(() => upsertCamera.run({ ...camera, active: camera.active ? 1 : 0 })),
		cameras: () => read(() => selectCameras.all().map((stored) => ({ ...stored, active: stored.active === 1 }))),
		addChange: (change) => void run(() => insertChange.run(change)),
		changes: (beforeNumber, limit) => read(() => selectChanges.all(beforeNumber, limit)),
		version: () => read(() => selectVersion.get() ?? 0),
	};
}
