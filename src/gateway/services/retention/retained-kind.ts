import type { DecisionEntry, JournalEntry } from '../../core/journal.ts';
import type { RetainedKind } from '../../core/retention.ts';

/** Which time ends a row; null: none does. */
export function retainedKind(entry: JournalEntry): RetainedKind | null {
	switch (entry.type) {
		case 'decision':
			return isMatched(entry) ? 'decisions' : 'unmatched';
		case 'lane':
			// What was read without a decision: nobody has asked whose it is.
			return entry.decisionId === null && 'read' in entry.detail ? 'unmatched' : 'decisions';
		case 'evidence':
			return entry.decisionId === null ? 'unmatched' : 'decisions';
		case 'vend':
		case 'passage':
		case 'stay':
			return 'decisions';
		case 'device':
			return 'telemetry';
		case 'edit':
			return 'edits';
		case 'audit':
		case 'gap':
			return null;
	}
}

/** Somebody is known by what was read. */
function isMatched({ decision, facts }: DecisionEntry): boolean {
	return decision.holderId !== null || facts.presented.some(({ match }) => 'credential' in match);
}
