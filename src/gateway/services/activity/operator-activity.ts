import { GatewayError } from '../../core/gateway-error.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Module } from '../../core/permission/modules.ts';
import type { ActiveOperator, ActivitySums, InactiveSince, OperatorDay } from '../../store/operator-days.ts';
import type { OperatorState } from '../../store/operators.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { Page } from '../access-log.ts';
import { cursorParts } from '../list-cursor.ts';
import type { OpenSession, OpenSessions } from '../operators/open-sessions.ts';
import type { ActivityStep, AuditLog } from './audit-log.ts';
import { type ActivityCounting, createActivityCounting } from './count-activity.ts';

export type { OperatorDay };

/** Somebody who is signed in, and what they are about. */
export interface LiveOperator
	extends Pick<
		OpenSession,
		'id' | 'operatorId' | 'name' | 'remoteAddress' | 'createdAtMs' | 'lastUsedMs' | 'idleS' | 'isPageOpen'
	> {
	/** Part of the console that their last request was for; null: none since the start. What they read there is not kept. */
	readonly module: Module | null;
	/** The last thing they changed; null: nothing yet. */
	readonly last: ActivityStep | null;
}

/** For how long nobody heard of somebody. */
export const INACTIVE = ['never', '30', '90'] as const;
export type Inactive = (typeof INACTIVE)[number];

export interface ActivityReportQuery {
	/** In name or e-mail. */
	readonly q?: string;
	readonly state?: OperatorState;
	readonly roleId?: string;
	/** Members of this group itself. */
	readonly groupId?: string;
	readonly inactive?: Inactive;
	/** First and last day at the site, `2026-01-31`; the last 30 days unless given. */
	readonly fromDay?: string;
	readonly toDay?: string;
	/** From the previous page's `nextCursor`. */
	readonly cursor?: string;
	readonly limit: number;
}

export interface ActivityReportRow extends ActiveOperator, ActivitySums {}

export interface ActivityReport extends Page<ActivityReportRow> {
	readonly fromDay: string;
	readonly toDay: string;
}

/** Who is signed in and does what, and what each operator did by day. */
export interface OperatorActivity extends Pick<ActivityCounting, 'slice' | 'endOld'> {
	/** The last to sign in first. */
	live(): readonly LiveOperator[];
	/** A login asked for something of this part of the console. */
	went(loginId: string, module: Module): void;
	/** By name. A page may be short, even empty, and have a `nextCursor`. Throws INVALID_REQUEST for a wrong period or cursor. */
	report(query: ActivityReportQuery): ActivityReport;
	/** What one operator did, day by day, oldest first. */
	days(operatorId: string, days: number): readonly OperatorDay[];
}

export interface ActivityDeps {
	readonly store: Pick<SiteStore, 'auditRows' | 'operatorDays' | 'settings' | 'transaction' | 'operators'>;
	readonly clock: { nowMs(): number };
	readonly timeZone: string;
	readonly openSessions: Pick<OpenSessions, 'list'>;
	readonly audit: Pick<AuditLog, 'lastOf'>;
}

const DAY_MS = 86_400_000;
const USUAL_DAYS = 30;

export function createOperatorActivity(deps: ActivityDeps): OperatorActivity {
	const { store, clock, timeZone } = deps;
	const counting = createActivityCounting(deps);
	/** Of each login, the part of the console it was last in; in memory only, and of no more than are watched. */
	const ways = new Map<string, Module>();
	const dayOf = (atMs: number) =>
		Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate();
	const startOf = (day: Temporal.PlainDate) => day.toZonedDateTime(timeZone).epochMilliseconds;

	function period({ fromDay, toDay }: Pick<ActivityReportQuery, 'fromDay' | 'toDay'>) {
		const to = toDay === undefined ? dayOf(clock.nowMs()) : dateOf(toDay);
		const from = fromDay === undefined ? to.subtract({ days: USUAL_DAYS - 1 }) : dateOf(fromDay);
		const days = from.until(to).days + 1;
		if (days < 1 || days > LIMITS.activityDays) {
			throw new GatewayError(
				'INVALID_REQUEST',
				`A report is of 1 to ${LIMITS.activityDays} days; ask for another time.`,
			);
		}
		return { from, to, fromMs: startOf(from), toMs: startOf(to.add({ days: 1 })) };
	}

	function inactiveOf(inactive: Inactive | undefined): InactiveSince | null {
		if (inactive === undefined) return null;
		return inactive === 'never' ? 'never' : { beforeMs: clock.nowMs() - Number(inactive) * DAY_MS };
	}

	return {
		slice: counting.slice,
		endOld: counting.endOld,
		live: () =>
			deps.openSessions.list().map((session) => {
				const { id, operatorId, name, remoteAddress, createdAtMs, lastUsedMs, idleS, isPageOpen } = session;
				return {
					...{ id, operatorId, name, remoteAddress, createdAtMs, lastUsedMs, idleS, isPageOpen },
					...{ module: ways.get(id) ?? null, last: deps.audit.lastOf(operatorId) },
				};
			}),
		went(loginId, module) {
			if (ways.get(loginId) === module) return;
			ways.delete(loginId);
			ways.set(loginId, module);
			const [oldest] = ways.keys();
			if (ways.size > LIMITS.waysKept && oldest !== undefined) ways.delete(oldest);
		},
		report({ q = '', state, roleId, groupId, inactive, cursor, limit, ...asked }) {
			counting.catchUp();
			const { from, to, fromMs, toMs } = period(asked);
			const { operators, next } = store.operatorDays.page({
				...{ text: q, state: state ?? null, roleId: roleId ?? null, groupId: groupId ?? null },
				...{ inactive: inactiveOf(inactive), after: placeOf(cursor), limit: Math.min(limit, LIMITS.pageSize) },
			});
			return {
				...{ fromDay: from.toString(), toDay: to.toString() },
				items: operators.map((one) => ({ ...one, ...store.operatorDays.sums(one.id, fromMs, toMs) })),
				nextCursor: next === null ? null : cursorAfter(next),
			};
		},
		days(operatorId, days) {
			counting.catchUp();
			const today = dayOf(clock.nowMs());
			const from = today.subtract({ days: Math.min(days, LIMITS.activityDays) - 1 });
			return store.operatorDays.days(operatorId, startOf(from), startOf(today.add({ days: 1 })));
		},
	};
}

function dateOf(text: string): Temporal.PlainDate {
	try {
		return Temporal.PlainDate.from(text);
	} catch (cause) {
		throw new GatewayError('INVALID_REQUEST', 'A day is written as 2026-01-31.', { cause });
	}
}

const LIST = 'activityReport';

function cursorAfter({ nameKey, id }: { readonly nameKey: string; readonly id: string }): string {
	return Buffer.from(JSON.stringify([LIST, nameKey, id])).toString('base64url');
}

/** Throws INVALID_REQUEST for any text that `cursorAfter` did not make. */
function placeOf(cursor: string | undefined): { readonly nameKey: string; readonly id: string } | null {
	if (cursor === undefined) return null;
	const [list, nameKey, id] = cursorParts(cursor);
	if (list === LIST && typeof nameKey === 'string' && typeof id === 'string') return { nameKey, id };
	throw new GatewayError('INVALID_REQUEST', 'this cursor is not from the activity report; start without one');
}
