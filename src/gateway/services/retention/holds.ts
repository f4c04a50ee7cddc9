import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import type { JournalEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import type { RetentionHold } from '../../store/retention-holds.ts';
import type { SiteStore } from '../../store/site-store.ts';

export type { RetentionHold };

/** Incidents: what is needed to clear one up is kept beyond its time, by somebody, for a reason, until a day. */
export interface RetentionHolds {
	list(): readonly RetentionHold[];
	/** Audited. Throws NOT_FOUND for a decision that is not here (any more), INVALID_REQUEST, TOO_MANY. */
	hold(what: Pick<RetentionHold, 'of' | 'reason' | 'untilMs' | 'operatorId'>): RetentionHold;
	/** What it kept ends with the next night. Audited. Throws NOT_FOUND. */
	release(id: string, operatorId: string): void;
	/** Takes away the holds that have ended. @returns whether there were any. */
	endOver(nowMs: number): boolean;
	/** What is kept now. */
	kept(): { readonly entry: (entry: JournalEntry) => boolean; readonly stay: (stay: KeptStay) => boolean };
}

interface KeptStay {
	readonly decisionId: string | null;
	readonly openedAtMs: number;
	readonly closedAtMs: number | null;
}

/** Settings key: holds ended since the last night, so that all that is left over is looked at again. */
export const HOLDS_ENDED_KEY = 'retention.holdsEnded';

export function createRetentionHolds(deps: {
	readonly store: Pick<SiteStore, 'retentionHolds' | 'journal' | 'decisions' | 'settings' | 'transaction'>;
	readonly clock: Pick<Clock, 'nowMs'>;
	readonly newId: () => string;
	readonly journalGrew: () => void;
}): RetentionHolds {
	const { store, clock, newId, journalGrew } = deps;

	function audit(operatorId: string | null, action: string, { id, of, reason, untilMs }: RetentionHold): void {
		const what =
			of.kind === 'decision' ? { decision: of.decisionId } : { from: of.fromMs, to: of.toMs, decision: null };
		store.journal.append({
			...{ type: 'audit', class: 'audit', id: newId(), atMs: clock.nowMs() },
			...{ operatorId, action, target: id, detail: { ...what, until: untilMs, reason } },
		});
	}

	function check({ of, untilMs }: Pick<RetentionHold, 'of' | 'untilMs'>): void {
		const nowMs = clock.nowMs();
		if (untilMs <= nowMs) throw new GatewayError('INVALID_REQUEST', 'The hold ends in the past; send a later `until`.');
		if (untilMs > nowMs + LIMITS.retentionHoldMs) {
			throw new GatewayError('INVALID_REQUEST', 'A hold lasts a year at most; it can be made again when it ends.');
		}
		if (of.kind === 'period' && of.toMs <= of.fromMs) {
			throw new GatewayError('INVALID_REQUEST', 'The period ends before it begins.');
		}
		if (of.kind === 'decision' && store.decisions.byId(of.decisionId) === undefined) {
			throw new GatewayError('NOT_FOUND', `There is no decision ${of.decisionId}, or it was erased.`);
		}
		if (store.retentionHolds.list().length >= LIMITS.retentionHolds) {
			throw new GatewayError('TOO_MANY', `There are ${LIMITS.retentionHolds} holds; release some first.`);
		}
	}

	function end(hold: RetentionHold, operatorId: string | null): void {
		store.retentionHolds.remove(hold.id);
		store.settings.set(HOLDS_ENDED_KEY, 'yes');
		audit(operatorId, 'retentionHoldEnded', hold);
	}

	return {
		list: () => store.retentionHolds.list(),
		hold(what) {
			check(what);
			const hold: RetentionHold = { ...what, id: newId(), createdAtMs: clock.nowMs() };
			store.transaction(() => {
				store.retentionHolds.add(hold);
				audit(hold.operatorId, 'retentionHeld', hold);
			});
			journalGrew();
			return hold;
		},
		release(id, operatorId) {
			const hold = store.retentionHolds.list().find((known) => known.id === id);
			if (hold === undefined) throw new GatewayError('NOT_FOUND', `There is no hold ${id}.`);
			store.transaction(() => end(hold, operatorId));
			journalGrew();
		},
		endOver(nowMs) {
			const over = store.retentionHolds.list().filter(({ untilMs }) => untilMs <= nowMs);
			if (over.length === 0) return false;
			store.transaction(() => {
				for (const hold of over) end(hold, null);
			});
			journalGrew();
			return true;
		},
		kept: () => keptBy(store.retentionHolds.list()),
	};
}

function keptBy(holds: readonly RetentionHold[]): ReturnType<RetentionHolds['kept']> {
	const decisions = new Set(holds.flatMap(({ of }) => (of.kind === 'decision' ? [of.decisionId] : [])));
	const periods = holds.flatMap(({ of }) => (of.kind === 'period' ? [of] : []));
	const within = (fromMs: number, toMs: number) =>
		periods.some((period) => toMs >= period.fromMs && fromMs < period.toMs);
	return {
		entry: (entry) =>
			decisions.has(entry.id) ||
			('decisionId' in entry && entry.decisionId !== null && decisions.has(entry.decisionId)) ||
			within(entry.atMs, entry.atMs),
		stay: ({ decisionId, openedAtMs, closedAtMs }) =>
			(decisionId !== null && decisions.has(decisionId)) || within(openedAtMs, closedAtMs ?? openedAtMs),
	};
}
