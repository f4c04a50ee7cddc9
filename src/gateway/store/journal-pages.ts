import type { JournalEntry } from '../core/journal.ts';
import { decodeBody } from './journal-body.ts';
import { createJournalEpochs } from './journal-epochs.ts';
import { createHourRange } from './journal-hours.ts';
import type { Sqlite } from './open-database.ts';
import { createSharedTexts } from './shared-texts.ts';
import type { Transactions } from './transactions.ts';

/** One entry with its place in the journal. */
export interface PagedRow<Entry> {
	readonly position: number;
	/** Place in its gateway epoch. */
	readonly seq: number;
	readonly entry: Entry;
}

export interface JournalPageQuery {
	/** Only entries before this position; absent: from the newest. */
	readonly beforePosition?: number;
	readonly laneId?: string;
	/** Any of these. */
	readonly laneIds?: readonly string[];
	/** Inclusive. */
	readonly fromMs?: number;
	/** Exclusive. */
	readonly toMs?: number;
	readonly limit: number;
}

export interface JournalPage<Entry> {
	readonly rows: readonly PagedRow<Entry>[];
	/** Go on before this position; null: nothing older is left. A page may be short, even empty, and go on. */
	readonly nextBefore: number | null;
}

/** Of a lane, listed newest first. They have no index of their own: a vehicle's commit stays small. */
type Paged = 'passage' | 'lane';
type EntryOf<T extends Paged> = Extract<JournalEntry, { readonly type: T }>;

interface Narrowed<T extends Paged> {
	/** A text that stands in the entry; absent: any. */
	readonly text?: string | undefined;
	/** What else is asked for. */
	readonly fits: (entry: EntryOf<T>) => boolean;
}

/** Journal rows looked at for one page; a third of a busy site's are passages. */
const POSITIONS_PER_PAGE = 3_000;

interface FoundRow {
	readonly position: number;
	readonly body: string;
}

interface Filters {
	readonly floor: number;
	readonly laneId: string | null;
	/** A list of JSON texts. */
	readonly laneIds: string | null;
	readonly text: string | null;
	readonly limit: number;
}

export function createJournalPages<T extends Paged>(db: Sqlite, transactions: Transactions, type: T) {
	const texts = createSharedTexts(db, transactions);
	const epochs = createJournalEpochs(db);
	// A text in a body stands there as JSON: what lacks it is no such entry, what has it is looked at.
	const select = db.prepare<[Filters & { readonly before: number }], FoundRow>(
		`SELECT position, body FROM journal WHERE position < :before AND position >= :floor
		AND instr(body, '"${type}"') > 0 AND (:laneId IS NULL OR instr(body, :laneId) > 0)
		AND (:laneIds IS NULL OR EXISTS (SELECT 1 FROM json_each(:laneIds) WHERE instr(body, value) > 0))
		AND (:text IS NULL OR instr(body, :text) > 0) ORDER BY position DESC LIMIT :limit`,
	);
	const last = db.prepare<[], number | null>('SELECT max(position) FROM journal').pluck();
	const withinHours = createHourRange(db);

	/** Rows [floor, end) that may be what is asked for, newest first, read some at a time. */
	function* candidates(end: number, filters: Filters): Generator<FoundRow> {
		for (let before: number | undefined = end; before !== undefined; ) {
			const found = select.all({ ...filters, before });
			yield* found;
			before = found.length < filters.limit ? undefined : found.at(-1)?.position;
		}
	}

	function page(query: JournalPageQuery, { text, fits }: Narrowed<T>): JournalPage<EntryOf<T>> {
		const { beforePosition = Number.MAX_SAFE_INTEGER, laneId, laneIds, limit } = query;
		const range = withinHours({ first: 1, end: Math.min(beforePosition, (last.get() ?? 0) + 1) }, query);
		if (range === undefined) return { rows: [], nextBefore: null };
		const { first, end } = range;
		const floor = Math.max(first, end - POSITIONS_PER_PAGE);
		const rows: PagedRow<EntryOf<T>>[] = [];
		const lanes = { laneId: jsonOf(laneId), laneIds: laneIds ? JSON.stringify(laneIds.map(jsonOf)) : null };
		for (const { position, body } of candidates(end, { floor, ...lanes, text: jsonOf(text), limit })) {
			const entry = decodeBody(body, texts);
			if (!isOf(entry, type) || !isWithin(entry, query) || !fits(entry)) continue;
			rows.push({ position, seq: epochs.seqOf(position), entry });
			if (rows.length === limit) return { rows, nextBefore: position > first ? position : null };
		}
		return { rows, nextBefore: floor > first ? floor : null };
	}

	return (query: JournalPageQuery, narrowed: Narrowed<T>) => transactions.read(() => page(query, narrowed));
}

function jsonOf(text: string | undefined): string | null {
	return text === undefined ? null : JSON.stringify(text);
}

function isOf<T extends Paged>(entry: JournalEntry, type: T): entry is EntryOf<T> {
	return entry.type === type;
}

function isWithin({ atMs, laneId }: EntryOf<Paged>, query: JournalPageQuery): boolean {
	return (
		atMs >= (query.fromMs ?? Number.MIN_SAFE_INTEGER) &&
		atMs < (query.toMs ?? Number.MAX_SAFE_INTEGER) &&
		(query.laneId === undefined || query.laneId === laneId) &&
		(query.laneIds === undefined || query.laneIds.includes(laneId))
	);
}
