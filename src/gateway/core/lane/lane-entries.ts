import type { Decision } from '../access/decision.ts';
import type { AccessFacts } from '../access/facts.ts';
import { RULE_SET } from '../access/rule-set.ts';
import type { CommandOutcome } from '../device.ts';
import type { LaneEvent, LaneEventEntry, PassageEntry, VendEntry } from '../journal.ts';
import { isCodeText, tagName } from '../scanned-text.ts';
import type { StoreEffect } from './lane-effect.ts';
import type { LaneInput, StepFacts } from './lane-input.ts';
import type { CollectedRead, Opening } from './lane-state.ts';

/** Journal entries are named after the input that caused them, so a step gives the same entries every time. */
export function recordDecision(
	input: LaneInput,
	facts: StepFacts,
	decided: { decision: Decision; access: AccessFacts; reads: readonly CollectedRead[]; vendId: string | null },
): StoreEffect {
	const { decision, access, reads, vendId } = decided;
	const late = facts.storeFailed ? ({ journalledLate: true } as const) : {};
	const ruleSet: number = RULE_SET;
	return {
		type: 'record',
		entry: {
			type: 'decision',
			class: 'decision',
			id: input.id,
			atMs: input.atMs,
			laneId: facts.lane.id,
			decision,
			facts: access,
			vendId,
			subject: reads.map((read) => labelOf(read, access)).join(' + '),
			holderName: facts.holderName,
			...late,
			...(ruleSet > 1 && { ruleSet }),
		},
	};
}

/** Facts name codes without telling them. */
function labelOf({ observationId, kind, value, label }: CollectedRead, { presented }: AccessFacts): string {
	const fact = kind === 'tag' ? presented.find((read) => read.observationId === observationId) : undefined;
	return fact === undefined || fact.value === value ? label : fact.value;
}

/** What was read without a decision, without telling what codes say. */
export function readLabel({ kind, value, label }: CollectedRead): string {
	return kind === 'tag' && isCodeText(value) ? tagName(value) : label;
}

export function recordVend(
	input: LaneInput,
	laneId: string,
	vend: {
		vendId: string;
		decisionId: string | null;
		outcome: 'requested' | CommandOutcome;
		operatorId?: string;
		reason?: string;
	},
): StoreEffect {
	const entry: VendEntry = {
		type: 'vend',
		class: 'decision',
		id: vend.outcome === 'requested' ? input.id : `${input.id}.outcome`,
		atMs: input.atMs,
		laneId,
		vendId: vend.vendId,
		decisionId: vend.decisionId,
		operatorId: vend.operatorId ?? null,
		reason: vend.reason ?? null,
		outcome: vend.outcome,
	};
	return { type: 'record', entry };
}

export function recordLaneEvent(
	input: LaneInput,
	laneId: string,
	event: LaneEvent,
	decisionId: string | null,
	detail: LaneEventEntry['detail'] = {},
): StoreEffect {
	const entry: LaneEventEntry = {
		type: 'lane',
		class: 'decision',
		id: `${input.id}.${event}`,
		atMs: input.atMs,
		laneId,
		event,
		decisionId,
		detail,
	};
	return { type: 'record', entry };
}

/** A vehicle went through: its log entry and what it does to occupancy and parking sessions. */
export function recordPassage(
	input: LaneInput,
	{ lane }: StepFacts,
	opening: Opening | null,
	certainty: PassageEntry['certainty'],
): readonly StoreEffect[] {
	const passageId = `${input.id}.passage`;
	const { id: laneId, from, to } = lane;
	const entry: PassageEntry = {
		type: 'passage',
		class: 'decision',
		id: passageId,
		atMs: input.atMs,
		laneId,
		vendId: opening?.vendId ?? null,
		decisionId: opening?.decisionId ?? null,
		holderId: opening?.holderId ?? null,
		from,
		to,
		certainty,
	};
	return [
		{ type: 'record', entry },
		{
			type: 'pass',
			vendId: opening?.vendId ?? null,
			passageId,
			decisionId: opening?.decisionId ?? null,
			counted: opening?.counted ?? true,
			holderId: opening?.holderId ?? null,
			credentialId: opening?.credentialId ?? null,
			from,
			to,
		},
	];
}
