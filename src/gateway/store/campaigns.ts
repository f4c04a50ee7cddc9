import { LEADS_SQL } from './leads.ts';
import type { Migration } from './migrations.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** The last count stands with its campaign: it stays when the stays it was made of end. */
export const MARKETING_MIGRATION: Migration = {
	name: 'campaigns and leads',
	sql: `
CREATE TABLE campaigns (
	id TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	from_ms INTEGER NOT NULL,
	to_ms INTEGER NOT NULL,
	created_at_ms INTEGER NOT NULL,
	operator_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	rights INTEGER NOT NULL,
	visits INTEGER,
	came INTEGER,
	counted_at_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX campaigns_by_time ON campaigns (created_at_ms, id);

CREATE TABLE campaign_rights (
	campaign_id TEXT NOT NULL REFERENCES campaigns ON DELETE CASCADE,
	right_id TEXT NOT NULL,
	PRIMARY KEY (campaign_id, right_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER campaign_right_added AFTER INSERT ON campaign_rights BEGIN
	UPDATE campaigns SET rights = rights + 1 WHERE id = NEW.campaign_id;
END;
CREATE TRIGGER campaign_right_taken AFTER DELETE ON campaign_rights BEGIN
	UPDATE campaigns SET rights = rights - 1 WHERE id = OLD.campaign_id;
END;
${LEADS_SQL}`,
};

/** A named group of rights, visits among them, with a period [fromMs, toMs). */
export interface Campaign {
	readonly id: string;
	readonly name: string;
	readonly fromMs: number;
	readonly toMs: number;
	readonly createdAtMs: number;
	readonly operatorId: string;
	/** Counts its changes. */
	readonly version: number;
	/** How many rights it has. */
	readonly rights: number;
	/** Stays by them that began in its period; null: not counted yet. */
	readonly visits: number | null;
	/** Rights among them that somebody came by. */
	readonly came: number | null;
	readonly countedAtMs: number | null;
}

/** A stay as a count needs it. */
export interface CountedStay {
	readonly id: string;
	/** Of its end where it is over, else of its beginning: the order of a walk. */
	readonly atMs: number;
	readonly openedAtMs: number;
	/** The one it came in by; null: none is known any more. */
	readonly rightId: string | null;
}

/** Changed in the caller's transaction. */
export interface CampaignStore {
	/** New, or as it is from now on; its count is forgotten. */
	put(campaign: Pick<Campaign, 'id' | 'name' | 'fromMs' | 'toMs' | 'createdAtMs' | 'operatorId' | 'version'>): void;
	byId(id: string): Campaign | undefined;
	/** The newest first, before this one; null: from the newest. */
	page(before: Pick<Campaign, 'createdAtMs' | 'id'> | null, limit: number): readonly Campaign[];
	count(): number;
	/** @returns false: there was none. */
	remove(id: string): boolean;
	rightsOf(id: string): readonly string[];
	addRight(id: string, rightId: string): void;
	removeRight(id: string, rightId: string): void;
	/** Takes these out of every campaign; counts stay as they were. */
	forgetRights(rightIds: readonly string[]): void;
	setCount(id: string, count: { readonly visits: number; readonly came: number; readonly countedAtMs: number }): void;
	/** In the order of a walk: stays that are over and ended in [fromMs, toMs), or open ones that began in it. */
	stays(
		state: 'open' | 'closed',
		span: { readonly fromMs: number; readonly toMs: number },
		after: Pick<CountedStay, 'atMs' | 'id'> | null,
		limit: number,
	): readonly CountedStay[];
}

const COLUMNS = `id, name, from_ms AS fromMs, to_ms AS toMs, created_at_ms AS createdAtMs, operator_id AS operatorId,
	version, rights, visits, came, counted_at_ms AS countedAtMs`;

export function createCampaignStore(db: Sqlite, { run, read }: Transactions): CampaignStore {
	const put = db.prepare<[Parameters<CampaignStore['put']>[0]]>(
		`INSERT INTO campaigns (id, name, from_ms, to_ms, created_at_ms, operator_id, version, rights)
		VALUES (:id, :name, :fromMs, :toMs, :createdAtMs, :operatorId, :version, 0)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, from_ms = excluded.from_ms, to_ms = excluded.to_ms,
			version = excluded.version, visits = NULL, came = NULL, counted_at_ms = NULL`,
	);
	const select = db.prepare<[string], Campaign>(`SELECT ${COLUMNS} FROM campaigns WHERE id = ?`);
	const selectPage = db.prepare<[number, string, number], Campaign>(
		`SELECT ${COLUMNS} FROM campaigns WHERE (created_at_ms, id) < (?, ?) ORDER BY created_at_ms DESC, id DESC LIMIT ?`,
	);
	const count = db.prepare<[], number>('SELECT count(*) FROM campaigns').pluck();
	const remove = db.prepare<[string]>('DELETE FROM campaigns WHERE id = ?');
	const rights = db
		.prepare<[string], string>('SELECT right_id FROM campaign_rights WHERE campaign_id = ? ORDER BY right_id')
		.pluck();
	const add = db.prepare<[string, string]>('INSERT INTO campaign_rights VALUES (?, ?) ON CONFLICT DO NOTHING');
	const take = db.prepare<[string, string]>('DELETE FROM campaign_rights WHERE campaign_id = ? AND right_id = ?');
	const forget = db.prepare<[string]>('DELETE FROM campaign_rights WHERE right_id IN (SELECT value FROM json_each(?))');
	const setCount = db.prepare<[object]>(
		'UPDATE campaigns SET visits = :visits, came = :came, counted_at_ms = :countedAtMs WHERE id = :id',
	);
	const stays = { open: prepareStays(db, 'open'), closed: prepareStays(db, 'closed') };
	return {
		put: (campaign) => void run(() => put.run(campaign)),
		byId: (id) => read(() => select.get(id)),
		page: (before, limit) =>
			read(() => selectPage.all(before?.createdAtMs ?? Number.MAX_SAFE_INTEGER, before?.id ?? '', limit)),
		count: () => read(() => count.get() ?? 0),
		remove: (id) => run(() => remove.run(id).changes === 1),
		rightsOf: (id) => read(() => rights.all(id)),
		addRight: (id, rightId) => void run(() => add.run(id, rightId)),
		removeRight: (id, rightId) => void run(() => take.run(id, rightId)),
		forgetRights: (rightIds) => void run(() => forget.run(JSON.stringify(rightIds))),
		setCount: (id, counted) => void run(() => setCount.run({ id, ...counted })),
		stays: (state, { fromMs, toMs }, after, limit) =>
			read(() => stays[state].all({ fromMs, toMs, atMs: after?.atMs ?? fromMs, id: after?.id ?? '', limit })),
	};
}

function prepareStays(db: Sqlite, state: 'open' | 'closed') {
	const column = state === 'open' ? 'opened_at_ms' : 'closed_at_ms';
	return db.prepare<[object], CountedStay>(
		`SELECT id, ${column} AS atMs, opened_at_ms AS openedAtMs, json_extract(right_ids, '$[0]') AS rightId
		FROM parking_sessions WHERE closed_at_ms IS ${state === 'open' ? '' : 'NOT '}NULL AND ${column} >= :fromMs
		AND ${column} < :toMs AND (${column}, id) > (:atMs, :id) ORDER BY ${column}, id LIMIT :limit`,
	);
}
