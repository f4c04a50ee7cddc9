import { LIMITS } from '../../core/limits.ts';
import type { AuditStep } from '../../store/audit-rows.ts';
import { moduleOfLine } from '../../store/audit-rows.ts';
import { type ActivityCounts, NO_ACTIVITY } from '../../store/operator-days.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { createLocalSpans } from '../analytics/local-spans.ts';

/** Follows the audit into what each operator did by day. */
export interface ActivityCounting {
	/** The next lines, in one transaction with how far it came: nothing is counted twice. @returns whether there may be more. */
	slice(): boolean;
	/** As many slices as a page may wait for; of a great import the rest follows within minutes. */
	catchUp(): void;
	/** Ends days that are kept long enough, of some operators. @returns whether there are others. */
	endOld(nowMs: number): boolean;
}

const PLACE = 'activity.position';
/** Slices that whoever asks for a report waits for. */
const AT_ONCE = 8;
const DAY_MS = 86_400_000;

export function createActivityCounting(deps: {
	readonly store: Pick<SiteStore, 'auditRows' | 'operatorDays' | 'settings' | 'transaction'>;
	readonly timeZone: string;
}): ActivityCounting {
	const { store } = deps;
	const spans = createLocalSpans(deps.timeZone);
	let endedTo = 0;

	function count(lines: readonly AuditStep[]): void {
		const sums = new Map<string, { operatorId: string; dayMs: number; lastMs: number; counts: Counts }>();
		for (const line of lines) {
			const what = countOf(line);
			if (what === undefined) continue;
			const dayMs = spans.of(line.atMs).day;
			const key = `${dayMs} ${what.operatorId}`;
			const sum = sums.get(key) ?? { operatorId: what.operatorId, dayMs, lastMs: 0, counts: { ...NO_ACTIVITY } };
			sum.counts[what.field] += 1;
			// Whoever tries a wrong password may be somebody else.
			if (what.field !== 'refused') sum.lastMs = Math.max(sum.lastMs, line.atMs);
			sums.set(key, sum);
		}
		for (const { operatorId, dayMs, lastMs, counts } of sums.values()) {
			store.operatorDays.add(operatorId, dayMs, lastMs, counts);
		}
	}

	function slice(): boolean {
		const from = Number(store.settings.get(PLACE) ?? 0);
		const lines = store.auditRows.after(from, LIMITS.activitySlice);
		const last = lines.at(-1);
		if (last === undefined) return false;
		store.transaction(() => {
			count(lines);
			store.settings.set(PLACE, String(last.position));
		});
		return lines.length === LIMITS.activitySlice;
	}

	return {
		slice,
		catchUp() {
			for (let left = AT_ONCE; left > 0 && slice(); left -= 1);
		},
		endOld(nowMs) {
			const before = nowMs - LIMITS.activityKeptMs - DAY_MS;
			const reached = store.operatorDays.removeBefore(before, endedTo, LIMITS.activitySlice);
			endedTo = reached ?? 0;
			return reached !== undefined;
		},
	};
}

type Counts = { -readonly [K in keyof ActivityCounts]: number };

/** undefined: nobody's who is known. */
function countOf(line: AuditStep): { readonly operatorId: string; readonly field: keyof ActivityCounts } | undefined {
	const { action, operatorId, target } = line;
	// A refused sign-in is nobody's deed: its target is the account that was tried.
	if (REFUSALS.has(action)) return target === null ? undefined : { operatorId: target, field: 'refused' };
	if (operatorId === null) return undefined;
	if (action === 'login') return { operatorId, field: 'logins' };
	return AT_THE_DOOR.has(action) ? undefined : { operatorId, field: moduleOfLine(line) };
}

const REFUSALS: ReadonlySet<string> = new Set(['loginRefused', 'secondFactorRefused', 'passkeyRefused']);
/** Part of signing in and out, no work. */
const AT_THE_DOOR: ReadonlySet<string> = new Set(['logout', 'loginTakenOver', 'apiTokenRefused']);
