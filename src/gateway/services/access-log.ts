import { codeName } from '../core/directory/code-text.ts';
import { foldText } from '../core/fold-text.ts';
import { GatewayError } from '../core/gateway-error.ts';
import type { DecisionEntry, JournalRow } from '../core/journal.ts';
import { LIMITS } from '../core/limits.ts';
import type { ReasonCode } from '../core/reason.ts';
import type { Lane } from '../core/site.ts';
import type { DecisionLine, DecisionQuery } from '../store/decisions.ts';
import type { DirectoryReader } from '../store/directory-reader.ts';
import type { SiteStore } from '../store/site-store.ts';

/** One line of the access log. */
export interface DecisionSummary {
	readonly id: string;
	readonly seq: number;
	readonly atMs: number;
	readonly laneId: string;
	readonly laneName: string;
	readonly direction: 'entry' | 'exit';
	readonly outcome: 'granted' | 'refused';
	readonly headline: ReasonCode | null;
	/** Plate or card label as read: untrusted text. */
	readonly subject: string;
	readonly holderId: string | null;
	readonly holderName: string | null;
	/** What became of a grant, as far as it is known. */
	readonly sequel: 'none' | 'opening' | 'opened' | 'openFailed' | 'openUnknown' | 'passed' | 'backedOut' | 'notUsed';
}

/** A decision with everything that followed it in the journal. */
export interface DecisionRecord {
	readonly summary: DecisionSummary;
	readonly entry: DecisionEntry;
	readonly sequel: readonly JournalRow[];
}

export interface AccessLogQuery {
	/** Free text over plate, card label and holder name; accent- and case-insensitive. What a known QR code says finds its lines. */
	readonly q?: string;
	readonly laneId?: string;
	/** Any of these: the lanes that whoever asks may see. */
	readonly laneIds?: readonly string[];
	readonly holderId?: string;
	readonly outcome?: 'granted' | 'refused';
	readonly reason?: ReasonCode;
	readonly fromMs?: number;
	readonly toMs?: number;
	/** From the previous page's `nextCursor`; newest first. */
	readonly cursor?: string;
	/** 1–LIMITS.pageSize. */
	readonly limit?: number;
}

export interface Page<T> {
	readonly items: readonly T[];
	readonly nextCursor: string | null;
}

export interface AccessLog {
	/**
	 * A page may be short, even empty, and still have a `nextCursor`: then a bounded piece of a long log
	 * was searched. Throws GatewayError INVALID_REQUEST for a cursor that is not ours.
	 */
	list(query: AccessLogQuery): Page<DecisionSummary>;
	/** What to look for in lines: they name a code, and do not tell what it says. */
	asNamed(q: string): string;
	/** undefined: unknown, or its content was erased. */
	get(decisionId: string): DecisionRecord | undefined;
}

export interface AccessLogService extends AccessLog {
	/** The line alone, without reading the facts. */
	summary(decisionId: string): DecisionSummary | undefined;
	/** The newest decision of a lane. */
	lastOf(laneId: string): DecisionSummary | null;
}

export function createAccessLog(deps: {
	readonly store: Pick<SiteStore, 'decisions' | 'journal'>;
	readonly directory: Pick<DirectoryReader, 'credential'>;
	readonly lanes: readonly Lane[];
}): AccessLogService {
	const { decisions, journal } = deps.store;
	const laneNames = new Map(deps.lanes.map((lane) => [lane.id, lane.name]));

	function toSummary({ position: _, ...line }: DecisionLine): DecisionSummary {
		return { ...line, laneName: laneNames.get(line.laneId) ?? line.laneId, subject: line.subject ?? '' };
	}

	function summary(decisionId: string): DecisionSummary | undefined {
		const line = decisions.byId(decisionId);
		return line === undefined ? undefined : toSummary(line);
	}

	function asNamed(q: string): string {
		const code = q.trim();
		return code !== '' && deps.directory.credential('qr', code) !== undefined ? codeName('qr', code) : q;
	}

	return {
		list(query) {
			const page = decisions.page(toDecisionQuery(query.q === undefined ? query : { ...query, q: asNamed(query.q) }));
			return {
				items: page.lines.map(toSummary),
				nextCursor: page.nextBefore === null ? null : encodeCursor(page.nextBefore),
			};
		},
		get(decisionId) {
			const line = summary(decisionId);
			const [first, ...sequel] = journal.withSequel(decisionId);
			if (line === undefined || first?.entry.type !== 'decision') return undefined;
			return { summary: line, entry: first.entry, sequel };
		},
		asNamed,
		summary,
		lastOf(laneId) {
			const [line] = decisions.page({ laneId, words: [], limit: 1 }).lines;
			return line === undefined ? null : toSummary(line);
		},
	};
}

const DEFAULT_PAGE = 50;

function toDecisionQuery({ q = '', cursor, limit = DEFAULT_PAGE, ...filters }: AccessLogQuery): DecisionQuery {
	const words = foldText(q).split(' ').filter(Boolean);
	const query = { ...filters, words, limit: Math.min(Math.max(1, Math.trunc(limit)), LIMITS.pageSize) };
	return cursor === undefined ? query : { ...query, beforePosition: decodeCursor(cursor) };
}

function encodeCursor(position: number): string {
	return Buffer.from(`d${position}`).toString('base64url');
}

function decodeCursor(cursor: string): number {
	const [, position] = /^d(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
	if (position === undefined) {
		throw new GatewayError('INVALID_REQUEST', 'this cursor is not from the access log; start without one');
	}
	return Number(position);
}
