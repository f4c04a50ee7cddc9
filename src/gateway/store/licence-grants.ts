import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/**
 * Counters follow the grants by themselves, so that no path around can miss one. A day's row is its last state and what
 * happened on it; days without a change have none.
 */
export const LICENCE_GRANTS_SQL = `
CREATE TABLE licence_grants (
	operator_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	since_ms INTEGER NOT NULL,
	PRIMARY KEY (operator_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX licence_grants_by_kind ON licence_grants (kind, operator_id);

CREATE TABLE licence_kind_uses (
	kind TEXT PRIMARY KEY,
	used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER licence_grant_given AFTER INSERT ON licence_grants BEGIN
	INSERT INTO licence_kind_uses (kind, used) VALUES (NEW.kind, 1)
		ON CONFLICT (kind) DO UPDATE SET used = used + 1;
END;
CREATE TRIGGER licence_grant_taken AFTER DELETE ON licence_grants BEGIN
	UPDATE licence_kind_uses SET used = used - 1 WHERE kind = OLD.kind;
END;

CREATE TABLE licence_days (
	kind TEXT NOT NULL,
	day TEXT NOT NULL,
	used INTEGER NOT NULL,
	given INTEGER NOT NULL,
	taken INTEGER NOT NULL,
	PRIMARY KEY (kind, day)
) STRICT, WITHOUT ROWID;
`;

/** One kind of licence that one operator has. */
export interface LicenceGrantRow {
	readonly operatorId: string;
	readonly kind: string;
	readonly sinceMs: number;
}

/** What of one kind there was at the end of a local day, and what happened on it. */
export interface LicenceDay {
	readonly kind: string;
	/** `YYYY-MM-DD`, of the site. */
	readonly day: string;
	readonly used: number;
	readonly given: number;
	readonly taken: number;
}

/** Changed in the caller's transaction. */
export interface LicenceGrantStore {
	/** By kind. */
	grantsOf(operatorId: string): readonly LicenceGrantRow[];
	/** @returns false: they have it already. */
	give(grant: LicenceGrantRow): boolean;
	/** @returns false: they do not have it. */
	take(operatorId: string, kind: string): boolean;
	/** By kind; none: 0. */
	uses(): ReadonlyMap<string, number>;
	/** A change of one kind on a day, and how many there are after it. */
	countDay(change: {
		readonly kind: string;
		readonly day: string;
		readonly used: number;
		given: 0 | 1;
		taken: 0 | 1;
	}): void;
	/** Of days that had a change, [fromDay, toDay], oldest first. */
	days(fromDay: string, toDay: string): readonly LicenceDay[];
	/** The last day with a change before `day`, of each kind. */
	lastBefore(day: string): readonly LicenceDay[];
}

type DayChange = Parameters<LicenceGrantStore['countDay']>[0];

export function createLicenceGrantStore(db: Sqlite, { run, read }: Transactions): LicenceGrantStore {
	const COLUMNS = 'operator_id AS operatorId, kind, since_ms AS sinceMs';
	const ofOperator = db.prepare<[string], LicenceGrantRow>(
		`SELECT ${COLUMNS} FROM licence_grants WHERE operator_id = ? ORDER BY kind`,
	);
	const insert = db.prepare<[LicenceGrantRow]>(
		'INSERT INTO licence_grants (operator_id, kind, since_ms) VALUES (:operatorId, :kind, :sinceMs) ON CONFLICT DO NOTHING',
	);
	const remove = db.prepare<[string, string]>('DELETE FROM licence_grants WHERE operator_id = ? AND kind = ?');
	const selectUses = db.prepare<[], { kind: string; used: number }>('SELECT kind, used FROM licence_kind_uses');
	const upsertDay = db.prepare<[DayChange]>(
		`INSERT INTO licence_days (kind, day, used, given, taken) VALUES (:kind, :day, :used, :given, :taken)
		ON CONFLICT (kind, day) DO UPDATE SET used = excluded.used, given = given + excluded.given, taken = taken + excluded.taken`,
	);
	const selectDays = db.prepare<[string, string], LicenceDay>(
		'SELECT kind, day, used, given, taken FROM licence_days WHERE day BETWEEN ? AND ? ORDER BY day, kind',
	);
	const selectBefore = db.prepare<[string], LicenceDay>(
		`SELECT kind, day, used, given, taken FROM licence_days AS one
		WHERE day = (SELECT max(day) FROM licence_days AS earlier WHERE earlier.kind = one.kind AND earlier.day < ?)`,
	);
	return {
		grantsOf: (operatorId) => read(() => ofOperator.all(operatorId)),
		give: (grant) => run(() => insert.run(grant).changes === 1),
		take: (operatorId, kind) => run(() => remove.run(operatorId, kind).changes === 1),
		uses: () => read(() => new Map(selectUses.all().map(({ kind, used }) => [kind, used]))),
		countDay: (change) => void run(() => upsertDay.run(change)),
		days: (fromDay, toDay) => read(() => selectDays.all(fromDay, toDay)),
		lastBefore: (day) => read(() => selectBefore.all(day)),
	};
}
