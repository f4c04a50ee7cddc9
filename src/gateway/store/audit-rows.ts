import { auditedAction, isAuditKind, moduleOfKind } from '../core/audit/audited-action.ts';
import type { JournalEntry } from '../core/journal.ts';
import type { Module } from '../core/permission/modules.ts';
import { decodeBody } from './journal-body.ts';
import { createJournalEpochs } from './journal-epochs.ts';
import { createHourRange } from './journal-hours.ts';
import { createJournalRows } from './journal-rows.ts';
import type { Sqlite } from './open-database.ts';
import { createSharedTexts } from './shared-texts.ts';
import type { Transactions } from './transactions.ts';

/** Where the journal tells of what somebody did: by whom, to what. What was before and after stays in the journal's row. */
export const AUDIT_ROWS_SQL = `
CREATE TABLE audit_rows (
	position INTEGER PRIMARY KEY,
	at_ms INTEGER NOT NULL,
	operator_id TEXT,
	kind TEXT NOT NULL,
	target TEXT,
	action TEXT NOT NULL
) STRICT;
CREATE INDEX audit_rows_by_operator ON audit_rows (operator_id, position) WHERE operator_id IS NOT NULL;
CREATE INDEX audit_rows_by_target ON audit_rows (target, position) WHERE target IS NOT NULL;
`;

export interface AuditQuery {
	/** Only what stands before this place; absent: from the newest. */
	readonly beforePosition?: number;
	readonly operatorId?: string;
	/** What it was done to. */
	readonly target?: string;
	/** Any of these. */
	readonly kinds?: readonly string[];
	readonly action?: string;
	/** Inclusive. */
	readonly fromMs?: number;
	/** Exclusive. */
	readonly toMs?: number;
	readonly limit: number;
}

export interface AuditLine {
	readonly position: number;
	/** Place in its gateway epoch. */
	readonly seq: number;
	/** undefined: what it told was erased. */
	readonly entry: JournalEntry | undefined;
	readonly atMs: number;
	readonly operatorId: string | null;
	readonly kind: string;
	readonly target: string | null;
	readonly action: string;
}

export interface AuditPageOfLines {
	/** The newest first. */
	readonly lines: readonly AuditLine[];
	/** Go on before this place; null: nothing older is left. A page may be short, even empty, and go on. */
	readonly nextBefore: number | null;
}

/** One thing that was done, without what was before and after. */
export type AuditStep = Pick<AuditLine, 'position' | 'atMs' | 'operatorId' | 'action' | 'kind' | 'target'>;

export interface AuditRowStore {
	page(query: AuditQuery): AuditPageOfLines;
	/** Place of the last line; 0: there is none. */
	last(): number;
	/** The last line of what somebody did. */
	lastOf(operatorId: string): AuditStep | undefined;
	/** Lines after a place, oldest first. */
	after(position: number, limit: number): readonly AuditStep[];
}

/** What the journal tells the index; called by the journal only, in its transaction. */
export interface AuditIndex {
	follow(position: number, entry: JournalEntry): void;
	/** Its row is erased: that something was done stays, to what does not. */
	forget(position: number): void;
}

/** Lines looked at for one page: a rare kind in a long audit may not hold up a decision for more than some ms. */
const LINES_PER_PAGE = 10_000;

type StoredLine = Omit<AuditLine, 'seq' | 'entry'>;

interface Filters {
	readonly before: number;
	readonly first: number;
	readonly fromMs: number;
	readonly toMs: number;
	readonly operatorId: string | null;
	readonly target: string | null;
	readonly kinds: string | null;
	readonly action: string | null;
	readonly looked: number;
	readonly limit: number;
}

const COLUMNS = 'position, at_ms AS atMs, operator_id AS operatorId, kind, target, action';

export function createAuditIndex(db: Sqlite): AuditIndex {
	const insert = db.prepare<[number, number, string | null, string, string | null, string]>(
		'INSERT INTO audit_rows (position, at_ms, operator_id, kind, target, action) VALUES (?, ?, ?, ?, ?, ?)',
	);
	const forget = db.prepare<[number]>('UPDATE audit_rows SET target = NULL WHERE position = ?');
	return {
		follow(position, entry) {
			const done = auditedAction(entry);
			if (done !== undefined)
				insert.run(position, entry.atMs, done.operatorId, done.kind, done.target, done.action.slice(0, MOST_NAME));
		},
		forget: (position) => void forget.run(position),
	};
}

const MOST_NAME = 200;

export function createAuditRows(db: Sqlite, transactions: Transactions): AuditRowStore {
	const { read } = transactions;
	const texts = createSharedTexts(db, transactions);
	const epochs = createJournalEpochs(db);
	const rows = createJournalRows(db);
	const withinHours = createHourRange(db);
	const last = db.prepare<[], number | null>('SELECT max(position) FROM audit_rows').pluck();
	const afterPlace = db.prepare<[number, number], AuditStep>(
		`SELECT ${COLUMNS} FROM audit_rows WHERE position > ? ORDER BY position LIMIT ?`,
	);
	const lastOf = db.prepare<[string], AuditStep>(
		`SELECT ${COLUMNS} FROM audit_rows WHERE operator_id = ? ORDER BY position DESC LIMIT 1`,
	);
	const statements = {
		all: prepare('1'),
		operator: prepare('operator_id = :operatorId'),
		target: prepare('target = :target'),
	};
	const floors = { all: floor('1'), operator: floor('operator_id = :operatorId'), target: floor('target = :target') };

	/** Of the lines that one index names, those that fit. */
	function prepare(named: string) {
		return db.prepare<[Filters], StoredLine>(
			`SELECT ${COLUMNS} FROM (SELECT * FROM audit_rows WHERE ${named} AND position < :before AND position >= :first
				ORDER BY position DESC LIMIT :looked)
			WHERE at_ms >= :fromMs AND at_ms < :toMs AND (:operatorId IS NULL OR operator_id = :operatorId)
				AND (:target IS NULL OR target = :target) AND (:action IS NULL OR action = :action)
				AND (:kinds IS NULL OR kind IN (SELECT value FROM json_each(:kinds)))
			ORDER BY position DESC LIMIT :limit`,
		);
	}

	/** The last line that was looked at, where there may be others. */
	function floor(named: string) {
		return db
			.prepare<[Filters], number>(
				`SELECT position FROM audit_rows WHERE ${named} AND position < :before AND position >= :first
				ORDER BY position DESC LIMIT 1 OFFSET :looked - 1`,
			)
			.pluck();
	}

	function page(query: AuditQuery): AuditPageOfLines {
		const { beforePosition = Number.MAX_SAFE_INTEGER, operatorId = null, target = null, action = null, limit } = query;
		const range = withinHours({ first: 1, end: Math.min(beforePosition, (last.get() ?? 0) + 1) }, query);
		if (range === undefined) return { lines: [], nextBefore: null };
		const way = target !== null ? 'target' : operatorId !== null ? 'operator' : 'all';
		const filters: Filters = {
			...{ before: range.end, first: range.first, operatorId, target, action, looked: LINES_PER_PAGE, limit },
			...{ fromMs: query.fromMs ?? Number.MIN_SAFE_INTEGER, toMs: query.toMs ?? Number.MAX_SAFE_INTEGER },
			kinds: query.kinds === undefined ? null : JSON.stringify(query.kinds),
		};
		const found = statements[way].all(filters);
		const isFull = found.length === limit;
		const nextBefore = isFull ? (found.at(-1)?.position ?? null) : (floors[way].get(filters) ?? null);
		return {
			lines: found.map(lineOf),
			nextBefore: nextBefore !== null && nextBefore > range.first ? nextBefore : null,
		};
	}

	function lineOf(line: StoredLine): AuditLine {
		const body = rows.at(line.position)?.body ?? null;
		const entry = body === null ? undefined : decodeBody(body, texts);
		return { ...line, seq: epochs.seqOf(line.position), entry };
	}

	return {
		page: (query) => read(() => page(query)),
		last: () => read(() => last.get() ?? 0),
		lastOf: (operatorId) => read(() => lastOf.get(operatorId)),
		after: (position, limit) => read(() => afterPlace.all(position, limit)),
	};
}

/** Which part of the console a line belongs to; what this version does not know belongs to the system. */
export function moduleOfLine({ kind }: Pick<AuditLine, 'kind'>): Module {
	return isAuditKind(kind) ? moduleOfKind(kind) : 'system';
}
