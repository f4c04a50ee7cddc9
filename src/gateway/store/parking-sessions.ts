import type { SharedPlace } from '../core/stay-terms.ts';
import type { Sqlite } from './open-database.ts';
import { createOpenStays } from './open-stays.ts';
import type { Transactions } from './transactions.ts';

/** One stay that has not ended. */
export interface OpenParkingSession {
	readonly id: string;
	/** null: a vehicle nobody identified. */
	readonly holderId: string | null;
	readonly credentialId: string | null;
	readonly decisionId: string | null;
	/** Innermost area it is in. */
	readonly areaId: string;
	/** Where in it somebody saw it; absent: not known. */
	readonly spaceId?: string;
	/** Occupancy counts it (a free pass takes no place). */
	readonly counted: boolean;
	readonly laneInId: string | null;
	readonly openedAtMs: number;
	/** The rights it stays by, the first one let it in; absent: none is known. */
	readonly rightIds?: readonly string[];
	/** Places of pools and groups that it holds; absent: none. */
	readonly shared?: readonly SharedPlace[];
}

export interface ParkingSessionEnd {
	readonly atMs: number;
	readonly laneOutId: string | null;
	/** `nextEntry`: its exit was missed; `autoClose`: after the set time. */
	readonly by: 'passage' | 'nextEntry' | 'autoClose' | 'operator';
}

/** A stay, over or not. */
export interface ParkingSession extends OpenParkingSession {
	/** null: it has not ended. */
	readonly end: ParkingSessionEnd | null;
}

export interface ParkingSessionQuery {
	readonly state: 'open' | 'closed';
	readonly holderId?: string;
	/** The innermost area is one of these. */
	readonly areaIds?: readonly string[];
	/** Only these. */
	readonly isTheirs?: (stay: ParkingSession) => boolean;
	/** Of the beginning when `open`, of the end when `closed`; inclusive. */
	readonly fromMs?: number;
	/** Exclusive. */
	readonly toMs?: number;
	/** Go on after this place; absent: from the newest. */
	readonly after?: PlaceInList;
	readonly limit: number;
}

/** Where a page ended: the listed moment, then the id. */
export interface PlaceInList {
	readonly atMs: number;
	readonly id: string;
}

export interface ParkingSessionPage {
	readonly sessions: readonly ParkingSession[];
	/** null: nothing older is left. A page may be short, even empty, and go on. */
	readonly next: PlaceInList | null;
}

/** Changed in the caller's transaction. */
export interface ParkingSessionStore {
	open(session: OpenParkingSession): void;
	/** `spaceId`: where somebody saw it; a lane knows none. @returns false when it is not open. */
	moveTo(id: string, areaId: string, spaceId?: string | null): boolean;
	/** Open stays of vehicles that stand in this space. */
	inSpace(spaceId: string): readonly OpenParkingSession[];
	/** It goes on by another right too, or holds other shared places. */
	setHolding(
		id: string,
		holding: { readonly rightIds: readonly string[]; readonly shared: readonly SharedPlace[] },
	): void;
	/** @returns the session as it was; undefined when it is not open. */
	close(id: string, end: ParkingSessionEnd): OpenParkingSession | undefined;
	/** How many open stays each right has, from memory: asked at every decision. */
	openByRight(): ReadonlyMap<string, number>;
	openById(id: string): OpenParkingSession | undefined;
	/** Innermost area that a stay is, or was last, in; undefined: there is no such stay any more. */
	areaOf(id: string): string | undefined;
	/** Oldest first. */
	openFor(holderId: string): readonly OpenParkingSession[];
	/** The anonymous stay that is longest in the area. */
	oldestAnonymous(areaId: string): OpenParkingSession | undefined;
	/** Open stays by holder, anonymous ones first, then by time; at most `limit` of them after the first `offset`. */
	listOpen(page: { readonly limit: number; readonly offset?: number }): readonly OpenParkingSession[];
	countOpen(): number;
	/** Open stays in any of these areas that occupancy counts. */
	countedIn(areaIds: readonly string[]): number;
	/** Open stays that began before and whose right says nothing about forgotten exits; oldest first. */
	openedBefore(beforeMs: number, limit: number): readonly OpenParkingSession[];
	/** Newest first: open ones by their beginning, closed ones by their end. */
	page(query: ParkingSessionQuery): ParkingSessionPage;
}

interface StoredSession extends Omit<OpenParkingSession, 'counted' | 'rightIds' | 'shared' | 'spaceId'> {
	readonly counted: number;
	/** JSON. */
	readonly rightIds: string | null;
	/** JSON. */
	readonly shared: string | null;
}

interface ReadSession extends StoredSession {
	readonly spaceId: string | null;
}

interface StoredStay extends ReadSession {
	readonly laneOutId: string | null;
	readonly closedAtMs: number | null;
	readonly closedBy: ParkingSessionEnd['by'] | null;
}

/** Rows looked at for one page of a holder or an area: some ms, however long the history. */
const LOOKED_AT = 1_000;
/** Of which each is looked up in the directory, to tell whose it is. */
const PLACED = 250;
const LATEST: PlaceInList = { atMs: Number.MAX_SAFE_INTEGER, id: '' };

const COLUMNS =
	'id, holder_id AS holderId, credential_id AS credentialId, decision_id AS decisionId, area_id AS areaId, counted, lane_in_id AS laneInId, opened_at_ms AS openedAtMs, right_ids AS rightIds, shared, space_id AS spaceId';

export function createParkingSessions(db: Sqlite, transactions: Transactions): ParkingSessionStore {
	const insert = db.prepare<[StoredSession]>(
		`INSERT INTO parking_sessions (id, holder_id, credential_id, decision_id, area_id, counted, lane_in_id, opened_at_ms, right_ids, shared)
		VALUES (:id, :holderId, :credentialId, :decisionId, :areaId, :counted, :laneInId, :openedAtMs, :rightIds, :shared)`,
	);
	const move = db.prepare<[string, string | null, string]>(
		'UPDATE parking_sessions SET area_id = ?, space_id = ? WHERE id = ? AND closed_at_ms IS NULL',
	);
	const areaOf = db.prepare<[string], string>('SELECT area_id FROM parking_sessions WHERE id = ?').pluck();
	const byId = db.prepare<[string], ReadSession>(
		`SELECT ${COLUMNS} FROM parking_sessions WHERE id = ? AND closed_at_ms IS NULL`,
	);
	const close = db.prepare<[ParkingSessionEnd & { readonly id: string }]>(
		'UPDATE parking_sessions SET closed_at_ms = :atMs, lane_out_id = :laneOutId, closed_by = :by WHERE id = :id',
	);
	const hold = db.prepare<[string, string | null, string]>(
		'UPDATE parking_sessions SET right_ids = ?, shared = ? WHERE id = ? AND closed_at_ms IS NULL',
	);
	const openStays = createOpenStays(db, transactions);
	// Its index has them by time. ORDER BY would make SQLite prepare it anew at every decision.
	const ofHolder = db.prepare<[string], ReadSession>(
		`SELECT ${COLUMNS} FROM parking_sessions WHERE closed_at_ms IS NULL AND holder_id = ?`,
	);
	const inSpace = db.prepare<[string], ReadSession>(
		`SELECT ${COLUMNS} FROM parking_sessions WHERE closed_at_ms IS NULL AND space_id = ?`,
	);
	const anonymous = db.prepare<[string], ReadSession>(
		`SELECT ${COLUMNS} FROM parking_sessions WHERE closed_at_ms IS NULL AND holder_id IS NULL AND area_id = ?
		ORDER BY opened_at_ms LIMIT 1`,
	);
	const list = db.prepare<[number, number], ReadSession>(
		`SELECT ${COLUMNS} FROM parking_sessions WHERE closed_at_ms IS NULL ORDER BY holder_id, opened_at_ms LIMIT ? OFFSET ?`,
	);
	const count = db.prepare<[], number>('SELECT count(*) FROM parking_sessions WHERE closed_at_ms IS NULL').pluck();
	const countIn = db
		.prepare<[string], number>(
			'SELECT count(*) FROM parking_sessions WHERE closed_at_ms IS NULL AND counted = 1 AND area_id IN (SELECT value FROM json_each(?))',
		)
		.pluck();
	const before = db.prepare<[number, number], ReadSession>(
		`SELECT ${COLUMNS} FROM parking_sessions WHERE closed_at_ms IS NULL AND opened_at_ms < ?
		AND NOT EXISTS (SELECT 1 FROM stay_deadlines WHERE stay_id = parking_sessions.id AND kind = 'forgotten')
		ORDER BY opened_at_ms LIMIT ?`,
	);
	const pages = { open: preparePage(db, 'open'), closed: preparePage(db, 'closed') };

	function page({ state, fromMs, toMs, after = LATEST, limit, ...filters }: ParkingSessionQuery): ParkingSessionPage {
		const { holderId, areaIds, isTheirs } = filters;
		const isFiltered = holderId !== undefined || areaIds !== undefined || isTheirs !== undefined;
		const most = isTheirs === undefined ? LOOKED_AT : PLACED;
		const lookedAt = pages[state].all({
			fromMs: fromMs ?? Number.MIN_SAFE_INTEGER,
			toMs: toMs ?? Number.MAX_SAFE_INTEGER,
			afterMs: after.atMs,
			afterId: after.id,
			limit: isFiltered ? most : limit + 1,
		});
		const found = lookedAt.filter(
			(row) =>
				(holderId === undefined || row.holderId === holderId) &&
				(areaIds === undefined || areaIds.includes(row.areaId)) &&
				(isTheirs === undefined || isTheirs(toStay(row))),
		);
		const shown = found.slice(0, limit);
		const isCut = found.length > limit || (isFiltered && lookedAt.length === most);
		const last = found.length > limit ? shown.at(-1) : lookedAt.at(-1);
		return { sessions: shown.map(toStay), next: isCut && last !== undefined ? placeOf(last) : null };
	}

	return {
		page,
		open: (session) =>
			transactions.run(() => {
				openStays.load();
				const { rightIds = [], shared = [] } = session;
				insert.run({
					...session,
					counted: session.counted ? 1 : 0,
					rightIds: listText(rightIds),
					shared: listText(shared),
				});
				openStays.add({ holderId: session.holderId, rightIds }, 1);
			}),
		setHolding: (id, { rightIds, shared }) =>
			transactions.run(() => {
				const session = byId.get(id);
				if (session === undefined) return;
				openStays.load();
				hold.run(JSON.stringify(rightIds), listText(shared), id);
				openStays.add({ holderId: null, rightIds: toSession(session).rightIds ?? [] }, -1);
				openStays.add({ holderId: null, rightIds }, 1);
			}),
		openByRight: openStays.byRight,
		openById(id) {
			const session = byId.get(id);
			return session && toSession(session);
		},
		areaOf: (id) => areaOf.get(id),
		moveTo: (id, areaId, spaceId = null) => transactions.run(() => move.run(areaId, spaceId, id).changes === 1),
		inSpace: (spaceId) => inSpace.all(spaceId).map(toSession),
		close: (id, end) =>
			transactions.run(() => {
				const stored = byId.get(id);
				if (stored === undefined) return undefined;
				const session = toSession(stored);
				openStays.load();
				close.run({ ...end, id });
				openStays.add({ holderId: session.holderId, rightIds: session.rightIds ?? [] }, -1);
				return session;
			}),
		openFor: (holderId) => (openStays.mayHave(holderId) ? ofHolder.all(holderId).map(toSession) : []),
		oldestAnonymous(areaId) {
			const session = anonymous.get(areaId);
			return session && toSession(session);
		},
		listOpen: ({ limit, offset = 0 }) => list.all(limit, offset).map(toSession),
		countOpen: () => count.get() ?? 0,
		countedIn: (areaIds) => countIn.get(JSON.stringify(areaIds)) ?? 0,
		openedBefore: (beforeMs, limit) => before.all(beforeMs, limit).map(toSession),
	};
}

function preparePage(db: Sqlite, state: ParkingSessionQuery['state']) {
	const column = state === 'open' ? 'opened_at_ms' : 'closed_at_ms';
	return db.prepare<[Readonly<Record<string, string | number>>], StoredStay>(
		`SELECT ${COLUMNS}, lane_out_id AS laneOutId, closed_at_ms AS closedAtMs, closed_by AS closedBy FROM parking_sessions
		WHERE closed_at_ms IS ${state === 'open' ? '' : 'NOT '}NULL AND ${column} >= :fromMs AND ${column} < :toMs
		AND (${column}, id) < (:afterMs, :afterId) ORDER BY ${column} DESC, id DESC LIMIT :limit`,
	);
}

function placeOf({ id, openedAtMs, closedAtMs }: StoredStay): PlaceInList {
	return { id, atMs: closedAtMs ?? openedAtMs };
}

function toStay({ laneOutId, closedAtMs, closedBy, ...session }: StoredStay): ParkingSession {
	const end = closedAtMs === null || closedBy === null ? null : { atMs: closedAtMs, laneOutId, by: closedBy };
	return { ...toSession(session), end };
}

function toSession({ rightIds, shared, spaceId, ...stored }: ReadSession): OpenParkingSession {
	return {
		...stored,
		counted: stored.counted === 1,
		...(rightIds !== null && { rightIds: JSON.parse(rightIds) as string[] }),
		...(spaceId !== null && { spaceId }),
		...(shared !== null && { shared: JSON.parse(shared) as SharedPlace[] }),
	};
}

function listText(list: readonly unknown[]): string | null {
	return list.length === 0 ? null : JSON.stringify(list);
}
