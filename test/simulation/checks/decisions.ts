import type { DecisionEntry, LaneEventEntry } from '../../../src/gateway/core/journal.ts';
import type { Committed } from '../records.ts';
import type { Shown } from '../streets.ts';
import type { Violate } from './invariants.ts';

/** Longer than any lane remembers a read. */
const RECENT_MS = 60_000;

interface DecisionCheckDeps {
	readonly violate: Violate;
	readonly nowMs: () => number;
	readonly wallMs: () => number;
	readonly shown: readonly Shown[];
	readonly replays: (decisionId: string) => string;
	/** A row as central last sent it and the site took it. */
	readonly centralRow: (table: string, id: string) => Readonly<Record<string, unknown>> | undefined;
}

/** Looks at every decision as it comes to the disk. */
export function createDecisionCheck(deps: DecisionCheckDeps) {
	const { violate } = deps;
	const modes = new Map<string, { readonly kind: string; readonly untilMs: number | null }>();

	function isClosed(laneId: string): boolean {
		const mode = modes.get(laneId);
		if (mode === undefined || (mode.untilMs !== null && mode.untilMs <= deps.wallMs())) return false;
		return mode.kind === 'closedToAll' || mode.kind === 'lockdown';
	}

	function onDecision(entry: DecisionEntry): void {
		const { id, laneId, decision, facts, vendId } = entry;
		const failing = decision.verdicts.filter(({ verdict }) => verdict.result === 'fail').map(({ rule }) => rule);
		const isGranted = decision.outcome === 'granted';
		if (isGranted !== (failing.length === 0))
			violate('grants', `${id} is ${decision.outcome} with ${failing.join(', ')}`);
		if (!isGranted && vendId !== null) violate('grants', `${id} is refused and has the vend ${vendId}`);
		const replayed = deps.replays(id);
		if (replayed !== 'identical') violate('replay', `${id} replays ${replayed}`);
		for (const { value } of facts.presented) {
			if (!wasShown(laneId, value)) violate('reads', `${id} at ${laneId} goes by ${value}, which nobody showed there`);
		}
		if (!isGranted || facts.direction === 'exit') return;
		if (isClosed(laneId)) violate('closed', `${id} lets somebody in at ${laneId}, ${modes.get(laneId)?.kind}`);
		const revoked = takenAway(entry);
		if (revoked !== null) violate('revoked', `${id} lets ${decision.holderId} in at ${laneId}: ${revoked}`);
	}

	function wasShown(laneId: string, value: string): boolean {
		const since = deps.nowMs() - RECENT_MS;
		return deps.shown.some((one) => one.laneId === laneId && one.value === value && !one.late && one.atMs >= since);
	}

	/** What was journalled late was decided before the disk took it, and perhaps before it was taken away. */
	function takenAway({ decision: { credentialId, holderId, rightId }, journalledLate }: DecisionEntry): string | null {
		if (journalledLate === true) return null;
		const state = (table: string, id: string | null, field: string) => {
			const value = id === null ? undefined : deps.centralRow(table, id)?.[field];
			return value === 'active' ? null : `${table} ${id} is ${String(value)}`;
		};
		return (
			state('credentials', credentialId, 'state') ??
			state('holders', holderId, 'status') ??
			state('assignedRights', rightId, 'state')
		);
	}

	function onModeChanged({ laneId, detail }: LaneEventEntry): void {
		const until = detail['until'];
		modes.set(laneId, { kind: String(detail['to']), untilMs: typeof until === 'number' ? until : null });
	}

	return {
		onEntry({ entry }: Committed): void {
			if (entry.type === 'decision') onDecision(entry);
			if (entry.type === 'lane' && entry.event === 'modeChanged') onModeChanged(entry);
		},
	};
}
