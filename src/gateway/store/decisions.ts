import { foldText } from '../core/fold-text.ts';
import type { JournalEntry } from '../core/journal.ts';
import type { ReasonCode } from '../core/reason.ts';
import { createHourMarks, createHourRange, type PositionRange } from './journal-hours.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** What became of a grant, in the order in which a later one replaces an earlier. */
const SEQUELS = ['none', 'opening', 'opened', 'openFailed', 'openUnknown', 'notUsed', 'backedOut', 'passed'] as const;
export type Sequel = (typeof SEQUELS)[number];

/** One decision as lists show it; personal columns are null once erased. */
export interface DecisionLine {
	readonly id: string;
	/** Place in the file; pages go by it. */
	readonly position: number;
	/** Place in its gateway epoch. */
	readonly seq: number;
	readonly atMs: number;
	readonly laneId: string;
	readonly direction: 'entry' | 'exit';
	readonly outcome: 'granted' | 'refused';
	readonly headline: ReasonCode | null;
	readonly subject: string | null;
	readonly holderId: string | null;
	readonly holderName: string | null;
	readonly sequel: Sequel;
}

export interface DecisionQuery {
	/** Only decisions before this position; absent: from the newest. */
	readonly beforePosition?: number;
	/** Folded words that must all be found in subject and holder name. */
	readonly words: readonly string[];
	readonly laneId?: string;
	/** Any of these. */
	readonly laneIds?: readonly string[];
	readonly holderId?: string;
	readonly outcome?: DecisionLine['outcome'];
	readonly reason?: string;
	/** Any of these. */
	readonly reasons?: readonly ReasonCode[];
	/** Inclusive. */
	readonly fromMs?: number;
	/** Exclusive. */
	readonly toMs?: number;
	readonly limit: number;
}

export interface DecisionPage {
	readonly lines: readonly DecisionLine[];
	/** Go on before this position; null: nothing older is left. A page may be short, even empty, and go on. */
	readonly nextBefore: number | null;
}

/** The decisions of the journal as lists need them, newest first. */
export interface DecisionStore {
	page(query: DecisionQuery): DecisionPage;
	/** How many were made in [fromMs, toMs); counted when asked, for commands. */
	count(fromMs: number, toMs: number): number;
	/** undefined: no such decision, or erased. */
	byId(decisionId: string): DecisionLine | undefined;
	/** Where the decision and all that followed from it stand in the journal; empty when unknown. */
	positionsOf(decisionId: string): readonly number[];
	/** Grants whose pulse has no outcome yet, oldest first. */
	opening(): readonly string[];
}

/** What the journal tells the index; called by the journal only, in its transaction. */
export interface DecisionIndex {
	follow(position: number, entry: JournalEntry): void;
	erase(position: number): void;
}

/** Rows looked at for one page: a rare word in a long log may not hold up a decision for more than some ms. */
const POSITIONS_PER_PAGE = 30_000;
/** A pulse has its outcome within LIMITS.vendAnswerMs: an open one is among the last rows. */
const OPENING_POSITIONS = 100_000;
/** Words of a search that are looked at. */
const WORDS = 4;

const COLUMNS = `id, position,
	position - (SELECT coalesce(carried_from, before_position) FROM journal_epochs WHERE before_position =
		(SELECT max(before_position) FROM journal_epochs WHERE before_position < decisions.position)) AS seq,
	at_ms AS atMs, lane_id AS laneId, direction, outcome, headline, subject, holder_id AS holderId, holder_name AS holderName, sequel`;

type StoredLine = Omit<DecisionLine, 'sequel'> & { readonly sequel: number };

/** What is looked for by its time, besides decisions. */
const MARKED: ReadonlySet<JournalEntry['type']> = new Set(['passage', 'lane', 'vend', 'audit', 'edit']);

export function createDecisionIndex(db: Sqlite, onForget: (forget: () => void) => void): DecisionIndex {
	const insert = db.prepare<(string | number | null)[]>(
		`INSERT INTO decisions
		(position, id, at_ms, lane_id, direction, outcome, headline, subject, holder_id, holder_name, search, sequel)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
	);
	const advance = db.prepare<[number, number, string]>(
		`UPDATE decisions SET sequel = max(sequel, ?),
		sequel_positions = json_insert(coalesce(sequel_positions, '[]'), '$[#]', ?) WHERE id = ?`,
	);
	const eraseLine = db.prepare<[number]>(
		'UPDATE decisions SET subject = NULL, holder_id = NULL, holder_name = NULL, search = NULL WHERE position = ?',
	);
	const hours = createHourMarks(db, onForget);

	return {
		follow(position, entry) {
			if (MARKED.has(entry.type)) hours.mark(position, entry.atMs);
			if (entry.type !== 'decision') {
				const decisionId = 'decisionId' in entry ? entry.decisionId : null;
				if (decisionId !== null) advance.run(SEQUELS.indexOf(sequelOf(entry)), position, decisionId);
				return;
			}
			const { id, atMs, laneId, decision, facts, subject, holderName } = entry;
			// By place: binding by name costs a third of the insert.
			insert.run(
				position,
				id,
				atMs,
				laneId,
				facts.direction,
				decision.outcome,
				decision.headline,
				subject,
				decision.holderId,
				holderName,
				foldText(`${subject} ${holderName ?? ''}`),
				SEQUELS.indexOf(entry.vendId === null ? 'none' : 'opening'),
			);
			hours.mark(position, atMs);
		},
		erase(position) {
			eraseLine.run(position);
		},
	};
}

/** How far a row takes its decision; `none` changes nothing. */
function sequelOf(entry: JournalEntry): Sequel {
	if (entry.type === 'passage') return 'passed';
	if (entry.type === 'vend') return vendSequel(entry.outcome);
	if (entry.type !== 'lane') return 'none';
	return entry.event === 'backedOut' || entry.event === 'notUsed' ? entry.event : 'none';
}

function vendSequel(outcome: (JournalEntry & { type: 'vend' })['outcome']): Sequel {
	if (outcome === 'requested') return 'opening';
	switch (outcome.result) {
		case 'done':
			return 'opened';
		case 'failed':
		case 'expired':
			return 'openFailed';
		case 'unknown':
			return 'openUnknown';
	}
}

export function createDecisionStore(db: Sqlite, { read }: Pick<Transactions, 'read'>): DecisionStore {
	const wordFilters = Array.from({ length: WORDS }, (_, n) => `(:word${n} IS NULL OR instr(search, :word${n}) > 0)`);
	const select = db.prepare<[Record<string, string | number | null>], StoredLine>(
		`SELECT ${COLUMNS} FROM decisions WHERE position < :before AND position >= :floor
		AND (:laneId IS NULL OR lane_id = :laneId)
		AND (:laneIds IS NULL OR lane_id IN (SELECT value FROM json_each(:laneIds))) AND (:holderId IS NULL OR holder_id = :holderId) AND (:outcome IS NULL OR outcome = :outcome)
		AND (:reason IS NULL OR headline = :reason)
		AND (:reasons IS NULL OR headline IN (SELECT value FROM json_each(:reasons))) AND at_ms >= :fromMs AND at_ms < :toMs
		AND ${wordFilters.join(' AND ')} ORDER BY position DESC LIMIT :limit`,
	);
	const selectById = db.prepare<[string], StoredLine>(
		`SELECT ${COLUMNS} FROM decisions WHERE id = ? AND subject IS NOT NULL`,
	);
	const selectCount = db
		.prepare<[number, number, number, number], number>(
			'SELECT count(*) FROM decisions WHERE position >= ? AND position < ? AND at_ms >= ? AND at_ms < ?',
		)
		.pluck();
	const selectPositions = db.prepare<[string], { position: number; following: string | null }>(
		'SELECT position, sequel_positions AS following FROM decisions WHERE id = ?',
	);
	const selectOpening = db
		.prepare<[number], string>(`SELECT id FROM decisions WHERE position > ? AND sequel = ${SEQUELS.indexOf('opening')}`)
		.pluck();
	const selectLast = db.prepare<[], number | null>('SELECT max(position) FROM decisions').pluck();
	const selectFirst = db.prepare<[], number | null>('SELECT min(position) FROM decisions').pluck();
	const withinHours = createHourRange(db);

	/** Positions [first, end) that can hold decisions of the asked time. */
	function bounds(query: Pick<DecisionQuery, 'beforePosition' | 'fromMs' | 'toMs'>): PositionRange | undefined {
		const first = selectFirst.get() ?? undefined;
		const last = selectLast.get() ?? undefined;
		if (first === undefined || last === undefined) return undefined;
		return withinHours({ first, end: Math.min(query.beforePosition ?? last + 1, last + 1) }, query);
	}

	function page(query: DecisionQuery): DecisionPage {
		const range = bounds(query);
		if (range === undefined) return { lines: [], nextBefore: null };
		const floor = Math.max(range.first, range.end - POSITIONS_PER_PAGE);
		const found = select.all({
			before: range.end,
			floor,
			laneId: query.laneId ?? null,
			laneIds: query.laneIds === undefined ? null : JSON.stringify(query.laneIds),
			holderId: query.holderId ?? null,
			outcome: query.outcome ?? null,
			reason: query.reason ?? null,
			reasons: query.reasons === undefined ? null : JSON.stringify(query.reasons),
			fromMs: query.fromMs ?? Number.MIN_SAFE_INTEGER,
			toMs: query.toMs ?? Number.MAX_SAFE_INTEGER,
			limit: query.limit,
			...Object.fromEntries(Array.from({ length: WORDS }, (_, n) => [`word${n}`, query.words[n] ?? null])),
		});
		const oldest = found.length === query.limit ? (found.at(-1)?.position ?? floor) : floor;
		return { lines: found.map(toLine), nextBefore: oldest > range.first ? oldest : null };
	}

	function positionsOf(decisionId: string): readonly number[] {
		const found = selectPositions.get(decisionId);
		if (found === undefined) return [];
		return [found.position, ...((found.following === null ? [] : JSON.parse(found.following)) as number[])];
	}

	function count(fromMs: number, toMs: number): number {
		const range = bounds({ fromMs, toMs });
		return range === undefined ? 0 : (selectCount.get(range.first, range.end, fromMs, toMs) ?? 0);
	}

	return {
		page: (query) => read(() => page(query)),
		count: (fromMs, toMs) => read(() => count(fromMs, toMs)),
		byId: (decisionId) =>
			read(() => {
				const found = selectById.get(decisionId);
				return found === undefined ? undefined : toLine(found);
			}),
		positionsOf,
		opening: () => selectOpening.all((selectLast.get() ?? 0) - OPENING_POSITIONS),
	};
}

function toLine(stored: StoredLine): DecisionLine {
	return { ...stored, sequel: SEQUELS[stored.sequel] ?? 'none' };
}
