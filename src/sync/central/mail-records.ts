import type { LetterKind, MailProblem } from '../../gateway/core/letter.ts';
import type { CentralSqlite } from './central-database.ts';

/** Mails of sites that were begun; `outcome` null: on its way, or cut short. What they said is kept nowhere. */
export const MAILS_SQL = `
CREATE TABLE mails (
	site TEXT NOT NULL,
	id TEXT NOT NULL,
	kind TEXT NOT NULL,
	address TEXT NOT NULL,
	at_ms INTEGER NOT NULL,
	outcome TEXT CHECK (outcome IN ('sent', 'refused', 'failed', 'unknown')),
	problem TEXT,
	code INTEGER,
	PRIMARY KEY (site, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mails_by_time ON mails (at_ms);
CREATE INDEX mails_of_site_by_time ON mails (site, at_ms);
`;

export interface MailOutcome {
	/** `failed`: it may be begun again. */
	readonly outcome: 'sent' | 'refused' | 'failed' | 'unknown';
	readonly problem: MailProblem | null;
	/** Of the mail server. */
	readonly code: number | null;
}

export interface MailRecord extends Omit<MailOutcome, 'outcome'> {
	readonly site: string;
	readonly id: string;
	readonly kind: LetterKind;
	/** Masked. */
	readonly address: string;
	/** When it was begun last. */
	readonly atMs: number;
	readonly outcome: MailOutcome['outcome'] | null;
}

export type MailCounts = Readonly<Record<MailOutcome['outcome'] | 'underWay', number>>;

/** Each mail is begun once, however often and to however many centrals it is offered. */
export interface MailRecords {
	get(site: string, id: string): MailRecord | undefined;
	/** On the disk when it returns. @returns false: it was begun before, and did not fail. */
	begin(mail: Pick<MailRecord, 'site' | 'id' | 'kind' | 'address' | 'atMs'>): boolean;
	/** The first word stays. */
	finish(site: string, id: string, outcome: MailOutcome): void;
	countSince(site: string, sinceMs: number): number;
	counts(sinceMs: number): MailCounts;
	/** Newest first. */
	newest(limit: number): readonly MailRecord[];
	forget(beforeMs: number): void;
}

export function createMailRecords(db: CentralSqlite): MailRecords {
	const columns = 'site, id, kind, address, at_ms AS atMs, outcome, problem, code';
	const select = db.prepare<[string, string], MailRecord>(`SELECT ${columns} FROM mails WHERE site = ? AND id = ?`);
	const insert = db.prepare<[Pick<MailRecord, 'site' | 'id' | 'kind' | 'address' | 'atMs'>]>(
		`INSERT INTO mails (site, id, kind, address, at_ms) VALUES (:site, :id, :kind, :address, :atMs)
		ON CONFLICT (site, id) DO UPDATE SET outcome = NULL, problem = NULL, code = NULL, at_ms = excluded.at_ms
			WHERE outcome = 'failed'`,
	);
	const update = db.prepare<[MailOutcome & { readonly site: string; readonly id: string }]>(
		`UPDATE mails SET outcome = :outcome, problem = :problem, code = :code
		WHERE site = :site AND id = :id AND outcome IS NULL`,
	);
	const ofSite = db
		.prepare<[string, number], number>('SELECT count(*) FROM mails WHERE site = ? AND at_ms > ?')
		.pluck();
	const counted = db.prepare<[number], { readonly outcome: MailOutcome['outcome'] | null; readonly count: number }>(
		'SELECT outcome, count(*) AS count FROM mails WHERE at_ms > ? GROUP BY outcome',
	);
	const newest = db.prepare<[number], MailRecord>(`SELECT ${columns} FROM mails ORDER BY at_ms DESC, site, id LIMIT ?`);
	const forget = db.prepare<[number]>('DELETE FROM mails WHERE at_ms < ?');
	return {
		get: (site, id) => select.get(site, id),
		begin: (mail) => insert.run(mail).changes === 1,
		finish: (site, id, outcome) => void update.run({ site, id, ...outcome }),
		countSince: (site, sinceMs) => ofSite.get(site, sinceMs) ?? 0,
		counts(sinceMs) {
			const counts = { sent: 0, refused: 0, failed: 0, unknown: 0, underWay: 0 };
			for (const { outcome, count } of counted.all(sinceMs)) counts[outcome ?? 'underWay'] = count;
			return counts;
		},
		newest: (limit) => newest.all(limit),
		forget: (beforeMs) => void forget.run(beforeMs),
	};
}
