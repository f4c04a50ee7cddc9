import type { JournalEntry } from '../../../src/gateway/core/journal.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import type { Committed, WirePulse } from '../records.ts';
import type { Violate } from './invariants.ts';

interface Intent {
	readonly vendId: string;
	readonly laneId: string;
	readonly atMs: number;
	readonly life: number;
	pulsed: boolean;
	outcome: string | null;
}

/** Compares what was on the wire with what was on the disk at that moment. */
export function createPulseCheck(deps: {
	readonly violate: Violate;
	/** The lane opens although nothing can be recorded. */
	readonly opensUnrecorded: (laneId: string) => boolean;
}) {
	const { violate } = deps;
	const intents = new Map<string, Intent>();
	/** Pulses of a failing store, whose decisions are journalled late, also by the life after, or die with the process. */
	const owed: { readonly laneId: string; readonly life: number }[] = [];

	function intend(vendId: string, { entry, atMs, life }: Committed, laneId: string): void {
		const late = 'journalledLate' in entry;
		const debt = late ? owed.findIndex((pulse) => pulse.laneId === laneId && pulse.life <= life) : -1;
		if (debt !== -1) owed.splice(debt, 1);
		intents.set(vendId, { vendId, laneId, atMs, life, pulsed: debt !== -1, outcome: null });
	}

	function conclude(entry: JournalEntry & { readonly type: 'vend' }): void {
		const intent = intents.get(entry.vendId);
		const result = entry.outcome === 'requested' ? '' : entry.outcome.result;
		if (intent === undefined) {
			violate('vendsEnd', `${entry.vendId} ended ${result} and was never begun`);
			return;
		}
		if (intent.outcome !== null) violate('vendsEnd', `${entry.vendId} ended ${intent.outcome} and then ${result}`);
		if (intent.pulsed && (result === 'failed' || result === 'expired')) {
			violate('pulseOnce', `${entry.vendId} is said to have ${result}, and its pulse was on the wire`);
		}
		intent.outcome = result;
	}

	return {
		onEntry(committed: Committed): void {
			const { entry } = committed;
			if (entry.type === 'decision' && entry.vendId !== null) intend(entry.vendId, committed, entry.laneId);
			if (entry.type !== 'vend') return;
			if (entry.outcome === 'requested') intend(entry.vendId, committed, entry.laneId);
			else conclude(entry);
		},
		onPulse({ laneId, atMs, life }: WirePulse, portOpenedMs: number): void {
			const open = [...intents.values()].filter((intent) => intent.laneId === laneId && intent.outcome === null);
			const intent = open.findLast(({ pulsed }) => !pulsed);
			if (intent === undefined) {
				if (deps.opensUnrecorded(laneId)) owed.push({ laneId, life });
				else
					violate(
						'pulseOnce',
						`a pulse at ${laneId}; vends open there: ${open.map(({ vendId }) => vendId).join(', ') || 'none'}`,
					);
				return;
			}
			intent.pulsed = true;
			const age = atMs - intent.atMs;
			if (age > LIMITS.vendDeadlineMs)
				violate('pulseInTime', `${intent.vendId} was pulsed ${age} ms after its decision`);
			if (intent.life !== life) violate('pulseInTime', `${intent.vendId} was pulsed by another life of the gateway`);
			if (intent.atMs < portOpenedMs) violate('pulseInTime', `${intent.vendId} was pulsed after its line came back`);
		},
		/** Everything has settled. */
		onSettled(): void {
			for (const { vendId, outcome } of intents.values()) {
				if (outcome === null) violate('vendsEnd', `${vendId} has no outcome`);
			}
		},
	};
}
