import type { Clock } from '../core/clock.ts';
import { foldText } from '../core/fold-text.ts';
import { LIMITS } from '../core/limits.ts';
import type { AccessLog, DecisionSummary } from './access-log.ts';

/** `failed`: granted, and the barrier did not open or did not say so: hardware, never policy. */
export type ShownOutcome = 'granted' | 'refused' | 'failed';

export interface RecentFilter {
	readonly show: 'all' | ShownOutcome;
	/** Over plate, card label and holder name; accent- and case-insensitive. */
	readonly q: string;
}

export interface RecentDecisions {
	/** Newest first, those that fit; at most `limit`. */
	readonly items: readonly DecisionSummary[];
	/** How many fit, shown or not. */
	readonly found: number;
	/** How many the search finds, by what became of them. */
	readonly counts: Readonly<Record<'all' | ShownOutcome, number>>;
	/** Since when; UTC epoch ms. Later when there were more than are looked at. */
	readonly sinceMs: number;
}

/** What a person at the lanes may still be asked about. */
export const RECENT_MS = 30 * 60_000;
/** Decisions looked at: a lane at its busiest for RECENT_MS; some ms of reading, after each decision for every open page. */
const LOOKED_AT = 600;

function shownOutcome({ outcome, sequel }: Pick<DecisionSummary, 'outcome' | 'sequel'>): ShownOutcome {
	if (outcome === 'refused') return 'refused';
	return sequel === 'openFailed' || sequel === 'openUnknown' ? 'failed' : 'granted';
}

/** The last half hour of the access log, counted and searched in memory. */
export function createRecentDecisions(deps: {
	readonly accessLog: Pick<AccessLog, 'list' | 'asNamed'>;
	readonly clock: Pick<Clock, 'nowMs'>;
}): (filter: RecentFilter, limit: number) => RecentDecisions {
	const { accessLog, clock } = deps;
	function readAll(): readonly DecisionSummary[] {
		const fromMs = clock.nowMs() - RECENT_MS;
		const found: DecisionSummary[] = [];
		let cursor: string | undefined;
		do {
			const page = accessLog.list({ fromMs, limit: LIMITS.pageSize, ...(cursor !== undefined && { cursor }) });
			found.push(...page.items);
			cursor = page.items.length === 0 ? undefined : (page.nextCursor ?? undefined);
		} while (cursor !== undefined && found.length < LOOKED_AT);
		return found;
	}

	return ({ show, q }, limit) => {
		const decisions = readAll();
		const words = foldText(accessLog.asNamed(q)).split(' ').filter(Boolean);
		const fits = decisions.filter(({ subject, holderName }) => {
			const text = foldText(`${subject} ${holderName ?? ''}`);
			return words.every((word) => text.includes(word));
		});
		const of = Map.groupBy(fits, shownOutcome);
		const count = (outcome: ShownOutcome) => of.get(outcome)?.length ?? 0;
		const shown = show === 'all' ? fits : (of.get(show) ?? []);
		const oldest = decisions.length >= LOOKED_AT ? decisions.at(-1)?.atMs : undefined;
		return {
			items: shown.slice(0, limit),
			found: shown.length,
			counts: { all: fits.length, granted: count('granted'), refused: count('refused'), failed: count('failed') },
			sinceMs: oldest ?? clock.nowMs() - RECENT_MS,
		};
	};
}
