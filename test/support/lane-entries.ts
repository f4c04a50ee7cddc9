import { decideAccess } from '../../src/gateway/core/access/decide-access.ts';
import type { AccessFacts } from '../../src/gateway/core/access/facts.ts';
import type {
	AuditEntry,
	DecisionEntry,
	LaneEventEntry,
	PassageEntry,
	VendEntry,
} from '../../src/gateway/core/journal.ts';
import { facts, TUESDAY_10H } from './access-facts.ts';

/** Entries as a lane writes them; `given` is what the decision is made on. */
export function aDecision(
	id: string,
	change: Partial<Omit<DecisionEntry, 'id' | 'decision'>> = {},
	given: AccessFacts = facts(),
): DecisionEntry {
	const decision = decideAccess(given);
	return {
		type: 'decision',
		class: 'decision',
		id,
		atMs: TUESDAY_10H,
		laneId: 'L1',
		decision,
		facts: given,
		vendId: decision.outcome === 'granted' ? id : null,
		subject: 'FC 53 CN 48062',
		holderName: 'Anna Peeters',
		...change,
	};
}

export function aVend(
	decisionId: string | null,
	outcome: VendEntry['outcome'],
	change: Partial<VendEntry> = {},
): VendEntry {
	return {
		type: 'vend',
		class: 'decision',
		id: `${decisionId ?? change.vendId}.${typeof outcome === 'string' ? outcome : outcome.result}`,
		atMs: TUESDAY_10H + 100,
		laneId: 'L1',
		vendId: decisionId ?? '',
		decisionId,
		operatorId: null,
		reason: null,
		outcome,
		...change,
	};
}

export function aPassage(decisionId: string): PassageEntry {
	return {
		type: 'passage',
		class: 'decision',
		id: `${decisionId}.passage`,
		atMs: TUESDAY_10H + 4_000,
		laneId: 'L1',
		vendId: decisionId,
		decisionId,
		holderId: 'anna',
		from: 'outside',
		to: 'A1',
		certainty: 'high',
	};
}

export function aLaneEvent(decisionId: string | null, event: LaneEventEntry['event']): LaneEventEntry {
	return {
		type: 'lane',
		class: 'decision',
		id: `${decisionId}.${event}`,
		atMs: TUESDAY_10H + 2_000,
		laneId: 'L1',
		event,
		decisionId,
		detail: { phase: 'openWait' },
	};
}

export function anAudit(id: string): AuditEntry {
	return {
		type: 'audit',
		class: 'audit',
		id,
		atMs: TUESDAY_10H,
		operatorId: 'op-1',
		action: 'login',
		target: null,
		detail: { remoteAddress: '192.0.2.7' },
	};
}
