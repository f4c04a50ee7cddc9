import { createListCursor } from '../../gateway/services/list-cursor.ts';
import type { CentralSqlite } from './central-database.ts';

/** Rows that one page looks through for those that fit: some 20 ms in which no event is stored. */
const LOOKED_AT = 10_000;
const NEWEST = Number.MAX_SAFE_INTEGER;

const eventCursor = createListCursor('events');
const editCursor = createListCursor('edits');

interface EventRow {
	readonly seq: number;
	readonly id: string;
	readonly type: string;
	readonly time: string | null;
	readonly data: string;
	readonly receivedAtMs: number;
	readonly rejected: string | null;
}

interface EditRow extends Pick<EventRow, 'seq' | 'id' | 'time' | 'data' | 'receivedAtMs'> {
	readonly stream: string | null;
	readonly rev: number | null;
	readonly code: string | null;
	readonly problem: string | null;
}

interface Page {
	readonly cursor?: string | undefined;
	readonly limit: number;
}

export interface EventQuery extends Page {
	readonly type?: string | undefined;
	/** Somewhere in its data, in any case. */
	readonly q?: string | undefined;
	readonly rejected?: boolean | undefined;
}

/**
 * What sites told, newest first: one history after the other, the newest gatewayEpoch first. What was told again in a later
 * epoch stands once, under the name it counts by.
 */
export function createEventPages(db: CentralSqlite) {
	const selectHistories = db.prepare<[string], { history: number; gatewayEpoch: string }>(
		'SELECT history, gateway_epoch AS gatewayEpoch FROM histories WHERE site = ? ORDER BY history DESC',
	);
	const columns = 'seq, id, type, time, data, received_at_ms AS receivedAtMs, rejected';
	const selectEvents = db.prepare<[number, number], EventRow>(
		`SELECT ${columns} FROM events WHERE history = ? AND seq < ? AND again = 0 ORDER BY seq DESC`,
	);
	const selectEdits = db.prepare<[string, number, number, number], EditRow>(
		`SELECT e.seq, e.id, e.time, e.data, e.received_at_ms AS receivedAtMs, m.stream, m.rev, m.code, m.problem
		FROM events e LEFT JOIN mutations m ON m.site = ? AND m.id = e.id
		WHERE e.history = ? AND e.seq < ? AND e.type = 'parkgate.edit' AND e.again = 0 ORDER BY e.seq DESC LIMIT ?`,
	);

	/** Histories from the one where the page before ended, each with the seq to start below. */
	function* historiesFrom(site: string, at: { readonly position: number; readonly id: string } | undefined) {
		let isReached = at === undefined;
		for (const { history, gatewayEpoch } of selectHistories.all(site)) {
			const isThis = !isReached && String(history) === at?.id;
			isReached ||= isThis;
			if (isReached) yield { history, gatewayEpoch, below: isThis ? (at?.position ?? NEWEST) : NEWEST };
		}
	}

	return {
		/** Pages of a search may be short, or empty with a cursor: they looked far enough. Throws INVALID_REQUEST for a cursor of another list. */
		events(site: string, { cursor, limit, ...wish }: EventQuery) {
			const items: (Omit<EventRow, 'data'> & { gatewayEpoch: string; data: unknown })[] = [];
			let looked = 0;
			for (const { history, gatewayEpoch, below } of historiesFrom(
				site,
				cursor === undefined ? undefined : eventCursor.decode(cursor),
			)) {
				for (const event of selectEvents.iterate(history, below)) {
					looked += 1;
					if (fits(event, wish)) items.push({ ...event, gatewayEpoch, data: JSON.parse(event.data) as unknown });
					if (items.length === limit || looked === LOOKED_AT) {
						return { items, nextCursor: eventCursor.encode(event.seq, String(history)) };
					}
				}
			}
			return { items, nextCursor: null };
		},

		/** Edits made on site, and central's word on each; `answer` null: not decided yet. */
		edits(site: string, { cursor, limit }: Page) {
			const items: (Omit<EditRow, 'data' | 'stream' | 'rev' | 'code' | 'problem'> & ReturnType<typeof editOf>)[] = [];
			for (const { history, below } of historiesFrom(
				site,
				cursor === undefined ? undefined : editCursor.decode(cursor),
			)) {
				for (const row of selectEdits.all(site, history, below, limit - items.length)) {
					const { seq, id, time, receivedAtMs } = row;
					items.push({ seq, id, time, receivedAtMs, ...editOf(row) });
					if (items.length === limit) return { items, nextCursor: editCursor.encode(seq, String(history)) };
				}
			}
			return { items, nextCursor: null };
		},
	};
}

function fits(event: EventRow, { type, q, rejected }: Omit<EventQuery, keyof Page>): boolean {
	if (type !== undefined && event.type !== type) return false;
	if (rejected === true && event.rejected === null) return false;
	return q === undefined || event.data.toLowerCase().includes(q.toLowerCase());
}

function editOf({ data, stream, rev, code, problem }: EditRow) {
	const edit = Object(JSON.parse(data)) as Readonly<Record<string, unknown>>;
	const { table, key, operator, row } = edit;
	const text = (value: unknown) => (typeof value === 'string' ? value : null);
	return {
		table: text(table),
		key: text(key),
		operator: text(operator),
		row: row ?? null,
		answer:
			rev !== null && stream !== null
				? ({ result: 'accepted', stream, rev } as const)
				: code !== null
					? ({ result: 'rejected', code, problem: problem ?? '' } as const)
					: null,
	};
}
