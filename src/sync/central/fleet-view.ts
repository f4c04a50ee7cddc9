import { createListCursor } from '../../gateway/services/list-cursor.ts';
import type { CentralSqlite } from './central-database.ts';
import type { SiteReport, SiteReports } from './site-reports.ts';
import type { UnusableRows } from './unusable-rows.ts';

const siteCursor = createListCursor('sites');
const commandCursor = createListCursor('commands');
const NEWEST = Number.MAX_SAFE_INTEGER;

interface SiteRow {
	readonly site: string;
	readonly gatewayEpoch: string;
	readonly online: 0 | 1;
	readonly version: string | null;
	readonly seenAtMs: number;
	readonly history: number | null;
	/** null: no event came yet. */
	readonly storedTo: number | null;
}

interface CommandRow {
	readonly id: string;
	readonly op: string;
	readonly target: string;
	readonly by: string;
	readonly reason: string;
	readonly atMs: number;
	/** null: under way, or central stopped before the answer. */
	readonly outcome: string | null;
	readonly because: string | null;
}

interface Page {
	readonly cursor?: string | undefined;
	readonly limit: number;
}

export interface SiteQuery extends Page {
	/** Part of its id. */
	readonly q?: string | undefined;
	readonly online?: boolean | undefined;
}

/** Sites as central knows them, and what was asked of them. */
export function createFleetView(
	db: CentralSqlite,
	reports: SiteReports,
	unusable: Pick<UnusableRows, 'of'>,
	centralEpoch: string,
) {
	const { selectOnline, selectSites, selectSite, selectCounts, selectEvent, selectTotals, selectCommands } =
		prepareStatements(db);

	function shown(row: SiteRow) {
		const { history, storedTo, seenAtMs, ...site } = row;
		const upTo = storedTo ?? 0;
		const told = reports.get(row.site);
		const counts = history === null ? undefined : selectCounts.get({ history, upTo });
		const last = history === null ? undefined : selectEvent.get(history, upTo);
		return {
			...site,
			online: row.online === 1,
			seenAtMs: Math.max(seenAtMs, told?.atMs ?? 0),
			storedTo: upTo,
			// Stored, but behind an event that is missing.
			ahead: counts?.ahead ?? 0,
			rejected: counts?.rejected ?? 0,
			lastEvent: last ?? null,
			unusable: unusable.of(row.site),
			...reported(told, row.gatewayEpoch, upTo),
		};
	}

	return {
		/** In the order of their ids. Throws INVALID_REQUEST for a cursor of another list. */
		sites({ q = '', online, cursor, limit }: SiteQuery) {
			const after = cursor === undefined ? '' : siteCursor.decode(cursor).id;
			const wanted = online === undefined ? null : Number(online);
			const rows = selectSites.all({ after, q: q.toLowerCase(), online: wanted, limit: limit + 1 });
			const page = rows.slice(0, limit);
			const last = page.at(-1);
			const nextCursor = rows.length > limit && last !== undefined ? siteCursor.encode(0, last.site) : null;
			return { items: page.map(shown), nextCursor };
		},
		site(site: string) {
			const row = selectSite.get(site);
			return row && shown(row);
		},
		/** How many sites there are, and of those the ones that are connected. */
		siteCounts: () => selectTotals.get() ?? { sites: 0, online: 0 },
		/** How many connected sites have told that they have a stream up to this rev. */
		reach(stream: string, rev: number) {
			const online = selectOnline.all();
			const current = online.filter((site) =>
				reports
					.get(site)
					?.streams.some((at) => at.stream === stream && at.centralEpoch === centralEpoch && at.rev >= rev),
			);
			return { current: current.length, online: online.length };
		},
		/** Newest first. */
		commands(site: string, { cursor, limit }: Page) {
			const at = cursor === undefined ? { position: NEWEST, id: '' } : commandCursor.decode(cursor);
			const rows = selectCommands.all({ site, atMs: at.position, id: at.id, limit: limit + 1 });
			const items = rows.slice(0, limit);
			const last = items.at(-1);
			const nextCursor = rows.length > limit && last !== undefined ? commandCursor.encode(last.atMs, last.id) : null;
			return { items, nextCursor };
		},
	};
}

/** Events that wait at the site are known only by what it told of this history. */
function reported(told: SiteReport | undefined, gatewayEpoch: string, storedTo: number) {
	const lastSeq = told?.gatewayEpoch === gatewayEpoch ? told.lastSeq : null;
	return {
		queueDepth: lastSeq === null ? null : Math.max(0, lastSeq - storedTo),
		clock: told?.clock ?? null,
		problem: told?.problem ?? null,
		streams: (told?.streams ?? []).map(({ stream, centralEpoch, rev, parked }) => ({
			...{ stream, centralEpoch, rev, parked },
		})),
	};
}

function prepareStatements(db: CentralSqlite) {
	const online = 's.birth_link IS NOT NULL AND s.birth_link IS NOT s.will_link';
	const sites = `SELECT s.site, s.gateway_epoch AS gatewayEpoch, (${online}) AS online, s.version,
			s.seen_at_ms AS seenAtMs, h.history, h.up_to AS storedTo
		FROM sites s LEFT JOIN histories h ON h.site = s.site AND h.gateway_epoch = s.gateway_epoch`;
	return {
		selectSites: db.prepare<
			[{ readonly after: string; readonly q: string; readonly online: number | null; readonly limit: number }],
			SiteRow
		>(
			`${sites} WHERE s.site > :after AND instr(s.site, :q) > 0 AND (:online IS NULL OR (${online}) = :online)
			ORDER BY s.site LIMIT :limit`,
		),
		selectSite: db.prepare<[string], SiteRow>(`${sites} WHERE s.site = ?`),
		selectOnline: db.prepare<[], string>(`SELECT s.site FROM sites s WHERE ${online}`).pluck(),
		selectTotals: db.prepare<[], { sites: number; online: number }>(
			`SELECT count(*) AS sites, coalesce(sum(${online}), 0) AS online FROM sites s`,
		),
		selectCounts: db.prepare<
			[{ readonly history: number; readonly upTo: number }],
			{ ahead: number; rejected: number }
		>(
			`SELECT (SELECT count(*) FROM events WHERE history = :history AND seq > :upTo) AS ahead,
				(SELECT count(*) FROM events INDEXED BY rejected_events
					WHERE history = :history AND rejected IS NOT NULL) AS rejected`,
		),
		selectEvent: db.prepare<[number, number], { type: string; time: string | null; receivedAtMs: number }>(
			'SELECT type, time, received_at_ms AS receivedAtMs FROM events WHERE history = ? AND seq = ?',
		),
		selectCommands: db.prepare<
			[{ readonly site: string; readonly atMs: number; readonly id: string; readonly limit: number }],
			CommandRow
		>(
			`SELECT id, op, target, by, reason, at_ms AS atMs, outcome, because FROM commands
			WHERE site = :site AND (at_ms, id) < (:atMs, :id) ORDER BY at_ms DESC, id DESC LIMIT :limit`,
		),
	};
}
