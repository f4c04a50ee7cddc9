import { LIMITS } from '../../gateway/core/limits.ts';
import type { Body, CloudEvent } from '../envelope.ts';
import { EVENT_DATA } from '../event-data.ts';
import type { CentralSqlite } from './central-database.ts';
import { MALFORMED } from './mend-events.ts';
import { createToldAgain } from './told-again.ts';

/** Of a history: how many events wait for an earlier one, new ones that came beside a backlog among them. */
export const EVENTS_AHEAD_SQL = 'ALTER TABLE histories ADD COLUMN ahead INTEGER NOT NULL DEFAULT 0;';

/** Older marks are never asked for: acks and batches meet at the cursor. */
const MARKS_KEPT_BEHIND = LIMITS.batchEvents * LIMITS.batchWindow;
/** One acknowledgement may pass all that was ahead, and all that was under way. */
const UNHEARD_BEHIND = MARKS_KEPT_BEHIND + LIMITS.eventsAhead;

export interface EventBatch {
	readonly site: string;
	readonly gatewayEpoch: string;
	readonly body: Body<'events'>;
}

/** What central can say of one site's history. */
export interface SiteCursor {
	readonly site: string;
	readonly gatewayEpoch: string;
	readonly upTo: number;
	/** Journal hash at `upTo`; null: none came yet. */
	readonly chain: string | null;
	/** Events up to there that could not be used and that the site may not have heard of, in order. */
	readonly rejected: Body<'ack'>['rejected'];
}

export interface StoredBatch extends SiteCursor {
	readonly problem: Body<'ack'>['problem'];
	/** Of this batch. */
	readonly refused: number;
}

export interface StoredEvent {
	readonly seq: number;
	readonly id: string;
	readonly type: string;
	readonly time: string | null;
	readonly data: unknown;
	/** Why its data did not fit; null: it did. */
	readonly rejected: string | null;
	/** It is known under the name it was first written with, and counts there. */
	readonly again: boolean;
}

/** Events of all sites, each once: (site, gatewayEpoch, seq) is the key. */
export interface EventStore {
	/** One commit for all; durable when it returns. */
	store(batches: readonly EventBatch[], nowMs: number): readonly StoredBatch[];
	/** `heardTo`: the site has heard what became of its events up to there. */
	cursor(site: string, gatewayEpoch: string, heardTo?: number): SiteCursor;
	/** Gateway epochs of the site, in the order in which they were first heard of. */
	histories(site: string): readonly string[];
	/** Only what is contiguous from the first event on. */
	read(site: string, gatewayEpoch: string, afterSeq: number, limit: number): readonly StoredEvent[];
	count(): number;
}

interface History {
	readonly history: number;
	readonly upTo: number;
	readonly carriedTo: number;
	readonly ahead: number;
}

export function createEventStore(db: CentralSqlite): EventStore {
	const {
		insertHistory,
		selectHistory,
		moveCursor,
		setCarried,
		insertEvent,
		selectSeqs,
		selectNames,
		insertMark,
		selectMark,
		pruneMarks,
		selectEvents,
		selectRejected,
	} = prepareStatements(db);
	const settle = createToldAgain(db);
	const selectHistories = db
		.prepare<[string], string>('SELECT gateway_epoch FROM histories WHERE site = ? ORDER BY history')
		.pluck();

	function continues(history: number, { events, before, after }: Body<'events'>): boolean {
		const first = events[0]?.seq ?? 0;
		const known = [
			selectMark.get(history, first - 1) ?? before,
			selectMark.get(history, first + events.length - 1) ?? after,
		];
		return known[0] === before && known[1] === after && isSame(history, events);
	}

	/** What is stored already is the same; what was erased at the site since has lost its name. */
	function isSame(history: number, events: readonly CloudEvent[]): boolean {
		const first = events[0]?.seq ?? 0;
		return selectNames.all(history, first, first + events.length - 1).every(({ seq, id, type }) => {
			const event = events[seq - first];
			return event?.id === id || event?.type === ERASED || type === ERASED;
		});
	}

	/** @returns how many are new, and how many of those can't be used. */
	function insertEvents(history: number, events: readonly CloudEvent[], nowMs: number) {
		const counts = { inserted: 0, refused: 0 };
		for (const { seq, id, type, time, data, firstepoch, firstseq } of events) {
			const { text, code } = judge(type, data);
			const first = [firstepoch ?? null, firstseq ?? null] as const;
			const { changes } = insertEvent.run(history, seq, id, type, time ?? null, text, nowMs, code, ...first);
			counts.inserted += changes;
			if (code !== null) counts.refused += changes;
		}
		const carried = events.findLast(({ firstepoch }) => firstepoch !== undefined);
		if (carried !== undefined) setCarried.run(carried.seq, history);
		return counts;
	}

	/** An acknowledgement may be lost, and the next one moves the site's cursor past what it said: each says it again. */
	function unheard(history: number, upTo: number, heardTo = upTo): StoredBatch['rejected'] {
		return [...selectRejected.all(history, Math.min(heardTo, upTo - UNHEARD_BEHIND), upTo, MARKS_KEPT_BEHIND)];
	}

	function storeOne({ site, gatewayEpoch, body }: EventBatch, nowMs: number): StoredBatch {
		insertHistory.run(site, gatewayEpoch);
		const { history, upTo, ahead } = selectHistory.get(site, gatewayEpoch) ?? NO_HISTORY;
		const at = (seq: number) => ({
			...{ site, gatewayEpoch, upTo: seq, chain: selectMark.get(history, seq) ?? null },
			rejected: unheard(history, seq),
		});
		const [first] = body.events;
		const isTooFar = first !== undefined && first.seq > upTo + 1 && ahead + body.events.length > LIMITS.eventsAhead;
		if (first === undefined || isTooFar || !gapFree(body.events)) return { ...at(upTo), problem: null, refused: 0 };
		if (!continues(history, body)) return { ...at(upTo), problem: 'chainMismatch', refused: 0 };
		const { inserted, refused } = insertEvents(history, body.events, nowMs);
		insertMark.run(history, first.seq - 1, body.before);
		insertMark.run(history, first.seq + body.events.length - 1, body.after);
		const reached = contiguous(upTo, selectSeqs.iterate(history, upTo));
		moveCursor.run(reached, Math.max(0, ahead + inserted - (reached - upTo)), history);
		if (reached > upTo) {
			const { carriedTo } = selectHistory.get(site, gatewayEpoch) ?? NO_HISTORY;
			settle({ site, gatewayEpoch, history, carriedTo, from: upTo, to: reached });
			pruneMarks.run(history, reached - MARKS_KEPT_BEHIND);
		}
		return { ...at(reached), problem: null, refused };
	}

	return {
		store(batches, nowMs) {
			return db.transaction(() => batches.map((batch) => storeOne(batch, nowMs))).immediate();
		},
		cursor(site, gatewayEpoch, heardTo) {
			const found = selectHistory.get(site, gatewayEpoch);
			if (found === undefined) return { site, gatewayEpoch, upTo: 0, chain: null, rejected: [] };
			const { history, upTo } = found;
			const chain = selectMark.get(history, upTo) ?? null;
			return { site, gatewayEpoch, upTo, chain, rejected: unheard(history, upTo, heardTo) };
		},
		read(site, gatewayEpoch, afterSeq, limit) {
			const found = selectHistory.get(site, gatewayEpoch);
			if (found === undefined) return [];
			return selectEvents
				.all(found.history, afterSeq, found.upTo, limit)
				.map((event) => ({ ...event, data: JSON.parse(event.data) as unknown, again: event.again === 1 }));
		},
		histories: (site) => selectHistories.all(site),
		count: () => db.prepare<[], number>('SELECT count(*) FROM events').pluck().get() ?? 0,
	};
}

interface StoredColumns {
	readonly data: string;
	readonly again: number;
}

const NO_HISTORY: History = { history: 0, upTo: 0, carriedTo: 0, ahead: 0 };
const ERASED = 'parkgate.erased';

function prepareStatements(db: CentralSqlite) {
	const insertHistory = db.prepare<[string, string]>(
		'INSERT OR IGNORE INTO histories (site, gateway_epoch, up_to) VALUES (?, ?, 0)',
	);
	const selectHistory = db.prepare<[string, string], History>(
		'SELECT history, up_to AS upTo, carried_to AS carriedTo, ahead FROM histories WHERE site = ? AND gateway_epoch = ?',
	);
	const moveCursor = db.prepare<[number, number, number]>(
		'UPDATE histories SET up_to = ?, ahead = ? WHERE history = ?',
	);
	const setCarried = db.prepare<[number, number]>(
		'UPDATE histories SET carried_to = max(carried_to, ?) WHERE history = ?',
	);
	// By place: binding by name costs a third of the insert.
	const insertEvent = db.prepare<(string | number | null)[]>(
		`INSERT OR IGNORE INTO events (history, seq, id, type, time, data, received_at_ms, rejected, first_epoch, first_seq)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
	);
	const selectNames = db.prepare<[number, number, number], { seq: number; id: string; type: string }>(
		'SELECT seq, id, type FROM events WHERE history = ? AND seq BETWEEN ? AND ?',
	);
	const selectSeqs = db
		.prepare<[number, number], number>('SELECT seq FROM events WHERE history = ? AND seq > ? ORDER BY seq')
		.pluck();
	const insertMark = db.prepare<[number, number, string]>(
		'INSERT OR IGNORE INTO marks (history, seq, chain) VALUES (?, ?, ?)',
	);
	const selectMark = db
		.prepare<[number, number], string>('SELECT chain FROM marks WHERE history = ? AND seq = ?')
		.pluck();
	const pruneMarks = db.prepare<[number, number]>('DELETE FROM marks WHERE history = ? AND seq < ?');
	const selectEvents = db.prepare<
		[number, number, number, number],
		Omit<StoredEvent, 'data' | 'again'> & StoredColumns
	>(
		'SELECT seq, id, type, time, data, rejected, again FROM events WHERE history = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?',
	);
	const selectRejected = db.prepare<[number, number, number, number], { seq: number; code: string }>(
		`SELECT seq, rejected AS code FROM events
		WHERE history = ? AND seq > ? AND seq <= ? AND rejected IS NOT NULL ORDER BY seq LIMIT ?`,
	);
	return {
		insertHistory,
		selectHistory,
		moveCursor,
		setCarried,
		insertEvent,
		selectSeqs,
		selectNames,
		insertMark,
		selectMark,
		pruneMarks,
		selectEvents,
		selectRejected,
	};
}

/** What is stored of an event's data, and why it can't be used; null: it can. */
function judge(type: string, data: unknown): { readonly text: string; readonly code: string | null } {
	const text = jsonOf(data);
	if (text !== undefined && text.length > LIMITS.eventBytes) return { text: 'null', code: 'oversized' };
	if (type === MALFORMED) return { text: text ?? 'null', code: 'malformed' };
	return { text: text ?? 'null', code: text !== undefined && fits(type, data) ? null : 'invalidData' };
}

/** Types of a later version are kept as they are. */
function fits(type: string, data: unknown): boolean {
	return !Object.hasOwn(EVENT_DATA, type) || EVENT_DATA[type as keyof typeof EVENT_DATA].safeParse(data).success;
}

/** undefined: nested too deep to be written. */
function jsonOf(data: unknown): string | undefined {
	try {
		return JSON.stringify(data);
	} catch {
		return undefined;
	}
}

function gapFree(events: readonly CloudEvent[]): boolean {
	const first = events[0]?.seq ?? 0;
	return events.every((event, place) => event.seq === first + place);
}

function contiguous(upTo: number, seqs: Iterable<number>): number {
	let reached = upTo;
	for (const seq of seqs) {
		if (seq !== reached + 1) break;
		reached = seq;
	}
	return reached;
}
