import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** What operators say of themselves; no row: nothing. */
export const OPERATOR_PROFILES_SQL = `
CREATE TABLE operator_profiles (
	operator_id TEXT PRIMARY KEY REFERENCES operators ON DELETE CASCADE,
	phone TEXT,
	time_format TEXT CHECK (time_format IN ('24h', '12h'))
) STRICT, WITHOUT ROWID;

CREATE TABLE operator_pictures (
	operator_id TEXT PRIMARY KEY REFERENCES operators ON DELETE CASCADE,
	version TEXT NOT NULL,
	jpeg BLOB NOT NULL
) STRICT;
`;

export type TimeFormat = '24h' | '12h';

export interface OperatorProfile {
	readonly phone: string | null;
	/** null: as the site writes it. */
	readonly timeFormat: TimeFormat | null;
}

/** `version`: of its bytes. */
export interface OperatorPicture {
	readonly version: string;
	readonly jpeg: Uint8Array<ArrayBuffer>;
}

export interface OperatorProfileStore {
	profileOf(operatorId: string): OperatorProfile;
	setProfile(operatorId: string, profile: OperatorProfile): void;
	hasPicture(operatorId: string): boolean;
	pictureOf(operatorId: string): OperatorPicture | undefined;
	pictureCount(): number;
	/** In place of the one there was; null: none any more. */
	setPicture(operatorId: string, picture: OperatorPicture | null): void;
}

const NONE: OperatorProfile = { phone: null, timeFormat: null };

export function createOperatorProfiles(db: Sqlite, transactions: Transactions): OperatorProfileStore {
	const find = db.prepare<[string], OperatorProfile>(
		'SELECT phone, time_format AS timeFormat FROM operator_profiles WHERE operator_id = ?',
	);
	const put = db.prepare<[OperatorProfile & { readonly operatorId: string }]>(
		`INSERT INTO operator_profiles (operator_id, phone, time_format) VALUES (:operatorId, :phone, :timeFormat)
		ON CONFLICT DO UPDATE SET phone = excluded.phone, time_format = excluded.time_format`,
	);
	const has = db.prepare<[string], number>('SELECT 1 FROM operator_pictures WHERE operator_id = ?').pluck();
	const picture = db.prepare<[string], OperatorPicture>(
		'SELECT version, jpeg FROM operator_pictures WHERE operator_id = ?',
	);
	const pictures = db.prepare<[], number>('SELECT count(*) FROM operator_pictures').pluck();
	const paint = db.prepare<[string, string, Uint8Array]>(
		'INSERT OR REPLACE INTO operator_pictures (operator_id, version, jpeg) VALUES (?, ?, ?)',
	);
	const wipe = db.prepare<[string]>('DELETE FROM operator_pictures WHERE operator_id = ?');
	return {
		hasPicture: (operatorId) => has.get(operatorId) !== undefined,
		pictureOf: (operatorId) => picture.get(operatorId),
		pictureCount: () => pictures.get() ?? 0,
		setPicture: (operatorId, made) =>
			void transactions.run(() =>
				made === null ? wipe.run(operatorId) : paint.run(operatorId, made.version, Buffer.from(made.jpeg)),
			),
		profileOf: (operatorId) => find.get(operatorId) ?? NONE,
		setProfile: (operatorId, { phone, timeFormat }) =>
			void transactions.run(() => put.run({ operatorId, phone, timeFormat })),
	};
}
