import { decideAccess } from '../../src/gateway/core/access/decide-access.ts';
import type { AccessFacts } from '../../src/gateway/core/access/facts.ts';
import type { JournalEntry } from '../../src/gateway/core/journal.ts';
import type { ConsoleSite } from './console-site.ts';

type Sequel = 'opened' | 'passed' | 'openFailed' | 'openUnknown' | 'notUsed' | 'backedOut';

/** What a lane decided on these facts, and what followed in the journal. */
export interface DecidedAtLane {
	readonly facts: AccessFacts;
	readonly subject: string;
	readonly holderName: string | null;
	readonly sequel?: Sequel;
}

/** Decides, journals and shows. @returns the decision's id. */
export function journalDecision(
	{ bench, accessLog, feed }: Pick<ConsoleSite, 'bench' | 'accessLog' | 'feed'>,
	{ facts, subject, holderName, sequel }: DecidedAtLane,
): string {
	const decision = decideAccess(facts);
	const { journal } = bench.store;
	const id = crypto.randomUUID();
	const laneId = facts.lane.id;
	const granted = decision.outcome === 'granted';
	const vendId = granted ? crypto.randomUUID() : null;
	const { atMs } = facts;
	journal.append({
		type: 'decision',
		class: 'decision',
		id,
		atMs,
		laneId,
		decision,
		facts,
		vendId,
		subject,
		holderName,
	});
	for (const entry of sequelEntries({ id, laneId, vendId, holderId: decision.holderId, atMs, sequel }))
		journal.append(entry);
	const summary = accessLog.summary(id);
	if (summary !== undefined) feed.publish({ type: 'decision', decision: summary });
	return id;
}

interface Followed {
	readonly id: string;
	readonly laneId: string;
	readonly vendId: string | null;
	readonly holderId: string | null;
	readonly atMs: number;
	readonly sequel: Sequel | undefined;
}

function sequelEntries({ id, laneId, vendId, holderId, atMs, sequel }: Followed): readonly JournalEntry[] {
	if (vendId === null || sequel === undefined) return [];
	const common = { class: 'decision', laneId, decisionId: id } as const;
	const outcome =
		sequel === 'openFailed'
			? ({ result: 'failed', problem: 'The relay board answered with exception 4 (device failure).' } as const)
			: sequel === 'openUnknown'
				? ({ result: 'unknown', problem: 'No answer within 300 ms.' } as const)
				: ({ result: 'done' } as const);
	const vend: JournalEntry = {
		...common,
		type: 'vend',
		id: crypto.randomUUID(),
		atMs: atMs + 62,
		vendId,
		operatorId: null,
		reason: null,
		outcome,
	};
	if (sequel === 'passed') {
		const passage: JournalEntry = {
			...common,
			type: 'passage',
			id: crypto.randomUUID(),
			atMs: atMs + 6_400,
			vendId,
			holderId,
			from: 'outside',
			to: 'A1',
			certainty: 'high',
		};
		return [vend, passage];
	}
	if (sequel === 'notUsed' || sequel === 'backedOut') {
		const event: JournalEntry = {
			...common,
			type: 'lane',
			id: crypto.randomUUID(),
			atMs: atMs + 30_000,
			event: sequel,
			detail: {},
		};
		return [vend, event];
	}
	return [vend];
}
