import type { PassageEntry } from '../core/journal.ts';
import { decodeBody } from './journal-body.ts';
import { createJournalEpochs } from './journal-epochs.ts';
import { createHourRange } from './journal-hours.ts';
import type { Sqlite } from './open-database.ts';
import { createSharedTexts } from './shared-texts.ts';
import type { Transactions } from './transactions.ts';

/** One passage with its place in the journal. */
export interface PassageRow {
	readonly position: number;
	/** Place in its gateway epoch. */
	readonly seq: number;
	readonly entry: PassageEntry;
}

export interface PassageQuery {
	/** Only passages before this position; absent: from the newest. */
	readonly beforePosition?: number;
	readonly laneId?: string;
	readonly holderId?: string;
	/** Inclusive. */
	readonly fromMs?: number;
	/** Exclusive. */
	readonly toMs?: number;
	readonly limit: number;
}

export interface PassagePage {
	readonly passages: readonly PassageRow[];
	/** Go on before this position; null: nothing older is left. A page may be short, even empty, and go on. */
	readonly nextBefore: number | null;
}

/** The passages of the journal, newest first. They have no index of their own: a vehicle's commit stays small. */
export interface PassageStore {
	page(query: PassageQuery): PassagePage;
}

/** Journal rows looked at for one page; a third of a busy site's are passages. */
const POSITIONS_PER_PAGE = 3_000;

interface FoundRow {
	readonly position: number;
	readonly body: string;
}

export function createPassageStore(db: Sqlite, transactions: Transactions): PassageStore {
	const texts = createSharedTexts(db, transactions);
	const epochs = createJournalEpochs(db);
	// A text in a body stands there as JSON: what lacks it is no such passage, what has it is looked at.
	const select = db.prepare<[Readonly<Record<string, string | number | null>>], FoundRow>(
		`SELECT position, body FROM journal WHERE position < :before AND position >= :floor
		AND instr(body, '"passage"') > 0 AND (:laneId IS NULL OR instr(body, :laneId) > 0)
		AND (:holderId IS NULL OR instr(body, :holderId) > 0) ORDER BY position DESC LIMIT :limit`,
	);
	const last = db.prepare<[], number | null>('SELECT max(position) FROM journal').pluck();
	const withinHours = createHourRange(db);

	/** Rows [floor, end) that may be what is asked for, newest first, read some at a time. */
	function* candidates(floor: number, end: number, { laneId, holderId, limit }: PassageQuery): Generator<FoundRow> {
		const filters = { floor, laneId: jsonOf(laneId), holderId: jsonOf(holderId), limit };
		for (let before: number | undefined = end; before !== undefined; ) {
			const found = select.all({ ...filters, before });
			yield* found;
			before = found.length < limit ? undefined : found.at(-1)?.position;
		}
	}

	function page(query: PassageQuery): PassagePage {
		const { beforePosition = Number.MAX_SAFE_INTEGER } = query;
		const range = withinHours({ first: 1, end: Math.min(beforePosition, (last.get() ?? 0) + 1) }, query);
		if (range === undefined) return { passages: [], nextBefore: null };
		const { first, end } = range;
		const floor = Math.max(first, end - POSITIONS_PER_PAGE);
		const passages: PassageRow[] = [];
		for (const { position, body } of candidates(floor, end, query)) {
			const entry = decodeBody(body, texts);
			if (entry.type !== 'passage' || !isAskedFor(entry, query)) continue;
			passages.push({ position, seq: epochs.seqOf(position), entry });
			if (passages.length === query.limit) return { passages, nextBefore: position > first ? position : null };
		}
		return { passages, nextBefore: floor > first ? floor : null };
	}

	return { page: (query) => transactions.read(() => page(query)) };
}

function jsonOf(text: string | undefined): string | null {
	return text === undefined ? null : JSON.stringify(text);
}

function isAskedFor({ atMs, laneId, holderId }: PassageEntry, query: PassageQuery): boolean {
	return (
		atMs >= (query.fromMs ?? Number.MIN_SAFE_INTEGER) &&
		atMs < (query.toMs ?? Number.MAX_SAFE_INTEGER) &&
		(query.laneId === undefined || query.laneId === laneId) &&
		(query.holderId === undefined || query.holderId === holderId)
	);
}
