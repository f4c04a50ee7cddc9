import type { DecisionEntry, JournalRow } from '../core/journal.ts';
import type { ReasonCode } from '../core/reason.ts';

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
	/** Free text over plate, card label and holder name; accent- and case-insensitive. */
	readonly q?: string;
	readonly laneId?: string;
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
	/** Throws GatewayError INVALID_REQUEST for a cursor that is not ours. */
	list(query: AccessLogQuery): Page<DecisionSummary>;
	get(decisionId: string): DecisionRecord | undefined;
}
