import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** What operators say of themselves; no row: nothing. */
export const OPERATOR_PROFILES_SQL = `
CREATE TABLE operator_profiles (
	operator_id TEXT PRIMARY KEY REFERENCES operators ON DELETE CASCADE,
	phone TEXT,
	time_format TEXT CHECK (time_format IN ('24h', '12h'))
) STRICT, WITHOUT ROWID;
`;

export type TimeFormat = '24h' | '12h';

export interface OperatorProfile {
	readonly phone: string | null;
	/** null: as the site writes it. */
	readonly timeFormat: TimeFormat | null;
}

export interface OperatorProfileStore {
	profileOf(operatorId: string): OperatorProfile;
	setProfile(operatorId: string, profile: OperatorProfile): void;
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
	return {
		profileOf: (operatorId) => find.get(operatorId) ?? NONE,
		setProfile: (operatorId, { phone, timeFormat }) =>
			void transactions.run(() => put.run({ operatorId, phone, timeFormat })),
	};
}
