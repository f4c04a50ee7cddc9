import type { Lead, LeadSource, LeadState } from '../core/lead.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** `search`: folded name, company and contacts. */
export const LEADS_SQL = `
CREATE TABLE leads (
	id TEXT PRIMARY KEY,
	source TEXT NOT NULL,
	source_id TEXT,
	campaign_id TEXT REFERENCES campaigns ON DELETE SET NULL,
	state TEXT NOT NULL,
	name TEXT NOT NULL,
	email TEXT,
	phone TEXT,
	company TEXT,
	message TEXT NOT NULL,
	has_agreed INTEGER NOT NULL,
	expires_at_ms INTEGER NOT NULL,
	created_at_ms INTEGER NOT NULL,
	operator_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	search TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX leads_by_time ON leads (created_at_ms, id);
CREATE INDEX leads_by_end ON leads (expires_at_ms);
CREATE INDEX leads_of_source ON leads (source_id) WHERE source_id IS NOT NULL;
CREATE INDEX leads_of_campaign ON leads (campaign_id) WHERE campaign_id IS NOT NULL;
`;

export interface LeadQuery {
	/** Folded words that must all be found. */
	readonly words: readonly string[];
	readonly state?: LeadState;
	readonly source?: LeadSource;
	readonly campaignId?: string;
	/** Only those before this one; absent: from the newest. */
	readonly before?: { readonly atMs: number; readonly id: string };
	readonly limit: number;
}

/** Changed in the caller's transaction. */
export interface LeadStore {
	/** New, or as it is from now on. */
	put(lead: Lead, search: string): void;
	byId(id: string): Lead | undefined;
	/** The newest first. */
	page(query: LeadQuery): readonly Lead[];
	/** Those that came from one visit or intervention, the newest first. */
	ofSource(source: LeadSource, sourceId: string, limit: number): readonly Lead[];
	setMessage(id: string, message: string): void;
	count(): number;
	/** @returns false: there was none. */
	remove(id: string): boolean;
	/** Those whose time has passed, at most `limit`. @returns how many. */
	removeExpired(nowMs: number, limit: number): number;
}

type StoredLead = Omit<Lead, 'hasAgreed'> & { readonly hasAgreed: number };

const COLUMNS = `id, source, source_id AS sourceId, campaign_id AS campaignId, state, name, email, phone, company, message,
	has_agreed AS hasAgreed, expires_at_ms AS expiresAtMs, created_at_ms AS createdAtMs, operator_id AS operatorId, version`;
/** Words of a search that are looked at. */
const WORDS = 4;

export function createLeadStore(db: Sqlite, { run, read }: Transactions): LeadStore {
	const put = db.prepare<[StoredLead & { readonly search: string }]>(
		`INSERT INTO leads VALUES (:id, :source, :sourceId, :campaignId, :state, :name, :email, :phone, :company, :message,
			:hasAgreed, :expiresAtMs, :createdAtMs, :operatorId, :version, :search)
		ON CONFLICT (id) DO UPDATE SET campaign_id = excluded.campaign_id, state = excluded.state, name = excluded.name,
			email = excluded.email, phone = excluded.phone, company = excluded.company, message = excluded.message,
			has_agreed = excluded.has_agreed, expires_at_ms = excluded.expires_at_ms, version = excluded.version,
			search = excluded.search`,
	);
	const select = db.prepare<[string], StoredLead>(`SELECT ${COLUMNS} FROM leads WHERE id = ?`);
	const found = Array.from({ length: WORDS }, (_, n) => `(:word${n} IS NULL OR instr(search, :word${n}) > 0)`);
	const selectPage = db.prepare<[Record<string, string | number | null>], StoredLead>(
		`SELECT ${COLUMNS} FROM leads WHERE (created_at_ms, id) < (:atMs, :id) AND (:state IS NULL OR state = :state)
		AND (:source IS NULL OR source = :source) AND (:campaignId IS NULL OR campaign_id = :campaignId)
		AND ${found.join(' AND ')} ORDER BY created_at_ms DESC, id DESC LIMIT :limit`,
	);
	const selectOfSource = db.prepare<[string, string, number], StoredLead>(
		`SELECT ${COLUMNS} FROM leads WHERE source_id = ? AND source = ? ORDER BY created_at_ms DESC, id DESC LIMIT ?`,
	);
	const setMessage = db.prepare<[string, string]>('UPDATE leads SET message = ?, version = version + 1 WHERE id = ?');
	const count = db.prepare<[], number>('SELECT count(*) FROM leads').pluck();
	const remove = db.prepare<[string]>('DELETE FROM leads WHERE id = ?');
	const removeExpired = db.prepare<[number, number]>(
		'DELETE FROM leads WHERE id IN (SELECT id FROM leads WHERE expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ?)',
	);
	return {
		put: (lead, search) => void run(() => put.run({ ...lead, hasAgreed: lead.hasAgreed ? 1 : 0, search })),
		byId: (id) =>
			read(() => {
				const stored = select.get(id);
				return stored && toLead(stored);
			}),
		page: ({ words, state = null, source = null, campaignId = null, before, limit }) =>
			read(() => {
				const named = Array.from({ length: WORDS }, (_, n) => [`word${n}`, words[n] ?? null] as const);
				const place = { atMs: before?.atMs ?? Number.MAX_SAFE_INTEGER, id: before?.id ?? '', limit };
				return selectPage.all({ ...place, state, source, campaignId, ...Object.fromEntries(named) }).map(toLead);
			}),
		ofSource: (source, sourceId, limit) => read(() => selectOfSource.all(sourceId, source, limit).map(toLead)),
		setMessage: (id, message) => void run(() => setMessage.run(message, id)),
		count: () => read(() => count.get() ?? 0),
		remove: (id) => run(() => remove.run(id).changes === 1),
		removeExpired: (nowMs, limit) => run(() => removeExpired.run(nowMs, limit).changes),
	};
}

function toLead(stored: StoredLead): Lead {
	return { ...stored, hasAgreed: stored.hasAgreed === 1 };
}
