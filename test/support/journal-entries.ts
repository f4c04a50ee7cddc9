import { decideAccess } from '../../src/gateway/core/access/decide-access.ts';
import type { JournalEntry } from '../../src/gateway/core/journal.ts';
import { facts, TUESDAY_10H } from './access-facts.ts';

/** What a busy site writes, without end: for each vehicle a decision, the opening's outcome and the passage. */
export function* journalEntries(newId: () => string): Generator<JournalEntry, never> {
	const given = facts();
	const decision = decideAccess(given);
	for (let vehicle = 0; ; vehicle += 1) {
		const [decisionId, vendId] = [newId(), newId()];
		const holderId = `holder-${String((vehicle * 7) % 1_000).padStart(5, '0')}`;
		const atMs = TUESDAY_10H + vehicle * 2_345;
		const common = { class: 'decision', laneId: 'L1' } as const;
		yield {
			type: 'decision',
			id: decisionId,
			atMs,
			...common,
			decision: {
				...decision,
				holderId,
				credentialId: `tag-${holderId.slice(7)}`,
				rightId: `right-${holderId.slice(7)}`,
			},
			facts: given,
			vendId,
			subject: `H10301 FC 53 CN ${10_000 + ((vehicle * 7) % 1_000)}`,
			holderName: 'Anna Peeters',
		};
		yield {
			type: 'vend',
			id: newId(),
			atMs: atMs + 61,
			...common,
			vendId,
			decisionId,
			operatorId: null,
			reason: null,
			outcome: { result: 'done' },
		};
		yield {
			type: 'passage',
			id: newId(),
			atMs: atMs + 4_300,
			...common,
			vendId,
			decisionId,
			holderId,
			from: 'outside',
			to: 'A1',
			certainty: 'high',
		};
	}
}

export function takeEntries(entries: Iterator<JournalEntry>, count: number): JournalEntry[] {
	return Array.from({ length: count }, () => entries.next().value);
}
